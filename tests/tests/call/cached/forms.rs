//! Every form of a function: it compiles, runs once, and its signature stays.

use std::fmt::Display;
use std::hash::Hash;
use std::sync::Arc;

use async_trait::async_trait;
use tollgate::{Rejected, call};

use super::run;
use crate::support::{Answer, CallError, tollgate};

#[call::cached(ttl = "5m")]
async fn no_arguments() -> u32 {
    run!()
}

#[call::cached(ttl = "5m")]
async fn nothing() {
    assert_eq!(run!(), 1);
}

#[call::cached(ttl = "5m")]
async fn owned(name: String, mut number: u32, _: &'static str) -> Answer<String> {
    number += run!();
    Ok(format!("{name} {number}"))
}

#[call::cached(ttl = "5m")]
async fn borrowed(name: &str, numbers: &[u8], &last: &u8) -> Answer<(usize, u32)> {
    Ok((name.len() + numbers.len() + usize::from(last), run!()))
}

#[call::cached(ttl = "5m")]
async fn question_mark(text: &str) -> Answer<u8> {
    let _ = run!();
    let number: u8 = text.parse()?;
    Ok(number)
}

#[call::cached(ttl = "5m")]
async fn early_return(text: String) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    Some(run!())
}

#[call::cached(ttl = "5m")]
async fn coerces(text: &str) -> Arc<dyn Display + Send + Sync> {
    let _ = run!();
    Arc::new(text.to_owned())
}

#[call::cached(ttl = "5m")]
async fn takes_impl(value: impl Display + Hash + Eq) -> String {
    format!("{value} {}", run!())
}

#[call::cached(ttl = "5m")]
async fn generic<T, const N: usize>(values: [T; N]) -> Vec<T>
where
    T: Clone + Hash + Eq + Send + Sync + 'static,
{
    let _ = run!();
    values.to_vec()
}

#[call::cached(ttl = "5m")]
async fn recursive(depth: u32) -> u32 {
    let _ = run!();
    if depth == 0 { 0 } else { Box::pin(recursive(depth - 1)).await + 1 }
}

#[call::cached(ttl = "5m")]
fn returns_a_future(number: u32) -> impl Future<Output = u32> + Send {
    let more = number + 1;
    async move { more + run!() }
}

#[call::cached(ttl = "5m")]
async fn r#match(r#type: u8, key: u8, miss: u8, known: u8, marks: u8) -> u32 {
    u32::from(r#type + key + miss + known + marks) + run!()
}

#[call::cached(ttl = "5m", key = "{key}{miss}{marks}", tags = ["{key}", "{marks}"])]
async fn names_of_ours(key: u8, miss: u8, marks: u8) -> u32 {
    u32::from(key + miss + marks) + run!()
}

#[call::cached(ttl = "5m")]
#[call::rate_limited("1/minute", key = "{number}")]
#[call::invalidates(tags = ["forms:{number}"])]
async fn all_of_them(number: u32) -> Result<u32, Rejected> {
    Ok(number + run!())
}

#[derive(Debug)]
struct Client {
    base: u32,
}

impl Client {
    #[call::cached(ttl = "5m", skip(self))]
    async fn by_ref(&self, id: u32) -> u32 {
        self.base + id + run!()
    }

    #[call::cached(ttl = "5m", skip(self))]
    async fn by_mut(&mut self, id: u32) -> u32 {
        self.base += 1;
        self.base + id + run!()
    }

    #[call::cached(ttl = "5m", skip(self))]
    async fn by_arc(self: Arc<Self>, id: u32) -> u32 {
        self.base + id + run!()
    }

    #[call::cached(ttl = "5m", key = "{id}")]
    async fn by_key(self, id: u32) -> Answer<u32> {
        Ok(self.base + id + run!())
    }

    #[call::cached(ttl = "5m")]
    async fn associated(id: u32) -> Arc<Self> {
        Arc::new(Self { base: id + run!() })
    }
}

trait Weather {
    fn name(&self) -> String;

    #[call::cached(ttl = "5m", skip(self))]
    #[allow(async_fn_in_trait)]
    async fn provided(&self, station: &str) -> String {
        let _ = run!();
        format!("{} {station}", self.name())
    }
}

struct Real;
struct Fake;

impl Weather for Real {
    fn name(&self) -> String {
        "real".to_owned()
    }
}

impl Weather for Fake {
    fn name(&self) -> String {
        "fake".to_owned()
    }
}

#[async_trait]
trait Boxed: Send + Sync {
    async fn fetch(&self, station: &str, number: u32) -> Result<String, CallError>;
}

#[async_trait]
impl Boxed for Client {
    #[call::cached(ttl = "5m", skip(self), tags = ["station:{station}"])]
    async fn fetch(&self, station: &str, number: u32) -> Result<String, CallError> {
        Ok(format!("{station} {}", self.base + number + run!()))
    }
}

struct Typed<T>(T);

impl<T: Clone + Hash + Eq + Send + Sync + 'static> Typed<T> {
    #[call::cached(ttl = "5m")]
    async fn make(value: T) -> u32 {
        let _ = value;
        run!()
    }
}

/// Both calls give the same.
macro_rules! kept {
    ($($call:expr => $answer:expr),* $(,)?) => {
        $(
            assert_eq!($call.await, $answer, "{}", stringify!($call));
            assert_eq!($call.await, $answer, "again: {}", stringify!($call));
        )*
    };
}

#[tokio::test]
async fn free_functions() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            kept! {
                no_arguments() => 1,
                nothing() => (),
                owned("a".to_owned(), 1, "x") => Ok("a 2".to_owned()),
                owned("a".to_owned(), 1, "y") => Ok("a 2".to_owned()),
                owned("a".to_owned(), 2, "x") => Ok("a 4".to_owned()),
                borrowed("a", &[1, 2], &3) => Ok((6, 1)),
                borrowed("a", &[1], &3) => Ok((5, 2)),
                question_mark("7") => Ok(7),
                early_return("a".to_owned()) => Some(1),
                early_return(String::new()) => None,
                r#match(1, 2, 3, 4, 5) => 16,
                r#match(5, 4, 3, 2, 1) => 17,
                names_of_ours(1, 2, 3) => 7,
                names_of_ours(1, 3, 2) => 8,
                returns_a_future(1) => 3,
            }
            assert!(question_mark("x").await.is_err());
            assert_eq!(coerces("a").await.to_string(), "a");
            assert_eq!(coerces("a").await.to_string(), "a");
        })
        .await;
}

#[tokio::test]
async fn a_limit_is_charged_for_what_is_kept_too() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!(all_of_them(1).await, Ok(2));
            assert!(all_of_them(1).await.is_err());
        })
        .await;
}

#[tokio::test]
async fn generic_functions_keep_apart_what_is_of_another_type() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            kept! {
                takes_impl(1_u8) => "1 1",
                takes_impl(1_i8) => "1 2",
                takes_impl("1") => "1 3",
                generic([1_u8, 2]) => vec![1, 2],
                generic([1_i8, 2]) => vec![1, 2],
                generic([1_i8, 2, 3]) => vec![1, 2, 3],
                Typed::make(1_u8) => 1,
                Typed::make(1_i8) => 2,
            }
            let _ = Typed(1).0;
        })
        .await;
}

#[tokio::test]
async fn a_function_that_calls_itself_does_not_wait_for_itself() {
    let (tollgate, _clock) = tollgate();
    assert_eq!(tollgate.scope(recursive(20)).await, 20);
}

#[tokio::test]
async fn methods() {
    let (tollgate, _clock) = tollgate();
    let mut client = Client { base: 10 };
    let shared = Arc::new(Client { base: 20 });
    tollgate
        .scope(async move {
            kept! {
                client.by_ref(1) => 12,
                client.by_mut(1) => 13,
                Arc::clone(&shared).by_arc(1) => 22,
                Client { base: 1 }.by_key(1) => Ok(3),
                client.fetch("LFPG", 1) => Ok("LFPG 13".to_owned()),
                Real.provided("a") => "real a",
                Fake.provided("a") => "fake a",
            }
            assert_eq!(Client::associated(1).await.base, 2);
            assert_eq!(Client::associated(1).await.base, 2);
            assert_eq!(client.base, 11, "it ran once");
        })
        .await;
}
