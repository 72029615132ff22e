//! Closed: what is counted, and what opens.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;

/// A policy, the results of calls, and what a breaker is then.
type Row = (&'static str, CircuitBreaker, &'static str, BreakerState);

#[test]
fn what_opens_a_closed_one() {
    use BreakerState::{Closed, Open};
    let rows: &[Row] = &[
        ("4: fewer results than decide", of_calls(50, 5, 10), "FFFF", Closed),
        ("5: a success that makes enough of them", of_calls(50, 5, 10), "FFFSS", Open),
        ("5: the same of time", of_time(50, 5, 10), "FFFSS", Open),
        ("7: a rate of nothing", of_calls(10, 10, 10), "SSSSSSSSSS", Closed),
        ("7: equal opens", of_calls(10, 10, 10), "SSSSSSSSSF", Open),
        ("7: equal opens, of time", of_time(10, 10, 30), "SSSSSSSSSF", Open),
        ("7: more opens", of_calls(10, 10, 20), "FFSSSSSSSS", Open),
        ("8: one too few", of_time(10, 10, 30), "FFFFFFFFF", Closed),
        ("19: a success begins the row anew", in_a_row(6), "FFFFFSF", Closed),
        ("20: a row", in_a_row(6), "FFFFFF", Open),
        ("20: one alone", in_a_row(1), "F", Open),
        ("39: excluded ones are none", in_a_row(3), "FFXXCCXF", Open),
        ("39: excluded ones are on neither side", of_calls(50, 4, 10), "FXXXXXXFC", Closed),
        ("39: nor in a window of time", of_time(50, 4, 10), "FFFXXXXXCCC", Closed),
        ("40: whatever is called a success is one", in_a_row(1), "SSSSS", Closed),
        ("53: a minimum beyond the window is the window", of_calls(50, 6, 5), "FFFFF", Open),
        ("53: not in a window of time", of_time(50, 6, 5), "FFFFF", Closed),
    ];
    for (row, policy, results, state) in rows {
        let rig = Rig::new(*policy);
        rig.calls(results);
        assert_eq!(rig.state(), *state, "{row}");
    }
}

#[test]
fn row_1_it_begins_closed_with_nothing_counted() {
    let rig = Rig::new(CircuitBreaker::new());
    let all = rig.snapshot();
    assert_eq!((all.state, all.calls, all.failures, all.slow), (BreakerState::Closed, 0, 0, 0));
    assert_eq!((all.open_until, all.open_for, all.openings, all.trial), (None, None, 0, None));
    assert_eq!(rig.told(), []);
}

#[test]
fn row_4_a_rate_of_too_few_is_not_told() {
    let rig = Rig::new(of_calls(50, 5, 10));
    rig.calls("FFFF");
    assert_eq!(rig.counts(), (4, 4, 0));
    assert_eq!(rig.snapshot().failure_rate, None);
}

#[test]
fn row_6_a_window_of_time_opens_at_exactly_half() {
    let rig = Rig::new(of_time(50, 5, 20));
    for result in ["S", "S", "S", "F", "F"] {
        rig.calls(result);
        rig.wait(1000);
    }
    assert_eq!((rig.state(), rig.snapshot().failure_rate), (BreakerState::Closed, Some(0.4)));
    rig.calls("F");
    assert_eq!(rig.state(), BreakerState::Open);
    assert_eq!(rig.told(), [(BreakerState::Closed, BreakerState::Open, Why::Failures)]);
}

#[test]
fn row_9_slow_calls_open_although_few_fail() {
    let rig = Rig::new(of_calls(50, 5, 10).slow_calls(4 * SECOND, WHOLE / 2));
    for millis in [4000, 5000, 10, 3999] {
        rig.call_of(millis, 'S');
    }
    assert_eq!(rig.state(), BreakerState::Closed);
    rig.call_of(4000, 'S');
    assert_eq!(rig.told(), [(BreakerState::Closed, BreakerState::Open, Why::SlowCalls)]);
}

#[test]
fn row_10_a_slow_failure_is_both() {
    for policy in [of_calls(100, 10, 10), of_time(100, 10, 100)] {
        let rig = Rig::new(policy.slow_calls(SECOND, WHOLE));
        rig.call_of(1000, 'F');
        rig.call_of(1000, 'S');
        assert_eq!(rig.counts(), (2, 1, 2));
    }
}

#[test]
fn row_11_the_oldest_result_leaves_a_window_of_calls() {
    let rig = Rig::new(of_calls(100, 1, 4));
    rig.breaker.set_mode(Mode::ForcedClosed, rig.now());
    for (result, rate) in [("F", 1.0), ("S", 0.5), ("S", 1.0 / 3.0), ("S", 0.25), ("S", 0.0), ("S", 0.0)] {
        rig.calls(result);
        assert_eq!(rig.snapshot().failure_rate, Some(rate));
    }
    assert_eq!(rig.counts(), (4, 0, 0));
}

#[test]
fn row_12_a_snapshot_tells_how_many_are_slow() {
    let rig = Rig::new(of_calls(100, 5, 5).slow_calls(SECOND, WHOLE));
    for millis in [1000, 0, 0, 2000, 0] {
        rig.call_of(millis, 'S');
    }
    assert_eq!((rig.counts(), rig.snapshot().slow_rate), ((5, 0, 2), Some(0.4)));
}

#[test]
fn rows_13_and_17_a_result_leaves_a_window_of_time_when_that_is_over() {
    for begun in [0, 400, 999, 12_345] {
        let rig = Rig::new(of_time(100, 1, 5));
        rig.wait(begun);
        rig.calls("S");
        rig.wait(4000);
        assert_eq!(rig.counts(), (1, 0, 0), "{begun}");
        rig.wait(1000);
        assert_eq!((rig.counts(), rig.snapshot().failure_rate), ((0, 0, 0), None), "{begun}");
        rig.wait(1);
        assert_eq!(rig.counts(), (0, 0, 0), "{begun}");
    }
}

#[test]
fn rows_14_and_16_a_part_of_a_window_leaves_as_a_whole() {
    let rig = Rig::new(of_time(100, 100, 10));
    for _ in 0..10 {
        rig.calls("SF");
        rig.wait(1000);
    }
    for left in [9, 8, 7] {
        assert_eq!(rig.counts(), (2 * left, left, 0));
        rig.wait(1000);
    }
}

#[test]
fn rows_15_and_18_what_comes_after_a_gap_is_counted_alone() {
    let rig = Rig::new(of_time(50, 3, 5));
    rig.calls("FF");
    rig.wait(5000);
    rig.calls("F");
    assert_eq!((rig.counts(), rig.state()), ((1, 1, 0), BreakerState::Closed));
    assert_eq!(rig.told(), []);
}

#[test]
fn row_42_a_panic_is_a_failure_and_goes_on() {
    let rig = Rig::new(in_a_row(2));
    for _ in 0..2 {
        let call = || {
            let _permit = rig.pass();
            panic!("of the function");
        };
        assert!(catch_unwind(AssertUnwindSafe(call)).is_err());
    }
    assert_eq!(rig.state(), BreakerState::Open);
}

#[test]
fn row_43_a_latecomer_touches_nothing() {
    for policy in [in_a_row(2), of_calls(100, 2, 2), of_time(100, 2, 100)] {
        let rig = Rig::new(policy.half_open_calls(1));
        let late: Vec<_> = (0..4).map(|_| rig.pass()).collect();
        rig.calls("FF");
        let mut late = late.into_iter();
        rig.end(late.next().unwrap(), 'F');
        assert_eq!(rig.state(), BreakerState::Open);
        rig.wait(5000);
        let trial = rig.pass();
        rig.end(late.next().unwrap(), 'F');
        rig.end(late.next().unwrap(), 'S');
        assert_eq!(rig.state(), BreakerState::HalfOpen);
        rig.end(trial, 'S');
        assert_eq!((rig.state(), rig.counts()), (BreakerState::Closed, (0, 0, 0)));
        rig.calls("F");
        rig.end(late.next().unwrap(), 'F');
        assert_eq!((rig.state(), rig.counts()), (BreakerState::Closed, (1, 1, 0)));
    }
}

#[test]
fn row_54_breakers_are_apart() {
    let (one, other) = (Rig::new(in_a_row(1)), Rig::new(in_a_row(1)));
    one.calls("F");
    assert_eq!((one.state(), other.state()), (BreakerState::Open, BreakerState::Closed));
}

#[test]
fn rows_52_and_55_numbers_that_mean_nothing_are_brought_to_where_they_do() {
    let rig = Rig::new(plain());
    let none = super::super::breaker::Terms {
        failure_rate: 0,
        minimum_calls: 0,
        consecutive_failures: 0,
        open_for: 0,
        open_for_growth: 0,
        open_for_max: Some(0),
        jitter: u32::MAX,
        half_open_calls: 0,
        half_open_rate: Some(0),
        half_open_wait: Some(0),
        slow_call: Some(0),
        slow_rate: 0,
    };
    rig.breaker.tune(none);
    rig.calls("F");
    assert_eq!(rig.state(), BreakerState::Open);
    rig.wait(1);
    rig.calls("F");
}

#[test]
fn a_clock_that_goes_back_does_not_keep_what_was_counted_later() {
    let rig = Rig::new(of_time(100, 10, 10));
    rig.wait(3_600_000);
    rig.calls("FFF");
    rig.clock.set(Moment::from_nanos(7 * SECOND));
    rig.calls("FF");
    assert_eq!(rig.counts(), (2, 2, 0));
    rig.wait(10_000);
    rig.calls("F");
    assert_eq!(rig.counts(), (1, 1, 0));
}

#[test]
fn a_clock_is_read_only_where_the_time_matters() {
    /// One that nobody may ask.
    #[derive(Debug)]
    struct Never;
    impl Clock for Never {
        fn now(&self) -> Moment {
            panic!("nobody asks for the time")
        }
        fn wall(&self) -> std::time::SystemTime {
            panic!("nobody asks for the time")
        }
        fn sleep_until(&self, _: Moment) -> crate::core::Sleep {
            panic!("nobody waits")
        }
    }
    for policy in [in_a_row(3), of_calls(50, 10, 100)] {
        let breaker = Breaker::new(&policy);
        for verdict in [Verdict::Success, Verdict::Failure, Verdict::Excluded, Verdict::Success] {
            breaker.acquire(&Never).unwrap().finish(verdict, None);
        }
    }
}
