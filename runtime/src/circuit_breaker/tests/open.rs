//! Open: who is refused, and for how long.

use super::*;

fn seconds(seconds: f64) -> Option<Duration> {
    Some(Duration::from_secs_f64(seconds))
}

/// For how long one is refused whose circuit has just opened.
fn opened(rig: &Rig) -> f64 {
    assert_eq!(rig.state(), BreakerState::Open);
    rig.refused().unwrap().as_secs_f64()
}

#[test]
fn rows_2_21_to_23_it_refuses_until_its_time_is_over() {
    let rig = Rig::new(in_a_row(1).open_for(60 * SECOND));
    rig.calls("F");
    rig.wait(59_000);
    assert_eq!((rig.refused(), rig.state()), (seconds(1.0), BreakerState::Open));
    rig.wait(1000);
    let trial = rig.pass();
    assert_eq!((rig.state(), rig.counts()), (BreakerState::HalfOpen, (0, 0, 0)));
    rig.end(trial, 'S');
    assert_eq!(
        rig.told(),
        [
            (BreakerState::Closed, BreakerState::Open, Why::Failures),
            (BreakerState::Open, BreakerState::HalfOpen, Why::TimeOver),
        ]
    );
    let at = rig.changes.lock().unwrap().last().unwrap().at;
    assert_eq!(at, Moment::from_nanos(60 * SECOND));
}

#[test]
fn rows_49_and_50_a_refusal_tells_what_is_left() {
    let rig = Rig::new(in_a_row(1));
    rig.calls("F");
    rig.wait(1);
    for _ in 0..100 {
        assert_eq!(rig.refused(), seconds(4.999));
    }
    let all = rig.snapshot();
    assert_eq!((all.open_for, all.open_until), (seconds(4.999), Some(Moment::from_nanos(5 * SECOND))));
}

#[test]
fn row_24_it_is_open_for_longer_each_time() {
    let rig = Rig::new(in_a_row(1).open_for_growth(WHOLE * 3 / 2, None));
    rig.calls("F");
    rig.wait(5000);
    rig.calls("F");
    rig.wait(6000);
    assert_eq!(rig.refused(), seconds(1.5));
    rig.wait(5000);
    rig.calls("S");
    assert_eq!(rig.state(), BreakerState::HalfOpen);
}

#[test]
fn row_25_closing_begins_anew() {
    let rig = Rig::new(in_a_row(1).half_open_calls(1).open_for_growth(2 * WHOLE, Some(30 * SECOND)));
    let mut last = 0.0;
    for (expected, openings) in [(5.0, 1), (10.0, 2), (20.0, 3), (30.0, 4), (30.0, 5)] {
        rig.clock.advance(Duration::from_secs_f64(last));
        rig.calls("F");
        last = opened(&rig);
        assert_eq!((last, rig.snapshot().openings), (expected, openings));
    }
    rig.clock.advance(Duration::from_secs_f64(last));
    rig.calls("SF");
    assert_eq!((opened(&rig), rig.snapshot().openings), (5.0, 1));
}

#[test]
fn row_26_a_time_without_end_is_the_end_of_time() {
    let rig = Rig::new(in_a_row(1).half_open_calls(1).open_for(u64::MAX).open_for_growth(u32::MAX, None));
    rig.wait(10);
    rig.calls("F");
    assert!(rig.refused().is_some());
    rig.clock.set(Moment::from_nanos(u64::MAX));
    rig.calls("F");
    rig.calls("S");
    assert_eq!(rig.state(), BreakerState::Closed);
}

#[test]
fn a_failure_may_ask_for_longer() {
    let minute = Duration::from_secs(60);
    for (asked, expected) in [(60, 60.0), (1, 5.0), (100_000, 3600.0)] {
        let rig = Rig::new(in_a_row(2));
        rig.pass().finish(Verdict::Failure, Some(minute));
        assert_eq!(rig.state(), BreakerState::Closed, "asking alone opens nothing");
        rig.pass().finish(Verdict::Failure, Some(Duration::from_secs(asked)));
        assert_eq!(opened(&rig), expected);
    }
    let rig = Rig::new(in_a_row(1));
    rig.calls("F");
    rig.wait(5000);
    rig.pass().finish(Verdict::Failure, Some(minute));
    assert_eq!(opened(&rig), 60.0, "a trial may ask, too");
}

#[test]
fn jitter_moves_it_by_so_much_at_most() {
    let mut seen = Vec::new();
    for _ in 0..200 {
        let rig = Rig::new(in_a_row(1).open_for(10 * SECOND).jitter(WHOLE / 10));
        rig.calls("F");
        let length = opened(&rig);
        assert!((9.0..=11.0).contains(&length), "{length}");
        seen.push(length);
    }
    assert!(seen.iter().any(|length| *length < 9.9) && seen.iter().any(|length| *length > 10.1));
}

#[test]
fn a_clock_that_goes_back_does_not_keep_it_open_for_longer() {
    let rig = Rig::new(in_a_row(1).half_open_calls(1).half_open_wait(2 * SECOND));
    rig.wait(3_600_000);
    rig.calls("F");
    rig.clock.set(Moment::ORIGIN);
    assert_eq!(rig.refused(), seconds(5.0));
    rig.wait(5000);
    let forgotten = rig.pass();
    rig.clock.set(Moment::ORIGIN);
    assert_eq!(rig.refused(), None);
    rig.wait(2000);
    assert_eq!((rig.refused(), rig.state()), (seconds(5.0), BreakerState::Open));
    drop(forgotten);
}

#[test]
fn a_hint_opens_a_closed_one_alone() {
    let rig = Rig::new(in_a_row(1));
    rig.breaker.pre_open(Moment::ORIGIN, rig.now());
    assert_eq!(rig.state(), BreakerState::Closed, "it was over already");
    rig.breaker.pre_open(Moment::from_nanos(3 * SECOND), rig.now());
    assert_eq!(
        (rig.refused(), rig.told()),
        (seconds(3.0), vec![(BreakerState::Closed, BreakerState::Open, Why::Hint)])
    );
    rig.breaker.pre_open(Moment::from_nanos(9 * SECOND), rig.now());
    assert_eq!(rig.refused(), seconds(3.0));
    rig.wait(3000);
    rig.calls("F");
    assert_eq!(rig.refused(), seconds(5.0));
    let rig = Rig::new(in_a_row(1));
    rig.breaker.pre_open(Moment::from_nanos(u64::MAX), rig.now());
    assert_eq!(rig.refused(), seconds(3600.0));
}
