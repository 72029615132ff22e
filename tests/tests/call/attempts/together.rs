//! All policies of a function together, in every form of one.

#![allow(clippy::unused_async, reason = "a fallback may have to wait")]

use std::cell::Cell;

use async_trait::async_trait;
use tollgate::{Rejected, Tollgate, call};
use tollgate_tests::{counts, site};

use crate::support::{Polled, millis, tollgate};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Refused(#[from] Rejected),
    #[error("it is away")]
    Away,
}

type Answer<T> = Result<T, Error>;

thread_local! {
    static FAILURES: Cell<u32> = const { Cell::new(0) };
}

/// Fails as often as is left.
fn answers() -> Answer<()> {
    let left = FAILURES.get();
    FAILURES.set(left.saturating_sub(1));
    if left == 0 { Ok(()) } else { Err(Error::Away) }
}

async fn kept(text: &str, number: u32) -> Answer<String> {
    Ok(format!("kept {text}{number}"))
}

#[call::bulkhead(max_concurrent = 2)]
#[call::circuit_breaker]
#[call::timeout("1s", total = "10s")]
#[call::retry(attempts = 3, backoff = "100ms")]
#[call::fallback(kept)]
#[call::cached(ttl = "1m")]
#[call::rate_limited("100/second")]
#[call::with_metrics]
async fn everything(text: &str, mut number: u32) -> Answer<String> {
    number += 1;
    answers()?;
    Ok(format!("{text}{number}"))
}

fn run<F: Future>(tollgate: &Tollgate, clock: &tollgate::testing::ManualClock, call: F) -> F::Output {
    let mut call = Polled::new(tollgate.scope(call));
    loop {
        if let Some(answer) = call.poll() {
            return answer;
        }
        clock.advance(millis(100));
    }
}

#[test]
fn they_nest_in_one_order() {
    let (tollgate, clock) = tollgate();
    FAILURES.set(1);
    assert_eq!(run(&tollgate, &clock, everything("a", 1)), Ok("a2".to_owned()));
    assert_eq!(run(&tollgate, &clock, everything("a", 1)), Ok("a2".to_owned()));
    assert_eq!(
        counts(&tollgate, site!(everything)),
        "with_metrics completed 2, rate_limited admitted 2, cached hit 1, miss 1, retry retried 1, \
         circuit_breaker success 1, failure 1, bulkhead admitted 2, timeout completed 2"
    );
    FAILURES.set(9);
    assert_eq!(run(&tollgate, &clock, everything("b", 1)), Ok("kept b1".to_owned()));
    let told = counts(&tollgate, site!(everything));
    assert!(told.contains("fallback fell_back 1") && told.contains("retry retried 3, exhausted 1"), "{told}");
}

struct Client;

impl Client {
    #[call::bulkhead(max_concurrent = 2)]
    #[call::circuit_breaker(key = "{text}")]
    #[call::timeout("1s", total = "10s")]
    #[call::retry(attempts = 3, backoff = "100ms")]
    #[call::with_metrics]
    async fn lends<'a>(
        &self,
        text: &'a str,
        out: &mut u32,
        owned: impl Into<String> + Clone,
    ) -> Answer<(&'a str, String)> {
        *out += 1;
        answers()?;
        Ok((text, owned.into()))
    }

    #[call::bulkhead(max_concurrent = 2)]
    #[call::circuit_breaker]
    #[call::timeout("1s", total = "10s")]
    #[call::retry(attempts = 3, backoff = "100ms")]
    #[call::fallback(Self::zero)]
    async fn recurs(&mut self, depth: u32) -> Answer<u32> {
        if depth == 0 {
            answers()?;
            return Ok(0);
        }
        Ok(Box::pin(self.recurs(depth - 1)).await? + 1)
    }

    async fn zero() -> Answer<u32> {
        Ok(100)
    }
}

#[async_trait]
trait Weather: Send {
    async fn fetch(&mut self, station: String, number: u32) -> Answer<String>;
}

async fn stale(station: String, number: u32, error: Error) -> Answer<String> {
    Ok(format!("{station}{number}: {error}"))
}

#[async_trait]
impl Weather for Client {
    #[call::bulkhead(max_concurrent = 2)]
    #[call::circuit_breaker(key = "{station}")]
    #[call::timeout("1s", total = "10s")]
    #[call::retry(attempts = 3, backoff = "100ms")]
    #[call::fallback(stale)]
    #[call::with_metrics]
    async fn fetch(&mut self, station: String, number: u32) -> Answer<String> {
        tokio::task::yield_now().await;
        answers()?;
        Ok(format!("{station}{number}"))
    }
}

#[test]
fn forms() {
    let (tollgate, clock) = tollgate();
    let mut out = 0;
    FAILURES.set(1);
    assert_eq!(run(&tollgate, &clock, Client.lends("a", &mut out, "b")), Ok(("a", "b".to_owned())));
    assert_eq!(out, 2);
    FAILURES.set(1);
    assert_eq!(run(&tollgate, &clock, Client.recurs(1)), Ok(1));
    FAILURES.set(2);
    assert_eq!(run(&tollgate, &clock, Client.fetch("a".to_owned(), 1)), Ok("a1".to_owned()));
    FAILURES.set(9);
    assert_eq!(run(&tollgate, &clock, Client.fetch("a".to_owned(), 1)), Ok("a1: it is away".to_owned()));
}

/// A breaker of a function that this one calls is that one's alone: its refusal is an error like any other.
#[call::circuit_breaker(consecutive_failures = 1, open_for = "10s")]
async fn inner() -> Answer<()> {
    answers()
}

#[call::circuit_breaker(consecutive_failures = 2, open_for = "10s")]
#[call::retry(attempts = 2, backoff = "100ms")]
async fn outer() -> Answer<()> {
    inner().await
}

#[test]
fn the_refusal_of_another_breaker_is_an_error_like_any_other() {
    let (tollgate, clock) = tollgate();
    FAILURES.set(9);
    let Err(Error::Refused(refused)) = run(&tollgate, &clock, outer()) else { panic!("it is refused") };
    assert_eq!(refused.site(), site!(inner));
    assert_eq!(counts(&tollgate, site!(inner)), "circuit_breaker failure 1, refused 1");
    assert_eq!(counts(&tollgate, site!(outer)), "retry retried 1, exhausted 1, circuit_breaker failure 2");
}
