//! What holds whatever time it is: rates are so slow that nothing comes back while a test runs.

use std::sync::atomic::{AtomicU32, Ordering};

use super::{Budgets, DAY, Subject, at_once, scrambled};
use crate::core::Key;
use crate::rate_limit::engine::Verdict;
use crate::rate_limit::policy::{Algorithm, Rate};
use crate::rate_limit::store::{Ask, Ruling};

pub(super) const TWO_A_DAY: &[Rate] = &[Rate::new("default", 2, DAY)];
pub(super) const FIVE_A_DAY: &[Rate] = &[Rate::new("default", 5, DAY)];
pub(super) const TEN_A_DAY: &[Rate] = &[Rate::new("default", 10, DAY)];
pub(super) const A_DAY_AND_A_WEEK: &[Rate] = &[Rate::new("day", 2, DAY), Rate::new("week", 5, 7 * DAY)];

pub(in super::super) fn a_new_key_is_admitted<S: Budgets>(algorithm: Algorithm, make: impl Fn() -> S) {
    let subject = Subject::new(algorithm, make);
    for key in ["ada", "bob"] {
        assert!(subject.take(0, key, 1, &[Rate::new("default", 1, DAY)]));
    }
}

pub(in super::super) fn a_cost_counts_as_so_many_requests<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let subject = Subject::new(algorithm, make);
    for rates in [FIVE_A_DAY, A_DAY_AND_A_WEEK] {
        for cost in 0..=2 {
            let scope = cost + if rates.len() == 1 { 0 } else { 10 };
            for _ in 0..cost {
                assert!(subject.take(scope, "one at a time", 1, rates));
            }
            assert!(subject.take(scope, "at once", cost, rates));
            let [one_at_a_time, at_once] =
                ["one at a time", "at once"].map(|key| subject.remaining(scope, key, rates));
            assert_eq!(one_at_a_time, at_once);
        }
    }
}

pub(in super::super) fn a_cost_above_the_capacity_never_fits_and_consumes_nothing<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let subject = Subject::new(algorithm, make);
    for cost in [6, 15, u32::MAX] {
        let rulings = subject.decide(&[subject.ask(0, "ada", cost, FIVE_A_DAY)]);
        assert_eq!(rulings[0].verdict, Verdict::Never, "{cost}");
        assert_eq!(subject.remaining(0, "ada", FIVE_A_DAY), [5]);
    }
    let rulings = subject.decide(&[subject.ask(1, "ada", 3, A_DAY_AND_A_WEEK)]);
    assert_eq!(rulings[0].verdict, Verdict::Never);
    assert!(rulings[1].fits(), "the rate that could admit it says so");
    assert_eq!(subject.remaining(1, "ada", A_DAY_AND_A_WEEK), [2, 5], "and is not charged");
}

pub(in super::super) fn a_cost_of_the_capacity_fits_a_fresh_budget<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let subject = Subject::new(algorithm, make);
    assert!(subject.take(0, "ada", 5, FIVE_A_DAY));
    assert!(!subject.take(0, "ada", 1, FIVE_A_DAY));
    // The most that a log may have, and far slower than any test.
    let many = [Rate::new("default", 10_000, 10_000 * DAY)];
    assert!(subject.take(1, "ada", 9_999, &many));
    assert_eq!(subject.remaining(1, "ada", &many), [1]);
}

pub(in super::super) fn a_refusal_consumes_nothing<S: Budgets>(algorithm: Algorithm, make: impl Fn() -> S) {
    let subject = Subject::new(algorithm, make);
    assert!(subject.take(0, "ada", 5, TEN_A_DAY));
    for _ in 0..3 {
        assert!(!subject.take(0, "ada", 6, TEN_A_DAY));
        assert_eq!(subject.remaining(0, "ada", TEN_A_DAY), [5]);
    }
    assert!(subject.take(0, "ada", 5, TEN_A_DAY), "a smaller one fits");
}

pub(in super::super) fn asking_for_nothing_fits_at_all_times_and_consumes_nothing<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let subject = Subject::new(algorithm, make);
    for remaining in [2, 1, 0] {
        for _ in 0..3 {
            assert!(subject.take(0, "ada", 0, TWO_A_DAY));
            assert_eq!(subject.remaining(0, "ada", TWO_A_DAY), [remaining]);
        }
        assert_eq!(subject.take(0, "ada", 1, TWO_A_DAY), remaining > 0);
    }
}

pub(in super::super) fn what_remains_counts_down<S: Budgets>(algorithm: Algorithm, make: impl Fn() -> S) {
    let subject = Subject::new(algorithm, make);
    let rates = [Rate::new("default", 4, DAY)];
    assert_eq!(subject.remaining(0, "ada", &rates), [4], "of a key that nobody used");
    for remaining in [3, 2, 1, 0, 0] {
        let ask = subject.ask(0, "ada", 1, &rates);
        let told = subject.decide(&[ask])[0].standing(&rates[0], subject.moment());
        assert_eq!(told.remaining, remaining);
        assert!((1..=2 * DAY).contains(&told.grows_in_nanos), "{} ns", told.grows_in_nanos);
    }
}

pub(in super::super) fn keys_and_scopes_are_independent<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    for rates in [TWO_A_DAY, A_DAY_AND_A_WEEK] {
        let subject = Subject::new(algorithm, &make);
        assert_eq!(subject.drain(&"ada".into(), rates), 2);
        assert_eq!(subject.remaining(0, "ada", rates)[0], 0);
        for (scope, key) in [(0, "bob"), (0, ""), (1, "ada"), (u32::MAX, "ada")] {
            assert_eq!(subject.remaining(scope, key, rates)[0], 2, "{scope} {key}");
        }
    }
}

pub(in super::super) fn kinds_and_parts_of_keys_never_collide<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let subject = Subject::new(algorithm, make);
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
        assert_eq!(subject.drain(&key, TWO_A_DAY), 2, "{key:?}");
    }
    for equal in [address("::ffff:10.0.0.1"), address("2001:db8::ffff"), pair("a", "b:c")] {
        assert_eq!(subject.drain(&equal, TWO_A_DAY), 0, "{equal:?}");
    }
}

pub(in super::super) fn every_rate_is_checked_before_any_is_charged<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let subject = Subject::new(algorithm, make);
    for expected in [true, true, false, false] {
        assert_eq!(subject.take(0, "ada", 1, A_DAY_AND_A_WEEK), expected);
    }
    assert_eq!(subject.remaining(0, "ada", A_DAY_AND_A_WEEK), [0, 3], "refused by the first rate");
    let week_first = [A_DAY_AND_A_WEEK[1], A_DAY_AND_A_WEEK[0]];
    assert_eq!(subject.drain(&"bob".into(), &week_first), 2);
    assert_eq!(subject.remaining(0, "bob", &week_first), [3, 0], "refused by the second rate");
}

pub(in super::super) fn all_limits_are_charged_or_none<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let subject = Subject::new(algorithm, make);
    let both =
        |key: &'static str| [subject.ask(0, Key::EVERYONE, 1, TEN_A_DAY), subject.ask(1, key, 1, TWO_A_DAY)];
    for expected in [true, true, false, false] {
        assert_eq!(subject.take_all(&both("ada")), expected);
    }
    assert_eq!(subject.remaining(0, Key::EVERYONE, TEN_A_DAY), [8], "refused by the other limit");
    let mut reversed = both("bob");
    reversed.reverse();
    assert!(subject.take_all(&reversed));
    assert!(subject.take(0, Key::EVERYONE, 7, TEN_A_DAY));
    let rulings = subject.decide(&both("bob"));
    assert_eq!(rulings.iter().map(Ruling::fits).collect::<Vec<_>>(), [false, true]);
    assert_eq!(subject.remaining(1, "bob", TWO_A_DAY), [1]);
}

pub(in super::super) fn limits_that_count_differently_are_decided_together<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    const OTHERS: [Algorithm; 5] = [
        Algorithm::FixedWindow,
        Algorithm::SlidingLog,
        Algorithm::Gcra,
        Algorithm::SlidingWindow,
        Algorithm::TokenBucket,
    ];
    let subject = Subject::new(algorithm, make);
    for (scope, other) in (10..).step_by(2).zip(OTHERS) {
        let both = |key: &'static str| {
            let own = subject.ask(scope, Key::EVERYONE, 1, TEN_A_DAY);
            [own, Ask { algorithm: other, ..subject.ask(scope + 1, key, 1, A_DAY_AND_A_WEEK) }]
        };
        for expected in [true, true, false, false] {
            assert_eq!(subject.take_all(&both("ada")), expected, "{other:?}");
        }
        let read = subject.store.read(&both("ada"), subject.moment());
        let remaining: Vec<_> = read.iter().map(|standing| standing.remaining).collect();
        assert_eq!(remaining, [8, 0, 3], "{other:?}");
    }
}

pub(in super::super) fn a_limit_in_shadow_mode_stands_aside<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let subject = Subject::new(algorithm, make);
    for remaining in [9, 8, 7, 6] {
        let rulings = subject.decide(&[
            subject.shadow(0, "ada", 1, A_DAY_AND_A_WEEK),
            subject.ask(1, "ada", 1, TEN_A_DAY),
            subject.shadow(2, "ada", 99, TEN_A_DAY),
        ]);
        assert_eq!(rulings[0].fits(), remaining >= 8);
        assert!(rulings[1].fits(), "its other rate");
        assert!(rulings[2].fits(), "the real limit");
        assert_eq!(rulings[3].verdict, Verdict::Never);
        assert_eq!(subject.remaining(1, "ada", TEN_A_DAY), [remaining]);
    }
    assert_eq!(subject.remaining(0, "ada", A_DAY_AND_A_WEEK), [0, 3], "what it refuses is not charged");
    assert_eq!(subject.remaining(2, "ada", TEN_A_DAY), [10]);
}

pub(in super::super) fn a_limit_in_shadow_mode_that_fits_is_charged_with_the_others<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let subject = Subject::new(algorithm, make);
    let both = || [subject.ask(0, "ada", 1, TWO_A_DAY), subject.shadow(1, "ada", 1, FIVE_A_DAY)];
    for expected in [[true, true], [true, true], [false, true], [false, true]] {
        assert_eq!(subject.decide(&both()).iter().map(Ruling::fits).collect::<Vec<_>>(), expected);
    }
    assert_eq!(subject.remaining(1, "ada", FIVE_A_DAY), [3], "a request that is refused charges nobody");
}

pub(in super::super) fn no_question_has_no_answer<S: Budgets>(algorithm: Algorithm, make: impl Fn() -> S) {
    let subject = Subject::new(algorithm, make);
    assert_eq!(subject.decide(&[]), []);
    assert_eq!(subject.store.read(&[], subject.moment()), []);
}

pub(in super::super) fn concurrent_requests_of_one_key_are_admitted_up_to_exactly_the_capacity<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let twenty = [Rate::new("default", 20, DAY)];
    let five_and_many = [Rate::new("day", 5, DAY), Rate::new("week", 60, 7 * DAY)];
    for (threads, rates, admitted) in
        [(20, &twenty[..], 20), (100, FIVE_A_DAY, 5), (100, &five_and_many[..], 5)]
    {
        for _ in 0..3 {
            let subject = Subject::new(algorithm, &make);
            assert_eq!(at_once(threads, |_| subject.take(0, "ada", 1, rates)), admitted);
            assert!(!subject.take(0, "ada", 1, rates), "and then no more");
        }
    }
}

pub(in super::super) fn crossing_keys_from_many_threads_neither_deadlock_nor_lose_a_charge<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    const KEYS: usize = 4;
    const ROUNDS: usize = 500;
    let rates = [Rate::new("day", 600, 600 * DAY), Rate::new("week", 700, 700 * 7 * DAY)];
    let subject = Subject::new(algorithm, make);
    let key = |key: usize| Key::from(key as u64);
    let charged: [[AtomicU32; KEYS]; 3] = Default::default();
    at_once(8, |thread| {
        for round in 0..ROUNDS {
            let random = scrambled((thread * ROUNDS + round) as u64).to_le_bytes();
            let keys = [0, 1, 2].map(|scope| usize::from(random[scope]) % KEYS);
            let mut asks = [0, 1, 2].map(|scope| subject.ask(scope, key(keys[scope as usize]), 1, &rates));
            asks.rotate_left(thread % 3);
            if subject.take_all(&asks) {
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
