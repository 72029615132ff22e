//! The token bucket: so many tokens at most, of which each permit takes one, and which come back evenly.
//!
//! The quota comes back in each period, to the nanosecond: the `n`-th token after a moment is there once
//! `elapsed · quota / period` has reached `n`. Nothing is rounded on the way, because the state counts missing tokens from a
//! moment of its own, which moves by whole periods alone or where the bucket is full.

use super::{Charge, Counter, Since, Standing, State, scaled, scaled_up, told_apart};
use crate::core::Moment;
use crate::rate_limit::policy::Rate;

/// How many tokens were missing at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::rate_limit) struct Bucket {
    pub(in crate::rate_limit) since: Moment,
    pub(in crate::rate_limit) missing: u64,
}

impl Bucket {
    /// How many tokens have come back, were there room for all of them.
    fn filled(self, rate: &Rate, now: Moment) -> u64 {
        scaled(now.nanos_since(self.since), rate.quota().into(), rate.period_nanos())
    }

    fn missing_at(self, rate: &Rate, now: Moment) -> u64 {
        self.missing.saturating_sub(self.filled(rate, now))
    }

    /// The same at the present, with as few missing tokens as whole periods allow; full where none is missing.
    fn rebased(self, rate: &Rate, now: Moment) -> Self {
        if self.missing_at(rate, now) == 0 {
            return Self { since: self.since.max(now), missing: 0 };
        }
        let periods = now.nanos_since(self.since) / rate.period_nanos();
        Self {
            since: self.since.saturating_add_nanos(periods.saturating_mul(rate.period_nanos())),
            missing: self.missing.saturating_sub(periods.saturating_mul(rate.quota().into())),
        }
    }

    /// The same, full so much earlier. Tokens are whole, so it is told from a moment of which the next one comes in time: where
    /// the clock knows none that is so early, from its first.
    fn full_earlier(self, rate: &Rate, now: Moment, nanos: u64) -> Self {
        let (period, quota) = (u128::from(rate.period_nanos()), u128::from(rate.quota()));
        let depth = self.depth(rate).saturating_sub(u128::from(nanos) * quota);
        let ahead = depth.saturating_sub(u128::from(now.as_nanos()) * quota);
        if ahead == 0 {
            return Self { since: self.since.max(now), missing: 0 };
        }
        let missing = u64::try_from(ahead.div_ceil(period)).unwrap_or(u64::MAX);
        let since = depth.saturating_sub(u128::from(missing) * period).div_ceil(quota);
        Self { since: Moment::from_nanos(u64::try_from(since).unwrap_or(u64::MAX)), missing }
    }

    /// Which of two has fewer tokens at any time: both fill up alike.
    fn depth(self, rate: &Rate) -> u128 {
        u128::from(self.missing) * u128::from(rate.period_nanos())
            + u128::from(self.since.as_nanos()) * u128::from(rate.quota())
    }
}

/// The time in which so many tokens come back.
fn time_for(tokens: u64, rate: &Rate) -> u64 {
    scaled_up(tokens, rate.period_nanos(), rate.quota().into())
}

impl Counter for Bucket {
    told_apart!(TokenBucket);

    fn capacity(rate: &Rate) -> u32 {
        rate.capacity()
    }

    fn remaining(counter: Option<&Self>, rate: &Rate, now: Moment) -> u32 {
        let missing = counter.map_or(0, |bucket| bucket.missing_at(rate, now));
        rate.capacity().saturating_sub(u32::try_from(missing).unwrap_or(u32::MAX))
    }

    fn wait(counter: Option<&Self>, rate: &Rate, now: Moment, cost: u32) -> u64 {
        let Some(bucket) = counter else { return 0 };
        let needed = bucket.missing.saturating_add(cost.into()).saturating_sub(rate.capacity().into());
        if needed <= bucket.filled(rate, now) {
            return 0;
        }
        Since::new(bucket.since, now).until(time_for(needed, rate))
    }

    fn charge(counter: Option<Self>, rate: &Rate, now: Moment, cost: u32) -> Option<Self> {
        if cost == 0 {
            return counter;
        }
        let bucket = counter.unwrap_or(Self { since: now, missing: 0 }).rebased(rate, now);
        Some(Self { missing: bucket.missing.saturating_add(cost.into()), ..bucket })
    }

    fn give_back(self, rate: &Rate, charge: Charge, now: Moment, permits: u32) -> Option<Self> {
        let missing = charge.full_at.nanos_since(now);
        if missing >= time_for(permits.into(), rate) {
            return Some(Self { missing: self.missing.saturating_sub(permits.into()), ..self });
        }
        Some(self.full_earlier(rate, now, missing))
    }

    fn full_in(rate: &Rate, standing: Standing) -> u64 {
        let missing = u64::from(rate.capacity().saturating_sub(standing.remaining));
        let after_next = time_for(missing.saturating_sub(1), rate);
        if missing == 0 { 0 } else { standing.grows_in_nanos.saturating_add(after_next) }
    }

    fn absorb(counter: Option<Self>, rate: &Rate, told: Standing, now: Moment) -> Option<Self> {
        let one = time_for(1, rate);
        let grows_in = if told.grows_in_nanos == 0 { one } else { told.grows_in_nanos };
        // One that began so long ago that its first token comes in that time.
        let since = now.saturating_add_nanos(grows_in).nanos_since(Moment::from_nanos(one));
        let missing = u64::from(rate.capacity().saturating_sub(told.remaining));
        let told = Self { since: Moment::from_nanos(since), missing };
        Some(counter.filter(|bucket| bucket.depth(rate) >= told.depth(rate)).unwrap_or(told))
    }

    fn expires_at(&self, rate: &Rate) -> Moment {
        self.since.saturating_add_nanos(time_for(self.missing, rate))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::suite::{Budget, SECOND};
    use super::*;
    use crate::rate_limit::policy::Algorithm;

    fn bucket(rate: Rate) -> Budget {
        Budget::of(Algorithm::TokenBucket, rate)
    }

    #[test]
    fn a_burst_is_the_size_of_the_bucket_and_comes_back_at_the_rate() {
        let mut bucket = bucket(Rate::new("default", 100, 60 * SECOND).burst(200));
        assert_eq!(bucket.drain(), 200);
        bucket.now += 60 * SECOND;
        assert_eq!(bucket.drain(), 100);
        bucket.now += 3_600 * SECOND;
        assert_eq!(bucket.drain(), 200);
    }

    #[test]
    fn thirds_of_a_second_add_up_to_seconds_without_a_nanosecond_lost() {
        let mut bucket = bucket(Rate::new("default", 3, SECOND));
        bucket.drain();
        for _ in 0..1_000 {
            for (elapsed, tokens) in [(333_333_333, 0), (1, 1), (333_333_333, 1), (333_333_333, 1)] {
                bucket.now += elapsed;
                assert_eq!(bucket.drain(), tokens);
            }
        }
    }

    #[test]
    fn the_next_token_is_told_from_the_last_one() {
        let mut bucket = bucket(Rate::new("default", 4, 2 * SECOND));
        for remaining in [3, 2, 1, 0] {
            assert!(bucket.take(1));
            assert_eq!(bucket.standing(), Standing { remaining, grows_in_nanos: SECOND / 2 });
        }
        bucket.now += SECOND / 5;
        assert_eq!(bucket.standing().grows_in_nanos, SECOND / 2 - SECOND / 5);
    }

    proptest! {
        #[test]
        fn where_a_token_takes_whole_nanoseconds_it_decides_as_gcra_does(
            quota in 1_u32..50, emission in 1_u64..1_000_000_000, burst in 1_u32..50,
            requests in prop::collection::vec((0_u32..30, 0_u64..20_000_000_000), 1..80),
        ) {
            let rate = Rate::new("default", quota, u64::from(quota) * emission).burst(burst);
            let (mut bucket, mut gcra) = (bucket(rate), Budget::of(Algorithm::Gcra, rate));
            for (cost, pause) in requests {
                bucket.now += pause;
                gcra.now += pause;
                prop_assert_eq!(bucket.check(cost), gcra.check(cost));
                prop_assert_eq!(bucket.take(cost), gcra.take(cost));
                prop_assert_eq!(bucket.standing(), gcra.standing());
            }
        }
    }
}
