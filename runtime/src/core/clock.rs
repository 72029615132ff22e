//! The one source of time.
//!
//! Engines never read a clock: they are handed a [`Moment`]. Everything above them asks the [`Clock`] of its
//! `Tollgate`, so a manual clock moves every policy at once.

use std::fmt;
use std::time::Duration;

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

/// A monotonic clock.
///
/// # Implementing it
/// A clock that steps back is survived: a policy is then stricter until the clock has caught up, never laxer.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Moment;
}

/// The machine's monotonic clock, read through `quanta` (about 10 ns a reading; `Instant::now` takes about 27).
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_clock_never_steps_back() {
        let clock = SystemClock::new();
        let mut last = clock.now();
        for _ in 0..10_000 {
            let now = clock.now();
            assert!(now >= last);
            last = now;
        }
    }

    #[test]
    fn moments_saturate_instead_of_overflowing() {
        let end = Moment::from_nanos(u64::MAX);
        assert_eq!(end.saturating_add(Duration::from_secs(1)), end);
        assert_eq!(Moment::ORIGIN.saturating_add(Duration::MAX), end);
        assert_eq!(Moment::ORIGIN.nanos_since(end), 0);
    }
}
