//! One request's way through a gate.

use std::marker::PhantomData;
use std::{mem, thread};

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::request::Parts;

use super::policies::{Guarded, Policies};
use crate::app::{Held, Tollgate};
use crate::core::{Decided, Observer, Outcome, Policy, Text};
use crate::http::RequestFacts;
use crate::rate_limit::http::{Desk, Refused, Ticket};
use crate::rate_limit::wire::{FIELD_BYTES, policy_field};

/// A request that is inside: what its policies have to remember until the answer leaves.
///
/// It is dropped at whatever point the request ends. Without an answer that was a cancellation or a panic, and is
/// counted as such.
pub(super) struct Visit<P: Guarded> {
    /// `None` where the gate was opened by hand, and once the answer has left.
    held: Option<Held>,
    ticket: Ticket,
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

    /// A way around all policies.
    pub(super) const fn opened_by_hand() -> Self {
        Self { held: None, ticket: Ticket::Nothing, policies: PhantomData }
    }

    /// Runs the policies that need the head of the request alone. A refusal has passed all policies outside of the
    /// one that refused.
    #[inline]
    pub(super) fn enter(parts: &Parts) -> Result<Self, Box<Response>> {
        let held = Held::of(&parts.extensions);
        let entering = Entering::<P> { tollgate: &held, policies: PhantomData };
        let limited = Self::limit(&held, parts);
        mem::forget(entering);
        match limited {
            Ok(ticket) => Ok(Self { held: Some(held), ticket, policies: PhantomData }),
            Err(refused) => Err(Box::new(Self::turn_away(held, *refused))),
        }
    }

    #[cold]
    fn turn_away(held: Held, refused: Refused) -> Response {
        let Refused { mut answer, ticket } = refused;
        Self { held: Some(held), ticket, policies: PhantomData }.leave(&mut answer);
        answer
    }

    #[inline]
    fn limit(tollgate: &Tollgate, parts: &Parts) -> Result<Ticket, Box<Refused>> {
        if Self::POLICIES.rate_limits().is_empty() || !tollgate.is_enabled(Policy::RateLimit) {
            return Ok(Ticket::Nothing);
        }
        let desk = Desk {
            store: tollgate.limits(),
            clock: tollgate.clock(),
            observer: tollgate.observer(),
            site: P::site().id(),
            first_slot: Self::POLICIES.first_limit_slot(),
        };
        desk.admit(Self::POLICIES.rate_limits(), &RequestFacts::new(parts))
    }

    /// Lets the policies see the answer, innermost first, wherever it was made.
    #[inline]
    pub(super) fn leave(mut self, response: &mut Response) {
        let limits = Self::POLICIES.rate_limits();
        if !limits.is_empty() {
            self.ticket.stamp(limits, Wire::<P>::RATELIMIT_POLICY, response.headers_mut());
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

    /// Tells how the request ended, once.
    #[inline]
    fn end(&mut self, outcome: Outcome) {
        let Some(held) = self.held.take() else { return };
        tell::<P>(&held, outcome);
    }
}

#[inline]
fn tell<P: Guarded>(tollgate: &Tollgate, outcome: Outcome) {
    if P::POLICIES.metrics().is_some() && tollgate.is_enabled(Policy::Metrics) {
        tollgate.observer().decided(Decided::new(P::site().id(), 0, outcome));
    }
}

/// A request on its way in. It is dropped only where a key or a cost of the user's panics, so that the policies
/// outside see that, too.
struct Entering<'a, P: Guarded> {
    tollgate: &'a Tollgate,
    policies: PhantomData<fn() -> P>,
}

impl<P: Guarded> Drop for Entering<'_, P> {
    fn drop(&mut self) {
        tell::<P>(self.tollgate, Outcome::Panicked);
    }
}

impl<P: Guarded> Drop for Visit<P> {
    #[inline]
    fn drop(&mut self) {
        if self.held.is_some() {
            self.end(if thread::panicking() { Outcome::Panicked } else { Outcome::Cancelled });
        }
    }
}
