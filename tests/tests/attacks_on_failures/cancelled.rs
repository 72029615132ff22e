//! Calls behind all policies, dropped anywhere and panicking anywhere: nothing is lost, and every one is counted once.

use std::time::Duration;

use tokio::task::yield_now;
use tollgate::testing::ManualClock;
use tollgate::{Tollgate, Verdict, call};
use tollgate_tests::site;

use crate::support::{
    Answer, Chance, Error, Polled, at_the_breaker, begin, count, is_refused, panics, seconds, tollgate,
};

/// How a call goes.
#[derive(Clone, Copy, Debug)]
enum End {
    Fine,
    Fails,
    Hangs,
    Panics,
}

/// What it has to do, and who panics on the way.
#[derive(Clone, Copy, Debug)]
struct Plan {
    yields: u64,
    end: End,
    panics_in: &'static str,
    fallback: End,
}

const FINE: Plan = Plan { yields: 1, end: End::Fine, panics_in: "", fallback: End::Fine };

thread_local! {
    static PANICS_IN: std::cell::Cell<&'static str> = const { std::cell::Cell::new("") };
}

fn may_panic(place: &str) {
    if PANICS_IN.get() == place {
        panics();
    }
}

async fn does(yields: u64, end: End) -> Answer<u64> {
    for _ in 0..yields {
        yield_now().await;
    }
    match end {
        End::Fine => Ok(yields),
        End::Fails => Err(Error::Away),
        End::Hangs => std::future::pending().await,
        End::Panics => panics(),
    }
}

fn judge(answer: &Answer<u64>) -> Verdict {
    may_panic("is_failure");
    match answer {
        Ok(3) => Verdict::Excluded,
        Ok(_) => Verdict::Success,
        Err(_) => Verdict::Failure,
    }
}

fn again(_: &Error) -> bool {
    may_panic("retry_if");
    true
}

#[allow(clippy::unnecessary_wraps, reason = "this is what `retry_after` calls")]
fn alone_for(_: &Error) -> Option<Duration> {
    may_panic("retry_after");
    Some(Duration::from_millis(10))
}

async fn instead(plan: Plan) -> Answer<u64> {
    PANICS_IN.set("");
    does(plan.yields, plan.fallback).await
}

#[call::with_metrics]
#[call::fallback(instead)]
#[call::timeout("1s", total = "5s")]
#[call::retry(attempts = 3, backoff = "100ms", retry_if = again, retry_after = alone_for)]
#[call::circuit_breaker(
    consecutive_failures = 5,
    open_for = "2s",
    jitter = 0,
    half_open_calls = 2,
    is_failure = judge
)]
#[call::bulkhead(max_concurrent = 2, queue = 2, wait = "500ms")]
async fn guarded(plan: Plan) -> Answer<u64> {
    PANICS_IN.set(plan.panics_in);
    does(plan.yields, plan.end).await
}

#[call::with_metrics]
#[call::circuit_breaker(consecutive_failures = 1, open_for = "10s", jitter = 0)]
async fn dropped(plan: Plan) -> Answer<u64> {
    does(plan.yields, plan.end).await
}

const ENDED: [&str; 4] = ["completed", "failed", "cancelled", "panicked"];

/// Every call has ended once, every attempt has come to the breaker once, and those that passed it to the bulkhead.
fn adds_up(tollgate: &Tollgate, calls: u64) {
    let site = site!(guarded);
    assert_eq!(count(tollgate, site, "with_metrics", &ENDED), calls);
    let attempts = calls + count(tollgate, site, "retry", &["retried"]);
    assert_eq!(at_the_breaker(tollgate, site), attempts);
    let refused = count(tollgate, site, "circuit_breaker", &["refused"]);
    let crowded = count(tollgate, site, "bulkhead", &["admitted", "refused", "cancelled"]);
    assert_eq!(refused + crowded, attempts);
}

/// Nobody is inside: two have a place, two wait, and all of them are let out again.
fn everything_is_free(tollgate: &Tollgate, clock: &ManualClock) {
    let snapshot = tollgate.breaker(site!(guarded)).unwrap();
    assert_eq!(clock.waiting(), 0, "nobody waits for the clock");
    clock.advance(seconds(3_600));
    // Where it was open it is tried now: by two, and then by nobody.
    let was = snapshot.state();
    let mut inside: Vec<_> = (0..2).map(|_| begin(tollgate, guarded(FINE))).collect();
    assert!(inside.iter_mut().all(|call| call.poll().is_none()), "both find a place: {was:?}");
    for call in &mut inside {
        assert_eq!(call.poll(), Some(Ok(1)), "{was:?}");
    }
    assert_eq!(snapshot.state(), tollgate::BreakerState::Closed, "both trials are decided");
}

fn ends() -> impl Iterator<Item = End> {
    [End::Fine, End::Fails, End::Hangs, End::Panics].into_iter()
}

#[test]
fn a_call_that_is_dropped_after_any_number_of_polls_leaves_nothing_behind() {
    for end in ends() {
        // Only after a failure it is asked.
        let fallbacks = ends().take(if matches!(end, End::Fails) { 4 } else { 1 });
        for fallback in fallbacks {
            for panics_in in ["", "is_failure", "retry_if", "retry_after"] {
                let plan = Plan { yields: 2, end, panics_in, fallback };
                for polls in 0..30 {
                    let (tollgate, clock) = tollgate();
                    let mut call = begin(&tollgate, guarded(plan));
                    let mut made = 0;
                    while made < polls && call.goes_on() {
                        made += 1;
                        clock.advance(Duration::from_millis(300));
                    }
                    drop(call);
                    adds_up(&tollgate, polls.min(1));
                    everything_is_free(&tollgate, &clock);
                    if made < polls {
                        break; // it has ended by itself
                    }
                }
            }
        }
    }
}

#[test]
fn after_a_hundred_thousand_cancellations_no_place_and_no_trial_is_taken() {
    const CALLS: u64 = 100_000;
    let ((tollgate, clock), mut chance) = (tollgate(), Chance(7));
    let mut calls: Vec<Polled<_>> = Vec::new();
    let (mut begun, mut cancelled) = (0, 0);
    while cancelled < CALLS {
        match chance.below(12) {
            0..4 if calls.len() < 7 => {
                let any = |chance: &mut Chance| match chance.below(30) {
                    0..8 => End::Fails,
                    8..11 => End::Hangs,
                    11 => End::Panics,
                    _ => End::Fine,
                };
                let places = ["is_failure", "retry_if", "retry_after"];
                let place = usize::try_from(chance.below(30)).unwrap();
                let panics_in = places.get(place).copied().unwrap_or_default();
                let (end, fallback, yields) = (any(&mut chance), any(&mut chance), chance.below(4));
                calls.push(begin(&tollgate, guarded(Plan { yields, end, panics_in, fallback })));
                begun += 1;
                if !calls.last_mut().unwrap().goes_on() {
                    calls.pop();
                }
            }
            4..7 if !calls.is_empty() => {
                let place = usize::try_from(chance.below(calls.len() as u64)).unwrap();
                if !calls[place].goes_on() {
                    calls.swap_remove(place);
                }
            }
            7..11 if !calls.is_empty() => {
                let place = usize::try_from(chance.below(calls.len() as u64)).unwrap();
                drop(calls.swap_remove(place));
                cancelled += 1;
            }
            _ => clock.advance(Duration::from_millis(chance.below(200))),
        }
    }
    drop(calls);
    PANICS_IN.set("");
    adds_up(&tollgate, begun);
    for outcome in ["refused", "success", "failure", "excluded", "cancelled"] {
        assert!(count(&tollgate, site!(guarded), "circuit_breaker", &[outcome]) > 500, "{outcome}");
    }
    everything_is_free(&tollgate, &clock);
}

#[test]
fn a_call_that_is_dropped_because_something_else_panics_was_cancelled() {
    let (tollgate, _clock) = tollgate();
    let mut call = begin(&tollgate, dropped(FINE));
    assert!(call.poll().is_none());
    let beside = std::panic::AssertUnwindSafe(move || {
        let _call = call;
        panics();
    });
    assert!(std::panic::catch_unwind(beside).is_err());
    assert_eq!(count(&tollgate, site!(dropped), "circuit_breaker", &["cancelled"]), 1);
    assert_eq!(count(&tollgate, site!(dropped), "with_metrics", &["cancelled"]), 1);
    assert!(!is_refused(begin(&tollgate, dropped(Plan { yields: 0, ..FINE })).poll().unwrap()));
}

#[test]
fn a_queue_that_is_stormed_and_left_is_empty_and_the_next_is_served() {
    let ((tollgate, clock), mut chance) = (tollgate(), Chance(11));
    let hangs = Plan { end: End::Hangs, ..FINE };
    let mut inside: Vec<_> = (0..2).map(|_| begin(&tollgate, guarded(hangs))).collect();
    assert!(inside.iter_mut().all(|call| call.poll().is_none()));
    for _ in 0..2_000 {
        let mut storm: Vec<_> = (0..4).map(|_| begin(&tollgate, guarded(FINE))).collect();
        for call in &mut storm {
            call.goes_on();
        }
        while !storm.is_empty() {
            let place = usize::try_from(chance.below(storm.len() as u64)).unwrap();
            drop(storm.swap_remove(place));
        }
    }
    let mut next = begin(&tollgate, guarded(FINE));
    assert!(next.poll().is_none());
    inside.pop();
    assert!(next.poll().is_none(), "it has a place, and gives way once");
    assert_eq!(next.poll(), Some(Ok(1)));
    drop((inside, next));
    everything_is_free(&tollgate, &clock);
}

thread_local! {
    static ASKS: std::cell::RefCell<Chance> = const { std::cell::RefCell::new(Chance(3)) };
}

#[allow(clippy::unnecessary_wraps, reason = "this is what `retry_after` calls")]
fn asks_by_chance(_: &Error) -> Option<Duration> {
    Some(Duration::from_millis(ASKS.with_borrow_mut(|chance| chance.below(2_000))))
}

#[call::timeout(total = "2s")]
#[call::retry(attempts = 20, backoff = "1ms..700ms", retry_after = asks_by_chance)]
async fn fails_at_once() -> Answer<()> {
    Err(Error::Away)
}

#[test]
fn a_retry_never_sleeps_past_the_total_whatever_a_failure_asks() {
    for _ in 0..50 {
        let (tollgate, clock) = tollgate();
        let mut call = begin(&tollgate, fails_at_once());
        let mut passed = 0;
        let answer = loop {
            if let Some(answer) = call.poll() {
                break answer;
            }
            clock.advance(Duration::from_millis(1));
            passed += 1;
        };
        // Had it slept into the deadline it would have been cut.
        assert_eq!(answer, Err(Error::Away), "after {passed} ms");
        assert_eq!(count(&tollgate, site!(fails_at_once), "timeout", &["timed_out"]), 0);
        assert!(passed < 2_000 && clock.waiting() == 0);
    }
}
