//! What holds as time goes by: a test moves it.

use proptest::prelude::*;

use super::model::{Model, assert_same};
use super::{Budgets, MICROSECOND, MINUTE, SECOND, Subject, ask, at_once, rounded, scrambled, wait};
use crate::core::Key;
use crate::rate_limit::engine::{self, Verdict};
use crate::rate_limit::policy::{Algorithm, Rate};
use crate::rate_limit::store::{Ask, Charges, Ruling};

const FIVE_A_SECOND: &[Rate] = &[Rate::new("default", 5, SECOND)];
const TEN_A_SECOND: &[Rate] = &[Rate::new("default", 10, SECOND)];
const A_SECOND_AND_A_MINUTE: &[Rate] = &[Rate::new("second", 2, SECOND), Rate::new("minute", 5, MINUTE)];

pub(in super::super) fn idling_earns_the_capacity_and_never_more<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let two_at_once = [Rate::new("default", 1, 90_000 * MICROSECOND).burst(2)];
    for rates in [FIVE_A_SECOND, &two_at_once] {
        for idle in [2 * SECOND, 4 * SECOND + MICROSECOND, 120 * SECOND, (1 << 40) * MICROSECOND] {
            let mut subject = Subject::new(algorithm, &make);
            let capacity = engine::capacity(algorithm, &rates[0]);
            for _ in 0..3 {
                assert_eq!(subject.drain(&"ada".into(), rates), capacity, "after {idle} ns");
                subject.now += idle;
            }
        }
    }
}

pub(in super::super) fn each_key_refills_by_itself<S: Budgets>(algorithm: Algorithm, make: impl Fn() -> S) {
    let mut subject = Subject::new(algorithm, make);
    assert_eq!(subject.drain(&"ada".into(), FIVE_A_SECOND), 5);
    subject.now += SECOND * 3 / 2;
    assert_eq!(subject.drain(&"bob".into(), FIVE_A_SECOND), 5);
    subject.now += SECOND / 2;
    assert_eq!(subject.remaining(0, "ada", FIVE_A_SECOND), [5]);
    assert!(subject.remaining(0, "bob", FIVE_A_SECOND)[0] < 5);
}

pub(in super::super) fn a_refused_cost_fits_at_the_reported_time_and_not_before<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let costs = prop::collection::vec((1_u32..20, 0_u64..1_000_000), 1..40);
    proptest!(ProptestConfig::with_cases(64), |(rates in some_rates(), costs in costs)| {
        let mut subject = Subject::new(algorithm, &make);
        for (cost, pause) in costs {
            subject.now += pause * MICROSECOND;
            let question = [subject.ask(0, "ada", cost, &rates)];
            let rulings = subject.decide(&question);
            let (true, Some(wait)) = (rulings.iter().all(|ruling| ruling.verdict != Verdict::Never), wait(&rulings))
            else { continue };
            subject.now += wait - MICROSECOND;
            prop_assert!(!subject.take_all(&question));
            subject.now += MICROSECOND;
            prop_assert!(subject.take_all(&question));
        }
    });
}

pub(in super::super) fn what_remains_grows_at_the_reported_time_and_not_before<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let costs = prop::collection::vec((1_u32..8, 0_u64..1_000_000), 1..40);
    proptest!(ProptestConfig::with_cases(64), |(rates in some_rates(), costs in costs)| {
        let mut subject = Subject::new(algorithm, &make);
        for (cost, pause) in costs {
            subject.now += pause * MICROSECOND;
            subject.take(0, "ada", cost, &rates[..1]);
            let standing = subject.standings(0, "ada", &rates[..1])[0];
            prop_assert_eq!(standing.grows_in_nanos == 0, standing.remaining == engine::capacity(algorithm, &rates[0]));
            if standing.grows_in_nanos > 0 {
                subject.now += rounded(standing.grows_in_nanos) - MICROSECOND;
                prop_assert_eq!(subject.remaining(0, "ada", &rates[..1])[0], standing.remaining);
                subject.now += MICROSECOND;
                prop_assert!(subject.remaining(0, "ada", &rates[..1])[0] > standing.remaining);
            }
        }
    });
}

pub(in super::super) fn a_clock_that_steps_back_never_lets_more_pass_than_the_capacity<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    for rates in [FIVE_A_SECOND, &[Rate::new("second", 5, SECOND), Rate::new("2s", 6, 2 * SECOND)]] {
        let mut subject = Subject::new(algorithm, &make);
        subject.drain(&"ada".into(), rates);
        let drained = subject.now;
        for now in [0, drained - SECOND, drained - MICROSECOND, drained] {
            subject.now = now;
            assert_eq!(subject.drain(&"ada".into(), rates), 0, "at {now} ns");
        }
        subject.now = drained + 4 * SECOND;
        assert_eq!(subject.drain(&"ada".into(), rates), 5);
    }
}

pub(in super::super) fn a_huge_quota_neither_overflows_nor_refuses_falsely<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    // A thousand a microsecond is what a store of that resolution can tell apart.
    let billion = [Rate::new("default", 1_000_000_000, 1_000_000 * SECOND)];
    let subject = Subject::new(algorithm, make);
    let each = 50_000 / S::SPARING;
    let admitted = at_once(2, |_| (0..each).all(|_| subject.take(0, "ada", 1, &billion)));
    assert_eq!(admitted, 2);
    let left = 1_000_000_000 - 2 * each;
    assert_eq!(subject.remaining(0, "ada", &billion), [left]);
    assert!(subject.take(0, "ada", left, &billion));
    assert!(!subject.take(0, "ada", 1, &billion));
}

/// The rates of the limit with that scope: some have one, some have several, one has a burst above its quota.
fn rates_of(scope: u32) -> &'static [Rate] {
    const RATES: [&[Rate]; 5] = [
        FIVE_A_SECOND,
        A_SECOND_AND_A_MINUTE,
        &[Rate::new("default", 1, SECOND / 2).burst(3)],
        &[
            Rate::new("100ms", 1, SECOND / 10),
            Rate::new("second", 4, SECOND),
            Rate::new("10s", 20, 10 * SECOND),
        ],
        &[Rate::new("default", 3, 7 * MICROSECOND * 3)],
    ];
    RATES[scope as usize % RATES.len()]
}

/// Rates of one limit, each of whole microseconds a request.
fn some_rates() -> impl Strategy<Value = Vec<Rate>> {
    let rate = |name| {
        (1_u32..30, 1_u64..300_000, 1_u32..30).prop_map(move |(quota, emission_micros, burst)| {
            Rate::new(name, quota, u64::from(quota) * emission_micros * MICROSECOND).burst(burst)
        })
    };
    prop_oneof![rate("a").prop_map(|rate| vec![rate]), (rate("a"), rate("b")).prop_map(|(a, b)| vec![a, b])]
}

/// One request: how far the time moves first, and what each limit is asked. One in twelve steps goes back.
#[derive(Clone, Debug)]
struct Step {
    micros: i64,
    questions: Vec<Question>,
    /// Which of the charges so far is given back before.
    given_back: Option<prop::sample::Index>,
}

#[derive(Clone, Copy, Debug)]
struct Question {
    scope: u32,
    key: u64,
    cost: u32,
    shadow: bool,
}

impl Question {
    fn ask(self, algorithm: Algorithm) -> Ask<'static> {
        let ask = ask(algorithm, self.scope, self.key, self.cost, rates_of(self.scope));
        Ask { shadow: self.shadow, ..ask }
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let micros = prop_oneof![
        6 => Just(0_i64),
        4 => 0_i64..300_000,
        1 => 0_i64..100_000_000,
        1 => -2_000_000_i64..0,
    ];
    let scopes = prop::sample::subsequence((0..5).collect::<Vec<u32>>(), 1..=3).prop_shuffle();
    let details = prop::collection::vec((0_u64..3, 0_u32..7, prop::bool::weighted(0.2)), 3);
    let questions = (scopes, details).prop_map(|(scopes, details)| {
        let question = |(scope, (key, cost, shadow))| Question { scope, key, cost, shadow };
        scopes.into_iter().zip(details).map(question).collect()
    });
    let given_back = prop::option::weighted(0.2, any::<prop::sample::Index>());
    let step = (micros, questions, given_back).prop_map(|(micros, questions, given_back)| Step {
        micros,
        questions,
        given_back,
    });
    prop::collection::vec(step, 1..80)
}

pub(in super::super) fn any_sequence_of_asks_is_decided_as_by_the_model<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    proptest!(ProptestConfig::with_cases(100), |(steps in steps())| {
        let (mut subject, mut model) = (Subject::new(algorithm, &make), Model::default());
        let mut all_charged = Vec::new();
        for Step { micros, questions, given_back } in steps {
            subject.now = subject.now.saturating_add_signed(micros * MICROSECOND.cast_signed());
            if let (Some(place), false) = (given_back, all_charged.is_empty()) {
                let (ask, charges): (Ask<'_>, Charges) = all_charged.swap_remove(place.index(all_charged.len()));
                subject.store.give_back(std::slice::from_ref(&ask), &charges, subject.moment());
                model.give_back(&ask, &charges, subject.moment());
            }
            let asks: Vec<_> = questions.iter().map(|question| question.ask(algorithm)).collect();
            let (expected, charged) = model.decide(&asks, subject.moment());
            assert_same(&asks, &subject.decide(&asks), &expected, subject.now);
            let mut rest = expected.as_slice();
            for (ask, charged) in asks.into_iter().zip(charged) {
                let rulings = rest.split_off(..ask.rates.len()).unwrap();
                let known = ask.charges(rulings, subject.moment(), subject.moment());
                all_charged.extend(charged.then_some((ask, known)));
            }
        }
    });
}

pub(in super::super) fn forgetting_full_budgets_changes_no_decision<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let sparing = u64::from(S::SPARING);
    let clients = 3_000 / sparing;
    let (mut subject, mut model) = (Subject::new(algorithm, make), Model::default());
    for step in 0..30_000 / sparing {
        let random = scrambled(step);
        subject.now += random % 1_000 * sparing * MICROSECOND;
        // Most requests come from clients that were seen long ago, some from those that have just been here.
        let client = if random & 0x10_0000 == 0 { random >> 32 } else { random >> 60 } % clients;
        #[allow(clippy::cast_possible_truncation, reason = "a cost from 0 to 3")]
        let cost = (random >> 24 & 3) as u32;
        let scope = u32::from(random & 0x800_0000 == 0);
        let asks = [
            subject.ask(scope, client, cost, rates_of(scope)),
            subject.ask(9, Key::EVERYONE, 1, TEN_A_SECOND),
        ];
        let asks = if random & 0x1000_0000 == 0 { &asks[..1] } else { &asks };
        let (expected, _) = model.decide(asks, subject.moment());
        let rulings: Vec<Ruling> = subject.decide(asks);
        assert_same(asks, &rulings, &expected, subject.now);
    }
}
