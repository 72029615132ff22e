//! What every algorithm holds: one set of properties, tried with each.

use proptest::prelude::*;

use super::{Charge, Standing, State, Verdict};
use crate::core::Moment;
use crate::rate_limit::policy::{Algorithm, Rate};

pub(super) const SECOND: u64 = 1_000_000_000;

/// One budget and a clock to move.
#[derive(Clone)]
pub(super) struct Budget {
    algorithm: Algorithm,
    pub(super) rate: Rate,
    pub(super) state: Option<State>,
    pub(super) now: u64,
}

impl Budget {
    pub(super) fn new(algorithm: Algorithm, quota: u32, period_nanos: u64) -> Self {
        Self::of(algorithm, Rate::new("default", quota, period_nanos))
    }

    pub(super) fn of(algorithm: Algorithm, rate: Rate) -> Self {
        Self { algorithm, rate, state: None, now: 7 * SECOND }
    }

    pub(super) fn moment(&self) -> Moment {
        Moment::from_nanos(self.now)
    }

    pub(super) fn capacity(&self) -> u32 {
        super::capacity(self.algorithm, &self.rate)
    }

    pub(super) fn check(&self, cost: u32) -> Verdict {
        super::check(self.algorithm, &self.rate, self.state.as_ref(), self.moment(), cost)
    }

    pub(super) fn take(&mut self, cost: u32) -> bool {
        let fits = self.check(cost) == Verdict::Fits;
        let before = self.state.clone();
        self.state = super::charge(self.algorithm, &self.rate, self.state.take(), self.moment(), cost);
        assert!(fits || self.state == before, "a refusal consumes nothing");
        fits
    }

    pub(super) fn drain(&mut self) -> u32 {
        let most = self.capacity() + 1;
        (0..most).take_while(|_| self.take(1)).count().try_into().unwrap()
    }

    pub(super) fn standing(&self) -> Standing {
        super::standing(self.algorithm, &self.rate, self.state.as_ref(), self.moment())
    }

    pub(super) fn remaining(&self) -> u32 {
        self.standing().remaining
    }

    /// What is known of a charge that was made just now.
    pub(super) fn charged(&self) -> Charge {
        let full_in = super::full_in(self.algorithm, &self.rate, self.standing());
        Charge { at: self.moment(), full_at: self.moment().saturating_add_nanos(full_in) }
    }

    pub(super) fn give_back(&mut self, permits: u32, charge: Charge) {
        let state = self.state.take();
        self.state = super::give_back(self.algorithm, &self.rate, state, charge, self.moment(), permits);
    }

    pub(super) fn absorb(&mut self, remaining: u32, grows_in_nanos: u64) {
        let told = Standing { remaining, grows_in_nanos };
        self.state = super::absorb(self.algorithm, &self.rate, self.state.take(), told, self.moment());
    }

    /// Forgets the state if that changes nothing.
    fn sweep(&mut self) {
        let now = self.moment();
        self.state = self.state.take().filter(|state| super::expires_at(&self.rate, state) > now);
    }

    /// The most that is admitted from one moment to another, both included.
    pub(super) fn most(&self, nanos: u64) -> u64 {
        let (quota, capacity) = (u64::from(self.rate.quota()), u64::from(self.capacity()));
        match self.algorithm {
            Algorithm::Gcra => capacity + nanos / self.rate.emission_nanos(),
            Algorithm::TokenBucket => capacity + super::scaled(nanos, quota, self.rate.period_nanos()),
            Algorithm::SlidingWindow | Algorithm::SlidingLog | Algorithm::FixedWindow => {
                capacity * (nanos / self.rate.period_nanos() + 1)
            }
        }
    }
}

fn rates() -> impl Strategy<Value = Rate> {
    (1_u32..60, 1_000_000_u64..1_000_000_000_000, 1_u32..60)
        .prop_map(|(quota, period, burst)| Rate::new("default", quota, period).burst(burst))
}

/// Rates whose permits come back within a few nanoseconds, where rounding shows.
fn short_rates() -> impl Strategy<Value = Rate> {
    (1_u32..30, 1_u64..40).prop_filter_map("whole nanoseconds", |(quota, emission)| {
        Some(Rate::new("default", quota, u64::from(quota) * emission))
    })
}

/// What is asked for, and how long nobody asks before, in parts of a period.
fn requests() -> impl Strategy<Value = Vec<(u32, f64)>> {
    prop::collection::vec((1_u32..25, prop_oneof![Just(0.0), 0.0..0.4, 0.0..3.0]), 1..60)
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a test"
)]
fn part(rate: &Rate, of_period: f64) -> u64 {
    (rate.period_nanos() as f64 * of_period) as u64
}

fn fits_exactly_when_told(algorithm: Algorithm, rate: Rate, requests: Vec<(u32, f64)>) {
    let mut budget = Budget::of(algorithm, rate);
    for (cost, pause) in requests {
        budget.now += part(&rate, pause);
        budget.take(cost);
        match budget.check(cost) {
            Verdict::NotYet { wait_nanos } => {
                budget.now += wait_nanos - 1;
                assert!(!budget.take(cost), "a nanosecond before");
                budget.now += 1;
                assert!(budget.take(cost), "after {wait_nanos} ns");
            }
            verdict => assert_eq!(verdict == Verdict::Never, cost > budget.capacity()),
        }
    }
}

fn remains_what_is_admitted(algorithm: Algorithm, rate: Rate, requests: Vec<(u32, f64)>) {
    let mut budget = Budget::of(algorithm, rate);
    for (cost, pause) in requests {
        budget.now += part(&rate, pause);
        let before = budget.remaining();
        assert_eq!(budget.take(cost), cost <= before);
        let after = budget.standing();
        assert!(after.remaining <= budget.capacity());
        assert_eq!(after.grows_in_nanos == 0, after.remaining == budget.capacity());
        if after.grows_in_nanos > 0 {
            budget.now += after.grows_in_nanos - 1;
            assert_eq!(budget.remaining(), after.remaining, "a nanosecond before");
            budget.now += 1;
            assert!(budget.remaining() > after.remaining);
        }
    }
}

fn no_more_than_documented(algorithm: Algorithm, rate: Rate, steps: Vec<(u32, f64, bool)>) {
    let mut budget = Budget::of(algorithm, rate);
    let (mut earliest, mut latest, mut admitted) = (budget.now, budget.now, 0);
    for (cost, pause, steps_back) in steps {
        let pause = part(&rate, pause);
        budget.now = if steps_back { budget.now.saturating_sub(pause) } else { budget.now + pause };
        (earliest, latest) = (earliest.min(budget.now), latest.max(budget.now));
        admitted += if budget.take(cost) { u64::from(cost) } else { 0 };
        assert!(admitted <= budget.most(latest - earliest), "{admitted} in {} ns", latest - earliest);
    }
}

fn forgetting_changes_nothing(algorithm: Algorithm, rate: Rate, requests: Vec<(u32, f64)>) {
    let (mut kept, mut swept) = (Budget::of(algorithm, rate), Budget::of(algorithm, rate));
    for (cost, pause) in requests {
        kept.now += part(&rate, pause);
        swept.now = kept.now;
        swept.sweep();
        assert_eq!(kept.standing(), swept.standing());
        assert_eq!(kept.take(cost), swept.take(cost));
        if cost % 5 == 0 {
            let charge = kept.charged();
            kept.give_back(cost, charge);
            swept.give_back(cost, charge);
        }
    }
}

/// One that charges and gives back beside one that does neither.
fn give_back_restores(algorithm: Algorithm, rate: Rate, requests: Vec<(u32, f64)>) {
    let (mut never, mut returned) = (Budget::of(algorithm, rate), Budget::of(algorithm, rate));
    for (cost, pause) in requests {
        never.now += part(&rate, pause);
        returned.now = never.now;
        if cost % 2 == 0 && returned.take(cost / 2) {
            assert_eq!(returned.remaining(), never.remaining() - cost / 2);
            returned.give_back(cost / 2, returned.charged());
        }
        assert_eq!(never.standing(), returned.standing());
        assert_eq!(never.take(cost), returned.take(cost));
    }
}

fn give_back_stays_within_capacity(algorithm: Algorithm, rate: Rate, requests: Vec<(u32, f64)>) {
    let mut budget = Budget::of(algorithm, rate);
    let mut earlier = Vec::new();
    for (cost, pause) in requests {
        budget.now += part(&rate, pause);
        if budget.take(cost) {
            earlier.push((cost, budget.charged()));
        }
        let before = budget.remaining();
        if let (true, Some((cost, charge))) = (cost % 3 == 0, earlier.pop()) {
            budget.give_back(cost, charge);
            assert!((before..=budget.capacity().min(before + cost)).contains(&budget.remaining()));
        }
    }
    budget.now += 2 * rate.period_nanos().max(rate.emission_nanos() * u64::from(budget.capacity() + 1));
    assert_eq!(budget.drain(), budget.capacity());
}

fn absorb_never_lessens(algorithm: Algorithm, rate: Rate, requests: Vec<(u32, f64)>) {
    let mut budget = Budget::of(algorithm, rate);
    for (cost, pause) in requests {
        budget.now += part(&rate, pause);
        let (own, told) = (budget.remaining(), cost.min(budget.capacity()));
        let before = budget.clone();
        budget.absorb(told, part(&rate, pause / 3.0));
        assert_eq!(budget.remaining(), own.min(told));
        for later in [0.1, 0.5, 0.9] {
            let (mut before, mut after) = (before.clone(), budget.clone());
            before.now += part(&rate, later);
            after.now = before.now;
            assert!(after.remaining() <= before.remaining(), "after {later} of a period");
        }
        budget.take(cost);
        let standing = budget.standing();
        let mut again = budget.clone();
        again.absorb(standing.remaining, standing.grows_in_nanos);
        assert_eq!(again.standing(), standing, "what it knows already");
    }
}

fn has_no_end(algorithm: Algorithm) {
    let hundred_years = 100 * 365 * 86_400 * SECOND;
    let rates = [
        Rate::new("default", 1, hundred_years),
        Rate::new("default", u32::MAX, hundred_years),
        Rate::new("default", u32::MAX, u64::from(u32::MAX)),
        Rate::new("default", 1, 1),
        Rate::new("default", 1, 1).burst(u32::MAX),
    ];
    for rate in rates {
        let mut budget = Budget::of(algorithm, rate);
        for now in [0, 1, u64::MAX - 1, u64::MAX, u64::MAX / 2, 0] {
            budget.now = now;
            for cost in [0, 1, u32::MAX / 2, u32::MAX - 1, u32::MAX] {
                let _ = (budget.check(cost), budget.take(cost), budget.standing());
                let _ = budget.charged();
                budget.give_back(cost, Charge { at: Moment::from_nanos(now / 2), full_at: budget.moment() });
                budget.give_back(cost, Charge { at: Moment::ORIGIN, full_at: Moment::from_nanos(u64::MAX) });
                budget.absorb(cost, now);
                budget.sweep();
                assert!(budget.remaining() <= budget.capacity());
            }
        }
    }
}

/// The properties of one algorithm.
macro_rules! properties {
    ($($module:ident $algorithm:ident)*) => {
        $(mod $module {
            use super::*;

            proptest! {
                #[test]
                fn a_refused_cost_fits_at_the_reported_time_and_not_a_nanosecond_earlier(
                    rate in prop_oneof![rates(), short_rates()], requests in requests(),
                ) {
                    fits_exactly_when_told(Algorithm::$algorithm, rate, requests);
                }

                #[test]
                fn what_remains_is_exactly_what_is_admitted(
                    rate in prop_oneof![rates(), short_rates()], requests in requests(),
                ) {
                    remains_what_is_admitted(Algorithm::$algorithm, rate, requests);
                }

                #[test]
                fn neither_patience_nor_a_clock_that_steps_back_earns_more_than_is_documented(
                    rate in rates(),
                    steps in prop::collection::vec((0_u32..9, 0.0..1.5, prop::bool::weighted(0.2)), 1..200),
                ) {
                    no_more_than_documented(Algorithm::$algorithm, rate, steps);
                }

                #[test]
                fn forgetting_a_state_that_expired_changes_no_decision(
                    rate in prop_oneof![rates(), short_rates()], requests in requests(),
                ) {
                    forgetting_changes_nothing(Algorithm::$algorithm, rate, requests);
                }

                #[test]
                fn what_is_given_back_at_once_was_never_charged(rate in rates(), requests in requests()) {
                    give_back_restores(Algorithm::$algorithm, rate, requests);
                }

                #[test]
                fn what_is_given_back_later_is_no_more_than_was_charged(rate in rates(), requests in requests()) {
                    give_back_stays_within_capacity(Algorithm::$algorithm, rate, requests);
                }

                #[test]
                fn what_somebody_else_says_never_lessens_what_was_used(rate in rates(), requests in requests()) {
                    absorb_never_lessens(Algorithm::$algorithm, rate, requests);
                }
            }

            #[test]
            fn the_ends_of_time_and_of_numbers_are_no_panic() {
                has_no_end(Algorithm::$algorithm);
            }

            #[test]
            fn a_state_of_another_algorithm_counts_as_none() {
                for other in [Algorithm::Gcra, Algorithm::FixedWindow] {
                    let mut budget = Budget::new(other, 5, SECOND);
                    budget.drain();
                    budget.algorithm = Algorithm::$algorithm;
                    let expected = if other == Algorithm::$algorithm { 0 } else { 5 };
                    assert_eq!(budget.remaining(), expected);
                    assert_eq!(budget.drain(), expected);
                }
            }

            #[test]
            fn of_a_thousand_million_as_many_are_admitted_at_once() {
                let mut budget = Budget::new(Algorithm::$algorithm, 1_000_000_000, SECOND);
                assert!((0..1_000).all(|_| budget.take(1)));
                assert!(budget.take(999_998_999));
                assert_eq!(budget.remaining(), 1);
            }

            #[test]
            fn after_many_idle_periods_one_capacity_is_admitted_and_no_more() {
                for idle in [2, 4, 120, 1 << 30] {
                    let mut budget = Budget::new(Algorithm::$algorithm, 5, SECOND);
                    assert_eq!(budget.drain(), 5);
                    budget.now += idle * SECOND;
                    assert_eq!(budget.standing(), Standing { remaining: 5, grows_in_nanos: 0 });
                    assert_eq!(budget.drain(), 5, "after {idle} periods");
                }
            }
        })*
    };
}

properties! {
    gcra Gcra
    token_bucket TokenBucket
    sliding_window SlidingWindow
    sliding_log SlidingLog
    fixed_window FixedWindow
}
