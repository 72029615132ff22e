//! Tools for tests: a clock that stands still until it is moved.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::core::{Clock, Moment};

/// A clock that a test moves by hand. Clones are one clock.
///
/// ```
/// use std::time::Duration;
/// use tollgate::{Clock, Tollgate, testing::ManualClock};
///
/// let clock = ManualClock::new();
/// let tollgate = Tollgate::builder().clock(clock.clone()).build()?;
/// clock.advance(Duration::from_secs(60));
/// # assert_eq!(clock.now().as_nanos(), 60_000_000_000);
/// # Ok::<_, tollgate::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ManualClock {
    nanos: Arc<AtomicU64>,
}

impl ManualClock {
    /// A clock at its origin.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves it forward, to the far end of time at most.
    pub fn advance(&self, duration: Duration) {
        let to = self.now().saturating_add(duration);
        self.nanos.store(to.as_nanos(), Ordering::SeqCst);
    }

    /// Puts it to a moment, which may be an earlier one: a clock that steps back is what policies have to survive.
    pub fn set(&self, moment: Moment) {
        self.nanos.store(moment.as_nanos(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        Moment::from_nanos(self.nanos.load(Ordering::SeqCst))
    }
}
