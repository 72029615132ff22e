//! What tells calls apart.

use tollgate::call;

use super::run;
use crate::support::tollgate;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Iata([u8; 3]);

#[derive(Clone, Debug)]
struct Connection;

#[call::cached(ttl = "5m", skip(connection, trace))]
async fn skips(connection: &Connection, iata: Iata, trace: f64) -> u32 {
    let _ = (connection, iata, trace);
    run!()
}

#[call::cached(ttl = "5m", key = "{tenant}/{code}")]
async fn by_text(tenant: &str, code: &str, other: f64) -> u32 {
    let _ = (tenant, code, other);
    run!()
}

#[call::cached(ttl = "5m")]
async fn two(one: &str, other: Option<&str>) -> u32 {
    let _ = (one, other);
    run!()
}

#[call::cached(ttl = "5m")]
async fn one_of_them(iata: u32) -> u32 {
    let _ = iata;
    1
}

#[call::cached(ttl = "5m")]
async fn another_one(iata: u32) -> u32 {
    let _ = iata;
    2
}

#[tokio::test]
async fn arguments_that_are_skipped_do_not_count() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!(skips(&Connection, Iata(*b"CDG"), 1.0).await, 1);
            assert_eq!(skips(&Connection, Iata(*b"CDG"), 2.0).await, 1);
            assert_eq!(skips(&Connection, Iata(*b"ORY"), 1.0).await, 2);
        })
        .await;
}

#[tokio::test]
async fn a_written_key_says_what_counts() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!(by_text("a", "b", 1.0).await, 1);
            assert_eq!(by_text("a", "b", 2.0).await, 1);
            // The same text, of other parts.
            assert_eq!(by_text("a/b", "", 1.0).await, 2);
            assert_eq!(by_text("a", "/b", 1.0).await, 3);
        })
        .await;
}

#[tokio::test]
async fn arguments_are_told_apart_wherever_one_ends() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            let calls =
                [("ab", Some("c")), ("a", Some("bc")), ("ab", None), ("ab", Some("")), ("", Some("abc"))];
            for (number, (one, other)) in (1..).zip(calls) {
                assert_eq!(two(one, other).await, number);
            }
            assert_eq!(two("ab", Some("c")).await, 1);
        })
        .await;
}

#[tokio::test]
async fn two_functions_share_nothing() {
    let (tollgate, _clock) = tollgate();
    tollgate.scope(async { assert_eq!((one_of_them(1).await, another_one(1).await), (1, 2)) }).await;
}

#[tokio::test]
async fn two_tollgates_share_nothing() {
    let (first, _clock) = tollgate();
    let (second, _clock) = tollgate();
    let call = || two("tollgates", None);
    assert_ne!(first.scope(call()).await, second.scope(call()).await);
}

#[tokio::test]
async fn long_arguments_are_told_apart_too() {
    let (tollgate, _clock) = tollgate();
    let (long, other) = ("x".repeat(100_000), "x".repeat(99_999) + "y");
    tollgate
        .scope(async {
            let first = two(&long, None).await;
            assert_ne!(two(&other, None).await, first);
            assert_eq!(two(&long, None).await, first);
        })
        .await;
}
