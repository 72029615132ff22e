//! The attempts of one call: each behind the breaker, the bulkhead and the timeout of its function, and all of them in time.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::attempt::{Attempt, Attempted};
use super::rejection::{Fallible, Refusable};
use super::site::{CallSite, KeyParts};
use crate::app::Held;
use crate::backend::within;
use crate::bulkhead;
use crate::circuit_breaker::{Breakers, CircuitBreaker, Door};
use crate::core::{Clock, Key, Moment, Outcome, Policy, Sink, Site, Told, Verdict};
use crate::guard::Doors;
use crate::http::Rejected;
use crate::metrics::Instruments;
use crate::timeout::Timeout;

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

impl Attempts {
    /// The call begins. All of them share what their function has.
    #[inline]
    #[must_use]
    pub fn of(site: &'static CallSite) -> Self {
        let held = Held::of_task();
        let (each, deadline) = match site.time_limit() {
            None => (None, None),
            Some(limit) => time_for(site, limit, &held),
        };
        Self { held, site, breaker_key: None, each, deadline, is_cut: AtomicBool::new(false) }
    }

    /// The same, with a breaker for each key.
    #[must_use]
    pub fn broken_by(mut self, parts: impl FnOnce(KeyParts) -> KeyParts) -> Self {
        if self.policy().is_some() {
            self.breaker_key = Some(parts(KeyParts::default()).into_key());
        }
        self
    }

    /// One attempt. `judge` says what its answer means for the breaker, and `alone_for` for how long a failure asks to be left alone.
    #[inline]
    pub fn guarded<R, F>(
        &self,
        judge: impl FnOnce(&R) -> Verdict,
        alone_for: impl FnOnce(&R::Error) -> Option<Duration>,
        function: F,
    ) -> impl Future<Output = Attempted<R>>
    where
        R: Refusable,
        F: Future<Output = R>,
    {
        Attempt::new(self, judge, alone_for, function)
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

    /// An attempt was in time, as far as it had one of its own.
    #[inline]
    pub(super) fn was_in_time(&self) {
        if self.each.is_some() {
            self.tell(Policy::Timeout, Outcome::Completed);
        }
    }

    /// An attempt was given up.
    #[cold]
    pub(super) fn was_cut(&self) {
        self.is_cut.store(true, Ordering::Relaxed);
        self.tell(Policy::Timeout, Outcome::TimedOut);
    }

    /// What it is called. Only a refusal has to know.
    #[cold]
    pub(super) fn name(&self) -> &'static str {
        self.site.site().name()
    }

    #[inline]
    pub(super) fn tell(&self, policy: Policy, outcome: Outcome) {
        self.held.instruments().tell(Told::new(self.site.site().id(), self.site.slot_of(policy), outcome));
    }
}

impl<'a> Door<'a> for &'a Attempts {
    #[inline]
    fn breakers(self) -> &'a Breakers {
        self.held.breakers()
    }

    #[inline]
    fn clock(self) -> &'a dyn Clock {
        self.held.clock()
    }

    #[inline]
    fn site(self) -> &'static Site {
        self.site.site()
    }

    #[inline]
    fn key(self) -> Option<&'a Key> {
        self.breaker_key.as_ref()
    }

    #[inline]
    fn policy(self) -> Option<&'static CircuitBreaker> {
        self.site.breaker().filter(|_| self.held.is_enabled(Policy::CircuitBreaker))
    }

    #[inline]
    fn tell(self, outcome: Outcome) {
        Attempts::tell(self, Policy::CircuitBreaker, outcome);
    }
}

impl<'a> Doors<'a> for &'a Attempts {
    type Sink = Instruments;

    #[inline]
    fn bulkhead(self) -> Option<bulkhead::Door<'a, Instruments>> {
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

    #[inline]
    fn deadline(self) -> Option<Moment> {
        let each = self.each.map(|nanos| self.held.clock().now().saturating_add_nanos(nanos));
        match (each, self.deadline) {
            (Some(each), Some(all)) => Some(each.min(all)),
            (each, all) => each.or(all),
        }
    }
}

/// How many nanoseconds each attempt has, and when all of them are given up.
#[inline(never)]
fn time_for(site: &CallSite, limit: &Timeout, held: &Held) -> (Option<u64>, Option<Moment>) {
    if !held.is_enabled(Policy::Timeout) {
        return (None, None);
    }
    let Some(limit) = held.timeouts_in_force().applied(site.site().id(), limit) else { return (None, None) };
    let deadline = limit.total.map(|nanos| held.clock().now().saturating_add_nanos(nanos));
    (limit.each, deadline)
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
