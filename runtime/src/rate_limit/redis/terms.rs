//! A rate as the scripts count it, and what they answer in the words of the engine.

use super::super::engine::{Standing, Verdict};
use super::super::policy::{Algorithm, Rate};
use super::super::store::Ruling;
use crate::backend::redis::Arg;

/// A rate in units of the server.
///
/// Of GCRA and the token bucket, a permit is a whole number of units, so nothing is rounded while permits are counted: the
/// present is, to a unit. That is a microsecond, but for what is left over where a permit is no whole number of these, and
/// the time of a permit where that is shorter. Windows and logs count microseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Terms {
    pub(super) algorithm: Algorithm,
    /// In permits.
    pub(super) capacity: u32,
    /// Units of a permit, or microseconds of a period.
    pub(super) period: u64,
    /// Units a microsecond.
    pub(super) factor: f64,
    /// Milliseconds after which a budget that nobody asks for has been full for a while.
    pub(super) ttl: u64,
    /// The nanoseconds of a period and its permits: how long a unit is.
    nanos: (u64, u32),
}

const MICROSECOND: u64 = 1_000;
const MILLISECOND: u64 = 1_000_000;
/// Clocks of servers that follow one another differ.
const SLACK: u64 = 1_000;

impl Terms {
    pub(super) fn new(algorithm: Algorithm, rate: &Rate) -> Self {
        match algorithm {
            // As the engine rounds it.
            Algorithm::Gcra => Self::evenly(algorithm, rate, (rate.emission_nanos(), 1)),
            Algorithm::TokenBucket => Self::evenly(algorithm, rate, (rate.period_nanos(), rate.quota())),
            Algorithm::SlidingWindow => Self::by_period(algorithm, rate, 2),
            Algorithm::SlidingLog | Algorithm::FixedWindow => Self::by_period(algorithm, rate, 1),
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "a rate is known to fewer than 53 bits")]
    fn evenly(algorithm: Algorithm, rate: &Rate, nanos: (u64, u32)) -> Self {
        let permits = u64::from(nanos.1);
        let period = (nanos.0 / permits / MICROSECOND).max(1);
        let factor = (period * MICROSECOND) as f64 * f64::from(nanos.1) / nanos.0 as f64;
        let full = (u128::from(nanos.0) * u128::from(rate.capacity())).div_ceil(u128::from(permits));
        let ttl = (full * 2).div_ceil(u128::from(MILLISECOND));
        let ttl = u64::try_from(ttl).unwrap_or(u64::MAX / 4).saturating_add(SLACK);
        Self { algorithm, capacity: rate.capacity(), period, factor, ttl, nanos }
    }

    fn by_period(algorithm: Algorithm, rate: &Rate, periods: u64) -> Self {
        let period = rate.period_nanos().div_ceil(MICROSECOND);
        let ttl = rate.period_nanos().saturating_mul(periods).div_ceil(MILLISECOND).saturating_add(SLACK);
        Self { algorithm, capacity: rate.quota(), period, factor: 1.0, ttl, nanos: (MICROSECOND, 1) }
    }

    /// Whether the quick script knows it.
    pub(super) const fn is_one_moment(&self) -> bool {
        matches!(self.algorithm, Algorithm::Gcra | Algorithm::TokenBucket)
    }

    /// So many permits in units.
    pub(super) fn units(&self, permits: u32) -> u64 {
        self.period.saturating_mul(permits.into())
    }

    /// Its arguments in `limits.lua`.
    pub(super) fn args(&self, limit: u64, shadow: bool, cost: u32) -> [Arg<'static>; 8] {
        [
            Arg::Text(self.algorithm.as_str()),
            Arg::Number(limit),
            Arg::Number(shadow.into()),
            Arg::Number(cost.into()),
            Arg::Number(self.capacity.into()),
            Arg::Number(self.period),
            Arg::Fraction(self.factor),
            Arg::Number(self.ttl),
        ]
    }

    /// Its arguments in `gcra_shared.lua` and `gcra_several.lua`; `gcra.lua` begins with them.
    pub(super) fn moment_args(&self, cost: u32) -> [Arg<'static>; 4] {
        [
            Arg::Number(self.units(cost)),
            Arg::Number(self.units(self.capacity)),
            Arg::Fraction(self.factor),
            Arg::Number(self.ttl),
        ]
    }

    /// What `limits.lua` said of one rate.
    pub(super) fn ruling(&self, verdict: i64, standing: Standing) -> Ruling {
        let verdict = match verdict {
            0 => Verdict::Fits,
            wait => u64::try_from(wait)
                .map_or(Verdict::Never, |wait| Verdict::NotYet { wait_nanos: self.nanos(wait) }),
        };
        Ruling::told(verdict, standing)
    }

    /// How a budget stands by what the script said there.
    pub(super) fn standing(&self, remaining: i64, grows_in: i64) -> Standing {
        Standing {
            remaining: u32::try_from(remaining.max(0)).unwrap_or(u32::MAX),
            grows_in_nanos: self.nanos(u64::try_from(grows_in).unwrap_or_default()),
        }
    }

    /// What a quick script said of the budget that was asked alone: how far the moment lies ahead, with `cost` or without it.
    pub(super) fn ruling_by_moment(&self, ahead: u64, cost: u32) -> Ruling {
        let is_charged = ahead <= self.units(self.capacity);
        self.told_by_moment(ahead, cost, is_charged).0
    }

    /// The same of one among several, which fits and is not charged where another does not fit.
    pub(super) fn told_by_moment(&self, ahead: u64, cost: u32, is_charged: bool) -> (Ruling, Standing) {
        let verdict = match ahead.saturating_sub(self.units(self.capacity)) {
            0 => Verdict::Fits,
            over => Verdict::NotYet { wait_nanos: self.nanos(over) },
        };
        let cost = if is_charged { 0 } else { self.units(cost) };
        let standing = self.standing_by_debt(ahead.saturating_sub(cost));
        (Ruling::told(verdict, standing), standing)
    }

    fn standing_by_debt(&self, debt: u64) -> Standing {
        let capacity = self.units(self.capacity);
        let credit = capacity.saturating_sub(debt);
        let remaining = u32::try_from(credit / self.period).unwrap_or(u32::MAX);
        let next = u64::from(remaining).saturating_add(1).saturating_mul(self.period);
        let grows_in = if debt == 0 { 0 } else { debt.saturating_add(next).saturating_sub(capacity) };
        Standing { remaining, grows_in_nanos: self.nanos(grows_in) }
    }

    /// So many units, and none of them less.
    fn nanos(&self, units: u64) -> u64 {
        let (nanos, permits) = match self.algorithm {
            Algorithm::Gcra | Algorithm::TokenBucket => {
                (self.nanos.0, u128::from(self.nanos.1) * u128::from(self.period))
            }
            _ => (MICROSECOND, 1),
        };
        u64::try_from((u128::from(units) * u128::from(nanos)).div_ceil(permits)).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn gcra(quota: u32, period_nanos: u64) -> Terms {
        Terms::new(Algorithm::Gcra, &Rate::new("default", quota, period_nanos))
    }

    #[test]
    fn a_permit_is_a_whole_number_of_units_of_about_a_microsecond() {
        for (quota, units, factor) in [(10, 100_000, 1.0), (3, 333_333, 0.999_999), (1_000_000, 1, 1.0)] {
            let terms = gcra(quota, SECOND);
            assert_eq!(terms.period, units);
            assert!((terms.factor - factor).abs() < 1e-5, "{}", terms.factor);
            assert_eq!(terms.nanos(terms.units(1)), SECOND / u64::from(quota));
        }
        // Above a million a second a unit is the time of a permit.
        let terms = gcra(1_000_000_000, SECOND);
        assert_eq!((terms.period, terms.nanos(1)), (1, 1));
        assert!((terms.factor - 1_000.0).abs() < 1e-9);
    }

    #[test]
    fn a_token_bucket_earns_its_quota_in_a_period_to_the_nanosecond() {
        let terms = Terms::new(Algorithm::TokenBucket, &Rate::new("default", 7, SECOND));
        assert_eq!(terms.nanos(terms.units(7)), SECOND);
    }

    #[test]
    fn a_moment_ahead_tells_what_is_left_and_how_long_to_wait() {
        let terms = gcra(10, SECOND);
        let fits =
            |remaining, grows_in_nanos| Ruling::told(Verdict::Fits, Standing { remaining, grows_in_nanos });
        assert_eq!(terms.ruling_by_moment(100_000, 1), fits(9, SECOND / 10));
        assert_eq!(terms.ruling_by_moment(1_000_000, 1), fits(0, SECOND / 10));
        assert_eq!(terms.ruling_by_moment(950_000, 1), fits(0, SECOND / 20));
        let refused = Ruling::told(
            Verdict::NotYet { wait_nanos: SECOND / 20 },
            Standing { remaining: 0, grows_in_nanos: SECOND / 20 },
        );
        assert_eq!(terms.ruling_by_moment(1_050_000, 1), refused);
    }

    #[test]
    fn no_rate_overflows() {
        for (quota, period) in [(1, 99 * 366 * 86_400 * SECOND), (u32::MAX, u32::MAX.into()), (1, 1)] {
            for algorithm in [
                Algorithm::Gcra,
                Algorithm::TokenBucket,
                Algorithm::SlidingWindow,
                Algorithm::SlidingLog,
                Algorithm::FixedWindow,
            ] {
                let terms = Terms::new(algorithm, &Rate::new("default", quota, period));
                assert!(terms.ttl >= SLACK && terms.factor > 0.0, "{terms:?}");
                terms.ruling_by_moment(u64::MAX, u32::MAX);
                terms.standing(i64::MIN, i64::MAX);
            }
        }
    }
}
