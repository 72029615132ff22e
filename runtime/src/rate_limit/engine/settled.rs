//! What holds however charges, answers and time go together, of budgets that fill up evenly.

use proptest::prelude::*;

use super::suite::{Budget, SECOND};
use super::{Charge, Standing};
use crate::rate_limit::policy::{Algorithm, Rate};

/// A request that was admitted.
#[derive(Clone, Copy, Debug)]
struct Admitted {
    at: u64,
    cost: u32,
    charge: Charge,
    /// When it was given back.
    given_back: Option<u64>,
}

/// What comes next, after a while.
#[derive(Clone, Copy, Debug)]
enum Next {
    /// A request of that cost.
    Asks(u32),
    /// The answer of one that is under way, which stays charged or does not.
    Answers { which: prop::sample::Index, is_charged: bool },
}

/// Requests under way, and those that are over.
struct Traffic {
    budget: Budget,
    under_way: Vec<Admitted>,
    over: Vec<Admitted>,
}

impl Traffic {
    fn new(algorithm: Algorithm, rate: Rate) -> Self {
        Self { budget: Budget::of(algorithm, rate), under_way: Vec::new(), over: Vec::new() }
    }

    fn ask(&mut self, cost: u32) -> bool {
        let is_admitted = self.budget.take(cost);
        if is_admitted {
            let (at, charge) = (self.budget.now, self.budget.charged());
            self.under_way.push(Admitted { at, cost, charge, given_back: None });
        }
        is_admitted
    }

    fn answer(&mut self, place: usize, is_charged: bool) {
        let mut admitted = self.under_way.remove(place);
        if !is_charged {
            self.budget.give_back(admitted.cost, admitted.charge);
            admitted.given_back = Some(self.budget.now);
        }
        self.over.push(admitted);
    }

    fn next(&mut self, next: Next) {
        match next {
            Next::Asks(cost) => drop(self.ask(cost)),
            Next::Answers { which, is_charged } if !self.under_way.is_empty() => {
                self.answer(which.index(self.under_way.len()), is_charged);
            }
            Next::Answers { .. } => {}
        }
    }

    /// In no span more stays charged than the rate allows in it and, with `under_way`, what was under way when it began and
    /// was given back.
    fn assert_bounded(&self, with_under_way: bool) {
        let all: Vec<_> = self.over.iter().chain(&self.under_way).collect();
        for first in &all {
            let under_way = |other: &&&Admitted| {
                with_under_way
                    && other.at <= first.at
                    && other.given_back.is_some_and(|then| then >= first.at)
            };
            let under_way: u64 = all.iter().filter(under_way).map(|other| u64::from(other.cost)).sum();
            for last in &all {
                let charged = all
                    .iter()
                    .filter(|other| other.given_back.is_none() && (first.at..=last.at).contains(&other.at));
                let charged: u64 = charged.map(|other| u64::from(other.cost)).sum();
                let most = self.budget.most(last.at.saturating_sub(first.at)) + under_way;
                assert!(charged <= most, "{charged} of {most} from {} to {}", first.at, last.at);
            }
        }
    }
}

/// Rates whose permits come back after whole nanoseconds, so that nothing is rounded.
fn rates() -> impl Strategy<Value = Rate> {
    (1_u32..20, 1_000_000_u64..SECOND, 1_u32..12).prop_map(|(quota, emission, burst)| {
        Rate::new("default", quota, u64::from(quota) * emission).burst(burst)
    })
}

fn algorithms() -> impl Strategy<Value = Algorithm> {
    prop::sample::select(vec![Algorithm::Gcra, Algorithm::TokenBucket])
}

/// Pauses in parts of the time in which a permit comes back.
fn pauses() -> impl Strategy<Value = f64> {
    prop_oneof![2 => Just(0.0), 3 => 0.0..0.5, 1 => 0.0..8.0]
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a test"
)]
fn part(rate: &Rate, of_emission: f64) -> u64 {
    (rate.emission_nanos() as f64 * of_emission) as u64
}

fn steps(charged: impl Strategy<Value = bool> + Clone) -> impl Strategy<Value = Vec<(f64, Next)>> {
    let next = prop_oneof![
        (1_u32..4).prop_map(Next::Asks),
        (any::<prop::sample::Index>(), charged)
            .prop_map(|(which, is_charged)| Next::Answers { which, is_charged }),
    ];
    prop::collection::vec((pauses(), next), 1..120)
}

proptest! {
    #[test]
    fn what_stays_charged_is_what_the_rate_allows_and_what_was_under_way(
        algorithm in algorithms(), rate in rates(), steps in steps(any::<bool>()),
    ) {
        let mut traffic = Traffic::new(algorithm, rate);
        for (pause, next) in steps {
            traffic.budget.now += part(&rate, pause);
            traffic.next(next);
        }
        traffic.assert_bounded(true);
    }

    /// However late its answer.
    #[test]
    fn one_that_is_given_back_among_others_that_are_not_is_at_most_what_it_was(
        algorithm in algorithms(), rate in rates(), before in steps(Just(true)), pause in pauses(),
        after in steps(Just(true)), late in pauses(), then in steps(Just(true)),
    ) {
        let mut traffic = Traffic::new(algorithm, rate);
        let run = |traffic: &mut Traffic, steps: Vec<(f64, Next)>| {
            for (pause, next) in steps {
                traffic.budget.now += part(&rate, pause);
                if let Next::Asks(cost) = next {
                    traffic.ask(cost);
                }
            }
        };
        run(&mut traffic, before);
        traffic.budget.now += part(&rate, pause);
        let place = traffic.under_way.len();
        let is_admitted = traffic.ask(1);
        run(&mut traffic, after);
        traffic.budget.now += part(&rate, late);
        if is_admitted {
            traffic.answer(place, false);
        }
        run(&mut traffic, then);
        traffic.assert_bounded(false);
    }

    #[test]
    fn an_answer_that_nobody_came_before_leaves_the_budget_as_if_it_had_not_been_asked_for(
        algorithm in algorithms(), rate in rates(), requests in prop::collection::vec((1_u32..4, pauses(), pauses()), 1..60),
    ) {
        let (mut never, mut traffic) = (Budget::of(algorithm, rate), Traffic::new(algorithm, rate));
        for (cost, pause, takes) in requests {
            never.now += part(&rate, pause);
            traffic.budget.now = never.now;
            if traffic.ask(cost) {
                never.now += part(&rate, takes);
                traffic.budget.now = never.now;
                traffic.answer(0, false);
            }
            prop_assert_eq!(never.standing(), traffic.budget.standing());
            prop_assert_eq!(never.take(cost), traffic.budget.take(cost));
        }
    }

    /// Whoever of those that came together answers first.
    #[test]
    fn answers_at_once_that_are_not_charged_cost_nothing(
        algorithm in algorithms(), rate in rates(), used in 0_u32..4,
        costs in prop::collection::vec(1_u32..3, 1..12), answers in prop::collection::vec(any::<prop::sample::Index>(), 12),
        takes in pauses(),
    ) {
        let mut traffic = Traffic::new(algorithm, rate);
        traffic.budget.take(used);
        let mut never = traffic.budget.clone();
        for cost in costs {
            traffic.ask(cost);
        }
        never.now += part(&rate, takes);
        traffic.budget.now = never.now;
        for which in answers {
            traffic.next(Next::Answers { which, is_charged: false });
        }
        prop_assert_eq!(never.standing(), traffic.budget.standing());
    }
}

#[test]
fn one_whose_permit_was_earned_again_gives_nothing_back() {
    for algorithm in [Algorithm::Gcra, Algorithm::TokenBucket] {
        let mut traffic = Traffic::new(algorithm, Rate::new("default", 3, 60 * SECOND));
        assert!(traffic.ask(1));
        traffic.budget.now += 20 * SECOND;
        assert_eq!(traffic.budget.drain(), 3);
        traffic.answer(0, false);
        assert_eq!(traffic.budget.standing(), Standing { remaining: 0, grows_in_nanos: 20 * SECOND });
    }
}
