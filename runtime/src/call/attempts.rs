//! The attempts of one call: each behind the breaker, the bulkhead and the timeout of its function, and all of them in time.

use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::rejection::{Fallible, Refusable};
use super::site::{CallSite, KeyParts};
use crate::app::Held;
use crate::backend::within;
use crate::bulkhead::{self, Full};
use crate::circuit_breaker::{CircuitBreaker, Door, Passage};
use crate::core::{Key, Moment, Outcome, Policy, Sink, Told, Verdict, marking};
use crate::http::Rejected;
use crate::metrics::Instruments;

/// One call of a function, from its first attempt on.
pub struct Attempts {
    pub(super) held: Held,
    pub(super) site: &'static CallSite,
    /// Which of the function's breakers it goes by; `None` where there is one for all.
    breaker_key: Option<Key>,
    /// How many nanoseconds each attempt has.
    each: Option<u64>,
    /// When all of it is given up.
    pub(super) deadline: Option<Moment>,
    /// Whether an attempt was given up because of that.
    is_cut: AtomicBool,
}

/// What came of an attempt.
#[derive(Clone, Copy, Debug)]
#[must_use = "this is the answer"]
pub struct Attempted<R> {
    /// What the function answered, or what was answered for it.
    pub answer: R,
    /// Whether the breaker refused it, which will refuse the next one too.
    pub(super) is_shut_out: bool,
}

impl<R> Attempted<R> {
    /// The function was asked, or somebody else refused.
    #[inline]
    pub const fn made(answer: R) -> Self {
        Self { answer, is_shut_out: false }
    }
}

/// How an attempt went behind the breaker.
enum Ran<R> {
    Answered(R),
    Crowded,
    TimedOut,
}

impl Attempts {
    /// The call begins. All of them share what their function has.
    #[inline]
    #[must_use]
    pub fn of(site: &'static CallSite) -> Self {
        let held = Held::of_task();
        let limit = site.time_limit().filter(|_| held.is_enabled(Policy::Timeout));
        let limit = limit.and_then(|limit| held.timeouts_in_force().applied(site.site().id(), limit));
        let total = limit.and_then(|limit| limit.total);
        let deadline = total.map(|nanos| held.clock().now().saturating_add_nanos(nanos));
        let each = limit.and_then(|limit| limit.each);
        Self { held, site, breaker_key: None, each, deadline, is_cut: AtomicBool::new(false) }
    }

    /// The same, with a breaker for each key.
    #[must_use]
    pub fn broken_by(mut self, parts: impl FnOnce(KeyParts) -> KeyParts) -> Self {
        if self.breaker().is_some() {
            self.breaker_key = Some(parts(KeyParts::default()).into_key());
        }
        self
    }

    /// One attempt. `judge` says what its answer means for the breaker, and `alone_for` for how long a failure asks to be left alone.
    pub async fn guarded<R, F>(
        &self,
        judge: impl FnOnce(&R) -> Verdict,
        alone_for: impl FnOnce(&R::Error) -> Option<Duration>,
        function: F,
    ) -> Attempted<R>
    where
        R: Refusable,
        F: Future<Output = R>,
    {
        let mut passage = match self.pass() {
            Ok(passage) => passage,
            Err(rejected) => return Attempted { answer: R::refused(rejected), is_shut_out: true },
        };
        let mut nobody_asks = false;
        let mark = passage.as_mut().map_or(&mut nobody_asks, Passage::mark);
        let (answer, verdict) = match marking(mark, self.run(function)).await {
            Ran::Answered(answer) => (answer, None),
            Ran::Crowded => (R::refused(Rejected::by_crowd(self.name())), Some(Verdict::Excluded)),
            Ran::TimedOut => (R::refused(Rejected::by_timeout(self.name())), Some(Verdict::Failure)),
        };
        if let Some(passage) = passage {
            let verdict = verdict.unwrap_or_else(|| judge(&answer));
            let asks = match verdict {
                Verdict::Failure => answer.error().and_then(alone_for),
                Verdict::Success | Verdict::Excluded => None,
            };
            passage.leave(verdict, asks);
        }
        Attempted::made(answer)
    }

    /// All attempts, given up where they are not over in time.
    pub async fn in_time<R, F>(&self, attempts: F) -> R
    where
        R: Refusable,
        F: Future<Output = R>,
    {
        let Some(deadline) = self.deadline else { return attempts.await };
        let Some(answer) = within(self.held.clock(), deadline, attempts).await else {
            self.tell(Policy::Timeout, Outcome::TimedOut);
            return R::refused(Rejected::by_timeout(self.name()));
        };
        // Where each attempt has its time each is told.
        if self.each.is_none() && !self.is_cut.load(Ordering::Relaxed) {
            self.tell(Policy::Timeout, Outcome::Completed);
        }
        answer
    }

    /// Past the breaker, where there is one.
    #[inline]
    fn pass(&self) -> Result<Option<Passage<'_, Instruments>>, Rejected> {
        let Some(policy) = self.breaker() else { return Ok(None) };
        let door = Door {
            breakers: self.held.breakers(),
            clock: self.held.clock(),
            sink: self.held.instruments(),
            site: self.site.site(),
            slot: self.site.slot_of(Policy::CircuitBreaker),
            policy,
        };
        match door.enter(self.breaker_key.clone()) {
            Ok(passage) => Ok(Some(passage)),
            Err(refused) => Err(Rejected::by_open_circuit(self.name(), refused.retry_after)),
        }
    }

    /// In its place, and in time. The function is dropped before its place is given back.
    async fn run<R, F: Future<Output = R>>(&self, function: F) -> Ran<R> {
        let _place = match self.compartment() {
            None => None,
            Some(door) => match door.enter().await {
                Ok(place) => Some(place),
                Err(Full) => return Ran::Crowded,
            },
        };
        let function = pin!(function);
        let each = self.each.map(|nanos| self.held.clock().now().saturating_add_nanos(nanos));
        let deadline = match (each, self.deadline) {
            (None, None) => return Ran::Answered(function.await),
            (Some(deadline), None) | (None, Some(deadline)) => deadline,
            (Some(each), Some(all)) => each.min(all),
        };
        let answer = within(self.held.clock(), deadline, function).await;
        match answer {
            Some(_) if each.is_some() => self.tell(Policy::Timeout, Outcome::Completed),
            Some(_) => {}
            None => {
                self.is_cut.store(true, Ordering::Relaxed);
                self.tell(Policy::Timeout, Outcome::TimedOut);
            }
        }
        answer.map_or(Ran::TimedOut, Ran::Answered)
    }

    /// The bulkhead, where there is one. Nobody waits where there is none.
    #[inline]
    fn compartment(&self) -> Option<bulkhead::Door<'_, Instruments>> {
        let policy = self.site.compartment().filter(|_| self.held.is_enabled(Policy::Bulkhead))?;
        let policy = self.held.bulkheads_in_force().applied(self.site.site().id(), policy)?;
        Some(bulkhead::Door {
            bulkheads: self.held.bulkheads(),
            clock: self.held.clock(),
            sink: self.held.instruments(),
            site: self.site.site(),
            slot: self.site.slot_of(Policy::Bulkhead),
            terms: bulkhead::Terms::from(&policy),
        })
    }

    /// What it is called. Only a refusal has to know.
    #[cold]
    fn name(&self) -> &'static str {
        self.site.site().name()
    }

    #[inline]
    fn breaker(&self) -> Option<&'static CircuitBreaker> {
        self.site.breaker().filter(|_| self.held.is_enabled(Policy::CircuitBreaker))
    }

    #[inline]
    pub(super) fn tell(&self, policy: Policy, outcome: Outcome) {
        self.held.instruments().tell(Told::new(self.site.site().id(), self.site.slot_of(policy), outcome));
    }
}

impl fmt::Debug for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempts").field("site", &self.site.site().name()).finish_non_exhaustive()
    }
}

/// What an answer means for a breaker where nobody says otherwise.
#[inline]
pub fn errors_are_failures<R: Fallible>(answer: &R) -> Verdict {
    if answer.error().is_some() { Verdict::Failure } else { Verdict::Success }
}

/// What a failure asks for where nobody says otherwise: nothing.
#[inline]
#[must_use]
pub const fn asks_for_nothing<E>(_: &E) -> Option<Duration> {
    None
}

/// Which failures are tried again where nobody says otherwise: all.
#[inline]
#[must_use]
pub const fn every_error<E>(_: &E) -> bool {
    true
}
