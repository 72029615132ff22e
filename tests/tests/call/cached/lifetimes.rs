//! For how long a value is kept, and what becomes of it afterwards.

use std::time::Duration;

use tollgate::testing::ManualClock;
use tollgate::{Tollgate, call};
use tollgate_tests::{counts, site};

use super::{Runs, run};
use crate::support::tollgate;

const SECOND: Duration = Duration::from_secs(1);

#[call::cached(ttl = "10s")]
async fn for_ten_seconds(number: u32) -> u32 {
    number + run!()
}

#[call::cached(ttl = "10s")]
async fn switched_off(number: u32) -> u32 {
    number + run!()
}

#[call::cached(ttl = "10s", stale_while_revalidate = "5s")]
async fn hot(key: u32) -> u32 {
    key + run!()
}

fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

#[call::cached(ttl = seconds(number))]
async fn by_argument(number: u64) -> u32 {
    let _ = number;
    run!()
}

#[expect(clippy::ptr_arg, reason = "it is given what is kept")]
fn by_length(text: &String) -> Duration {
    Duration::from_secs(text.len() as u64)
}

#[call::cached(ttl = by_length)]
async fn by_value(text: &str) -> Option<String> {
    let _ = run!();
    Some(text.to_owned())
}

static OF_VALUES: Runs = Runs::new();

#[call::cached(ttl = by_length)]
async fn by_value_counted(text: &str) -> Option<String> {
    let _ = OF_VALUES.next();
    Some(text.to_owned())
}

#[call::cached(ttl = "1s", skip(clock))]
async fn takes_its_time(clock: ManualClock) -> u32 {
    clock.advance(SECOND);
    run!()
}

#[derive(Clone, Debug, PartialEq)]
struct Fault;

#[call::cached(ttl = "1s", stale_if_error = "4s", skip(succeeds))]
async fn falls_back(key: u32, succeeds: bool) -> Result<u32, Fault> {
    let number = run!();
    if succeeds { Ok(key + number) } else { Err(Fault) }
}

#[call::cached(ttl = "1s", stale_if_error = "4s", skip(succeeds))]
async fn falls_back_from_a_panic(succeeds: &bool) -> u32 {
    let number = run!();
    assert!(*succeeds, "it does not");
    number
}

#[call::cached(ttl = "10s", stale_while_revalidate = "5s")]
async fn made_anew(key: u32) -> u32 {
    tokio::task::yield_now().await;
    key + run!()
}

#[call::cached(ttl = "10s", stale_while_revalidate = "5s")]
async fn made_anew_here(key: &str) -> u32 {
    tokio::task::yield_now().await;
    let _ = key;
    run!()
}

#[tokio::test]
async fn a_value_is_fresh_for_its_time_from_when_it_was_made() {
    let (tollgate, clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!(for_ten_seconds(0).await, 1);
            // Hits do not prolong it.
            for _ in 0..3 {
                clock.advance(3 * SECOND);
                assert_eq!(for_ten_seconds(0).await, 1);
            }
            clock.advance(SECOND);
            assert_eq!(for_ten_seconds(0).await, 2);
            clock.advance(9 * SECOND);
            assert_eq!(for_ten_seconds(0).await, 2);
        })
        .await;
    assert_eq!(counts(&tollgate, site!(for_ten_seconds)), "cached hit 4, miss 2");
}

#[tokio::test]
async fn the_time_may_come_from_the_arguments() {
    let (tollgate, clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!((by_argument(1).await, by_argument(9).await), (1, 2));
            clock.advance(SECOND);
            assert_eq!((by_argument(1).await, by_argument(9).await), (3, 2));
            // Zero: not kept.
            assert_eq!((by_argument(0).await, by_argument(0).await), (4, 5));
        })
        .await;
}

#[tokio::test]
async fn the_time_may_come_from_the_value() {
    let (tollgate, clock) = tollgate();
    tollgate
        .scope(async {
            for text in ["a", "a", "abc", "", ""] {
                assert_eq!(by_value_counted(text).await.as_deref(), Some(text));
            }
            assert_eq!(OF_VALUES.get(), 4, "the empty one is not kept");
            clock.advance(SECOND);
            assert_eq!(by_value_counted("a").await.as_deref(), Some("a"));
            assert_eq!(by_value_counted("abc").await.as_deref(), Some("abc"));
            assert_eq!(OF_VALUES.get(), 5);
            assert_eq!(by_value("a").await.as_deref(), Some("a"));
        })
        .await;
}

#[tokio::test]
async fn the_time_that_making_it_takes_does_not_count() {
    let (tollgate, clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!(takes_its_time(clock.clone()).await, 1);
            assert_eq!(takes_its_time(clock.clone()).await, 1);
            clock.advance(SECOND);
            assert_eq!(takes_its_time(clock.clone()).await, 2);
        })
        .await;
}

#[tokio::test]
async fn where_the_function_fails_the_last_value_is_given_for_a_while() {
    let (tollgate, clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!(falls_back(0, true).await, Ok(1));
            assert_eq!(falls_back(10, false).await, Err(Fault), "another key's value is no answer");
            clock.advance(2 * SECOND);
            assert_eq!(falls_back(0, false).await, Ok(1));
            clock.advance(3 * SECOND);
            assert_eq!(falls_back(0, false).await, Err(Fault), "it was too long ago");
            assert_eq!(falls_back(0, true).await, Ok(5));
        })
        .await;
    assert_eq!(counts(&tollgate, site!(falls_back)), "cached miss 4, stale 1");
}

#[tokio::test]
async fn the_same_holds_for_a_panic() {
    let (tollgate, clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!(falls_back_from_a_panic(&true).await, 1);
            clock.advance(2 * SECOND);
            assert_eq!(falls_back_from_a_panic(&false).await, 1);
        })
        .await;
}

/// Lets the tasks in the background go on.
async fn settle() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_is_stale_is_given_at_once_and_made_anew_once_in_the_background() {
    let (tollgate, clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!(made_anew(0).await, 1);
            clock.advance(11 * SECOND);
            for _ in 0..5 {
                assert_eq!(made_anew(0).await, 1, "stale");
            }
            settle().await;
            assert_eq!(made_anew(0).await, 2);
            clock.advance(16 * SECOND);
            assert_eq!(made_anew(0).await, 3, "too stale to be given");
        })
        .await;
    assert_eq!(counts(&tollgate, site!(made_anew)), "cached hit 1, miss 2, stale 5, refreshed 1");
}

#[tokio::test]
async fn a_hot_value_is_made_anew_before_it_is_stale() {
    let (tollgate, clock) = tollgate();
    tollgate
        .scope(async {
            let _ = hot(0).await;
            clock.advance(Duration::from_nanos(9_999_999_999));
            let first = hot(0).await;
            settle().await;
            assert_ne!(hot(0).await, first);
        })
        .await;
    assert!(counts(&tollgate, site!(hot)).contains("refreshed 1"));
}

#[tokio::test]
async fn of_those_who_lend_their_arguments_one_makes_it_anew_and_the_others_are_given_what_is_stale() {
    let (tollgate, clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!(made_anew_here("a").await, 1);
            clock.advance(11 * SECOND);
            let answers = tokio::join!(made_anew_here("a"), made_anew_here("a"), made_anew_here("a"));
            assert_eq!(answers, (2, 1, 1));
            assert_eq!(made_anew_here("a").await, 2);
        })
        .await;
}

#[tokio::test]
async fn a_cache_that_is_switched_off_keeps_nothing() {
    let clock = ManualClock::new();
    let tollgate = Tollgate::builder().clock(clock).disable(tollgate::Policy::Cache).build().unwrap();
    let before = tollgate.scope(switched_off(0)).await;
    assert_ne!(tollgate.scope(switched_off(0)).await, before);
}
