//! The machine's clocks, and the only place that reads them.

#![allow(clippy::disallowed_methods, reason = "this is the place that all others are sent to")]

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::core::{Clock, Moment, Sleep};

/// The machine's clocks: monotonic time through `quanta` (about 10 ns a reading; `Instant::now` takes about 27), waits
/// through tokio's timer.
///
/// # Panics
/// [`sleep_until`](Clock::sleep_until) outside of a tokio runtime whose timer is enabled, as tokio's own `sleep` does.
#[derive(Clone)]
pub struct SystemClock {
    clock: quanta::Clock,
    origin: u64,
}

impl SystemClock {
    /// A clock whose origin is now.
    #[must_use]
    pub fn new() -> Self {
        let clock = quanta::Clock::new();
        let origin = clock.raw();
        Self { clock, origin }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for SystemClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemClock").finish_non_exhaustive()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        Moment::from_nanos(self.clock.delta_as_nanos(self.origin, self.clock.raw()))
    }

    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep_until(&self, deadline: Moment) -> Sleep {
        let clock = self.clone();
        Box::pin(async move {
            // Two clocks measure the wait, and tokio's may be the faster one: ask again until ours agrees.
            loop {
                match deadline.nanos_since(clock.now()) {
                    0 => return,
                    nanos => tokio::time::sleep(Duration::from_nanos(nanos)).await,
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_steps_back() {
        let clock = SystemClock::new();
        let mut last = clock.now();
        for _ in 0..10_000 {
            let now = clock.now();
            assert!(now >= last);
            last = now;
        }
    }

    #[test]
    fn a_wait_never_ends_before_its_moment() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let clock = SystemClock::new();
            for micros in [0, 1, 100, 2_500] {
                let deadline = clock.now().saturating_add(Duration::from_micros(micros));
                clock.sleep_until(deadline).await;
                assert!(clock.now() >= deadline);
            }
        });
    }

    #[test]
    fn a_moment_that_has_passed_is_no_wait() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(SystemClock::new().sleep_until(Moment::ORIGIN));
    }

    #[test]
    fn the_time_of_day_is_this_millennium() {
        assert!(SystemClock::new().wall() > SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000));
    }
}
