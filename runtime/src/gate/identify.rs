//! The part of a visit that needs to know who asks: `authorize`, and the limits behind it.

use axum::response::Response;
use http::request::Parts;

use super::policies::Guarded;
use super::visit::Visit;
use crate::app::Held;
use crate::authorize::http::Guard;
use crate::core::{Policy, Principal};
use crate::http::{Refusal, RequestFacts, Resolution};
use crate::rate_limit::Limit;
use crate::rate_limit::http::{Refused, Ticket};

impl<P: Guarded> Visit<P> {
    /// Whether anything of the function needs to know who asks.
    pub(super) const NEEDS_PRINCIPAL: bool = P::POLICIES.needs_principal();

    const BEHIND: &'static [Limit] = P::POLICIES.limits().1;

    /// Runs all policies in front of the extractors, and asks for the principal between them.
    ///
    /// It waits for a resolver of the user's. Only functions that need it pay for that: the future is boxed, and theirs
    /// alone.
    pub(super) async fn enter_known(parts: &mut Parts) -> Result<Self, Box<Response>> {
        let mut visit = Self::begin(parts);
        let client = match visit.limit_at_the_door(parts) {
            Ok(client) => client,
            Err(refused) => return visit.or_turned_away(Err(refused)),
        };
        let Some(held) = visit.held.as_ref().filter(|held| Self::asks(held)) else { return Ok(visit) };
        let resolution = held.resolution(parts).await;
        let facts = RequestFacts::by(parts, held.client_rule()).with_client(client);
        let facts = facts.with_principal(principal(&resolution));
        if let Err(mut answer) = Self::authorize(held, &resolution, &facts) {
            visit.leave(&mut answer);
            return Err(answer);
        }
        let limited = Self::limit_behind(held, &resolution, &facts, &mut visit.ticket);
        visit.or_turned_away(limited)
    }

    /// Whether what needs the principal is switched on.
    fn asks(held: &Held) -> bool {
        let guards = P::POLICIES.authorization().is_some() && held.is_enabled(Policy::Authorize);
        guards || (!Self::BEHIND.is_empty() && held.is_enabled(Policy::RateLimit))
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

    /// Charges the limits behind `authorize`. The ticket tells of those at the door, and of all after it.
    fn limit_behind(
        held: &Held,
        resolution: &Resolution,
        facts: &RequestFacts<'_>,
        ticket: &mut Ticket,
    ) -> Result<(), Box<Refused>> {
        if Self::BEHIND.is_empty() || !held.is_enabled(Policy::RateLimit) {
            return Ok(());
        }
        let refusal = resolution.as_ref().err().map(Refusal::kind);
        let desk = Self::desk(held, P::POLICIES.first_slot_behind(), Self::AT_THE_DOOR.len(), refusal);
        let all = |behind: Ticket| {
            if Self::AT_THE_DOOR.is_empty() {
                return behind;
            }
            ticket.join(Self::AT_THE_DOOR, &behind, Self::BEHIND)
        };
        match desk.admit(Self::BEHIND, facts) {
            Ok(behind) => *ticket = all(behind),
            Err(refused) => {
                let Refused { answer, ticket } = *refused;
                return Err(Box::new(Refused { answer, ticket: all(ticket) }));
            }
        }
        Ok(())
    }
}

fn principal(resolution: &Resolution) -> Option<&Principal> {
    resolution.as_ref().ok()?.as_ref()
}
