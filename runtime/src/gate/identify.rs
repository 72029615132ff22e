//! The part of a visit that needs to know who asks: `authorize`, and the limits behind it.

use std::mem;

use axum::response::Response;
use http::request::Parts;

use super::policies::Guarded;
use super::visit::Visit;
use crate::app::Held;
use crate::authorize::http::Guard;
use crate::core::{Policy, Principal};
use crate::http::{KnownClient, Refusal, RefusalKind, RequestFacts, Resolution};
use crate::rate_limit::http::{Refused, Ticket};

impl<P: Guarded> Visit<P> {
    /// Whether anything of the function needs to know who asks.
    pub(super) const NEEDS_PRINCIPAL: bool = P::POLICIES.needs_principal();

    /// Asks for the principal, and runs the policies that need it.
    ///
    /// It waits for a resolver of the user's. Only functions that need it pay for that: the future is boxed, and theirs
    /// alone.
    pub(super) async fn identify(
        mut self,
        parts: &mut Parts,
        client: KnownClient,
    ) -> Result<Self, Box<Response>> {
        let Some(held) = self.held.as_ref().filter(|held| Self::asks(held)) else { return Ok(self) };
        let resolution = held.resolution(parts).await;
        let facts = RequestFacts::by(parts, held.client_rule()).with_client(client);
        let facts = facts.with_principal(principal(&resolution));
        if let Err(answer) = Self::authorize(held, &resolution, &facts) {
            return Err(Box::new(self.leave(*answer)));
        }
        let at_the_door = mem::take(&mut self.ticket);
        let refusal = resolution.as_ref().err().map(Refusal::kind);
        match Self::limit_behind(held, at_the_door, &facts, refusal) {
            Ok(ticket) => {
                self.ticket = ticket;
                Ok(self)
            }
            Err(refused) => Err(Box::new(self.turn_away(*refused))),
        }
    }

    /// Whether what needs the principal is switched on.
    fn asks(held: &Held) -> bool {
        let (_, behind) = P::POLICIES.limits();
        let guards = P::POLICIES.authorization().is_some() && held.is_enabled(Policy::Authorize);
        guards || (!behind.is_empty() && held.is_enabled(Policy::RateLimit))
    }

    fn authorize(
        held: &Held,
        resolution: &Resolution,
        facts: &RequestFacts<'_>,
    ) -> Result<(), Box<Response>> {
        let policy = P::POLICIES.authorization().filter(|_| held.is_enabled(Policy::Authorize));
        let Some(policy) = policy else { return Ok(()) };
        let guard = Guard {
            resolver: held.resolver(),
            sink: held.instruments(),
            site: P::site().id(),
            slot: P::POLICIES.authorize_slot(),
        };
        guard.admit(&policy, resolution, facts)
    }

    fn limit_behind(
        held: &Held,
        before: Ticket,
        facts: &RequestFacts<'_>,
        refusal: Option<RefusalKind>,
    ) -> Result<Ticket, Box<Refused>> {
        let (at_the_door, behind) = P::POLICIES.limits();
        if behind.is_empty() || !held.is_enabled(Policy::RateLimit) {
            return Ok(before);
        }
        let desk = Self::desk(held, P::POLICIES.first_slot_behind(), at_the_door.len(), refusal);
        match desk.admit(behind, facts) {
            Ok(ticket) => Ok(before.join(at_the_door, ticket, behind)),
            Err(mut refused) => {
                refused.ticket = before.join(at_the_door, refused.ticket, behind);
                Err(refused)
            }
        }
    }
}

fn principal(resolution: &Resolution) -> Option<&Principal> {
    resolution.as_ref().ok()?.as_ref()
}
