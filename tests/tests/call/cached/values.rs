//! What of an answer is kept.

use std::sync::Arc;

use tollgate::call;

use super::run;
use crate::support::tollgate;

type Found<T> = Option<T>;
type Checked<T> = Result<Found<T>, Fault>;
type Tried = std::io::Result<u32>;

#[derive(Clone, Debug, PartialEq)]
struct Fault(u32);

#[call::cached(ttl = "5m")]
async fn option(some: bool) -> Option<u32> {
    let number = run!();
    some.then_some(number)
}

#[call::cached(ttl = "5m")]
async fn option_by_alias(some: bool) -> Found<u32> {
    let number = run!();
    some.then_some(number)
}

#[call::cached(ttl = "5m", cache_none)]
async fn option_with_none(some: bool) -> Option<u32> {
    let number = run!();
    some.then_some(number)
}

#[call::cached(ttl = "5m")]
async fn result(ok: bool) -> Result<u32, Fault> {
    let number = run!();
    if ok { Ok(number) } else { Err(Fault(number)) }
}

#[call::cached(ttl = "5m")]
async fn result_by_alias(ok: bool) -> Tried {
    let number = run!();
    if ok { Ok(number) } else { Err(std::io::Error::other(number.to_string())) }
}

#[call::cached(ttl = "5m", cache_errors)]
async fn result_with_errors(ok: bool) -> Result<u32, Fault> {
    let number = run!();
    if ok { Ok(number) } else { Err(Fault(number)) }
}

#[call::cached(ttl = "5m")]
async fn both(answer: u8) -> Result<Option<u32>, Fault> {
    of_both(answer, run!())
}

#[call::cached(ttl = "5m")]
async fn both_by_alias(answer: u8) -> Checked<u32> {
    of_both(answer, run!())
}

#[call::cached(ttl = "5m", cache_none)]
async fn both_with_none(answer: u8) -> Checked<u32> {
    of_both(answer, run!())
}

#[call::cached(ttl = "5m", cache_errors)]
async fn both_with_errors(answer: u8) -> Checked<u32> {
    of_both(answer, run!())
}

#[call::cached(ttl = "5m", cache_errors, cache_none)]
async fn both_with_all(answer: u8) -> Checked<u32> {
    of_both(answer, run!())
}

fn of_both(answer: u8, number: u32) -> Checked<u32> {
    match answer {
        0 => Ok(None),
        1 => Ok(Some(number)),
        _ => Err(Fault(number)),
    }
}

#[call::cached(ttl = "5m")]
async fn shared() -> Arc<Vec<u32>> {
    Arc::new(vec![run!()])
}

/// Whether the second of two calls is given what the first one made.
macro_rules! keeps {
    ($call:expr) => {{
        let first = format!("{:?}", $call.await);
        let second = format!("{:?}", $call.await);
        let none = ["None", "Ok(None)"].contains(&first.as_str());
        (first == second, none)
    }};
}

#[tokio::test]
async fn only_successes_are_kept_unless_the_attribute_says_otherwise() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!([keeps!(result(true)).0, keeps!(result(false)).0], [true, false]);
            assert_eq!([keeps!(result_by_alias(true)).0, keeps!(result_by_alias(false)).0], [true, false]);
            assert_eq!(
                [keeps!(result_with_errors(true)).0, keeps!(result_with_errors(false)).0],
                [true, true]
            );
            assert_eq!([keeps!(both(1)).0, keeps!(both(2)).0], [true, false]);
            assert_eq!([keeps!(both_by_alias(1)).0, keeps!(both_by_alias(2)).0], [true, false]);
            assert_eq!([keeps!(both_with_none(1)).0, keeps!(both_with_none(2)).0], [true, false]);
            assert_eq!([keeps!(both_with_errors(1)).0, keeps!(both_with_errors(2)).0], [true, true]);
            assert_eq!([keeps!(both_with_all(1)).0, keeps!(both_with_all(2)).0], [true, true]);
        })
        .await;
}

/// How often a function ran that answers `None` to two calls.
macro_rules! runs_for_none {
    ($function:ident($none:expr, $some:expr)) => {{
        let (first, second) = ($function($none).await, $function($none).await);
        assert_eq!(first, second);
        // The number of the next run tells how many there were.
        let next = format!("{:?}", $function($some).await);
        next.chars().filter(char::is_ascii_digit).collect::<String>().parse::<u32>().unwrap() - 1
    }};
}

#[tokio::test]
async fn none_is_kept_where_the_attribute_says_so() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!(runs_for_none!(option(false, true)), 2);
            assert_eq!(runs_for_none!(option_by_alias(false, true)), 2);
            assert_eq!(runs_for_none!(option_with_none(false, true)), 1);
        })
        .await;
}

mod none_of_both {
    use super::*;

    #[call::cached(ttl = "5m")]
    async fn not_kept(answer: u8) -> Checked<u32> {
        of_both(answer, run!())
    }

    #[call::cached(ttl = "5m", cache_none)]
    async fn kept(answer: u8) -> Checked<u32> {
        of_both(answer, run!())
    }

    #[call::cached(ttl = "5m", cache_errors)]
    async fn not_kept_with_errors(answer: u8) -> Checked<u32> {
        of_both(answer, run!())
    }

    #[call::cached(ttl = "5m", cache_errors, cache_none)]
    async fn all_kept(answer: u8) -> Checked<u32> {
        of_both(answer, run!())
    }

    #[tokio::test]
    async fn a_result_of_an_option_is_looked_into() {
        let (tollgate, _clock) = tollgate();
        tollgate
            .scope(async {
                assert_eq!(runs_for_none!(not_kept(0, 1)), 2);
                assert_eq!(runs_for_none!(kept(0, 1)), 1);
                assert_eq!(runs_for_none!(not_kept_with_errors(0, 1)), 2);
                assert_eq!(runs_for_none!(all_kept(0, 1)), 1);
            })
            .await;
    }
}

#[tokio::test]
async fn a_clone_of_what_is_shared_is_the_same() {
    let (tollgate, _clock) = tollgate();
    tollgate.scope(async { assert!(Arc::ptr_eq(&shared().await, &shared().await)) }).await;
}
