//! The machine's clock, so many seconds ahead, and further ahead whenever a test says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tollgate::{Clock, Moment, Sleep, SystemClock};

/// Runs as the machine's clock does, from a place of its own. Clones are one clock.
#[derive(Clone, Debug)]
pub struct ShiftedClock {
    system: SystemClock,
    ahead_nanos: Arc<AtomicU64>,
}

impl ShiftedClock {
    /// One that is ahead by that much.
    #[must_use]
    pub fn new(ahead: Duration) -> Self {
        let clock = Self { system: SystemClock::new(), ahead_nanos: Arc::default() };
        clock.advance(ahead);
        clock
    }

    /// Moves it on. Whoever waits already waits as long as before.
    ///
    /// # Panics
    /// After more than 584 years.
    pub fn advance(&self, by: Duration) {
        self.ahead_nanos.fetch_add(u64::try_from(by.as_nanos()).unwrap(), Ordering::Relaxed);
    }

    fn ahead(&self) -> u64 {
        self.ahead_nanos.load(Ordering::Relaxed)
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Moment {
        self.system.now().saturating_add_nanos(self.ahead())
    }

    fn wall(&self) -> SystemTime {
        self.system.wall() + Duration::from_nanos(self.ahead())
    }

    fn sleep_until(&self, deadline: Moment) -> Sleep {
        self.system.sleep_until(Moment::from_nanos(deadline.as_nanos().saturating_sub(self.ahead())))
    }
}
