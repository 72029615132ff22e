//! Every form of a free function or a method: it compiles, runs, and is limited.

use std::fmt::Display;
use std::sync::Arc;

use tollgate::call;

use crate::support::{Answer, CallError, tollgate};

#[call::rate_limited("1/minute")]
async fn no_arguments() -> Answer<&'static str> {
    Ok("hello")
}

#[call::rate_limited("1/minute")]
async fn several_arguments(one: &str, mut other: String, (left, right): (u8, u8)) -> Answer<String> {
    other.push_str(one);
    Ok(format!("{other}{}", left + right))
}

#[call::rate_limited("1/minute")]
async fn question_mark(text: &str) -> Answer<u8> {
    let number: u8 = text.parse()?;
    Ok(number)
}

#[call::rate_limited("1/minute")]
async fn early_return(text: &str) -> Answer<&str> {
    if text.is_empty() {
        return Ok("nothing");
    }
    Ok(text)
}

#[call::rate_limited("1/minute")]
#[allow(clippy::ptr_arg, reason = "what is returned is coerced")]
async fn coerces(text: &String) -> Answer<&str> {
    Ok(text)
}

#[call::rate_limited("1/minute")]
async fn coerces_into_a_box() -> Result<Box<dyn Display + Send>, CallError> {
    Ok(Box::new(7))
}

#[call::rate_limited("1/minute")]
async fn takes_and_gives_impl(value: impl Display + Send) -> Result<impl Display, CallError> {
    Ok(value.to_string())
}

#[call::rate_limited("1/minute")]
async fn generic<'a, T, const N: usize>(values: &'a [T; N], _: T) -> Answer<&'a T>
where
    T: Clone + Send + Sync,
{
    Ok(&values[N - 1])
}

#[call::rate_limited("9/minute", cost = 3)]
async fn recursive(depth: u32) -> Answer<u32> {
    if depth == 0 { Ok(0) } else { Ok(Box::pin(recursive(depth - 1)).await? + 1) }
}

#[call::rate_limited("1/minute")]
async fn boxed_error() -> Result<u8, Box<dyn std::error::Error + Send + Sync>> {
    Ok(1)
}

#[call::rate_limited("1/minute")]
async fn problem() -> Result<u8, tollgate::Problem> {
    Ok(1)
}

#[call::rate_limited("1/minute")]
async fn unchanged_rejection() -> Result<u8, tollgate::Rejected> {
    Ok(1)
}

#[call::rate_limited("1/minute")]
fn returns_a_future(number: u8) -> impl Future<Output = Answer<u8>> + Send {
    let more = number + 1;
    async move { Ok(more) }
}

#[call::rate_limited("1/minute")]
async fn r#match(r#type: u8) -> Answer<u8> {
    Ok(r#type)
}

struct Point {
    x: u8,
    y: u8,
}

#[call::rate_limited("1/minute")]
async fn patterns(
    Point { x, y: mut height }: Point,
    [first, .., last]: [u8; 3],
    &mut ref mut out: &mut u8,
) -> Answer<u8> {
    height += 1;
    *out = x;
    Ok(height + first + last)
}

#[derive(Debug, Default)]
struct Client {
    name: String,
    calls: u32,
}

impl Client {
    #[call::rate_limited("1/minute")]
    async fn by_ref(&self) -> Answer<&str> {
        Ok(&self.name)
    }

    #[call::rate_limited("1/minute")]
    async fn by_mut(&mut self) -> Answer<&mut u32> {
        self.calls += 1;
        Ok(&mut self.calls)
    }

    #[call::rate_limited("1/minute")]
    async fn by_value(mut self) -> Answer<Self> {
        self.calls += 1;
        Ok(self)
    }

    #[call::rate_limited("1/minute")]
    async fn by_arc(self: Arc<Self>, more: u32) -> Answer<u32> {
        Ok(self.calls + more)
    }

    #[call::rate_limited("1/minute")]
    async fn associated(name: &str) -> Answer<Self> {
        Ok(Self { name: name.to_owned(), calls: 0 })
    }
}

/// Runs a call twice: the first is admitted, the second refused.
macro_rules! admits_one {
    ($call:expr => $expected:expr) => {{
        let (tollgate, _clock) = tollgate();
        let answer = tollgate.scope(async { $call.await }).await;
        assert_eq!(answer.unwrap(), $expected);
        let refused = tollgate.scope(async { $call.await.err() }).await;
        assert!(refused.unwrap().to_string().contains("try again in 60 seconds"));
    }};
}

#[tokio::test]
async fn free_functions() {
    admits_one!(no_arguments() => "hello");
    admits_one!(several_arguments("b", "a".to_owned(), (1, 2)) => "ab3");
    admits_one!(question_mark("7") => 7);
    admits_one!(early_return("") => "nothing");
    let text = "text".to_owned();
    admits_one!(coerces(&text) => "text");
    admits_one!(generic(&[1, 2, 3], 0) => &3);
    admits_one!(returns_a_future(1) => 2);
    admits_one!(r#match(1) => 1);
    let mut out = 0;
    admits_one!(patterns(Point { x: 9, y: 1 }, [1, 2, 3], &mut out) => 6);
    assert_eq!(out, 9);
}

#[tokio::test]
async fn what_is_behind_a_trait() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!(coerces_into_a_box().await.unwrap().to_string(), "7");
            assert_eq!(takes_and_gives_impl('x').await.unwrap().to_string(), "x");
            assert!(takes_and_gives_impl(1).await.is_err(), "one site for all types");
            assert_eq!(boxed_error().await.unwrap(), 1);
            assert!(boxed_error().await.unwrap_err().is::<tollgate::Rejected>());
            assert_eq!(problem().await.unwrap(), 1);
            assert_eq!(problem().await.unwrap_err().status(), 429);
            assert_eq!(unchanged_rejection().await.unwrap(), 1);
            assert_eq!(unchanged_rejection().await.unwrap_err().policy(), tollgate::Policy::RateLimit);
        })
        .await;
}

#[tokio::test]
async fn methods() {
    let client = Client { name: "a".to_owned(), calls: 0 };
    admits_one!(client.by_ref() => "a");
    let mut client = client;
    admits_one!(client.by_mut() => &mut 1);
    let client = Arc::new(client);
    admits_one!(Arc::clone(&client).by_arc(1) => 2);
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            let client = Client::associated("b").await.unwrap();
            assert!(Client::associated("b").await.is_err());
            assert_eq!(client.by_value().await.unwrap().calls, 1);
            assert!(Client::default().by_value().await.is_err());
        })
        .await;
}

#[tokio::test]
async fn a_recursive_function_is_charged_at_every_depth() {
    let (tollgate, _clock) = tollgate();
    assert_eq!(tollgate.scope(recursive(1)).await, Ok(1));
    assert!(tollgate.scope(recursive(1)).await.is_err(), "3 of 9 are left, and 6 are needed");
}

#[tokio::test]
async fn a_future_that_may_move_between_threads_still_may() {
    let (tollgate, _clock) = tollgate();
    let call = tollgate.scope(several_arguments("b", String::new(), (0, 0)));
    assert_eq!(tokio::spawn(call).await.unwrap(), Ok("b0".to_owned()));
}

#[call::rate_limited("2/minute", key = "{text}")]
async fn stays_on_its_thread(text: std::rc::Rc<str>) -> Answer<usize> {
    Ok(text.len())
}

#[tokio::test]
async fn a_future_that_may_not_need_not() {
    let (tollgate, _clock) = tollgate();
    assert_eq!(tollgate.scope(stays_on_its_thread("abc".into())).await, Ok(3));
}
