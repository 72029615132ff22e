//! The policies around the function itself: `circuit_breaker`, then `bulkhead`, then `timeout`.
//!
//! A function that has none of them is awaited and nothing else. One that waits for nobody has nothing boxed. All of it may be dropped at any
//! point: what was taken is given back, and counted as cancelled.

use std::marker::PhantomData;
use std::pin::pin;

use axum::response::{IntoResponse, Response};

use super::answer::Answer;
use super::policies::{Guarded, Policies};
use crate::app::Tollgate;
use crate::circuit_breaker::http::{alone_for, judged};
use crate::circuit_breaker::{Breakers, CircuitBreaker};
use crate::core::{Clock, Key, Moment, Outcome, Policy, Sink, Site, Told, Verdict};
use crate::guard::{Doors, Ran, Run};
use crate::http::Rejected;
use crate::metrics::Instruments;
use crate::{bulkhead, circuit_breaker};

/// Marks an answer that a fallback may answer in the place of.
///
/// It goes with the answer as one of its extensions, past a cache that shares it. What a cache has kept does not have it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failed;

/// What the function answers, or what is answered in its place. `tollgate`: `None` where the gate was opened by hand.
#[allow(clippy::manual_async_fn, reason = "an `async fn` has its arguments twice")]
pub(super) fn guarded<P, F>(
    tollgate: Option<&Tollgate>,
    function: impl FnOnce() -> F,
) -> impl Future<Output = Response>
where
    P: Guarded,
    F: Future<Output: Answer>,
{
    async move {
        let Some(way) = Way::<P>::of(tollgate) else {
            let mut response = function().await.into_answer();
            let verdict = judged(P::POLICIES.breaker(), &mut response);
            return if verdict == Verdict::Failure { failed::<P>(response) } else { response };
        };
        let mut run = pin!(Run::new(way, function()));
        let mut response = match run.as_mut().await {
            Ran::Answered(answer) => answer.into_answer(),
            Ran::Refused(refused) => return Way::<P>::refusal(refused),
            Ran::Crowded => {
                // Nobody ran, so it says nothing of what is behind it.
                run.leave(Verdict::Excluded, None);
                return Way::<P>::turned_away();
            }
            Ran::TimedOut => {
                run.leave(Verdict::Failure, None);
                return way.given_up();
            }
        };
        if run.is_timed() {
            way.tell(Way::<P>::TIMEOUT_SLOT, Outcome::Completed);
        }
        let verdict = judged(P::POLICIES.breaker(), &mut response);
        if verdict != Verdict::Failure {
            run.leave(verdict, None);
            return response;
        }
        run.leave(verdict, alone_for(response.headers(), way.tollgate.clock()));
        failed::<P>(response)
    }
}

/// The doors of a function, one after another.
struct Way<'a, P> {
    tollgate: &'a Tollgate,
    policies: PhantomData<fn() -> P>,
}

impl<P> Clone for Way<'_, P> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for Way<'_, P> {}

impl<'a, P: Guarded> Way<'a, P> {
    const POLICIES: Policies = P::POLICIES;
    /// Counted by the compiler.
    const BREAKER_SLOT: usize = Self::POLICIES.breaker_slot();
    const BULKHEAD_SLOT: usize = Self::POLICIES.bulkhead_slot();
    const TIMEOUT_SLOT: usize = Self::POLICIES.timeout_slot();

    /// `None` where there is no door.
    #[inline]
    fn of(tollgate: Option<&'a Tollgate>) -> Option<Self> {
        let tollgate = tollgate.filter(|_| Self::POLICIES.guards_function())?;
        Some(Self { tollgate, policies: PhantomData })
    }

    /// How many nanoseconds there are, where that is limited.
    #[inline]
    fn time(self) -> Option<u64> {
        let policy = Self::POLICIES.time_limit().filter(|_| self.tollgate.is_enabled(Policy::Timeout))?;
        self.tollgate.timeouts_in_force().applied(P::site().id(), policy)?.for_one()
    }

    #[cold]
    fn refusal(refused: circuit_breaker::Refused) -> Response {
        failed::<P>(Rejected::by_open_circuit(P::site().name(), refused.retry_after).into_response())
    }

    #[cold]
    fn turned_away() -> Response {
        failed::<P>(Rejected::by_crowd(P::site().name()).into_response())
    }

    #[cold]
    fn given_up(self) -> Response {
        self.tell(Self::TIMEOUT_SLOT, Outcome::TimedOut);
        failed::<P>(Rejected::by_timeout(P::site().name()).into_response())
    }

    #[inline]
    fn tell(self, slot: usize, outcome: Outcome) {
        self.tollgate.instruments().tell(Told::new(P::site().id(), slot, outcome));
    }
}

impl<'a, P: Guarded> circuit_breaker::Door<'a> for Way<'a, P> {
    #[inline]
    fn breakers(self) -> &'a Breakers {
        self.tollgate.breakers()
    }

    #[inline]
    fn clock(self) -> &'a dyn Clock {
        self.tollgate.clock()
    }

    #[inline]
    fn site(self) -> &'static Site {
        P::site()
    }

    /// Handlers have one breaker each.
    #[inline]
    fn key(self) -> Option<&'a Key> {
        None
    }

    #[inline]
    fn policy(self) -> Option<&'static CircuitBreaker> {
        Self::POLICIES.breaker().filter(|_| self.tollgate.is_enabled(Policy::CircuitBreaker))
    }

    #[inline]
    fn tell(self, outcome: Outcome) {
        Way::tell(self, Self::BREAKER_SLOT, outcome);
    }
}

impl<'a, P: Guarded> Doors<'a> for Way<'a, P> {
    type Sink = Instruments;

    #[inline]
    fn bulkhead(self) -> Option<bulkhead::Door<'a, Instruments>> {
        let policy = Self::POLICIES.compartment().filter(|_| self.tollgate.is_enabled(Policy::Bulkhead))?;
        let policy = self.tollgate.bulkheads_in_force().applied(P::site().id(), policy)?;
        Some(bulkhead::Door {
            bulkheads: self.tollgate.bulkheads(),
            clock: self.tollgate.clock(),
            sink: self.tollgate.instruments(),
            site: P::site(),
            slot: Self::BULKHEAD_SLOT,
            terms: bulkhead::Terms::from(&policy),
        })
    }

    #[inline]
    fn deadline(self) -> Option<Moment> {
        self.time().map(|nanos| self.tollgate.clock().now().saturating_add_nanos(nanos))
    }
}

#[inline]
fn failed<P: Guarded>(mut response: Response) -> Response {
    if P::POLICIES.replacement().is_some() {
        response.extensions_mut().insert(Failed);
    }
    response
}
