//! Half-open: who tries, and what that decides.

use super::*;

/// One that has just become half-open for so many calls, of half of which it closes.
fn tried(calls: u32) -> Rig {
    half_open(of_calls(50, 1, 10).half_open_calls(calls))
}

/// One whose next call is its first trial.
fn half_open(policy: CircuitBreaker) -> Rig {
    let rig = Rig::new(policy);
    rig.breaker.pre_open(Moment::from_nanos(SECOND), rig.now());
    rig.wait(1000);
    rig.changes.lock().unwrap().clear();
    rig
}

#[test]
fn what_trials_decide() {
    use BreakerState::{Closed, HalfOpen, Open};
    let rows: &[(&str, Rig, &str, BreakerState)] = &[
        ("30: not before all are back", tried(4), "FFS", HalfOpen),
        ("30: three of four", tried(4), "FFSF", Open),
        ("30: equal opens", tried(4), "FFSS", Open),
        ("31: one of four", tried(4), "FSSS", Closed),
        ("33: the first failure, in a row", half_open(in_a_row(5)), "F", Open),
        ("33: also a later one", half_open(in_a_row(5)), "SSF", Open),
        ("33: a rate that is asked for", half_open(in_a_row(5).half_open_rate(WHOLE / 2)), "FSS", Closed),
        ("34: two of three", half_open(in_a_row(5)), "SS", HalfOpen),
        ("34: three of three", half_open(in_a_row(5)), "SSS", Closed),
        ("36: excluded ones decide nothing", tried(2), "XXXX", HalfOpen),
        ("37: and take no place", tried(4), "XXXXSSSS", Closed),
        ("29: nor do cancelled ones", tried(4), "CCFCCCSCSCS", Closed),
    ];
    for (row, rig, results, state) in rows {
        rig.calls(results);
        assert_eq!(rig.state(), *state, "{row}");
        let changes = usize::from(*state != HalfOpen);
        assert_eq!(rig.told().len(), 1 + changes, "{row}");
    }
}

#[test]
fn rows_27_and_28_so_many_pass_each_time() {
    let rig = tried(4);
    for _ in 0..3 {
        let trials: Vec<_> = (0..4).map(|_| rig.pass()).collect();
        assert_eq!((rig.refused(), rig.refused()), (None, None));
        assert_eq!(rig.snapshot().trial.unwrap().taken, 4);
        trials.into_iter().for_each(|trial| rig.end(trial, 'F'));
        assert_eq!(rig.state(), BreakerState::Open);
        rig.wait(5000);
    }
}

#[test]
fn row_29_one_that_is_given_up_leaves_its_place_to_one() {
    let rig = tried(4);
    let mut trials: Vec<_> = (0..4).map(|_| rig.pass()).collect();
    assert_eq!(rig.refused(), None);
    drop(trials.pop());
    trials.push(rig.pass());
    assert_eq!(rig.refused(), None);
    trials.into_iter().for_each(|trial| rig.end(trial, 'S'));
    assert_eq!(rig.state(), BreakerState::Closed);
}

#[test]
fn row_31_what_comes_after_closing_is_counted_from_nothing() {
    let rig = tried(4);
    rig.calls("FSSS");
    assert_eq!(rig.counts(), (0, 0, 0));
    rig.calls("S");
    assert_eq!(rig.counts(), (1, 0, 0));
}

#[test]
fn row_32_slow_trials_open_again() {
    let rig = half_open(of_calls(50, 1, 10).slow_calls(SECOND, WHOLE / 2).half_open_calls(4));
    for millis in [1000, 1000, 1000, 0] {
        rig.call_of(millis, 'S');
    }
    assert_eq!(rig.told().last(), Some(&(BreakerState::HalfOpen, BreakerState::Open, Why::TrialSlow)));
}

#[test]
fn row_35_a_slow_trial_is_waited_for() {
    let rig = tried(3);
    let slow = rig.pass();
    rig.calls("SS");
    rig.wait(3_600_000);
    assert_eq!((rig.refused(), rig.state()), (None, BreakerState::HalfOpen));
    rig.end(slow, 'S');
    assert_eq!(rig.state(), BreakerState::Closed);
}

#[test]
fn row_38_trials_that_do_not_come_back_open_again() {
    let policy = of_calls(50, 1, 10).half_open_calls(2).half_open_wait(SECOND);
    let rig = half_open(policy);
    let late = [rig.pass(), rig.pass()];
    rig.wait(999);
    assert_eq!(rig.refused(), None);
    rig.wait(1001);
    assert_eq!(rig.refused(), Some(Duration::from_secs(5)));
    late.into_iter().for_each(|late| rig.end(late, 'S'));
    assert_eq!(rig.told().last(), Some(&(BreakerState::HalfOpen, BreakerState::Open, Why::TrialOverdue)));

    // The result itself may be the first to come too late.
    let rig = half_open(policy);
    let late = rig.pass();
    rig.wait(2000);
    rig.end(late, 'S');
    assert_eq!(rig.state(), BreakerState::Open);
}

#[test]
fn what_comes_back_after_it_was_decided_is_late() {
    let rig = half_open(in_a_row(5));
    let late = rig.pass();
    rig.calls("F");
    rig.end(late, 'S');
    rig.wait(5000);
    let trials: Vec<_> = (0..3).map(|_| rig.pass()).collect();
    assert_eq!(rig.refused(), None);
    drop(trials);
    assert_eq!(rig.snapshot().trial.unwrap().taken, 0);
}

#[test]
fn fewer_trials_are_enough_once_fewer_are_asked_for() {
    let policy = of_calls(50, 1, 10).half_open_calls(3);
    let rig = half_open(policy);
    rig.calls("SS");
    rig.breaker.tune((&policy.half_open_calls(2)).into());
    rig.calls("S");
    assert_eq!((rig.state(), rig.counts()), (BreakerState::Closed, (1, 0, 0)));
}
