//! Rates: so many requests per period, and so many at once.

use std::fmt;

use super::MAX_RATES;

/// `quota` requests per period, and at most `burst` of them at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    name: &'static str,
    quota: u32,
    period_nanos: u64,
    emission_nanos: u64,
    burst: u32,
}

impl Rate {
    /// A rate whose burst is its quota.
    ///
    /// # Panics
    /// At compile time, where `quota` or `period_nanos` is zero, where the rate is above one request a nanosecond, or so
    /// high that rounding to nanoseconds would change it by more than a thousandth, or where refilling takes longer than a century. The attribute reports all of these on the user's own words
    /// first.
    #[must_use]
    pub const fn new(name: &'static str, quota: u32, period_nanos: u64) -> Self {
        assert!(quota > 0, "a rate of zero admits nothing");
        assert!(period_nanos >= quota as u64, "a rate is at most one request a nanosecond");
        let is_kept = period_nanos.is_multiple_of(quota as u64) || period_nanos / quota as u64 >= 1_000;
        assert!(is_kept, "a rate above a million a second divides its period into whole nanoseconds");
        Self { name, quota, period_nanos, emission_nanos: period_nanos / quota as u64, burst: quota }
            .checked()
    }

    /// The same rate with another burst.
    ///
    /// # Panics
    /// At compile time, where `burst` is zero or refilling it takes longer than a century.
    #[must_use]
    pub const fn burst(mut self, burst: u32) -> Self {
        assert!(burst > 0, "a burst of zero admits nothing");
        self.burst = burst;
        self.checked()
    }

    const fn checked(self) -> Self {
        const CENTURY: u64 = 100 * 366 * 24 * 3_600 * 1_000_000_000;
        let refills = self.emission_nanos.checked_mul(self.burst as u64);
        assert!(
            matches!(refills, Some(nanos) if nanos <= CENTURY),
            "refilling this rate takes longer than a century"
        );
        self
    }

    /// The same rate under another name.
    pub(in crate::rate_limit) const fn called(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// Its name on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Requests per period.
    #[must_use]
    pub const fn quota(&self) -> u32 {
        self.quota
    }

    /// The period in nanoseconds.
    #[must_use]
    pub const fn period_nanos(&self) -> u64 {
        self.period_nanos
    }

    /// The most that may be sent at once after being idle.
    #[must_use]
    pub const fn capacity(&self) -> u32 {
        self.burst
    }

    /// The time in which one request is earned, rounded down to a nanosecond: in the client's favour, by less than
    /// a nanosecond per request, and so by less than a thousandth of the rate.
    #[must_use]
    pub const fn emission_nanos(&self) -> u64 {
        self.emission_nanos
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} per {}", self.quota, Period(self.period_nanos))?;
        if self.burst == self.quota { Ok(()) } else { write!(f, ", burst {}", self.burst) }
    }
}

/// A period in the words in which people write it.
pub(in crate::rate_limit) struct Period(pub(in crate::rate_limit) u64);

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(&str, &str, u64); 6] = [
            ("day", "d", 86_400_000_000_000),
            ("hour", "h", 3_600_000_000_000),
            ("minute", "m", 60_000_000_000),
            ("second", "s", 1_000_000_000),
            ("millisecond", "ms", 1_000_000),
            ("microsecond", "us", 1_000),
        ];
        for (word, unit, nanos) in UNITS {
            if self.0 == nanos {
                return f.write_str(word);
            }
            if self.0.is_multiple_of(nanos) {
                return write!(f, "{}{unit}", self.0 / nanos);
            }
        }
        write!(f, "{}ns", self.0)
    }
}

/// The rates that a limit has for one request, chosen by a function: `tiers = fn`.
///
/// Made by `rates!`, which checks them when they are compiled. Each has budgets of its own: whoever moves from one tier to
/// another begins there with a full one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates(&'static [Rate]);

impl Rates {
    /// As generated code declares them.
    ///
    /// # Panics
    /// At compile time, where there is none, or there are more than eight.
    #[must_use]
    pub const fn new(rates: &'static [Rate]) -> Self {
        assert!(!rates.is_empty() && rates.len() <= MAX_RATES, "between one and eight rates");
        Self(rates)
    }

    /// Each of them.
    #[must_use]
    pub const fn as_slice(self) -> &'static [Rate] {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    #[test]
    fn rates_read_as_people_write_them() {
        let cases = [
            (Rate::new("default", 10, SECOND), "10 per second"),
            (Rate::new("default", 10, 10 * SECOND), "10 per 10s"),
            (Rate::new("default", 5, 90 * SECOND), "5 per 90s"),
            (Rate::new("default", 5, SECOND / 4), "5 per 250ms"),
            (Rate::new("default", 5, 7 * 86_400 * SECOND), "5 per 7d"),
            (Rate::new("default", 1, 1), "1 per 1ns"),
            (Rate::new("default", 100, 60 * SECOND).burst(200), "100 per minute, burst 200"),
        ];
        for (rate, words) in cases {
            assert_eq!(rate.to_string(), words);
        }
    }

    #[test]
    #[should_panic(expected = "a rate of zero admits nothing")]
    fn a_rate_of_zero_is_refused() {
        let _ = Rate::new("default", 0, SECOND);
    }

    #[test]
    #[should_panic(expected = "at most one request a nanosecond")]
    fn a_period_of_zero_is_refused() {
        let _ = Rate::new("default", 1, 0);
    }

    #[test]
    #[should_panic(expected = "longer than a century")]
    fn a_rate_that_never_refills_is_refused() {
        let _ = Rate::new("default", 1, 366 * 86_400 * SECOND).burst(u32::MAX);
    }
}
