//! Reading, resetting and giving back.

use std::sync::atomic::{AtomicU32, Ordering};

use super::timeless::{A_DAY_AND_A_WEEK, FIVE_A_DAY, TEN_A_DAY};
use super::{Budgets, DAY, SECOND, Subject, at_once};
use crate::core::Moment;
use crate::rate_limit::engine::Standing;
use crate::rate_limit::policy::{Algorithm, Rate};

pub(in super::super) fn reading_charges_nothing_and_tells_what_is_admitted<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let subject = Subject::new(algorithm, make);
    for left in [2, 1, 0] {
        for _ in 0..3 {
            assert_eq!(subject.remaining(0, "ada", A_DAY_AND_A_WEEK), [left, left + 3]);
        }
        assert!(!subject.take(0, "ada", left + 1, A_DAY_AND_A_WEEK));
        assert_eq!(subject.take(0, "ada", 1, A_DAY_AND_A_WEEK), left > 0);
    }
    let asks = [subject.ask(0, "ada", 1, A_DAY_AND_A_WEEK), subject.ask(1, "ada", 1, FIVE_A_DAY)];
    let read = subject.store.read(&asks, subject.moment());
    assert_eq!(read.iter().map(|standing| standing.remaining).collect::<Vec<_>>(), [0, 3, 5]);
    assert!(read[0].grows_in_nanos > 0);
    assert_eq!(read[2].grows_in_nanos, 0, "a full budget does not grow");
}

pub(in super::super) fn resetting_a_key_fills_its_budgets_and_no_others<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let subject = Subject::new(algorithm, make);
    for (scope, key) in [(0, "ada"), (1, "ada"), (0, "bob")] {
        assert!(subject.take(scope, key, 2, A_DAY_AND_A_WEEK));
    }
    subject.store.reset(&[subject.ask(0, "ada", 1, A_DAY_AND_A_WEEK)]);
    assert_eq!(subject.remaining(0, "ada", A_DAY_AND_A_WEEK), [2, 5]);
    for (scope, key) in [(1, "ada"), (0, "bob")] {
        assert_eq!(subject.remaining(scope, key, A_DAY_AND_A_WEEK), [0, 3], "{scope} {key}");
    }
    assert_eq!(subject.drain(&"ada".into(), A_DAY_AND_A_WEEK), 2);
    subject.store.reset(&[subject.ask(0, "nobody", 1, FIVE_A_DAY)]);
    assert_eq!(subject.remaining(0, "nobody", FIVE_A_DAY), [5]);
}

pub(in super::super) fn what_was_given_back_is_admitted_again<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let subject = Subject::new(algorithm, make);
    let charges = subject.charge(0, "ada", 1, A_DAY_AND_A_WEEK).unwrap();
    assert!(subject.take(0, "ada", 1, A_DAY_AND_A_WEEK));
    assert!(!subject.take(0, "ada", 1, A_DAY_AND_A_WEEK));
    subject.give_back(0, "ada", 1, A_DAY_AND_A_WEEK, &charges);
    assert_eq!(subject.remaining(0, "ada", A_DAY_AND_A_WEEK), [1, 4]);
    assert!(subject.take(0, "ada", 1, A_DAY_AND_A_WEEK));
    assert!(!subject.take(0, "ada", 1, A_DAY_AND_A_WEEK));
    let charges = subject.charge(1, "ada", 5, TEN_A_DAY).unwrap();
    subject.give_back(1, "ada", 0, TEN_A_DAY, &charges);
    assert_eq!(subject.remaining(1, "ada", TEN_A_DAY), [5]);
}

pub(in super::super) fn more_than_was_charged_is_never_given_back<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let subject = Subject::new(algorithm, make);
    let charges = subject.charge(0, "ada", 2, FIVE_A_DAY).unwrap();
    for key in ["ada", "bob"] {
        for cost in [4, u32::MAX] {
            subject.give_back(0, key, cost, FIVE_A_DAY, &charges);
            assert_eq!(subject.remaining(0, key, FIVE_A_DAY), [5], "{key}");
        }
        assert_eq!(subject.drain(&key.into(), FIVE_A_DAY), 5);
    }
}

pub(in super::super) fn giving_back_and_charging_at_once_lose_and_grant_nothing<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let rates = [Rate::new("default", 600, 600 * DAY)];
    let subject = Subject::new(algorithm, make);
    let kept = AtomicU32::new(0);
    at_once(8, |thread| {
        for round in 0..100 {
            let Some(charges) = subject.charge(0, "ada", 1, &rates) else { continue };
            if (thread + round) % 2 == 0 {
                subject.give_back(0, "ada", 1, &rates, &charges);
            } else {
                kept.fetch_add(1, Ordering::Relaxed);
            }
        }
        true
    });
    assert_eq!(subject.remaining(0, "ada", &rates), [600 - kept.into_inner()]);
}

pub(in super::super) fn what_came_back_by_itself_is_not_given_back_again<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let rates = [Rate::new("default", 5, SECOND)];
    let mut subject = Subject::new(algorithm, make);
    let charges = subject.charge(0, "ada", 5, &rates).unwrap();
    subject.now += 2 * SECOND;
    assert!(subject.take(0, "ada", 5, &rates));
    subject.give_back(0, "ada", 5, &rates, &charges);
    assert_eq!(subject.remaining(0, "ada", &rates), [0]);
}

/// A permit takes a fifth of a second to be earned, and is given back after that; a second one halfway.
pub(in super::super) fn what_was_earned_again_since_is_not_given_back<S: Budgets>(
    algorithm: Algorithm,
    make: impl Fn() -> S,
) {
    let rates = [Rate::new("default", 5, SECOND)];
    let fills_evenly = matches!(algorithm, Algorithm::Gcra | Algorithm::TokenBucket);
    let mut subject = Subject::new(algorithm, make);
    let charges = subject.charge(0, "ada", 1, &rates).unwrap();
    subject.now += SECOND / 10;
    assert_eq!(subject.drain(&"ada".into(), &rates), 4);
    subject.now += SECOND / 10;
    assert_eq!(subject.drain(&"ada".into(), &rates), u32::from(fills_evenly));
    subject.give_back(0, "ada", 1, &rates, &charges);
    let of_its_window = u32::from(!fills_evenly);
    assert_eq!(
        subject.drain(&"ada".into(), &rates),
        of_its_window,
        "it is given back to its own window alone"
    );

    let charges = subject.charge(0, "bob", 1, &rates).unwrap();
    subject.now += SECOND / 10;
    subject.give_back(0, "bob", 1, &rates, &charges);
    assert_eq!(subject.standings(0, "bob", &rates), [Standing { remaining: 5, grows_in_nanos: 0 }]);
}

pub(in super::super) fn reading_begins_no_window<S: Budgets>(algorithm: Algorithm, make: impl Fn() -> S) {
    let rates = [Rate::new("default", 5, SECOND)];
    let mut subject = Subject::new(algorithm, make);
    subject.store.read(&[subject.ask(0, "ada", 1, &rates)], Moment::from_nanos(subject.now));
    subject.now += SECOND / 2;
    for key in ["ada", "bob"] {
        assert!(subject.take(0, key, 5, &rates));
    }
    subject.now += SECOND / 4;
    assert_eq!(subject.standings(0, "ada", &rates), subject.standings(0, "bob", &rates));
}
