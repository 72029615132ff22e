//! One request's way through a gate.

use std::marker::PhantomData;
use std::thread;

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::request::Parts;

use super::policies::{Guarded, Policies};
use crate::app::Held;
use crate::core::{Decided, Observer, Outcome, Policy, Text};
use crate::http::RequestFacts;
use crate::rate_limit::http::{Desk, Refused, Ticket};
use crate::rate_limit::wire::{FIELD_BYTES, policy_field};

/// A request that is inside: what its policies have to remember until the answer leaves.
///
/// It is dropped at whatever point the request ends. Without an answer that was a cancellation or a panic, and is
/// counted as such.
pub(super) struct Visit<P: Guarded> {
    held: Held,
    ticket: Ticket,
    has_left: bool,
    policies: PhantomData<fn() -> P>,
}

/// What is known of a function's answers when it is compiled.
struct Wire<P>(PhantomData<P>);

impl<P: Guarded> Wire<P> {
    const RATELIMIT_POLICY_TEXT: &'static Text<FIELD_BYTES> = &policy_field(P::POLICIES.rate_limits());
    const RATELIMIT_POLICY: HeaderValue = HeaderValue::from_static(Self::RATELIMIT_POLICY_TEXT.as_str());
}

impl<P: Guarded> Visit<P> {
    const POLICIES: Policies = P::POLICIES;

    /// Runs the policies that need the head of the request alone. A refusal has passed all policies outside of the
    /// one that refused.
    #[inline]
    pub(super) fn enter(parts: &Parts) -> Result<Self, Response> {
        let held = Held::of(&parts.extensions);
        let mut visit = Self { held, ticket: Ticket::default(), has_left: false, policies: PhantomData };
        if !Self::POLICIES.rate_limits().is_empty() && visit.held.is_enabled(Policy::RateLimit) {
            match visit.limit(RequestFacts::new(parts)) {
                Ok(ticket) => visit.ticket = ticket,
                Err(refused) => {
                    let Refused { mut answer, ticket } = *refused;
                    visit.ticket = ticket;
                    visit.leave(&mut answer);
                    return Err(answer);
                }
            }
        }
        Ok(visit)
    }

    #[inline]
    fn limit(&self, facts: RequestFacts<'_>) -> Result<Ticket, Box<Refused>> {
        let desk = Desk {
            store: self.held.limits(),
            clock: self.held.clock(),
            observer: self.held.observer(),
            site: P::site().id(),
            first_slot: Self::POLICIES.first_limit_slot(),
        };
        desk.admit(Self::POLICIES.rate_limits(), facts)
    }

    /// Lets the policies see the answer, innermost first, wherever it was made.
    #[inline]
    pub(super) fn leave(mut self, response: &mut Response) {
        if !Self::POLICIES.rate_limits().is_empty() {
            self.ticket.stamp(Wire::<P>::RATELIMIT_POLICY, response.headers_mut());
        }
        self.end(Outcome::Completed);
    }

    /// The same for an extractor that failed.
    #[cold]
    pub(super) fn leave_with(self, rejection: impl IntoResponse) -> Response {
        let mut response = rejection.into_response();
        self.leave(&mut response);
        response
    }

    #[inline]
    fn end(&mut self, outcome: Outcome) {
        let first = !std::mem::replace(&mut self.has_left, true);
        if first && Self::POLICIES.metrics().is_some() && self.held.is_enabled(Policy::Metrics) {
            self.held.observer().decided(Decided::new(P::site().id(), 0, outcome));
        }
    }
}

impl<P: Guarded> Drop for Visit<P> {
    #[inline]
    fn drop(&mut self) {
        let panicked = Self::POLICIES.metrics().is_some() && thread::panicking();
        self.end(if panicked { Outcome::Panicked } else { Outcome::Cancelled });
    }
}
