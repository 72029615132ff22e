//! One breaker: whether a call may pass, and what its answer means for those that come after.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

use super::machine::{Host, Machine};
use super::policy::CircuitBreaker;
use crate::core::{Clock, Moment, Verdict, discard};

pub(crate) use super::engine::Terms;
pub(crate) use super::machine::{Pass, Refused};
pub(crate) use super::state::{BreakerState, Change, Mode, Snapshot};

/// Who hears of changes.
type Listener = Box<dyn Fn(Change) + Send + Sync>;

/// A breaker, shared by all calls that go by it.
pub(crate) struct Breaker {
    machine: Machine,
    listener: Option<Listener>,
}

impl Breaker {
    /// A closed one, or one that only tells.
    pub(crate) fn new(policy: &CircuitBreaker) -> Self {
        let machine = Machine::new(policy.rule.into(), policy.into(), policy.metrics_only);
        Self { machine, listener: None }
    }

    /// The same, which tells that one of every real change, and, where it only tells, of when it would open. It is called without any lock, by
    /// the call that changed it; of two changes at nearly one time the later one may be told first. What it panics with is thrown away.
    pub(crate) fn listening(mut self, listener: impl Fn(Change) + Send + Sync + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Lets a call pass, or refuses it.
    pub(super) fn acquire<'a>(&'a self, clock: &'a dyn Clock) -> Result<Permit<'a>, Refused> {
        let pass = self.machine.admit(&Asking { breaker: self, clock })?;
        Ok(Permit { breaker: self, clock, pass: Some(pass) })
    }

    /// The same where there is nothing to ask; `None` where there is. No clock is looked for.
    #[inline]
    pub(super) fn admit_at_once(&self) -> Option<Pass> {
        self.machine.admit_at_once()
    }

    /// Whether the answer to a call that passed changes nothing.
    #[inline]
    pub(super) fn is_untouched_by(&self, pass: &Pass, verdict: Verdict) -> bool {
        self.machine.is_untouched_by(pass, verdict)
    }

    /// What the answer to a call that passed says, and for how long that asks to be left alone.
    pub(super) fn settle(
        &self,
        pass: Pass,
        verdict: Verdict,
        alone_for: Option<Duration>,
        clock: &dyn Clock,
    ) {
        self.machine.settle(pass, verdict, alone_for, &Asking { breaker: self, clock });
    }

    /// Has it be so, whatever its calls say. Where it is so already nothing happens; what is left is left with nothing counted.
    pub(crate) fn set_mode(&self, mode: Mode, now: Moment) {
        self.machine.set_mode(mode, now, &At { breaker: self, now });
    }

    /// Begins anew, as its policy says, with nothing counted. A mode that was set is gone.
    pub(crate) fn reset(&self, now: Moment) {
        self.machine.reset(now, &At { breaker: self, now });
    }

    /// Goes by these numbers from now on. What has been counted stays, and what is open stays so for as long as it was to be.
    pub(crate) fn tune(&self, terms: Terms) {
        self.machine.tune(terms);
    }

    /// Opens a closed one until then, for an hour at most: other nodes have found that it should.
    pub(crate) fn pre_open(&self, until: Moment, now: Moment) {
        self.machine.pre_open(until, &At { breaker: self, now });
    }

    /// What it is. One that is open stays so after its time, until somebody calls.
    #[inline]
    pub(crate) fn state(&self) -> BreakerState {
        self.machine.state()
    }

    /// How it stands at that moment.
    pub(crate) fn snapshot(&self, now: Moment) -> Snapshot {
        self.machine.snapshot(now)
    }

    #[cold]
    fn tell(&self, change: Change) {
        // It may be told while something else unwinds.
        if let Some(listener) = &self.listener
            && let Err(panic) = catch_unwind(AssertUnwindSafe(|| listener(change)))
        {
            discard(panic);
        }
    }
}

impl fmt::Debug for Breaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breaker").field("machine", &self.machine).finish_non_exhaustive()
    }
}

/// A call that passed. Dropped without a verdict it was cancelled, which counts on neither side, or panicked, which is a failure.
#[must_use = "a call that passed has an answer, or is given up"]
#[derive(Debug)]
pub(super) struct Permit<'a> {
    breaker: &'a Breaker,
    clock: &'a dyn Clock,
    /// None once it is settled.
    pass: Option<Pass>,
}

impl<'a> Permit<'a> {
    /// For whoever settles it.
    pub(super) fn into_pass(mut self) -> Option<(&'a Breaker, Pass)> {
        Some((self.breaker, self.pass.take()?))
    }

    /// What its answer says, and for how long that asks to be left alone.
    #[cfg(test)]
    pub(super) fn finish(mut self, verdict: Verdict, alone_for: Option<Duration>) {
        self.settle(verdict, alone_for);
    }

    fn settle(&mut self, verdict: Verdict, alone_for: Option<Duration>) {
        if let Some(pass) = self.pass.take() {
            self.breaker.settle(pass, verdict, alone_for, self.clock);
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.settle(if thread::panicking() { Verdict::Failure } else { Verdict::Excluded }, None);
    }
}

/// Where calls come from: they ask for the time when it matters.
struct Asking<'a> {
    breaker: &'a Breaker,
    clock: &'a dyn Clock,
}

impl Host for Asking<'_> {
    #[inline]
    fn now(&self) -> Moment {
        self.clock.now()
    }

    fn tell(&self, change: Change) {
        self.breaker.tell(change);
    }
}

/// Where people come from: they have said what time it is.
struct At<'a> {
    breaker: &'a Breaker,
    now: Moment,
}

impl Host for At<'_> {
    fn now(&self) -> Moment {
        self.now
    }

    fn tell(&self, change: Change) {
        self.breaker.tell(change);
    }
}
