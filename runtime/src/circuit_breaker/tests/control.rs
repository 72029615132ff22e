//! Modes, other numbers, beginning anew, and who is told.

use super::*;

#[test]
fn row_3_forced_open_stays_open() {
    let rig = Rig::new(in_a_row(1));
    rig.breaker.set_mode(Mode::ForcedOpen, rig.now());
    rig.wait(3_600_000);
    assert_eq!((rig.refused(), rig.state()), (None, BreakerState::ForcedOpen));
    rig.breaker.set_mode(Mode::Normal, rig.now());
    rig.calls("S");
    assert_eq!(rig.state(), BreakerState::Closed);
}

#[test]
fn forced_closed_counts_and_never_opens() {
    let rig = Rig::new(of_calls(50, 2, 10));
    rig.breaker.set_mode(Mode::ForcedClosed, rig.now());
    rig.calls("FFFFF");
    assert_eq!((rig.state(), rig.counts()), (BreakerState::ForcedClosed, (5, 5, 0)));
    rig.breaker.set_mode(Mode::Normal, rig.now());
    assert_eq!(rig.counts(), (0, 0, 0));
}

#[test]
fn row_44_disabled_counts_nothing() {
    let rig = Rig::new(in_a_row(1));
    rig.breaker.set_mode(Mode::Disabled, rig.now());
    rig.changes.lock().unwrap().clear();
    rig.calls("FFFFF");
    assert_eq!((rig.state(), rig.counts(), rig.told()), (BreakerState::Disabled, (0, 0, 0), vec![]));
}

#[test]
fn row_45_metrics_only_tells_once_until_it_has_recovered() {
    let only = BreakerState::MetricsOnly;
    for policy in [in_a_row(3), of_calls(60, 3, 4), of_time(60, 3, 100)] {
        let rig = Rig::new(policy.metrics_only());
        rig.calls("FFFFFF");
        assert_eq!((rig.state(), rig.told()), (only, vec![(only, only, Why::Failures)]));
        rig.calls("SSSSSS");
        rig.calls("FFFFFFFFFFFFF");
        assert_eq!(rig.told().len(), 2);
    }
}

#[test]
fn rows_46_and_47_a_mode_is_told_once() {
    // There is no mode that would make one half-open.
    let modes = [Mode::ForcedOpen, Mode::ForcedClosed, Mode::MetricsOnly, Mode::Disabled, Mode::Normal];
    let rig = Rig::new(in_a_row(1));
    rig.breaker.set_mode(Mode::Normal, rig.now());
    assert_eq!(rig.told(), []);
    for (told, mode) in modes.into_iter().enumerate() {
        rig.breaker.set_mode(mode, rig.now());
        rig.breaker.set_mode(mode, rig.now());
        assert_eq!(rig.told().len(), told + 1);
    }
    rig.calls("F");
    rig.breaker.set_mode(Mode::Normal, rig.now());
    assert_eq!(rig.state(), BreakerState::Open, "open is as normal as closed");
}

#[test]
fn row_48_beginning_anew_is_closed_with_nothing_counted() {
    let rig = Rig::new(in_a_row(2));
    rig.calls("F");
    rig.breaker.reset(rig.now());
    assert_eq!((rig.counts(), rig.told()), ((0, 0, 0), vec![]));
    rig.calls("FF");
    rig.breaker.reset(rig.now());
    assert_eq!((rig.state(), rig.counts()), (BreakerState::Closed, (0, 0, 0)));
    assert_eq!(rig.told().last(), Some(&(BreakerState::Open, BreakerState::Closed, Why::Reset)));
    let rig = Rig::new(in_a_row(2).metrics_only());
    rig.breaker.set_mode(Mode::ForcedOpen, rig.now());
    rig.breaker.reset(rig.now());
    assert_eq!(rig.state(), BreakerState::MetricsOnly);
}

#[test]
fn other_numbers_hold_from_the_next_result_on() {
    let policy = of_calls(100, 10, 10);
    let rig = Rig::new(policy);
    rig.calls("FFF");
    rig.breaker.tune((&of_calls(50, 4, 10).open_for(SECOND)).into());
    assert_eq!((rig.state(), rig.counts()), (BreakerState::Closed, (3, 3, 0)));
    rig.calls("S");
    assert_eq!(rig.refused(), Some(Duration::from_secs(1)));
    // A window of ten cannot hold more.
    let rig = Rig::new(of_calls(50, 10, 10));
    rig.breaker.tune((&of_calls(50, 100, 100)).into());
    rig.calls("FFFFFFFFFF");
    assert_eq!(rig.state(), BreakerState::Open);
}

#[test]
fn calls_that_began_before_anybody_looked_at_the_time_are_not_slow() {
    let policy = of_calls(100, 1, 10);
    let rig = Rig::new(policy);
    let permit = rig.pass();
    rig.breaker.tune((&policy.slow_calls(SECOND, WHOLE)).into());
    rig.wait(5000);
    rig.end(permit, 'S');
    assert_eq!((rig.state(), rig.counts()), (BreakerState::Closed, (1, 0, 0)));
    rig.call_of(1000, 'S');
    assert_eq!(rig.counts(), (2, 0, 1));
}

#[test]
fn a_listener_that_panics_harms_nobody() {
    let breaker = Breaker::new(&in_a_row(1)).listening(|_| panic!("of the listener"));
    let clock = ManualClock::new();
    breaker.acquire(&clock).unwrap().finish(Verdict::Failure, None);
    assert_eq!(breaker.state(), BreakerState::Open);
}

#[test]
fn a_listener_may_ask_and_change_the_breaker_that_told_it() {
    use std::sync::OnceLock;
    let own: Arc<OnceLock<Breaker>> = Arc::default();
    let heard = Arc::clone(&own);
    let breaker = Breaker::new(&in_a_row(1)).listening(move |change| {
        let breaker = heard.get().unwrap();
        assert_eq!(breaker.snapshot(change.at).state, change.to);
        if change.to == BreakerState::Open {
            breaker.reset(change.at);
        }
    });
    let breaker = own.get_or_init(|| breaker);
    breaker.acquire(&ManualClock::new()).unwrap().finish(Verdict::Failure, None);
    assert_eq!(breaker.state(), BreakerState::Closed);
}
