//! The generic cell rate algorithm (ITU-T I.371, annex A), as a pure function of a rate, a state and the time.
//!
//! The whole state of one budget is one moment: when it will be full again (the theoretical arrival time). A budget
//! that has never been used is one that is full now, so forgetting a state whose moment has passed changes nothing.
//!
//! A budget of capacity `b` that earns one permit every `e` admits a cost `n` at `now` where
//!
//! ```text
//! max(full_at, now) + n·e ≤ now + b·e
//! ```
//!
//! A clock that steps back makes `full_at` look further away: the budget is then stricter until the clock has caught up,
//! never laxer.

use super::{Charge, Counter, Standing, State, Verdict, told_apart};
use crate::core::Moment;
use crate::rate_limit::policy::Rate;

/// The moment at which a budget is full again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rate_limit) struct FullAt(pub(in crate::rate_limit) Moment);

/// What the budget says to `cost` now: the state after charging it, or why it does not fit. Charges nothing: that is done by
/// keeping the state that it returns.
#[inline]
pub(in crate::rate_limit) fn check(
    rate: &Rate,
    full_at: Option<Moment>,
    now: Moment,
    cost: u32,
) -> Result<Moment, Verdict> {
    if cost > rate.capacity() {
        return Err(Verdict::Never);
    }
    let emission = rate.emission_nanos();
    // Neither product overflows: `Rate` holds the capacity's to a century.
    let capacity = emission * u64::from(rate.capacity());
    let debt = debt(full_at, now).saturating_add(emission * u64::from(cost));
    if debt > capacity {
        return Err(Verdict::NotYet { wait_nanos: debt - capacity });
    }
    Ok(now.saturating_add_nanos(debt))
}

/// How the budget stands now.
#[must_use]
pub(in crate::rate_limit) fn standing(rate: &Rate, full_at: Option<Moment>, now: Moment) -> Standing {
    let emission = rate.emission_nanos();
    let capacity = emission * u64::from(rate.capacity());
    let credit = capacity.saturating_sub(debt(full_at, now));
    let remaining = u32::try_from(credit / emission).unwrap_or(u32::MAX);
    let overdrawn = debt(full_at, now).saturating_sub(capacity);
    let grows_in_nanos =
        if credit == capacity { 0 } else { overdrawn.saturating_add(emission - credit % emission) };
    Standing { remaining, grows_in_nanos }
}

impl Counter for FullAt {
    told_apart!(Gcra);

    fn capacity(rate: &Rate) -> u32 {
        rate.capacity()
    }

    fn remaining(counter: Option<&Self>, rate: &Rate, now: Moment) -> u32 {
        standing(rate, counter.map(|counter| counter.0), now).remaining
    }

    fn wait(counter: Option<&Self>, rate: &Rate, now: Moment, cost: u32) -> u64 {
        match check(rate, counter.map(|counter| counter.0), now, cost) {
            Err(Verdict::NotYet { wait_nanos }) => wait_nanos,
            Ok(_) | Err(_) => 0,
        }
    }

    fn charge(counter: Option<Self>, rate: &Rate, now: Moment, cost: u32) -> Option<Self> {
        let charged = check(rate, counter.map(|counter| counter.0), now, cost);
        charged.ok().map(Self).or(counter)
    }

    fn give_back(self, rate: &Rate, charge: Charge, now: Moment, permits: u32) -> Option<Self> {
        let charged = rate.emission_nanos().saturating_mul(permits.into());
        let missing = charge.full_at.nanos_since(now);
        let without = self.0.as_nanos().saturating_sub(charged.min(missing));
        Some(Self(Moment::from_nanos(without)))
    }

    fn full_in(rate: &Rate, standing: Standing) -> u64 {
        let missing = u64::from(rate.capacity().saturating_sub(standing.remaining));
        let after_next = rate.emission_nanos() * missing.saturating_sub(1);
        if missing == 0 { 0 } else { standing.grows_in_nanos.saturating_add(after_next) }
    }

    fn absorb(counter: Option<Self>, rate: &Rate, told: Standing, now: Moment) -> Option<Self> {
        let emission = rate.emission_nanos();
        let missing = u64::from(rate.capacity().saturating_sub(told.remaining));
        // The next permit is at most one emission away, unless a clock has stepped back and none is left.
        let grows_in = match (told.remaining, told.grows_in_nanos) {
            (_, 0) => emission,
            (0, grows_in) => grows_in,
            (_, grows_in) => grows_in.min(emission),
        };
        let debt = (emission * missing.saturating_sub(1)).saturating_add(grows_in);
        let full_at = now.saturating_add_nanos(debt);
        Some(Self(counter.map_or(full_at, |counter| counter.0.max(full_at))))
    }

    fn expires_at(&self, _: &Rate) -> Moment {
        self.0
    }
}

/// The time that the budget needs to be full: more than its capacity where the clock has stepped back.
#[inline]
fn debt(full_at: Option<Moment>, now: Moment) -> u64 {
    full_at.map_or(0, |full_at| full_at.nanos_since(now))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: u64 = 1_000_000_000;

    /// One budget and a clock to move.
    struct Budget {
        rate: Rate,
        full_at: Option<Moment>,
        now: u64,
    }

    impl Budget {
        fn new(quota: u32, period_nanos: u64) -> Self {
            Self::of(Rate::new("default", quota, period_nanos))
        }

        fn of(rate: Rate) -> Self {
            Self { rate, full_at: None, now: 7 * SECOND }
        }

        fn check(&self, cost: u32) -> Verdict {
            check(&self.rate, self.full_at, Moment::from_nanos(self.now), cost).err().unwrap_or(Verdict::Fits)
        }

        fn take(&mut self, cost: u32) -> bool {
            let charged = check(&self.rate, self.full_at, Moment::from_nanos(self.now), cost);
            self.full_at = charged.ok().or(self.full_at);
            charged.is_ok()
        }

        fn take_all(&mut self) -> u32 {
            let most = self.rate.capacity() + 1;
            (0..most).take_while(|_| self.take(1)).count().try_into().unwrap()
        }

        fn standing(&self) -> Standing {
            standing(&self.rate, self.full_at, Moment::from_nanos(self.now))
        }
    }

    #[test]
    fn a_new_key_is_admitted() {
        assert!(Budget::new(1, SECOND).take(1));
    }

    #[test]
    fn two_per_second_admits_two_and_two_more_after_a_second() {
        let mut budget = Budget::new(2, SECOND);
        for _ in 0..3 {
            assert_eq!(budget.take_all(), 2);
            budget.now += SECOND;
        }
    }

    #[test]
    fn idling_for_longer_than_a_period_earns_one_burst_and_never_more() {
        for idle in [SECOND, 2 * SECOND, 120 * SECOND, 1 << 60] {
            let mut budget = Budget::new(5, SECOND);
            budget.take_all();
            budget.now += idle;
            assert_eq!(budget.take_all(), 5, "after {idle} ns");
        }
    }

    #[test]
    fn a_cost_above_the_capacity_never_fits_and_consumes_nothing() {
        let mut budget = Budget::new(5, SECOND);
        for pause in [0, 3, 20] {
            budget.now += pause * SECOND;
            assert_eq!(budget.check(15), Verdict::Never);
        }
        assert_eq!(budget.standing().remaining, 5);
    }

    #[test]
    fn a_cost_of_the_capacity_fits_a_fresh_budget() {
        let mut budget = Budget::new(5, SECOND);
        assert!(budget.take(5));
        assert!(!budget.take(1));
    }

    #[test]
    fn a_refusal_consumes_nothing() {
        let mut budget = Budget::new(5, SECOND);
        assert!(budget.take(4));
        assert!(!budget.take(2));
        assert!(budget.take(1));
    }

    #[test]
    fn remaining_counts_down_and_reports_when_it_grows() {
        let mut budget = Budget::new(4, 2 * SECOND);
        assert_eq!(budget.standing(), Standing { remaining: 4, grows_in_nanos: 0 });
        for remaining in [3, 2, 1, 0] {
            assert!(budget.take(1));
            assert_eq!(budget.standing(), Standing { remaining, grows_in_nanos: SECOND / 2 });
        }
        budget.now += SECOND / 5;
        assert_eq!(budget.standing(), Standing { remaining: 0, grows_in_nanos: SECOND / 2 - SECOND / 5 });
    }

    #[test]
    fn a_burst_above_the_quota_is_admitted_at_once_and_earned_back_at_the_rate() {
        let mut budget = Budget::of(Rate::new("default", 100, 60 * SECOND).burst(200));
        assert_eq!(budget.take_all(), 200);
        budget.now += 60 * SECOND;
        assert_eq!(budget.take_all(), 100);
        budget.now += 3_600 * SECOND;
        assert_eq!(budget.take_all(), 200);
    }

    #[test]
    fn a_burst_of_two_is_not_over_credited_after_long_idling() {
        let mut budget = Budget::of(Rate::new("default", 1, 90_000_000).burst(2));
        budget.take_all();
        budget.now += 120 * SECOND;
        let remaining = [1, 0].map(|_| {
            assert!(budget.take(1));
            budget.standing().remaining
        });
        assert_eq!((remaining, budget.take(1)), ([1, 0], false));
    }

    #[test]
    fn a_clock_that_steps_back_never_lets_more_pass_than_the_capacity() {
        let mut budget = Budget::new(5, SECOND);
        budget.take_all();
        let drained = budget.now;
        for now in [0, drained - SECOND, drained] {
            budget.now = now;
            assert_eq!(budget.take_all(), 0, "at {now} ns");
            assert_eq!(budget.check(1), Verdict::NotYet { wait_nanos: drained + SECOND / 5 - now });
        }
        budget.now = drained + SECOND;
        assert_eq!(budget.take_all(), 5);
    }

    #[test]
    fn a_huge_quota_neither_overflows_nor_refuses_falsely() {
        let mut budget = Budget::new(1_000_000_000, SECOND);
        assert!((0..1_000_000).all(|_| budget.take(1)));
        assert!(budget.take(998_000_000));
    }

    #[test]
    fn the_far_end_of_time_is_no_panic() {
        let mut budget = Budget::new(5, SECOND);
        budget.now = u64::MAX;
        assert!(budget.take(1));
        budget.now = u64::MAX - 1;
        let _ = (budget.check(1), budget.standing());
    }

    fn rates() -> impl Strategy<Value = Rate> {
        (1_u32..1_000, 1_000_000_u64..1_000_000_000_000, 1_u32..1_000).prop_map(|(quota, period, burst)| {
            Rate::new("default", quota, period.max(quota.into())).burst(burst)
        })
    }

    proptest! {
        #[test]
        fn a_refused_cost_fits_at_the_reported_time_and_not_a_nanosecond_earlier(
            rate in rates(), costs in prop::collection::vec((1_u32..50, 0_u64..1_000_000_000), 1..60),
        ) {
            let mut budget = Budget::of(rate);
            for (cost, pause) in costs {
                budget.now += pause;
                budget.take(cost);
                if let Verdict::NotYet { wait_nanos } = budget.check(cost) {
                    budget.now += wait_nanos - 1;
                    prop_assert!(!budget.take(cost));
                    budget.now += 1;
                    prop_assert!(budget.take(cost));
                }
            }
        }

        #[test]
        fn what_remains_is_exactly_what_is_admitted(
            rate in rates(), costs in prop::collection::vec((1_u32..50, 0_u64..1_000_000_000), 1..60),
        ) {
            let mut budget = Budget::of(rate);
            for (cost, pause) in costs {
                budget.now += pause;
                let before = budget.standing();
                prop_assert_eq!(budget.take(cost), cost <= before.remaining);
                let after = budget.standing();
                prop_assert!(after.remaining <= rate.capacity());
                if after.grows_in_nanos > 0 {
                    budget.now += after.grows_in_nanos - 1;
                    prop_assert_eq!(budget.standing().remaining, after.remaining);
                    budget.now += 1;
                    prop_assert_eq!(budget.standing().remaining, after.remaining + 1);
                }
            }
        }

        #[test]
        fn never_more_than_the_burst_and_the_rate_allow(
            rate in rates(), pauses in prop::collection::vec(0_u64..2_000_000_000, 1..200),
        ) {
            let mut budget = Budget::of(rate);
            let (start, mut admitted) = (budget.now, 0_u64);
            for pause in pauses {
                budget.now += pause;
                admitted += u64::from(budget.take(1));
                let earned = (budget.now - start) / rate.emission_nanos();
                prop_assert!(admitted <= u64::from(rate.capacity()) + earned);
            }
        }

        #[test]
        fn neither_free_requests_nor_a_clock_that_steps_back_earn_anything(
            rate in rates(), steps in prop::collection::vec((0_u32..3, -2_000_000_000_i64..2_000_000_000), 1..200),
        ) {
            let mut budget = Budget::of(rate);
            let (mut earliest, mut latest, mut admitted) = (budget.now, budget.now, 0_u64);
            for (cost, step) in steps {
                budget.now = budget.now.saturating_add_signed(step);
                (earliest, latest) = (earliest.min(budget.now), latest.max(budget.now));
                admitted += if budget.take(cost) { u64::from(cost) } else { 0 };
                let earned = (latest - earliest) / rate.emission_nanos();
                prop_assert!(admitted <= u64::from(rate.capacity()) + earned);
            }
        }

        #[test]
        fn forgetting_a_budget_that_is_full_changes_no_decision(
            rate in rates(), costs in prop::collection::vec((1_u32..50, 0_u64..3_000_000_000), 1..60),
        ) {
            let (mut kept, mut swept) = (Budget::of(rate), Budget::of(rate));
            for (cost, pause) in costs {
                kept.now += pause;
                swept.now += pause;
                swept.full_at = swept.full_at.filter(|full_at| full_at.as_nanos() > swept.now);
                prop_assert_eq!(kept.standing(), swept.standing());
                prop_assert_eq!(kept.take(cost), swept.take(cost));
            }
        }
    }
}
