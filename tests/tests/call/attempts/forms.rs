//! Every form of a function that is tried several times: it compiles, and each attempt has its own arguments.

#![allow(clippy::unused_async, reason = "they are async, whatever is in them")]

use std::fmt::Display;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use tollgate::call;

use super::{Answer, Error};
use crate::support::{Polled, millis, tollgate};

/// Runs a call that succeeds the second time, and its clock.
macro_rules! second_time {
    ($call:expr) => {{
        let (tollgate, clock) = tollgate();
        let mut call = Polled::new(tollgate.scope(async { $call.await }));
        loop {
            if let Some(answer) = call.poll() {
                break answer;
            }
            clock.advance(millis(1_000));
        }
    }};
}

/// Fails the first time.
fn once(seen: &AtomicU32) -> Answer<u32> {
    match seen.fetch_add(1, Ordering::Relaxed) {
        0 => Err(Error::Transient),
        number => Ok(number),
    }
}

#[call::retry(attempts = 2, backoff = "1s")]
async fn owned(seen: &AtomicU32, mut text: String, numbers: Vec<u8>, _: &str) -> Answer<(String, Vec<u8>)> {
    text.push('!');
    let moved = numbers;
    once(seen)?;
    Ok((text, moved))
}

#[call::retry(attempts = 2, backoff = "1s")]
async fn borrowed<'a>(seen: &AtomicU32, text: &'a str, mut rest: &'a str) -> Answer<(&'a str, &'a str)> {
    rest = &rest[1..];
    once(seen)?;
    Ok((text, rest))
}

#[call::retry(attempts = 2, backoff = "1s")]
#[allow(clippy::mut_mut, reason = "it is what a `mut` is for")]
async fn lent(seen: &AtomicU32, out: &mut Vec<u8>, mut other: &mut u32) -> Answer<()> {
    out.push(1);
    let other = &mut other;
    **other += 1;
    tokio::task::yield_now().await;
    once(seen)?;
    Ok(())
}

#[derive(Clone)]
struct Point {
    x: String,
    y: u8,
}

#[call::retry(attempts = 2, backoff = "1s")]
async fn patterns(
    seen: &AtomicU32,
    Point { x, y: mut height }: Point,
    (left, ref right): (u8, String),
    [first, .., last]: [u8; 3],
    &mut ref mut out: &mut u8,
) -> Answer<(String, u8)> {
    height += first + last + left;
    *out += 1;
    once(seen)?;
    Ok((x + right, height))
}

#[call::retry(attempts = 2, backoff = "1s")]
async fn generic<T, const N: usize>(
    seen: &AtomicU32,
    values: [T; N],
    other: impl Display + Clone,
) -> Answer<String>
where
    T: Clone + Display,
{
    once(seen)?;
    Ok(format!("{}{other}", values[N - 1]))
}

#[call::retry(attempts = 2, backoff = "1s")]
async fn gives_impl(seen: &AtomicU32) -> Result<impl Display + use<>, Error> {
    once(seen)?;
    Ok("x")
}

#[call::retry(attempts = 2, backoff = "1s")]
async fn coerces(
    seen: &AtomicU32,
) -> Result<Box<dyn Display + Send>, Box<dyn std::error::Error + Send + Sync>> {
    if once(seen).is_err() {
        return Err("first".into());
    }
    Ok(Box::new(7))
}

#[call::retry(attempts = 2, backoff = "1s")]
async fn recursive(seen: &AtomicU32, depth: u32) -> Answer<u32> {
    if depth == 0 { once(seen) } else { Ok(Box::pin(recursive(seen, depth - 1)).await? + depth) }
}

#[call::retry(attempts = 2, backoff = "1s")]
fn returns_a_future(seen: &AtomicU32, number: u32) -> impl Future<Output = Answer<u32>> + Send {
    let more = number + 1;
    async move { Ok(once(seen)? + more) }
}

#[call::retry(attempts = 2, backoff = "1s")]
async fn stays_on_its_thread(seen: &AtomicU32, text: std::rc::Rc<str>) -> Answer<usize> {
    tokio::task::yield_now().await;
    once(seen)?;
    Ok(text.len())
}

/// May move, and may not be shared.
#[call::retry(attempts = 2, backoff = "1s")]
async fn is_sent_and_not_shared(seen: Arc<AtomicU32>, count: std::cell::Cell<u32>) -> Answer<u32> {
    count.set(count.get() + 1);
    tokio::task::yield_now().await;
    once(&seen)?;
    Ok(count.get())
}

#[test]
fn free_functions() {
    let seen = AtomicU32::default;
    assert_eq!(
        second_time!(owned(&seen(), "a".to_owned(), vec![1], "")),
        Ok(("a!".to_owned(), vec![1])),
        "each attempt has its own"
    );
    assert_eq!(second_time!(borrowed(&seen(), "a", "bc")), Ok(("a", "c")));
    let (mut out, mut other) = (Vec::new(), 0);
    assert_eq!(second_time!(lent(&seen(), &mut out, &mut other)), Ok(()));
    assert_eq!((out, other), (vec![1, 1], 2), "what is lent is the same");
    let mut out = 0;
    let point = Point { x: "a".to_owned(), y: 1 };
    assert_eq!(
        second_time!(patterns(&seen(), point, (1, "b".to_owned()), [2, 3, 4], &mut out)),
        Ok(("ab".to_owned(), 8))
    );
    assert_eq!(out, 2);
    assert_eq!(second_time!(generic(&seen(), [1, 2], 'x')), Ok("2x".to_owned()));
    assert_eq!(second_time!(gives_impl(&seen())).unwrap().to_string(), "x");
    assert_eq!(second_time!(coerces(&seen())).unwrap().to_string(), "7");
    assert_eq!(second_time!(recursive(&seen(), 2)), Ok(4));
    assert_eq!(second_time!(returns_a_future(&seen(), 1)), Ok(3));
    assert_eq!(second_time!(stays_on_its_thread(&seen(), "abc".into())), Ok(3));
    let call: Pin<Box<dyn Future<Output = Answer<u32>> + Send>> =
        Box::pin(is_sent_and_not_shared(Arc::default(), std::cell::Cell::new(0)));
    assert_eq!(second_time!(call), Ok(1));
}

#[derive(Debug, Default)]
struct Client {
    name: String,
    seen: AtomicU32,
    calls: u32,
}

impl Client {
    #[call::retry(attempts = 2, backoff = "1s")]
    async fn by_ref(&self) -> Answer<&str> {
        once(&self.seen)?;
        Ok(&self.name)
    }

    #[call::retry(attempts = 2, backoff = "1s")]
    async fn by_mut(&mut self, more: String) -> Answer<u32> {
        self.calls += 1;
        self.name.push_str(&more);
        self.inner().await?;
        Ok(self.calls)
    }

    async fn inner(&mut self) -> Answer<u32> {
        once(&self.seen)
    }

    #[call::retry(attempts = 2, backoff = "1s")]
    async fn by_arc(self: Arc<Self>, more: u32) -> Answer<u32> {
        Ok(once(&self.seen)? + more)
    }

    #[call::retry(attempts = 2, backoff = "1s")]
    async fn by_value(self) -> Answer<u32> {
        once(&self.seen)
    }
}

#[test]
fn methods() {
    let client = Client { name: "a".to_owned(), ..Client::default() };
    assert_eq!(second_time!(client.by_ref()), Ok("a"));
    let mut client = Client::default();
    assert_eq!(second_time!(client.by_mut("x".to_owned())), Ok(2));
    assert_eq!(client.name, "xx");
    assert_eq!(second_time!(Arc::new(Client::default()).by_arc(1)), Ok(2));
    assert_eq!(second_time!(Client::default().by_value()), Ok(1));
}

trait Weather {
    #[allow(async_fn_in_trait)]
    async fn fetch(&self, station: String) -> Answer<String>;
}

impl Weather for Client {
    #[call::retry(attempts = 2, backoff = "1s")]
    async fn fetch(&self, station: String) -> Answer<String> {
        once(&self.seen)?;
        Ok(station)
    }
}

#[async_trait]
trait Boxed: Send + Sync {
    async fn fetch(&self, station: String, numbers: (u32, u32)) -> Answer<&str>;
    async fn change(&mut self, station: String, out: &mut u32) -> Answer<u32>;
}

#[async_trait]
impl Boxed for Client {
    #[call::retry(attempts = 2, backoff = "1s")]
    async fn fetch(&self, station: String, (left, mut right): (u32, u32)) -> Answer<&str> {
        right += once(&self.seen)?;
        assert_eq!((station.as_str(), left + right), ("a", 4));
        Ok(&self.name)
    }

    #[call::retry(attempts = 2, backoff = "1s")]
    async fn change(&mut self, station: String, out: &mut u32) -> Answer<u32> {
        *out += 1;
        self.name.push_str(&station);
        once(&self.seen)
    }
}

#[test]
fn functions_of_traits() {
    assert_eq!(second_time!(Weather::fetch(&Client::default(), "a".to_owned())), Ok("a".to_owned()));
    let client = Client { name: "b".to_owned(), ..Client::default() };
    assert_eq!(second_time!(Boxed::fetch(&client, "a".to_owned(), (1, 2))), Ok("b"));
    let (mut client, mut out) = (Client::default(), 0);
    assert_eq!(second_time!(client.change("a".to_owned(), &mut out)), Ok(1));
    assert_eq!((client.name.as_str(), out), ("aa", 2));
}
