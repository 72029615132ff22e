//! The part of a visit that waits: for whoever knows who asks, which `authorize` and the limits behind it need, and for a store
//! that processes share.

use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, Method};

use super::policies::Guarded;
use super::visit::Visit;
use crate::app::Held;
use crate::authorize::http::Guard;
use crate::cache::http::is_cacheable;
use crate::core::{Policy, Principal};
use crate::http::{KnownClient, Refusal, RequestFacts, Resolution};
use crate::rate_limit::Limit;
use crate::rate_limit::http::{Refused, Ticket};

impl<P: Guarded> Visit<P> {
    /// Whether anything of the function needs to know who asks.
    pub(super) const NEEDS_PRINCIPAL: bool = P::POLICIES.needs_principal();

    const BEHIND: &'static [Limit] = P::POLICIES.limits().1;

    /// Runs all policies in front of the extractors, and asks for the principal between them.
    ///
    /// It waits for a resolver of the user's, and for a store. Only functions that need one pay for that: the future is boxed,
    /// and theirs alone.
    pub(super) async fn enter_waiting(mut self, parts: &mut Parts) -> Result<Self, Box<Response>> {
        let client = match self.limited_at_the_door(parts).await {
            Ok(client) => client,
            Err(refused) => return self.or_turned_away(Err(refused)),
        };
        let Some(held) = self.held.as_ref().filter(|held| Self::asks(held, &parts.method)) else {
            let presumed = self.held.as_ref().map_or(Ok(None), |held| held.presumed(parts));
            self.note(parts, &presumed);
            return Ok(self);
        };
        let resolution = held.resolution(parts).await;
        let facts = RequestFacts::by(parts, held.client_rule()).with_client(client);
        let facts = facts.with_principal(principal(&resolution));
        if let Err(mut answer) = Self::authorize(held, &resolution, &facts) {
            self.leave(&mut answer);
            return Err(answer);
        }
        let headers = &parts.headers;
        let limited = Self::limited_behind(held, &resolution, facts, headers).await;
        // The ticket of the limits at the door goes on with that of those behind.
        let ticket = std::mem::take(&mut self.ticket).and(Self::AT_THE_DOOR, limited, Self::BEHIND);
        let limited = ticket.map(|ticket| self.ticket = ticket);
        if limited.is_ok() {
            self.note(parts, &resolution);
        }
        self.or_turned_away(limited)
    }

    /// Charges the limits at the door, wherever their budgets are kept.
    async fn limited_at_the_door(&mut self, parts: &Parts) -> Result<KnownClient, Box<Refused>> {
        let Some(held) = self.held.as_ref().filter(|held| held.is_enabled(Policy::RateLimit)) else {
            return Ok(KnownClient::new());
        };
        let facts = RequestFacts::by(parts, held.client_rule());
        let desk = Self::desk(held, P::POLICIES.first_limit_slot(), 0, None);
        let (ticket, client) = desk.admit_waiting(Self::AT_THE_DOOR, facts, &parts.headers).await?;
        self.ticket = ticket;
        Ok(client)
    }

    /// Whether what needs the principal is switched on.
    fn asks(held: &Held, method: &Method) -> bool {
        let guards = P::POLICIES.authorization().is_some() && held.is_enabled(Policy::Authorize);
        let limits = !Self::BEHIND.is_empty() && held.is_enabled(Policy::RateLimit);
        guards || limits || (Self::caches_for_principals(held) && is_cacheable(method))
    }

    /// Whether what is kept is for one principal alone, and there is somebody who knows the principals.
    #[inline]
    pub(super) fn caches_for_principals(held: &Held) -> bool {
        P::POLICIES.caches_for_principals() && held.is_enabled(Policy::Cache) && held.resolver().is_some()
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

    /// Charges the limits behind `authorize`.
    async fn limited_behind(
        held: &Held,
        resolution: &Resolution,
        facts: RequestFacts<'_>,
        headers: &HeaderMap,
    ) -> Result<Ticket, Box<Refused>> {
        if Self::BEHIND.is_empty() || !held.is_enabled(Policy::RateLimit) {
            return Ok(Ticket::Nothing);
        }
        let refusal = resolution.as_ref().err().map(Refusal::kind);
        let desk = Self::desk(held, P::POLICIES.first_slot_behind(), Self::AT_THE_DOOR.len(), refusal);
        desk.admit_waiting(Self::BEHIND, facts, headers).await.map(|(ticket, _)| ticket)
    }
}

fn principal(resolution: &Resolution) -> Option<&Principal> {
    resolution.as_ref().ok()?.as_ref()
}
