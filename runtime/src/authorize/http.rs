//! `authorize` in front of a handler: from what the resolver said to a pass or a refusal.

use axum::response::{IntoResponse, Response};

use super::engine::{Verdict, decide};
use super::policy::Authorize;
use super::refusal::forbidden;
use crate::core::{Outcome, Principal, Sink, SiteId, Told};
use crate::http::{RequestFacts, Resolution, Resolver, refused, refused_key, unauthorized};

/// What is needed besides the policy.
pub(crate) struct Guard<'a, S> {
    pub(crate) resolver: Resolver<'a>,
    pub(crate) sink: &'a S,
    pub(crate) site: SiteId,
    /// The place of `authorize` among the policies of the site.
    pub(crate) slot: usize,
}

impl<S: Sink> Guard<'_, S> {
    /// Lets a request pass, or answers it.
    pub(crate) fn admit(
        &self,
        policy: &Authorize,
        resolution: &Resolution,
        facts: &RequestFacts<'_>,
    ) -> Result<(), Box<Response>> {
        let refusal = match resolution {
            Ok(Some(principal)) => match verdict(policy, principal, facts) {
                None => {
                    self.sink.tell(Told::new(self.site, self.slot, Outcome::Admitted));
                    return Ok(());
                }
                Some(verdict) => {
                    self.tell(Outcome::Refused, "principal", facts);
                    forbidden(policy, verdict)
                }
            },
            Ok(None) => {
                self.tell(Outcome::Refused, "anonymous", facts);
                unauthorized(self.resolver, false)
            }
            Err(refusal) => {
                self.tell(refusal.kind().outcome(), "credentials", facts);
                refused(self.resolver, refusal.kind())
            }
        };
        Err(Box::new(refusal.into_response()))
    }

    fn tell(&self, outcome: Outcome, key_class: &'static str, facts: &RequestFacts<'_>) {
        let refused = refused_key(key_class, facts.headers());
        self.sink.tell(Told::new(self.site, self.slot, outcome).refused(refused));
    }
}

/// Why a principal may not; `None` where it may.
fn verdict(policy: &Authorize, principal: &Principal, facts: &RequestFacts<'_>) -> Option<Verdict> {
    match (decide(policy, principal), policy.own_check()) {
        (Verdict::Admitted, None) => None,
        (Verdict::Admitted, Some(check)) => (!check(principal, facts)).then_some(Verdict::Admitted),
        (lacking, _) => Some(lacking),
    }
}
