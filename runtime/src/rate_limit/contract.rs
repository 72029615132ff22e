//! What every [`Store`] has to hold: one suite for all of them, measured against the engine over a plain map.
//!
//! `contract!` makes the tests of one store. Times and rates are whole microseconds, so that a store may be as coarse
//! as that and still has to give the very same answers.

use std::collections::HashMap;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use proptest::prelude::*;

use super::engine::{self, Standing, Verdict};
use super::policy::Rate;
use super::store::{Ask, Ruling, Scope, Store};
use crate::core::{Key, Moment};

/// Makes the tests of the store that `$store`, a function without arguments, makes.
macro_rules! contract {
    ($store:expr) => {
        $crate::rate_limit::contract::contract! { @each $store;
            a_new_key_is_admitted
            two_per_second_admits_two_and_two_more_after_a_second
            idling_earns_one_burst_and_never_more
            a_cost_counts_as_so_many_requests
            a_cost_above_the_capacity_never_fits_and_consumes_nothing
            a_cost_of_the_capacity_fits_a_fresh_budget
            a_refusal_consumes_nothing
            asking_for_nothing_fits_at_all_times_and_consumes_nothing
            a_refused_cost_fits_at_the_reported_time_and_not_before
            what_remains_counts_down_and_tells_when_it_grows
            keys_and_scopes_are_independent
            kinds_and_parts_of_keys_never_collide
            every_rate_is_checked_before_any_is_charged
            all_limits_are_charged_or_none
            a_limit_in_shadow_mode_stands_aside
            a_limit_in_shadow_mode_that_fits_is_charged_with_the_others
            no_question_has_no_answer
            a_clock_that_steps_back_never_lets_more_pass_than_the_capacity
            any_sequence_of_asks_is_decided_as_by_the_model
            forgetting_full_budgets_changes_no_decision
            concurrent_requests_of_one_key_are_admitted_up_to_exactly_the_capacity
            a_huge_quota_neither_overflows_nor_refuses_falsely
            crossing_keys_from_many_threads_neither_deadlock_nor_lose_a_charge
        }
    };
    (@each $store:expr; $($name:ident)*) => {
        mod contract {
            use super::*;

            $(#[test]
            fn $name() {
                $crate::rate_limit::contract::$name($store);
            })*
        }
    };
}

pub(super) use contract;

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const MICROSECOND: u64 = 1_000;

const TWO_A_SECOND: &[Rate] = &[Rate::new("default", 2, SECOND)];
const FOUR_IN_TWO_SECONDS: &[Rate] = &[Rate::new("default", 4, 2 * SECOND)];
const FIVE_A_SECOND: &[Rate] = &[Rate::new("default", 5, SECOND)];
const TEN_A_SECOND: &[Rate] = &[Rate::new("default", 10, SECOND)];
const A_SECOND_AND_A_MINUTE: &[Rate] = &[Rate::new("second", 2, SECOND), Rate::new("minute", 5, MINUTE)];

/// A store, and a time that stands still until a test moves it.
struct Subject<S> {
    store: S,
    now: u64,
}

/// A limit's question in few words.
fn ask(scope: u32, key: impl Into<Key>, cost: u32, rates: &[Rate]) -> Ask<'_> {
    Ask { cost, ..Ask::new(Scope::new(scope), key.into(), rates) }
}

/// The same of a limit in shadow mode.
fn shadow(scope: u32, key: impl Into<Key>, cost: u32, rates: &[Rate]) -> Ask<'_> {
    Ask { shadow: true, ..ask(scope, key, cost, rates) }
}

impl<S: Store> Subject<S> {
    fn new(make: impl FnOnce() -> S) -> Self {
        Self { store: make(), now: 7 * SECOND }
    }

    /// What every rate of every limit says, asked as a handler asks.
    fn decide(&self, asks: &[Ask<'_>]) -> Vec<Ruling> {
        let now = Moment::from_nanos(self.now);
        let at_once = if let [ask] = asks { self.store.decide_at_once(ask, now) } else { None };
        let rulings =
            at_once.map_or_else(|| self.store.decide(asks, now).unwrap().to_vec(), |ruling| vec![ruling]);
        assert_eq!(rulings.len(), asks.iter().map(|ask| ask.rates.len()).sum::<usize>());
        rulings
    }

    /// Whether all limits admit it.
    fn take(&self, asks: &[Ask<'_>]) -> bool {
        self.decide(asks).iter().all(Ruling::fits)
    }

    /// How many requests of one key are admitted now.
    fn take_all(&self, key: &Key, rates: &[Rate]) -> u32 {
        let most = rates.iter().map(Rate::capacity).max().unwrap() + 1;
        (0..most).take_while(|_| self.take(&[ask(0, key.clone(), 1, rates)])).count().try_into().unwrap()
    }

    /// How the budgets of a key stand. Costs nothing.
    fn standings(&self, scope: u32, key: impl Into<Key>, rates: &[Rate]) -> Vec<Standing> {
        standings(rates, &self.decide(&[ask(scope, key, 0, rates)]), self.now)
    }

    /// What is left of each budget of a key.
    fn remaining(&self, scope: u32, key: impl Into<Key>, rates: &[Rate]) -> Vec<u32> {
        self.standings(scope, key, rates).iter().map(|standing| standing.remaining).collect()
    }
}

fn standings(rates: &[Rate], rulings: &[Ruling], now: u64) -> Vec<Standing> {
    let now = Moment::from_nanos(now);
    let of = |(rate, ruling): (&Rate, &Ruling)| ruling.standing(rate, now);
    rates.iter().zip(rulings).map(of).collect()
}

/// How long a refused request has to wait until all rates admit it.
fn wait(rulings: &[Ruling]) -> Option<u64> {
    let waits = rulings.iter().filter_map(|ruling| match ruling.verdict {
        Verdict::NotYet { wait_nanos } => Some(wait_nanos),
        Verdict::Fits { .. } | Verdict::Never => None,
    });
    waits.max()
}

pub(super) fn a_new_key_is_admitted<S: Store>(make: impl Fn() -> S) {
    let subject = Subject::new(make);
    for key in ["ada", "bob"] {
        assert!(subject.take(&[ask(0, key, 1, &[Rate::new("default", 1, SECOND)])]));
    }
}

pub(super) fn two_per_second_admits_two_and_two_more_after_a_second<S: Store>(make: impl Fn() -> S) {
    for rates in [TWO_A_SECOND, &[Rate::new("second", 2, SECOND), Rate::new("minute", 100, MINUTE)]] {
        let mut subject = Subject::new(&make);
        for _ in 0..3 {
            assert_eq!(subject.take_all(&"ada".into(), rates), 2);
            subject.now += SECOND;
        }
    }
}

pub(super) fn idling_earns_one_burst_and_never_more<S: Store>(make: impl Fn() -> S) {
    let two_at_once = [Rate::new("default", 1, 90_000 * MICROSECOND).burst(2)];
    for (rates, burst) in [(FIVE_A_SECOND, 5), (&two_at_once, 2)] {
        for idle in [SECOND, 2 * SECOND, 4 * SECOND + 1, 120 * SECOND, 1 << 50] {
            let mut subject = Subject::new(&make);
            subject.take_all(&"ada".into(), rates);
            subject.now += idle;
            assert_eq!(subject.take_all(&"ada".into(), rates), burst, "after {idle} ns");
        }
    }
}

pub(super) fn a_cost_counts_as_so_many_requests<S: Store>(make: impl Fn() -> S) {
    let subject = Subject::new(make);
    for rates in [FIVE_A_SECOND, A_SECOND_AND_A_MINUTE] {
        for cost in 0..=2 {
            let scope = cost + if rates.len() == 1 { 0 } else { 10 };
            for _ in 0..cost {
                assert!(subject.take(&[ask(scope, "one at a time", 1, rates)]));
            }
            assert!(subject.take(&[ask(scope, "at once", cost, rates)]));
            let [one_at_a_time, at_once] =
                ["one at a time", "at once"].map(|key| subject.standings(scope, key, rates));
            assert_eq!(one_at_a_time, at_once);
        }
    }
}

pub(super) fn a_cost_above_the_capacity_never_fits_and_consumes_nothing<S: Store>(make: impl Fn() -> S) {
    let mut subject = Subject::new(make);
    for pause in [0, 3, 20] {
        subject.now += pause * SECOND;
        for cost in [6, 15, u32::MAX] {
            let rulings = subject.decide(&[ask(0, "ada", cost, FIVE_A_SECOND)]);
            assert_eq!(rulings[0].verdict, Verdict::Never, "{cost} after {pause} s");
            assert_eq!(subject.remaining(0, "ada", FIVE_A_SECOND), [5]);
        }
    }
    let rulings = subject.decide(&[ask(1, "ada", 3, A_SECOND_AND_A_MINUTE)]);
    assert_eq!(rulings[0].verdict, Verdict::Never);
    assert!(rulings[1].fits(), "the rate that could admit it says so");
    assert_eq!(subject.remaining(1, "ada", A_SECOND_AND_A_MINUTE), [2, 5], "and is not charged");
}

pub(super) fn a_cost_of_the_capacity_fits_a_fresh_budget<S: Store>(make: impl Fn() -> S) {
    let subject = Subject::new(make);
    assert!(subject.take(&[ask(0, "ada", 5, FIVE_A_SECOND)]));
    assert!(!subject.take(&[ask(0, "ada", 1, FIVE_A_SECOND)]));
    let million = [Rate::new("default", 1_000_000, SECOND)];
    assert!(subject.take(&[ask(1, "ada", 999_999, &million)]));
    assert_eq!(subject.remaining(1, "ada", &million), [1]);
}

pub(super) fn a_refusal_consumes_nothing<S: Store>(make: impl Fn() -> S) {
    let subject = Subject::new(make);
    assert!(subject.take(&[ask(0, "ada", 5, TEN_A_SECOND)]));
    for _ in 0..3 {
        assert!(!subject.take(&[ask(0, "ada", 6, TEN_A_SECOND)]));
        assert_eq!(subject.remaining(0, "ada", TEN_A_SECOND), [5]);
    }
    assert!(subject.take(&[ask(0, "ada", 5, TEN_A_SECOND)]));
}

pub(super) fn asking_for_nothing_fits_at_all_times_and_consumes_nothing<S: Store>(make: impl Fn() -> S) {
    let subject = Subject::new(make);
    for remaining in [2, 1, 0] {
        for _ in 0..3 {
            assert_eq!(subject.remaining(0, "ada", TWO_A_SECOND), [remaining]);
            assert!(subject.take(&[ask(0, "ada", 0, TWO_A_SECOND)]));
        }
        assert_eq!(subject.take(&[ask(0, "ada", 1, TWO_A_SECOND)]), remaining > 0);
    }
}

pub(super) fn a_refused_cost_fits_at_the_reported_time_and_not_before<S: Store>(make: impl Fn() -> S) {
    let costs = prop::collection::vec((1_u32..20, 0_u64..1_000_000), 1..40);
    proptest!(|(rates in some_rates(), costs in costs)| {
        let mut subject = Subject::new(&make);
        for (cost, pause) in costs {
            subject.now += pause * MICROSECOND;
            let question = || [ask(0, "ada", cost, &rates)];
            let rulings = subject.decide(&question());
            let (true, Some(wait)) = (rulings.iter().all(|ruling| ruling.verdict != Verdict::Never), wait(&rulings))
            else { continue };
            subject.now += wait - MICROSECOND;
            prop_assert!(!subject.take(&question()));
            subject.now += MICROSECOND;
            prop_assert!(subject.take(&question()));
        }
    });
}

pub(super) fn what_remains_counts_down_and_tells_when_it_grows<S: Store>(make: impl Fn() -> S) {
    let mut subject = Subject::new(make);
    let standing = |remaining, grows_in_nanos| vec![Standing { remaining, grows_in_nanos }];
    assert_eq!(subject.standings(0, "ada", FOUR_IN_TWO_SECONDS), standing(4, 0));
    for remaining in [3, 2, 1, 0] {
        let rulings = subject.decide(&[ask(0, "ada", 1, FOUR_IN_TWO_SECONDS)]);
        assert_eq!(standings(FOUR_IN_TWO_SECONDS, &rulings, subject.now), standing(remaining, SECOND / 2));
    }
    subject.now += SECOND / 5;
    let rulings = subject.decide(&[ask(0, "ada", 1, FOUR_IN_TWO_SECONDS)]);
    assert_eq!(wait(&rulings), Some(SECOND / 2 - SECOND / 5));
    let left = standing(0, SECOND / 2 - SECOND / 5);
    assert_eq!(standings(FOUR_IN_TWO_SECONDS, &rulings, subject.now), left, "a refusal tells it, too");
}

pub(super) fn keys_and_scopes_are_independent<S: Store>(make: impl Fn() -> S) {
    for rates in [TWO_A_SECOND, A_SECOND_AND_A_MINUTE] {
        let mut subject = Subject::new(&make);
        subject.take_all(&"ada".into(), rates);
        assert_eq!(subject.remaining(0, "ada", rates)[0], 0);
        for (scope, key) in [(0, "bob"), (0, ""), (1, "ada"), (u32::MAX, "ada")] {
            assert_eq!(subject.remaining(scope, key, rates)[0], 2, "{scope} {key}");
        }
        subject.now += SECOND / 2;
        assert!(subject.take(&[ask(0, "bob", 2, rates)]));
        assert_eq!(subject.remaining(0, "ada", rates)[0], 1, "each refills by itself");
    }
}

pub(super) fn kinds_and_parts_of_keys_never_collide<S: Store>(make: impl Fn() -> S) {
    let subject = Subject::new(make);
    let address = |text: &str| Key::address(text.parse().unwrap());
    let pair = |one: &str, other: &str| Key::join([one.into(), other.into()]);
    let keys = [
        Key::EVERYONE,
        Key::ANONYMOUS,
        address("0.0.0.0"),
        address("::"),
        address("10.0.0.1"),
        address("2001:db8::"),
        address("2001:db8:0:1::"),
        "".into(),
        "0".into(),
        0.into(),
        Key::bytes("0"),
        Key::bytes(""),
        Key::bytes(vec![b'0'; 4_096]),
        Key::bytes(vec![b'0'; 4_095]),
        pair("a:b", "c"),
        pair("a", "b:c"),
        pair("ab", ""),
        pair("a", "b"),
        pair("xta", "b"),
        pair("x", "atb"),
        Key::join(["atb".into()]),
        Key::join([Key::EVERYONE]),
        Key::join([]),
    ];
    for key in keys {
        assert_eq!(subject.take_all(&key, TWO_A_SECOND), 2, "{key:?}");
    }
    for equal in [address("::ffff:10.0.0.1"), address("2001:db8::ffff"), pair("a", "b:c")] {
        assert_eq!(subject.take_all(&equal, TWO_A_SECOND), 0, "{equal:?}");
    }
}

pub(super) fn every_rate_is_checked_before_any_is_charged<S: Store>(make: impl Fn() -> S) {
    let mut subject = Subject::new(make);
    let take = |subject: &Subject<S>| subject.take(&[ask(0, "ada", 1, A_SECOND_AND_A_MINUTE)]);
    for expected in [true, true, false, false] {
        assert_eq!(take(&subject), expected);
    }
    assert_eq!(subject.remaining(0, "ada", A_SECOND_AND_A_MINUTE), [0, 3], "refused by the first rate");
    for _ in 0..2 {
        subject.now += SECOND;
        while take(&subject) {}
    }
    subject.now += SECOND;
    assert!(!take(&subject));
    assert_eq!(subject.remaining(0, "ada", A_SECOND_AND_A_MINUTE), [2, 0], "refused by the second rate");
}

pub(super) fn all_limits_are_charged_or_none<S: Store>(make: impl Fn() -> S) {
    let subject = Subject::new(make);
    let both = |key: &'static str| [ask(0, Key::EVERYONE, 1, TEN_A_SECOND), ask(1, key, 1, TWO_A_SECOND)];
    for expected in [true, true, false, false] {
        assert_eq!(subject.take(&both("ada")), expected);
    }
    assert_eq!(subject.remaining(0, Key::EVERYONE, TEN_A_SECOND), [8], "refused by the other limit");
    let mut reversed = both("bob");
    reversed.reverse();
    assert!(subject.take(&reversed));
    assert!(subject.take(&[ask(0, Key::EVERYONE, 7, TEN_A_SECOND)]));
    let rulings = subject.decide(&both("bob"));
    assert_eq!(rulings.iter().map(Ruling::fits).collect::<Vec<_>>(), [false, true]);
    assert_eq!(subject.remaining(1, "bob", TWO_A_SECOND), [1]);
}

pub(super) fn a_limit_in_shadow_mode_stands_aside<S: Store>(make: impl Fn() -> S) {
    let subject = Subject::new(make);
    for remaining in [9, 8, 7, 6] {
        let rulings = subject.decide(&[
            shadow(0, "ada", 1, A_SECOND_AND_A_MINUTE),
            ask(1, "ada", 1, TEN_A_SECOND),
            shadow(2, "ada", 99, TEN_A_SECOND),
        ]);
        assert_eq!(rulings[0].fits(), remaining >= 8);
        assert!(rulings[1].fits(), "its other rate");
        assert!(rulings[2].fits(), "the real limit");
        assert_eq!(rulings[3].verdict, Verdict::Never);
        assert_eq!(subject.remaining(1, "ada", TEN_A_SECOND), [remaining]);
    }
    assert_eq!(subject.remaining(0, "ada", A_SECOND_AND_A_MINUTE), [0, 3], "what it refuses is not charged");
    assert_eq!(subject.remaining(2, "ada", TEN_A_SECOND), [10]);
}

pub(super) fn a_limit_in_shadow_mode_that_fits_is_charged_with_the_others<S: Store>(make: impl Fn() -> S) {
    let subject = Subject::new(make);
    let both = || [ask(0, "ada", 1, TWO_A_SECOND), shadow(1, "ada", 1, FIVE_A_SECOND)];
    for expected in [[true, true], [true, true], [false, true], [false, true]] {
        assert_eq!(subject.decide(&both()).iter().map(Ruling::fits).collect::<Vec<_>>(), expected);
    }
    assert_eq!(subject.remaining(1, "ada", FIVE_A_SECOND), [3], "a request that is refused charges nobody");
}

pub(super) fn no_question_has_no_answer<S: Store>(make: impl Fn() -> S) {
    assert_eq!(Subject::new(make).decide(&[]), []);
}

pub(super) fn a_clock_that_steps_back_never_lets_more_pass_than_the_capacity<S: Store>(make: impl Fn() -> S) {
    for rates in [FIVE_A_SECOND, &[Rate::new("second", 5, SECOND), Rate::new("2s", 6, 2 * SECOND)]] {
        let mut subject = Subject::new(&make);
        subject.take_all(&"ada".into(), rates);
        let drained = subject.now;
        for now in [0, drained - SECOND, drained - MICROSECOND, drained] {
            subject.now = now;
            assert_eq!(subject.take_all(&"ada".into(), rates), 0, "at {now} ns");
        }
        subject.now = drained + 2 * SECOND;
        assert_eq!(subject.take_all(&"ada".into(), rates), 5);
    }
}

/// The contract in few lines: the engine over a plain map that forgets nothing.
#[derive(Default)]
struct Model {
    budgets: HashMap<(Scope, Key, &'static str), Moment>,
}

impl Model {
    fn decide(&mut self, asks: &[Ask<'_>], now: Moment) -> Vec<Ruling> {
        let rulings: Vec<Vec<Ruling>> = asks.iter().map(|ask| self.check(ask, now)).collect();
        let fits: Vec<bool> = rulings.iter().map(|rulings| rulings.iter().all(Ruling::fits)).collect();
        let admitted = asks.iter().zip(&fits).all(|(ask, fits)| *fits || ask.shadow);
        let charged = |(ask, (rulings, fits))| if admitted && fits { self.charge(ask, now) } else { rulings };
        asks.iter().zip(rulings.into_iter().zip(fits)).flat_map(charged).collect()
    }

    fn check(&self, ask: &Ask<'_>, now: Moment) -> Vec<Ruling> {
        let ruling = |rate: &Rate| {
            let full_at = self.full_at(ask, rate);
            let verdict = engine::check(rate, full_at, now, ask.cost).err().unwrap_or(Verdict::Fits);
            Ruling::until_full(verdict, full_at)
        };
        ask.rates.iter().map(ruling).collect()
    }

    fn full_at(&self, ask: &Ask<'_>, rate: &Rate) -> Option<Moment> {
        self.budgets.get(&(ask.scope, ask.key.clone(), rate.name())).copied()
    }

    fn charge(&mut self, ask: &Ask<'_>, now: Moment) -> Vec<Ruling> {
        let charge = |rate: &Rate| {
            let full_at = engine::check(rate, self.full_at(ask, rate), now, ask.cost).ok();
            self.budgets.extend(full_at.map(|full_at| ((ask.scope, ask.key.clone(), rate.name()), full_at)));
            Ruling::until_full(Verdict::Fits, full_at)
        };
        ask.rates.iter().map(charge).collect()
    }
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
}

#[derive(Clone, Copy, Debug)]
struct Question {
    scope: u32,
    key: u64,
    cost: u32,
    shadow: bool,
}

impl Question {
    fn ask(self) -> Ask<'static> {
        Ask { shadow: self.shadow, ..ask(self.scope, self.key, self.cost, rates_of(self.scope)) }
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
    let step = (micros, questions).prop_map(|(micros, questions)| Step { micros, questions });
    prop::collection::vec(step, 1..80)
}

pub(super) fn any_sequence_of_asks_is_decided_as_by_the_model<S: Store>(make: impl Fn() -> S) {
    proptest!(|(steps in steps())| {
        let (mut subject, mut model) = (Subject::new(&make), Model::default());
        subject.now = 1_000 * SECOND;
        for Step { micros, questions } in steps {
            subject.now = subject.now.saturating_add_signed(micros * MICROSECOND.cast_signed());
            let asks: Vec<_> = questions.iter().map(|question| question.ask()).collect();
            let expected = model.decide(&asks, Moment::from_nanos(subject.now));
            assert_same(&asks, &subject.decide(&asks), &expected, subject.now);
        }
    });
}

/// A store may have forgotten a budget that is full, so budgets are compared by how they stand.
fn assert_same(asks: &[Ask<'_>], rulings: &[Ruling], expected: &[Ruling], now: u64) {
    let verdicts = |rulings: &[Ruling]| rulings.iter().map(|ruling| ruling.verdict).collect::<Vec<_>>();
    assert_eq!(verdicts(rulings), verdicts(expected));
    let rates: Vec<_> = asks.iter().flat_map(|ask| ask.rates).copied().collect();
    assert_eq!(standings(&rates, rulings, now), standings(&rates, expected, now));
}

/// Numbers that look random and are the same in every run (splitmix64).
fn scrambled(number: u64) -> u64 {
    let mut bits = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

pub(super) fn forgetting_full_budgets_changes_no_decision<S: Store>(make: impl Fn() -> S) {
    const CLIENTS: u64 = 3_000;
    let (mut subject, mut model) = (Subject::new(make), Model::default());
    for step in 0..60_000 {
        let random = scrambled(step);
        subject.now += random % 1_000 * MICROSECOND;
        // Most requests come from clients that were seen long ago, some from those that have just been here.
        let client = if random & 0x10_0000 == 0 { random >> 32 } else { random >> 60 } % CLIENTS;
        #[allow(clippy::cast_possible_truncation, reason = "a cost from 0 to 3")]
        let cost = (random >> 24 & 3) as u32;
        let scope = u32::from(random & 0x800_0000 == 0);
        let asks = [ask(scope, client, cost, rates_of(scope)), ask(9, Key::EVERYONE, 1, TEN_A_SECOND)];
        let asks = if random & 0x1000_0000 == 0 { &asks[..1] } else { &asks };
        let expected = model.decide(asks, Moment::from_nanos(subject.now));
        assert_same(asks, &subject.decide(asks), &expected, subject.now);
    }
}

/// Runs `threads` threads at once, and counts how often `admits` is true.
fn at_once(threads: usize, admits: impl Fn(usize) -> bool + Sync) -> u32 {
    let (start, admitted) = (Barrier::new(threads), AtomicU32::new(0));
    thread::scope(|scope| {
        for thread in 0..threads {
            let (start, admitted, admits) = (&start, &admitted, &admits);
            scope.spawn(move || {
                start.wait();
                admitted.fetch_add(admits(thread).into(), Ordering::Relaxed);
            });
        }
    });
    admitted.into_inner()
}

pub(super) fn concurrent_requests_of_one_key_are_admitted_up_to_exactly_the_capacity<S: Store>(
    make: impl Fn() -> S,
) {
    let twenty = [Rate::new("default", 20, MINUTE)];
    let five = [Rate::new("default", 5, MINUTE)];
    let five_and_many = [Rate::new("minute", 5, MINUTE), Rate::new("hour", 60, 60 * MINUTE)];
    for (threads, rates, admitted) in
        [(20, &twenty[..], 20), (100, &five[..], 5), (100, &five_and_many[..], 5)]
    {
        for _ in 0..5 {
            let subject = Subject::new(&make);
            let question = || [ask(0, "ada", 1, rates)];
            assert_eq!(at_once(threads, |_| subject.take(&question())), admitted);
            assert!(!subject.take(&question()), "and then no more");
        }
    }
}

pub(super) fn a_huge_quota_neither_overflows_nor_refuses_falsely<S: Store>(make: impl Fn() -> S) {
    // A thousand a microsecond is what a store of that resolution can tell apart.
    let billion = [Rate::new("default", 1_000_000_000, 1_000_000 * SECOND)];
    let subject = Subject::new(make);
    let admitted = at_once(2, |_| (0..100_000).all(|_| subject.take(&[ask(0, "ada", 1, &billion)])));
    assert_eq!(admitted, 2);
    assert_eq!(subject.remaining(0, "ada", &billion), [999_800_000]);
    assert!(subject.take(&[ask(0, "ada", 999_800_000, &billion)]));
    assert!(!subject.take(&[ask(0, "ada", 1, &billion)]));
}

pub(super) fn crossing_keys_from_many_threads_neither_deadlock_nor_lose_a_charge<S: Store>(
    make: impl Fn() -> S,
) {
    const KEYS: usize = 4;
    const ROUNDS: usize = 500;
    let rates = [Rate::new("minute", 600, MINUTE), Rate::new("hour", 700, 60 * MINUTE)];
    let subject = Subject::new(make);
    let key = |key: usize| Key::from(key as u64);
    let charged: [[AtomicU32; KEYS]; 3] = Default::default();
    at_once(8, |thread| {
        for round in 0..ROUNDS {
            let random = scrambled((thread * ROUNDS + round) as u64).to_le_bytes();
            let keys = [0, 1, 2].map(|scope| usize::from(random[scope]) % KEYS);
            let mut asks = [0, 1, 2].map(|scope| ask(scope, key(keys[scope as usize]), 1, &rates));
            asks.rotate_left(thread % 3);
            if subject.take(&asks) {
                for (charged, key) in charged.iter().zip(keys) {
                    charged[key].fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        true
    });
    let charged = charged.map(|keys| keys.map(AtomicU32::into_inner));
    for (scope, keys) in (0..).zip(charged) {
        for (place, charged) in keys.into_iter().enumerate() {
            let left = [600 - charged, 700 - charged];
            assert_eq!(subject.remaining(scope, key(place), &rates), left, "key {place} of limit {scope}");
        }
    }
    assert!(charged.as_flattened().contains(&600), "some key is used up");
}
