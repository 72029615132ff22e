//! One request's way through a gate.

use std::marker::PhantomData;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use http_body::Body as _;

use super::policies::{Guarded, Policies};
use super::versioned::versions_onto;
use crate::app::Held;
use crate::cache::http::Asked;
use crate::core::{Policy, Text};
use crate::http::{KnownClient, RefusalKind, RequestFacts, Resolution, matched_route};
use crate::measure::{Measuring, is_head, is_measured_outside, measure_body};
use crate::metrics::{Entry, Exchange, Instruments};
use crate::rate_limit::Limit;
use crate::rate_limit::http::{Desk, Refused, Ticket};
use crate::rate_limit::wire::{FIELD_BYTES, policy_field};
use crate::versioning::Stamp;

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
    /// What the request asks of the cache; `None` where that has no say.
    pub(super) asked: Option<Box<Asked>>,
    /// What the answer says of its version, where the handler found that out by itself.
    pub(super) stamp: Option<Box<Stamp>>,
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
    const HAS_METRICS: bool = Self::POLICIES.metrics().is_some();
    const HAS_LIMITS: bool = !Self::POLICIES.rate_limits().is_empty();
    const HAS_VERSIONS: bool = Self::POLICIES.version().is_some();
    const HAS_CACHE: bool = Self::POLICIES.cache().is_some();
    const MAY_GIVE_BACK: bool = Self::POLICIES.may_give_back();
    pub(super) const AT_THE_DOOR: &'static [Limit] = Self::POLICIES.limits().0;

    /// A way around all policies.
    pub(super) const fn opened_by_hand() -> Self {
        Self {
            held: None,
            ticket: Ticket::Nothing,
            exchange: None,
            is_head: false,
            asked: None,
            stamp: None,
            policies: PhantomData,
        }
    }

    /// Whether somebody has to be waited for: a resolver of the user's, or a store that processes share.
    #[inline]
    pub(super) fn has_to_wait(&self) -> bool {
        Self::NEEDS_PRINCIPAL
            || (Self::HAS_LIMITS && self.waits_for_store())
            || (Self::HAS_CACHE && self.held.as_ref().is_some_and(Self::caches_for_principals))
    }

    #[inline]
    fn waits_for_store(&self) -> bool {
        self.held.as_ref().is_some_and(|held| held.budgets().memory().is_none())
    }

    /// Runs the policies that need the head of the request alone. A refusal has passed all policies outside of the
    /// one that refused.
    #[inline]
    pub(super) fn enter(mut self, parts: &Parts) -> Result<Self, Box<Response>> {
        let limited = self.limit_at_the_door(parts).map(drop);
        if limited.is_ok() {
            let presumed = self.held.as_ref().map_or(Ok(None), |held| held.presumed(parts));
            self.note(parts, &presumed);
        }
        self.or_turned_away(limited)
    }

    /// A request arrived.
    #[inline]
    pub(super) fn begin(parts: &Parts) -> Self {
        let held = Held::of(&parts.extensions);
        let is_measured = Self::HAS_METRICS && held.is_enabled(Policy::Metrics);
        let exchange = (is_measured && !is_measured_outside(&parts.extensions, &held)).then(|| {
            let http = held.instruments().http();
            let route = http.route_of(P::site().id(), matched_route(&parts.extensions));
            http.begin(route, Entry::of(&parts.method, &parts.uri, parts.version), held.clock().now())
        });
        let (held, is_head) = (Some(held), is_measured && is_head(&parts.method));
        Self {
            held,
            ticket: Ticket::Nothing,
            exchange,
            is_head,
            asked: None,
            stamp: None,
            policies: PhantomData,
        }
    }

    /// Remembers of the head what the policies behind the extractors have to know, which take the request apart.
    #[inline]
    pub(super) fn note(&mut self, parts: &Parts, resolution: &Resolution) {
        if let Some(policy) = Self::POLICIES.cache()
            && let Some(held) = &self.held
            && held.is_enabled(Policy::Cache)
        {
            let principal = resolution.as_ref().ok().and_then(Option::as_ref);
            self.asked = Asked::of(parts, P::site().id(), policy, principal);
            if let Some(asked) = self.asked.as_mut() {
                if resolution.is_err() {
                    asked.bypass();
                }
                versions_onto(asked, held, parts);
            }
        }
    }

    /// Whether the request has a body, where the arguments read it.
    #[inline]
    pub(super) fn note_body(&mut self, body: &Body) {
        if Self::HAS_CACHE
            && !body.is_end_stream()
            && let Some(asked) = &mut self.asked
        {
            asked.bypass();
        }
    }

    /// Charges the limits at the door. What was found out about the client is for those that come after.
    #[inline]
    pub(super) fn limit_at_the_door(&mut self, parts: &Parts) -> Result<KnownClient, Box<Refused>> {
        let limits_apply = |held: &&Held| !Self::AT_THE_DOOR.is_empty() && held.is_enabled(Policy::RateLimit);
        let Some(held) = self.held.as_ref().filter(limits_apply) else { return Ok(KnownClient::new()) };
        let Some(memory) = held.budgets().memory() else { return Ok(KnownClient::new()) };
        let facts = RequestFacts::by(parts, held.client_rule());
        let desk = Self::desk(held, Self::POLICIES.first_limit_slot(), 0, None);
        self.ticket = desk.admit(memory, Self::AT_THE_DOOR, &facts)?;
        Ok(facts.into_client())
    }

    /// This visit, unless it was refused.
    #[inline]
    pub(super) fn or_turned_away(self, limited: Result<(), Box<Refused>>) -> Result<Self, Box<Response>> {
        match limited {
            Ok(()) => Ok(self),
            Err(refused) => Err(Box::new(self.turn_away(*refused))),
        }
    }

    /// The desk of those limits of the function that begin at a place among its policies and among its limits.
    #[inline]
    pub(super) fn desk(
        held: &Held,
        first_slot: usize,
        first_limit: usize,
        refusal: Option<RefusalKind>,
    ) -> Desk<'_, Instruments> {
        Desk {
            limits: held.budgets(),
            in_force: held.in_force(),
            clock: held.clock(),
            sink: held.instruments(),
            resolver: held.resolver(),
            refusal,
            site: P::site().id(),
            first_slot,
            first_limit,
        }
    }

    #[cold]
    fn turn_away(mut self, refused: Refused) -> Response {
        let Refused { mut answer, ticket } = refused;
        self.ticket = ticket;
        self.leave(&mut answer);
        answer
    }

    /// Lets the policies see the answer, innermost first, wherever it was made.
    #[inline]
    pub(super) fn leave(mut self, response: &mut Response) {
        if response.status().as_u16() >= 400 {
            self.restyle(response);
        }
        if Self::MAY_GIVE_BACK {
            self.give_back(response.status());
        }
        let limits = Self::POLICIES.rate_limits();
        if !limits.is_empty() {
            self.ticket.stamp(limits, Wire::<P>::RATELIMIT_POLICY, response.headers_mut());
        }
        if Self::HAS_VERSIONS
            && let Some(stamp) = self.stamp.take()
        {
            self.stamp(*stamp, response);
        }
        if Self::HAS_METRICS
            && let Some(measuring) = self.measuring()
        {
            measure_body(response, self.is_head, measuring);
        }
    }

    /// Gives back what was charged for an answer that it did not become. Whoever never gets to an answer has paid: nobody knows
    /// what it would have been.
    #[cold]
    fn give_back(&mut self, status: StatusCode) {
        let receipts = self.ticket.settle(status);
        if let Some(held) = self.held.as_ref().filter(|_| !receipts.is_empty()) {
            held.give_back(receipts);
        }
    }

    /// Writes an error in the style of the service.
    #[cold]
    #[inline(never)]
    fn restyle(&self, response: &mut Response) {
        if let Some(held) = &self.held {
            held.restyle(response);
        }
    }

    /// The same for an extractor that failed.
    #[cold]
    pub(super) fn leave_with(self, rejection: impl IntoResponse) -> Response {
        let mut response = rejection.into_response();
        self.leave(&mut response);
        response
    }

    /// What tells how the request ends, where somebody wants to know.
    #[inline]
    fn measuring(&mut self) -> Option<Measuring> {
        let held = self.held.take()?;
        held.is_enabled(Policy::Metrics)
            .then(|| Measuring::new(held, self.exchange.take(), Some((P::site().id(), 0))))
    }
}

impl<P: Guarded> Drop for Visit<P> {
    #[inline]
    fn drop(&mut self) {
        if Self::HAS_METRICS {
            drop(self.measuring());
        }
    }
}
