//! The one source of time, as a trait; the system's clock stands above this floor.
//!
//! Engines never read a clock: they are handed a [`Moment`]. Everything above them asks the [`Clock`] of its
//! `Tollgate`, so a manual clock moves every policy and every wait at once.

use std::fmt;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

/// A point in monotonic time, in nanoseconds since its clock's own origin.
///
/// Moments of different clocks mean nothing to each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(u64);

impl Moment {
    /// The clock's origin.
    pub const ORIGIN: Self = Self(0);

    /// The moment that many nanoseconds after the origin.
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the origin.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// This moment moved forward by `nanos`; the far end of time (584 years after the origin) where that overflows.
    #[must_use]
    pub const fn saturating_add_nanos(self, nanos: u64) -> Self {
        Self(self.0.saturating_add(nanos))
    }

    /// Nanoseconds from `earlier` to this moment; zero where `earlier` is the later one.
    #[must_use]
    pub const fn nanos_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This moment moved forward by `duration`, saturating.
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        self.saturating_add_nanos(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX))
    }
}

/// Ends at the moment that a [`Clock`] was asked for.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What time it is, and a way to wait: one clock for policies, retries, timeouts and refreshes.
///
/// # Implementing it
/// A clock that steps back is survived: a policy is then stricter until the clock has caught up, never laxer. One that
/// panics is not: it is read while requests end, also those that end because something panicked.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The present moment, for everything that is measured.
    fn now(&self) -> Moment;

    /// The time of day, for dates that people and other machines read. It may be set back and forth at any time.
    fn wall(&self) -> SystemTime;

    /// Waits until [`now`](Self::now) has reached `deadline`; ends at once where it has. Dropping it ends the wait.
    fn sleep_until(&self, deadline: Moment) -> Sleep;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_saturate_instead_of_overflowing() {
        let end = Moment::from_nanos(u64::MAX);
        assert_eq!(end.saturating_add(Duration::from_secs(1)), end);
        assert_eq!(Moment::ORIGIN.saturating_add(Duration::MAX), end);
        assert_eq!(Moment::ORIGIN.nanos_since(end), 0);
    }
}
