//! One request's way through a gate.

use std::marker::PhantomData;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::request::Parts;

use super::policies::{Guarded, Policies};
use crate::app::Held;
use crate::core::{Policy, Text};
use crate::http::{KnownClient, RequestFacts, matched_route};
use crate::measure::{Measuring, is_head, is_measured_outside, measured};
use crate::metrics::{Entry, Exchange, Instruments};
use crate::rate_limit::Memory;
use crate::rate_limit::http::{Desk, Refused, Ticket};
use crate::rate_limit::wire::{FIELD_BYTES, policy_field};

/// A request that is inside: what its policies have to remember until the answer leaves.
///
/// It is dropped at whatever point the request ends. Without an answer that was a cancellation or a panic, and is
/// counted as such.
pub(super) struct Visit<P: Guarded> {
    /// `None` where the gate was opened by hand, and once the answer has left.
    pub(super) held: Option<Held>,
    pub(super) ticket: Ticket,
    exchange: Option<Exchange>,
    is_head: bool,
    policies: PhantomData<fn() -> P>,
}

/// What is known of a function's answers when it is compiled.
struct Wire<P>(PhantomData<P>);

impl<P: Guarded> Wire<P> {
    const RATELIMIT_POLICY_TEXT: &'static Text<FIELD_BYTES> = &policy_field(P::POLICIES.rate_limits());
    const RATELIMIT_POLICY: HeaderValue = HeaderValue::from_static(Self::RATELIMIT_POLICY_TEXT.as_str());
}

impl<P: Guarded> Visit<P> {
    pub(super) const POLICIES: Policies = P::POLICIES;

    /// A way around all policies.
    pub(super) const fn opened_by_hand() -> Self {
        Self { held: None, ticket: Ticket::Nothing, exchange: None, is_head: false, policies: PhantomData }
    }

    /// Runs the policies that need the head of the request alone. A refusal has passed all policies outside of the
    /// one that refused. What was found out about the client is for those that come after.
    #[inline]
    pub(super) fn enter(parts: &Parts) -> Result<(Self, KnownClient), Box<Response>> {
        let held = Held::of(&parts.extensions);
        let (exchange, is_head) = Self::begin(&held, parts);
        let held = Some(held);
        let mut visit = Self { held, ticket: Ticket::Nothing, exchange, is_head, policies: PhantomData };
        match visit.limit_at_the_door(parts) {
            Ok(client) => Ok((visit, client)),
            Err(refused) => Err(Box::new(visit.turn_away(*refused))),
        }
    }

    #[inline]
    fn begin(held: &Held, parts: &Parts) -> (Option<Exchange>, bool) {
        if Self::POLICIES.metrics().is_none() || !held.is_enabled(Policy::Metrics) {
            return (None, false);
        }
        let begin = || {
            let http = held.instruments().http();
            let route = http.route_of(P::site().id(), matched_route(&parts.extensions));
            http.begin(route, Entry::of(&parts.method, &parts.uri), held.clock().now())
        };
        let is_measured = is_measured_outside(&parts.extensions, held);
        ((!is_measured).then(begin), is_head(&parts.method))
    }

    #[inline]
    fn limit_at_the_door(&mut self, parts: &Parts) -> Result<KnownClient, Box<Refused>> {
        let (limits, _) = Self::POLICIES.limits();
        let Some(held) = self.held.as_ref().filter(|_| !limits.is_empty()) else {
            return Ok(KnownClient::new());
        };
        if !held.is_enabled(Policy::RateLimit) {
            return Ok(KnownClient::new());
        }
        let facts = RequestFacts::by(parts, held.client_rule());
        self.ticket = Self::desk(held, Self::POLICIES.first_limit_slot(), 0).admit(limits, &facts)?;
        Ok(facts.into_client())
    }

    /// The desk of those limits of the function that begin at a place among its policies and among its limits.
    #[inline]
    pub(super) fn desk(held: &Held, first_slot: usize, first_limit: usize) -> Desk<'_, Memory, Instruments> {
        Desk {
            store: held.limits(),
            clock: held.clock(),
            sink: held.instruments(),
            resolver: held.resolver(),
            site: P::site().id(),
            first_slot,
            first_limit,
        }
    }

    #[cold]
    pub(super) fn turn_away(mut self, refused: Refused) -> Response {
        let Refused { answer, ticket } = refused;
        self.ticket = ticket;
        self.leave(answer)
    }

    /// Lets the policies see the answer, innermost first, wherever it was made.
    #[inline]
    pub(super) fn leave(mut self, mut response: Response) -> Response {
        let limits = Self::POLICIES.rate_limits();
        if !limits.is_empty() {
            self.ticket.stamp(limits, Wire::<P>::RATELIMIT_POLICY, response.headers_mut());
        }
        match self.measuring() {
            None => response,
            Some(measuring) => measured(response, self.is_head, measuring).map(Body::new),
        }
    }

    /// The same for an extractor that failed.
    #[cold]
    pub(super) fn leave_with(self, rejection: impl IntoResponse) -> Response {
        self.leave(rejection.into_response())
    }

    /// What tells how the request ends, where somebody wants to know.
    #[inline]
    fn measuring(&mut self) -> Option<Measuring> {
        let held = self.held.take()?;
        Self::POLICIES.metrics().filter(|_| held.is_enabled(Policy::Metrics))?;
        Some(Measuring::new(held, self.exchange.take(), Some((P::site().id(), 0))))
    }
}

impl<P: Guarded> Drop for Visit<P> {
    #[inline]
    fn drop(&mut self) {
        drop(self.measuring());
    }
}
