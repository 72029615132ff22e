//! What answers in the place of a failure, and what it is given.

#![allow(clippy::unused_async, reason = "a fallback may have to wait")]

use std::fmt::Display;
use std::sync::Arc;

use async_trait::async_trait;
use tollgate::{Policy, Tollgate, call};
use tollgate_tests::{counts, site};

use super::{Answer, Error};
use crate::support::{Polled, tollgate};

async fn nothing() -> Answer<String> {
    Ok("kept".to_owned())
}

async fn arguments(text: &str, number: u32, owned: String) -> Answer<String> {
    Ok(format!("{text}{number}{owned}"))
}

async fn error_too(text: &str, number: u32, owned: String, error: Error) -> Answer<String> {
    Ok(format!("{text}{number}{owned}{error:?}"))
}

async fn error_alone(error: Error) -> Answer<String> {
    Err(match error {
        Error::Transient => Error::Permanent,
        other => other,
    })
}

#[call::fallback(nothing)]
async fn by_nothing(text: &str, number: u32, owned: String) -> Answer<String> {
    if number == 0 { Err(Error::Transient) } else { Ok(format!("{text}{owned}")) }
}

#[call::fallback(arguments)]
async fn by_arguments(text: &str, number: u32, mut owned: String) -> Answer<String> {
    owned.push_str(text);
    if number == 0 { Err(Error::Transient) } else { Ok(owned) }
}

#[call::fallback(error_too)]
async fn by_error(_text: &str, _number: u32, owned: String) -> Answer<String> {
    drop(owned);
    Err(Error::Permanent)
}

#[call::fallback(error_alone)]
async fn by_error_alone() -> Answer<String> {
    Err(Error::Transient)
}

struct NoClone;

#[call::fallback(nothing)]
async fn needs_no_clone(value: NoClone, (_, _): (u8, NoClone)) -> Answer<String> {
    let NoClone = value;
    Err(Error::Transient)
}

#[call::fallback(nothing)]
async fn may_be_lent(out: &mut u32) -> Answer<String> {
    *out += 1;
    Err(Error::Transient)
}

async fn shown(value: impl Display + Clone) -> Answer<String> {
    Ok(value.to_string())
}

#[call::fallback(shown)]
async fn takes_impl(value: impl Display + Clone) -> Answer<String> {
    drop(value);
    Err(Error::Transient)
}

async fn last<T: Clone>(values: &[T], _: T) -> Answer<&T> {
    values.last().ok_or(Error::Permanent)
}

#[call::fallback(last)]
async fn generic<'a, T: Clone>(values: &'a [T], other: T) -> Answer<&'a T> {
    drop((values, other));
    Err(Error::Transient)
}

fn ready<F: Future>(tollgate: &Tollgate, call: F) -> F::Output {
    Polled::new(tollgate.scope(call)).poll().unwrap()
}

#[test]
fn a_success_stands() {
    let (tollgate, _clock) = tollgate();
    assert_eq!(ready(&tollgate, by_nothing("a", 1, "b".to_owned())), Ok("ab".to_owned()));
    assert_eq!(ready(&tollgate, by_arguments("a", 1, "b".to_owned())), Ok("ba".to_owned()));
    assert_eq!(counts(&tollgate, site!(by_nothing)), "");
}

#[test]
fn it_is_given_what_it_takes() {
    let (tollgate, _clock) = tollgate();
    assert_eq!(ready(&tollgate, by_nothing("a", 0, "b".to_owned())), Ok("kept".to_owned()));
    assert_eq!(ready(&tollgate, by_arguments("a", 0, "b".to_owned())), Ok("a0b".to_owned()));
    assert_eq!(ready(&tollgate, by_error("a", 7, "b".to_owned())), Ok("a7bPermanent".to_owned()));
    assert_eq!(
        ready(&tollgate, by_error_alone()),
        Err(Error::Permanent),
        "its answer stands, whatever it is"
    );
    assert_eq!(ready(&tollgate, needs_no_clone(NoClone, (1, NoClone))), Ok("kept".to_owned()));
    let mut out = 0;
    assert_eq!(ready(&tollgate, may_be_lent(&mut out)), Ok("kept".to_owned()));
    assert_eq!(out, 1);
    assert_eq!(ready(&tollgate, takes_impl('x')), Ok("x".to_owned()));
    assert_eq!(ready(&tollgate, generic(&[1, 2], 3)), Ok(&2));
    assert_eq!(counts(&tollgate, site!(by_arguments)), "fallback fell_back 1");
}

#[test]
fn switched_off_the_failure_stands() {
    let tollgate = Tollgate::builder().disable(Policy::Fallback).build().unwrap();
    assert_eq!(ready(&tollgate, by_nothing("a", 0, "b".to_owned())), Err(Error::Transient));
}

#[derive(Debug, Default)]
struct Client {
    name: String,
}

impl Client {
    async fn stale(&self, station: &str) -> Answer<String> {
        Ok(format!("{} {station}", self.name))
    }

    async fn stale_for(&self, station: &str, error: Error) -> Answer<String> {
        Ok(format!("{} {station} {error:?}", self.name))
    }

    async fn unknown(self: Arc<Self>) -> Answer<String> {
        Ok(self.name.clone())
    }

    #[call::fallback(Self::stale)]
    async fn with_receiver(&self, _station: &str) -> Answer<String> {
        Err(Error::Transient)
    }

    #[call::fallback(Self::stale_for)]
    async fn with_receiver_and_error(&self, _station: &str) -> Answer<String> {
        Err(Error::Transient)
    }

    #[call::fallback(shown)]
    async fn without_receiver(&self, _station: &str) -> Answer<String> {
        Err(Error::Transient)
    }

    #[call::fallback(Self::unknown)]
    async fn with_an_arc(self: Arc<Self>) -> Answer<String> {
        Err(Error::Transient)
    }

    #[call::fallback(shown)]
    async fn by_mut(&mut self, _station: &str) -> Answer<String> {
        self.name.push('!');
        Err(Error::Transient)
    }
}

#[async_trait]
trait Weather: Send + Sync {
    async fn fetch(&self, station: &str, number: u32) -> Answer<String>;
}

async fn both(station: &str, number: u32) -> Answer<String> {
    Ok(format!("{station}{number}"))
}

#[async_trait]
impl Weather for Client {
    #[call::fallback(both)]
    async fn fetch(&self, station: &str, number: u32) -> Answer<String> {
        if station.is_empty() && number == 0 { Ok(String::new()) } else { Err(Error::Transient) }
    }
}

#[test]
fn methods() {
    let (tollgate, _clock) = tollgate();
    let mut client = Client { name: "a".to_owned() };
    assert_eq!(ready(&tollgate, client.with_receiver("b")), Ok("a b".to_owned()));
    assert_eq!(ready(&tollgate, client.with_receiver_and_error("b")), Ok("a b Transient".to_owned()));
    assert_eq!(ready(&tollgate, client.without_receiver("b")), Ok("b".to_owned()));
    assert_eq!(ready(&tollgate, client.by_mut("b")), Ok("b".to_owned()));
    assert_eq!(ready(&tollgate, client.fetch("b", 1)), Ok("b1".to_owned()));
    assert_eq!(ready(&tollgate, Arc::new(client).with_an_arc()), Ok("a!".to_owned()));
}

#[call::fallback(arguments)]
async fn may_move(text: &str, number: u32, owned: String) -> Answer<String> {
    tokio::task::yield_now().await;
    drop((text, number, owned));
    Err(Error::Transient)
}

#[tokio::test]
async fn it_may_move_between_threads() {
    assert_eq!(tokio::spawn(may_move("a", 1, "b".to_owned())).await.unwrap(), Ok("a1b".to_owned()));
}
