//! What stands around each attempt: a breaker, a bulkhead, a timeout; and one deadline around them all.

use std::cell::Cell;
use std::time::Duration;

use tollgate::testing::ManualClock;
use tollgate::{Policy, Rejected, Tollgate, Verdict, call};
use tollgate_tests::{counts, site};

use crate::support::{Polled, millis, tollgate};

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Refused(#[from] Rejected),
    #[error("it is away")]
    Away,
    #[error("it was asked for something wrong")]
    Wrong,
    #[error("it asks to be left alone")]
    Busy(Duration),
}

type Answer<T> = Result<T, Error>;

thread_local! {
    static MADE: Cell<u32> = const { Cell::new(0) };
}

fn made() -> u32 {
    MADE.replace(0)
}

fn begin<F: Future>(tollgate: &Tollgate, call: F) -> Polled<impl Future<Output = F::Output>> {
    Polled::new(tollgate.scope(call))
}

fn refused_by<T>(answer: Option<Answer<T>>) -> Option<Policy> {
    match answer {
        Some(Err(Error::Refused(rejected))) => Some(rejected.policy()),
        Some(_) | None => None,
    }
}

#[call::circuit_breaker(consecutive_failures = 2, open_for = "10s", jitter = 0)]
async fn breaks(answer: Answer<u32>) -> Answer<u32> {
    MADE.set(MADE.get() + 1);
    answer
}

fn judge(answer: &Answer<u32>) -> Verdict {
    match answer {
        Ok(0) | Err(Error::Away | Error::Busy(_) | Error::Refused(_)) => Verdict::Failure,
        Ok(_) => Verdict::Success,
        Err(Error::Wrong) => Verdict::Excluded,
    }
}

fn asks(error: &Error) -> Option<Duration> {
    match error {
        Error::Busy(asks) => Some(*asks),
        Error::Refused(_) | Error::Away | Error::Wrong => None,
    }
}

#[call::circuit_breaker(consecutive_failures = 2, open_for = "10s", jitter = 0, is_failure = judge, retry_after = asks)]
async fn judged(answer: Answer<u32>) -> Answer<u32> {
    answer
}

#[call::circuit_breaker(
    consecutive_failures = 1,
    open_for = "10s",
    jitter = 0,
    key = "{tenant}",
    max_keys = 8
)]
async fn by_tenant(tenant: &str, answer: Answer<u32>) -> Answer<usize> {
    Ok(answer? as usize + tenant.len())
}

#[test]
fn failures_open_it_and_time_closes_it_again() {
    let (tollgate, clock) = tollgate();
    for _ in 0..2 {
        assert_eq!(begin(&tollgate, breaks(Err(Error::Away))).poll(), Some(Err(Error::Away)));
    }
    let Some(Err(Error::Refused(refused))) = begin(&tollgate, breaks(Ok(1))).poll() else {
        panic!("it is open")
    };
    assert_eq!((refused.policy(), refused.retry_after()), (Policy::CircuitBreaker, Some(millis(10_000))));
    assert_eq!(made(), 2, "a refused call runs nothing");
    clock.advance(millis(10_000));
    for _ in 0..4 {
        assert_eq!(begin(&tollgate, breaks(Ok(1))).poll(), Some(Ok(1)));
    }
    assert_eq!(counts(&tollgate, site!(breaks)), "circuit_breaker success 4, failure 2, refused 1");
}

#[test]
fn a_function_says_what_a_failure_is_and_how_long_it_lasts() {
    let (tollgate, clock) = tollgate();
    assert_eq!(begin(&tollgate, judged(Ok(0))).poll(), Some(Ok(0)));
    assert_eq!(begin(&tollgate, judged(Err(Error::Wrong))).poll(), Some(Err(Error::Wrong)));
    let busy = || Err(Error::Busy(millis(60_000)));
    assert_eq!(begin(&tollgate, judged(busy())).poll(), Some(busy()));
    clock.advance(millis(59_999));
    assert_eq!(refused_by(begin(&tollgate, judged(Ok(1))).poll()), Some(Policy::CircuitBreaker));
    clock.advance(millis(1));
    assert_eq!(begin(&tollgate, judged(Ok(1))).poll(), Some(Ok(1)));
    let expected = "circuit_breaker success 1, failure 2, excluded 1, refused 1";
    assert_eq!(counts(&tollgate, site!(judged)), expected);
}

#[test]
fn each_key_has_its_own() {
    let (tollgate, _clock) = tollgate();
    assert!(begin(&tollgate, by_tenant("a", Err(Error::Away))).poll().unwrap().is_err());
    assert_eq!(refused_by(begin(&tollgate, by_tenant("a", Ok(1))).poll()), Some(Policy::CircuitBreaker));
    assert_eq!(begin(&tollgate, by_tenant("b", Ok(1))).poll(), Some(Ok(2)));
}

#[test]
fn switched_off_it_lets_everybody_pass() {
    let tollgate = Tollgate::builder().disable(Policy::CircuitBreaker).build().unwrap();
    for _ in 0..5 {
        assert_eq!(begin(&tollgate, breaks(Err(Error::Away))).poll(), Some(Err(Error::Away)));
    }
    assert_eq!((made(), counts(&tollgate, site!(breaks))), (5, String::new()));
}

#[call::bulkhead(max_concurrent = 1)]
async fn one_at_a_time() -> Answer<()> {
    tokio::task::yield_now().await;
    Ok(())
}

#[test]
fn a_place_is_free_again_however_a_call_ends() {
    let (tollgate, _clock) = tollgate();
    let mut first = begin(&tollgate, one_at_a_time());
    assert_eq!(first.poll(), None);
    assert_eq!(refused_by(begin(&tollgate, one_at_a_time()).poll()), Some(Policy::Bulkhead));
    assert_eq!(first.poll(), Some(Ok(())));
    let mut second = begin(&tollgate, one_at_a_time());
    assert_eq!(second.poll(), None);
    drop(second);
    let mut third = begin(&tollgate, one_at_a_time());
    assert_eq!(third.poll(), None);
    assert_eq!(third.poll(), Some(Ok(())));
    assert_eq!(counts(&tollgate, site!(one_at_a_time)), "bulkhead admitted 3, refused 1");
}

#[call::timeout("100ms")]
async fn takes(clock: &ManualClock, time: u64) -> Answer<u64> {
    if time > 0 {
        tollgate::Clock::sleep_until(clock, tollgate::Clock::now(clock).saturating_add(millis(time))).await;
    }
    Ok(time)
}

#[test]
fn what_takes_too_long_is_given_up_and_what_is_ready_waits_for_nothing() {
    let (tollgate, clock) = tollgate();
    assert_eq!(begin(&tollgate, takes(&clock, 0)).poll(), Some(Ok(0)));
    assert_eq!(clock.waiting(), 0);
    let mut call = begin(&tollgate, takes(&clock, 101));
    assert_eq!(call.poll(), None);
    clock.advance(millis(99));
    assert_eq!(call.poll(), None);
    clock.advance(millis(1));
    assert_eq!(refused_by(call.poll()), Some(Policy::Timeout));
    assert_eq!(clock.waiting(), 0);
    assert_eq!(counts(&tollgate, site!(takes)), "timeout completed 1, timed_out 1");
}

/// Takes so many milliseconds, and is away then.
async fn is_away_after(clock: &ManualClock, time: u64) -> Answer<()> {
    MADE.set(MADE.get() + 1);
    if time > 0 {
        tollgate::Clock::sleep_until(clock, tollgate::Clock::now(clock).saturating_add(millis(time))).await;
    }
    Err(Error::Away)
}

#[call::retry(attempts = 9, backoff = "100ms..100ms", retry_after = asks)]
#[call::timeout("50ms", total = "300ms")]
#[call::circuit_breaker(consecutive_failures = 9)]
async fn within_a_total(clock: &ManualClock, time: u64) -> Answer<()> {
    is_away_after(clock, time).await
}

#[call::retry(attempts = 9, backoff = "100ms..100ms")]
#[call::timeout(total = "250ms")]
async fn in_total_alone(clock: &ManualClock, time: u64) -> Answer<()> {
    is_away_after(clock, time).await
}

#[call::timeout(total = "250ms")]
#[call::circuit_breaker(consecutive_failures = 1)]
async fn breaks_in_total(clock: &ManualClock, time: u64) -> Answer<()> {
    is_away_after(clock, time).await
}

/// Moves the clock until a call has its answer; that, and how many milliseconds it took.
fn run<F: Future>(clock: &ManualClock, mut call: Polled<F>) -> (F::Output, u64) {
    for time in 0..10_000 {
        if let Some(answer) = call.poll() {
            return (answer, time);
        }
        clock.advance(millis(1));
    }
    panic!("it never ends")
}

#[test]
fn it_is_not_tried_again_where_the_deadline_would_be_reached() {
    let (tollgate, clock) = tollgate();
    let (answer, time) = run(&clock, begin(&tollgate, within_a_total(&clock, 0)));
    assert_eq!((answer, time, made()), (Err(Error::Away), 200, 3), "a wait until 300 would be too long");
    let expected = "retry retried 2, exhausted 1, circuit_breaker failure 3, timeout completed 3";
    assert_eq!(counts(&tollgate, site!(within_a_total)), expected);
}

#[test]
fn a_timeout_of_an_attempt_is_an_error_like_any_other() {
    let (tollgate, clock) = tollgate();
    let (answer, time) = run(&clock, begin(&tollgate, within_a_total(&clock, 60)));
    // From 0 to 50, from 150 to 200; then it would have to wait until 300.
    assert_eq!((refused_by(Some(answer)), time, made()), (Some(Policy::Timeout), 200, 2));
    let expected = "retry retried 1, exhausted 1, circuit_breaker failure 2, timeout timed_out 2";
    assert_eq!(counts(&tollgate, site!(within_a_total)), expected);
}

#[test]
fn the_deadline_cuts_what_is_under_way() {
    let (tollgate, clock) = tollgate();
    let (answer, time) = run(&clock, begin(&tollgate, in_total_alone(&clock, 100)));
    assert_eq!((refused_by(Some(answer)), time, made()), (Some(Policy::Timeout), 250, 2));
    assert_eq!(counts(&tollgate, site!(in_total_alone)), "retry retried 1, timeout timed_out 1");
    let (answer, time) = run(&clock, begin(&tollgate, breaks_in_total(&clock, 300)));
    assert_eq!((refused_by(Some(answer)), time, made()), (Some(Policy::Timeout), 250, 1));
    let expected = "circuit_breaker failure 1, timeout timed_out 1";
    assert_eq!(counts(&tollgate, site!(breaks_in_total)), expected, "and is a failure for the breaker");
}

#[call::retry(attempts = 3, backoff = "100ms..100ms")]
#[call::circuit_breaker(consecutive_failures = 2, open_for = "10s", jitter = 0)]
async fn opens_between_attempts() -> Answer<()> {
    MADE.set(MADE.get() + 1);
    Err(Error::Away)
}

#[test]
fn an_open_breaker_is_not_tried_again() {
    let (tollgate, clock) = tollgate();
    let (answer, time) = run(&clock, begin(&tollgate, opens_between_attempts()));
    assert_eq!((refused_by(Some(answer)), time, made()), (Some(Policy::CircuitBreaker), 200, 2));
    let (answer, time) = run(&clock, begin(&tollgate, opens_between_attempts()));
    assert_eq!((refused_by(Some(answer)), time, made()), (Some(Policy::CircuitBreaker), 0, 0));
    let expected = "retry retried 2, circuit_breaker failure 2, refused 2";
    assert_eq!(counts(&tollgate, site!(opens_between_attempts)), expected);
}

#[call::retry(attempts = 2, backoff = "100ms..100ms")]
#[call::circuit_breaker(consecutive_failures = 1)]
#[call::bulkhead(max_concurrent = 1)]
async fn crowded() -> Answer<()> {
    tokio::task::yield_now().await;
    Ok(())
}

#[test]
fn a_full_bulkhead_is_tried_again_and_says_nothing_of_what_is_behind_it() {
    let (tollgate, clock) = tollgate();
    let mut first = begin(&tollgate, crowded());
    assert_eq!(first.poll(), None);
    let mut second = begin(&tollgate, crowded());
    assert_eq!(second.poll(), None);
    assert_eq!(first.poll(), Some(Ok(())));
    clock.advance(millis(100));
    assert_eq!(second.poll(), None);
    assert_eq!(second.poll(), Some(Ok(())));
    let expected = "retry retried 1, circuit_breaker success 2, excluded 1, bulkhead admitted 2, refused 1";
    assert_eq!(counts(&tollgate, site!(crowded)), expected);
}

#[call::circuit_breaker(consecutive_failures = 1)]
#[call::bulkhead(max_concurrent = 1)]
#[call::timeout("1s")]
async fn panics(really: bool) -> Answer<()> {
    tokio::task::yield_now().await;
    assert!(!really, "on purpose");
    Ok(())
}

#[test]
fn a_panic_is_a_failure_and_gives_its_place_back_and_a_cancellation_is_none() {
    let (tollgate, _clock) = tollgate();
    let mut cancelled = begin(&tollgate, panics(true));
    assert_eq!(cancelled.poll(), None);
    drop(cancelled);
    let mut fine = begin(&tollgate, panics(false));
    assert_eq!((fine.poll(), fine.poll()), (None, Some(Ok(()))));
    let mut panicking = begin(&tollgate, panics(true));
    assert_eq!(panicking.poll(), None);
    let poll = std::panic::AssertUnwindSafe(|| panicking.poll());
    assert!(std::panic::catch_unwind(poll).is_err());
    drop(panicking);
    assert_eq!(refused_by(begin(&tollgate, panics(false)).poll()), Some(Policy::CircuitBreaker));
    let told = counts(&tollgate, site!(panics));
    assert!(
        told.starts_with("circuit_breaker success 1, failure 1, cancelled 1, refused 1, bulkhead admitted 3"),
        "{told}"
    );
}
