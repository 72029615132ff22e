//! What a breaker does, by a clock that is moved by hand.

mod closed;
mod control;
mod half_open;
mod model;
mod open;
mod threads;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::breaker::{Breaker, Change, Permit, Refused, Snapshot};
use super::policy::{CircuitBreaker, WHOLE, Window};
use super::state::{BreakerState, Mode, Why};
use crate::core::{Clock, Moment, Verdict};
use crate::testing::ManualClock;

const SECOND: u64 = 1_000_000_000;

/// A breaker, its clock and whoever listens.
struct Rig {
    breaker: Breaker,
    clock: ManualClock,
    changes: Arc<Mutex<Vec<Change>>>,
}

impl Rig {
    fn new(policy: CircuitBreaker) -> Self {
        let changes: Arc<Mutex<Vec<Change>>> = Arc::default();
        let heard = Arc::clone(&changes);
        let breaker = Breaker::new(&policy).listening(move |change| heard.lock().unwrap().push(change));
        Self { breaker, clock: ManualClock::new(), changes }
    }

    fn now(&self) -> Moment {
        self.clock.now()
    }

    fn ask(&self) -> Result<Permit<'_>, Refused> {
        self.breaker.acquire(&self.clock)
    }

    fn pass(&self) -> Permit<'_> {
        self.ask().expect("a call passes")
    }

    fn refused(&self) -> Option<Duration> {
        self.ask().expect_err("a call is refused").retry_after
    }

    /// Calls, each with its result: `S`uccess, `F`ailure, `X` excluded, `C`ancelled.
    fn calls(&self, results: &str) {
        for result in results.chars() {
            self.end(self.pass(), result);
        }
    }

    #[allow(clippy::unused_self, reason = "reads as what happens to the breaker")]
    fn end(&self, permit: Permit<'_>, result: char) {
        match result {
            'S' => permit.finish(Verdict::Success, None),
            'F' => permit.finish(Verdict::Failure, None),
            'X' => permit.finish(Verdict::Excluded, None),
            _ => drop(permit),
        }
    }

    /// A call that takes so long.
    fn call_of(&self, millis: u64, result: char) {
        let permit = self.pass();
        self.clock.advance(Duration::from_millis(millis));
        self.end(permit, result);
    }

    fn wait(&self, millis: u64) {
        self.clock.advance(Duration::from_millis(millis));
    }

    fn state(&self) -> BreakerState {
        self.breaker.state()
    }

    fn snapshot(&self) -> Snapshot {
        self.breaker.snapshot(self.now())
    }

    fn counts(&self) -> (u32, u32, u32) {
        let Snapshot { calls, failures, slow, .. } = self.snapshot();
        (calls, failures, slow)
    }

    fn told(&self) -> Vec<(BreakerState, BreakerState, Why)> {
        self.changes.lock().unwrap().iter().map(|change| (change.from, change.to, change.why)).collect()
    }
}

/// Open for 5 s, without chance.
const fn plain() -> CircuitBreaker {
    CircuitBreaker::new().open_for(5 * SECOND).jitter(0)
}

const fn in_a_row(failures: u32) -> CircuitBreaker {
    plain().consecutive_failures(failures)
}

/// Percents of so many calls.
const fn of_calls(percent: u32, minimum: u32, calls: u32) -> CircuitBreaker {
    plain().failure_rate(percent * (WHOLE / 100), minimum, Window::Calls(calls))
}

/// Percents of those of so many seconds.
const fn of_time(percent: u32, minimum: u32, seconds: u64) -> CircuitBreaker {
    plain().failure_rate(percent * (WHOLE / 100), minimum, Window::Time(seconds * SECOND))
}
