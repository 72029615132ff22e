//! The policies around the function itself: `circuit_breaker`, then `bulkhead`, then `timeout`.
//!
//! A function that has none of them is awaited and nothing else. One that waits for nobody has nothing boxed. All of it may be dropped at any
//! point: what was taken is given back, and counted as cancelled.

use axum::response::{IntoResponse, Response};

use super::answer::Answer;
use super::policies::{Guarded, Policies};
use crate::app::Tollgate;
use crate::circuit_breaker::http::{alone_for, judged};
use crate::core::{Policy, Verdict, marking};
use crate::http::Rejected;
use crate::metrics::Instruments;
use crate::{bulkhead, circuit_breaker, timeout};

/// Marks an answer that a fallback may answer in the place of.
///
/// It goes with the answer as one of its extensions, past a cache that shares it. What a cache has kept does not have it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failed;

type Passage<'a> = circuit_breaker::Passage<'a, Instruments>;

/// What the function answers, or what is answered in its place. `tollgate`: `None` where the gate was opened by hand.
pub(super) async fn guarded<P, F>(tollgate: Option<&Tollgate>, function: impl FnOnce() -> F) -> Response
where
    P: Guarded,
    F: Future<Output: Answer>,
{
    let way = Way::<P>::of(tollgate);
    let mut passage = match way.pass() {
        Ok(passage) => passage,
        Err(refused) => return failed::<P>(*refused),
    };
    // A passage that is dropped, here or below, was cancelled or panicked.
    let place = match way.bulkhead() {
        None => None,
        Some(door) => match door.enter().await {
            Ok(place) => Some(place),
            Err(bulkhead::Full) => return crowded::<P>(passage),
        },
    };
    let mut nobody_asks = false;
    let mark = passage.as_mut().map_or(&mut nobody_asks, Passage::mark);
    let answer = match way.timeout() {
        None => Some(marking(mark, function()).await),
        Some((door, nanos)) => door.run(nanos, marking(mark, function())).await.ok(),
    };
    // Free before anything is made of the answer.
    drop(place);
    match answer {
        Some(answer) => concluded::<P>(way.tollgate, passage, answer.into_answer()),
        None => given_up::<P>(passage),
    }
}

/// The doors of a function, one after another.
struct Way<'a, P> {
    tollgate: Option<&'a Tollgate>,
    policies: std::marker::PhantomData<fn() -> P>,
}

impl<'a, P: Guarded> Way<'a, P> {
    const POLICIES: Policies = P::POLICIES;
    /// Counted by the compiler.
    const BREAKER_SLOT: usize = Self::POLICIES.breaker_slot();
    const BULKHEAD_SLOT: usize = Self::POLICIES.bulkhead_slot();
    const TIMEOUT_SLOT: usize = Self::POLICIES.timeout_slot();

    #[inline]
    fn of(tollgate: Option<&'a Tollgate>) -> Self {
        let tollgate = if Self::POLICIES.guards_function() { tollgate } else { None };
        Self { tollgate, policies: std::marker::PhantomData }
    }

    #[inline]
    fn with(&self, policy: Policy) -> Option<&'a Tollgate> {
        self.tollgate.filter(|tollgate| tollgate.is_enabled(policy))
    }

    /// Through the breaker, where there is one.
    #[inline]
    fn pass(&self) -> Result<Option<Passage<'a>>, Box<Response>> {
        let Some(policy) = Self::POLICIES.breaker() else { return Ok(None) };
        let Some(tollgate) = self.with(Policy::CircuitBreaker) else { return Ok(None) };
        let door = circuit_breaker::Door {
            breakers: tollgate.breakers(),
            clock: tollgate.clock(),
            sink: tollgate.instruments(),
            site: P::site(),
            slot: Self::BREAKER_SLOT,
            policy,
        };
        match door.enter(None) {
            Ok(passage) => Ok(Some(passage)),
            Err(refused) => {
                let rejected = Rejected::by_open_circuit(P::site().name(), refused.retry_after);
                Err(Box::new(rejected.into_response()))
            }
        }
    }

    #[inline]
    fn bulkhead(&self) -> Option<bulkhead::Door<'a, Instruments>> {
        let policy = Self::POLICIES.compartment()?;
        let tollgate = self.with(Policy::Bulkhead)?;
        Some(bulkhead::Door {
            bulkheads: tollgate.bulkheads(),
            clock: tollgate.clock(),
            sink: tollgate.instruments(),
            site: P::site(),
            slot: Self::BULKHEAD_SLOT,
            terms: bulkhead::Terms::from(&tollgate.bulkheads_in_force().applied(P::site().id(), policy)?),
        })
    }

    /// With the nanoseconds that there are.
    #[inline]
    fn timeout(&self) -> Option<(timeout::Door<'a, Instruments>, u64)> {
        let policy = Self::POLICIES.time_limit()?;
        let tollgate = self.with(Policy::Timeout)?;
        let door = timeout::Door {
            clock: tollgate.clock(),
            sink: tollgate.instruments(),
            site: P::site().id(),
            slot: Self::TIMEOUT_SLOT,
        };
        let policy = tollgate.timeouts_in_force().applied(P::site().id(), policy)?;
        policy.for_one().map(|nanos| (door, nanos))
    }
}

/// There is an answer of the function, and it says something of what is behind it.
#[inline]
fn concluded<P: Guarded>(
    tollgate: Option<&Tollgate>,
    passage: Option<Passage<'_>>,
    response: Response,
) -> Response {
    let (verdict, response) = judged(P::POLICIES.breaker(), response);
    let is_failure = verdict == Verdict::Failure;
    if let (Some(passage), Some(tollgate)) = (passage, tollgate) {
        let alone_for = if is_failure { alone_for(response.headers(), tollgate.clock()) } else { None };
        passage.leave(verdict, alone_for);
    }
    if is_failure { failed::<P>(response) } else { response }
}

/// Nobody ran, so it says nothing of what is behind it.
#[cold]
fn crowded<P: Guarded>(passage: Option<Passage<'_>>) -> Response {
    if let Some(passage) = passage {
        passage.leave(Verdict::Excluded, None);
    }
    failed::<P>(Rejected::by_crowd(P::site().name()).into_response())
}

#[cold]
fn given_up<P: Guarded>(passage: Option<Passage<'_>>) -> Response {
    if let Some(passage) = passage {
        passage.leave(Verdict::Failure, None);
    }
    failed::<P>(Rejected::by_timeout(P::site().name()).into_response())
}

#[inline]
fn failed<P: Guarded>(mut response: Response) -> Response {
    if P::POLICIES.replacement().is_some() {
        response.extensions_mut().insert(Failed);
    }
    response
}
