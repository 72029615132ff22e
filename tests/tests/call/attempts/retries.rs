//! Once more after a failure: how often, after what time, and when no longer.

use std::cell::Cell;
use std::time::Duration;

use tollgate::{Policy, Tollgate, call};
use tollgate_tests::{counts, site};

use super::{Answer, Error};
use crate::support::{Polled, millis, tollgate};

thread_local! {
    static MADE: Cell<u32> = const { Cell::new(0) };
}

/// Counts the attempts of this thread.
fn attempt() -> u32 {
    MADE.set(MADE.get() + 1);
    MADE.get()
}

fn made() -> u32 {
    MADE.replace(0)
}

fn begin<F: Future>(tollgate: &Tollgate, call: F) -> Polled<impl Future<Output = F::Output>> {
    Polled::new(tollgate.scope(call))
}

#[call::retry(attempts = 3, backoff = "100ms..100ms")]
async fn fails_until(attempt_number: u32) -> Answer<u32> {
    let number = attempt();
    if number < attempt_number { Err(Error::Transient) } else { Ok(number) }
}

fn is_transient(error: &Error) -> bool {
    *error != Error::Permanent
}

#[call::retry(attempts = 3, backoff = "1ms..1ms", retry_if = is_transient, retry_after = Error::asks)]
async fn fails_with(error: Error) -> Answer<()> {
    attempt();
    Err(error)
}

#[call::retry(attempts = 2, backoff = "1ms..1ms")]
async fn always_fails() -> Answer<()> {
    attempt();
    Err(Error::Transient)
}

#[test]
fn what_succeeds_is_made_once_and_waits_for_nothing() {
    let (tollgate, clock) = tollgate();
    assert_eq!(begin(&tollgate, fails_until(1)).poll(), Some(Ok(1)));
    assert_eq!((made(), clock.waiting()), (1, 0));
    assert_eq!(counts(&tollgate, site!(fails_until)), "");
}

#[test]
fn what_fails_is_made_again_after_its_wait_and_not_a_nanosecond_earlier() {
    let (tollgate, clock) = tollgate();
    let mut call = begin(&tollgate, fails_until(3));
    for expected in 1..=2 {
        assert_eq!(call.poll(), None);
        assert_eq!(MADE.get(), expected);
        clock.advance(Duration::from_nanos(99_999_999));
        assert_eq!((call.poll(), MADE.get()), (None, expected));
        clock.advance(Duration::from_nanos(1));
    }
    assert_eq!((call.poll(), made()), (Some(Ok(3)), 3));
    assert_eq!(counts(&tollgate, site!(fails_until)), "retry retried 2");
}

#[test]
fn the_last_attempt_s_error_is_the_answer() {
    let (tollgate, clock) = tollgate();
    let mut call = begin(&tollgate, fails_until(9));
    assert_eq!(call.poll(), None);
    clock.advance(millis(100));
    assert_eq!(call.poll(), None);
    clock.advance(millis(100));
    assert_eq!((call.poll(), made()), (Some(Err(Error::Transient)), 3));
    assert_eq!(counts(&tollgate, site!(fails_until)), "retry retried 2, exhausted 1");
}

#[test]
fn what_is_not_worth_it_is_not_made_again() {
    let (tollgate, clock) = tollgate();
    assert_eq!(begin(&tollgate, fails_with(Error::Permanent)).poll(), Some(Err(Error::Permanent)));
    assert_eq!((made(), clock.waiting()), (1, 0));
    assert_eq!(counts(&tollgate, site!(fails_with)), "");
}

#[test]
fn what_asks_to_be_left_alone_is() {
    let (tollgate, clock) = tollgate();
    let mut call = begin(&tollgate, fails_with(Error::Busy(5_000)));
    assert_eq!(call.poll(), None);
    clock.advance(millis(4_999));
    assert_eq!((call.poll(), MADE.get()), (None, 1));
    clock.advance(millis(1));
    assert_eq!((call.poll(), made()), (None, 2));
}

#[test]
fn what_asks_for_an_hour_is_made_again_after_a_minute_where_nothing_bounds_it() {
    let (tollgate, clock) = tollgate();
    let mut call = begin(&tollgate, fails_with(Error::Busy(3_600_000)));
    assert_eq!(call.poll(), None);
    clock.advance(millis(60_000));
    assert_eq!((call.poll(), made()), (None, 2));
}

#[test]
fn a_budget_ends_it_where_most_calls_fail() {
    let (tollgate, clock) = tollgate();
    for number in 0..30 {
        let mut call = begin(&tollgate, always_fails());
        if call.poll().is_none() {
            clock.advance(millis(1));
            assert!(call.poll().is_some(), "{number}");
        }
    }
    // Ten at the start, and a tenth for each call.
    assert_eq!(made(), 30 + 13);
    assert_eq!(counts(&tollgate, site!(always_fails)), "retry retried 13, exhausted 13, unfunded 17");
}

#[test]
fn switched_off_it_is_made_once() {
    let clock = tollgate::testing::ManualClock::new();
    let tollgate = Tollgate::builder().clock(clock.clone()).disable(Policy::Retry).build().unwrap();
    assert_eq!(begin(&tollgate, always_fails()).poll(), Some(Err(Error::Transient)));
    assert_eq!((made(), clock.waiting()), (1, 0));
}

#[test]
fn a_call_that_is_dropped_while_it_waits_leaves_nothing_behind() {
    let (tollgate, clock) = tollgate();
    let mut call = begin(&tollgate, fails_until(9));
    assert_eq!(call.poll(), None);
    assert_eq!(clock.waiting(), 1);
    drop(call);
    assert_eq!((clock.waiting(), made()), (0, 1));
    assert_eq!(counts(&tollgate, site!(fails_until)), "");
}

#[call::retry(attempts = 5, backoff = "1s..3s")]
async fn spread() -> Answer<()> {
    Err(Error::Transient)
}

#[test]
fn waits_differ_and_stay_within_their_bounds() {
    let mut firsts = Vec::new();
    for _ in 0..8 {
        let (tollgate, clock) = tollgate();
        let mut call = begin(&tollgate, spread());
        let mut waited = 0;
        assert!(call.poll().is_none());
        while counts(&tollgate, site!(spread)).is_empty() {
            clock.advance(millis(1));
            waited += 1;
            let _ = call.poll();
        }
        assert!((1_000..=3_000).contains(&waited), "{waited}");
        firsts.push(waited);
    }
    assert!(firsts.iter().any(|first| *first != firsts[0]), "{firsts:?}");
}
