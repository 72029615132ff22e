//! `charge_on`: only some answers cost anything, and nobody gets more of those than the limit allows.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Query;
use axum::routing::get;
use http::StatusCode;
use serde::Deserialize;
use tokio::sync::{Barrier, Semaphore};
use tollgate::{RateLimitKey, RequestFacts, rate_limited};
use tollgate_tests::site;

use crate::support::{and, service};

#[derive(Deserialize)]
struct Attempt {
    status: u16,
}

fn answer(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap()
}

#[rate_limited("3/minute", charge_on = [401, 403])]
async fn login(Query(Attempt { status }): Query<Attempt>) -> StatusCode {
    answer(status)
}

#[tokio::test]
async fn answers_that_are_not_listed_cost_nothing() {
    let service = service(get(login));
    for _ in 0..20 {
        let told = service.get("/?status=200").await;
        assert_eq!((told.status.as_u16(), told.rate_limit()), (200, "\"default\";r=3"));
    }
    assert_eq!(service.counts(site!(login)), "rate_limited admitted 20");
}

#[tokio::test]
async fn listed_answers_are_charged_and_the_next_is_refused_whatever_it_would_be() {
    let service = service(get(login));
    for (status, remaining) in [(401, 2), (200, 2), (403, 1), (404, 1), (401, 0)] {
        let told = service.get(&format!("/?status={status}")).await;
        assert_eq!(told.status.as_u16(), status);
        assert!(
            told.rate_limit().starts_with(&format!("\"default\";r={remaining};")),
            "{}",
            told.rate_limit()
        );
    }
    let refused = service.get("/?status=200").await;
    assert_eq!((refused.status.as_u16(), refused.field("retry-after")), (429, "20"));
    service.clock.advance(Duration::from_secs(20));
    assert_eq!(service.get("/?status=200").await.status.as_u16(), 200);
    assert_eq!(service.get("/?status=401").await.status.as_u16(), 401);
    assert_eq!(service.get("/?status=200").await.status.as_u16(), 429);
}

#[tokio::test]
async fn an_extractor_that_refuses_is_an_answer_as_any_other() {
    let service = service(get(login));
    for _ in 0..10 {
        assert_eq!(service.get("/").await.status.as_u16(), 400);
    }
}

#[rate_limited("3/minute", charge_on = [401])]
async fn slow() -> StatusCode {
    GATE.acquire().await.unwrap().forget();
    StatusCode::UNAUTHORIZED
}

static GATE: Semaphore = Semaphore::const_new(0);

#[tokio::test]
async fn however_many_try_at_once_no_more_than_the_limit_fail() {
    let service = Arc::new(service(get(slow)));
    let ready = Arc::new(Barrier::new(100));
    let attempts: Vec<_> = (0..100)
        .map(|_| {
            let (service, ready) = (Arc::clone(&service), Arc::clone(&ready));
            tokio::spawn(async move {
                ready.wait().await;
                service.get("/").await.status.as_u16()
            })
        })
        .collect();
    GATE.add_permits(100);
    let mut statuses = Vec::new();
    for attempt in attempts {
        statuses.push(attempt.await.unwrap());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 3);
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 97);
}

#[rate_limited("3/minute", charge_on = [401])]
async fn takes_its_time(Query(Attempt { status }): Query<Attempt>) -> StatusCode {
    if status == 200 {
        BEGUN.add_permits(1);
        MAY_END.acquire().await.unwrap().forget();
    }
    answer(status)
}

static BEGUN: Semaphore = Semaphore::const_new(0);
static MAY_END: Semaphore = Semaphore::const_new(0);

/// A permit is earned in twenty seconds.
#[tokio::test]
async fn an_answer_that_takes_longer_than_its_permit_gives_nothing_back() {
    let service = Arc::new(service(get(takes_its_time)));
    let takes = async |seconds, failures| {
        let (served, send) = (Arc::clone(&service), "/?status=200");
        let slow = tokio::spawn(async move { served.get(send).await });
        BEGUN.acquire().await.unwrap().forget();
        service.clock.advance(Duration::from_secs(seconds));
        let mut statuses = Vec::new();
        for _ in 0..failures {
            statuses.push(service.get("/?status=401").await.status.as_u16());
        }
        MAY_END.add_permits(1);
        assert_eq!(slow.await.unwrap().status.as_u16(), 200);
        statuses
    };
    assert!(takes(19, 0).await.is_empty());
    // As if it had never been: three are there, and the fourth takes until one is earned.
    assert_eq!(takes(20, 4).await, [401, 401, 401, 429]);
    assert_eq!(service.get("/?status=401").await.status.as_u16(), 429);
    service.clock.advance(Duration::from_secs(20));
    assert_eq!(service.get("/?status=401").await.status.as_u16(), 401);
    assert_eq!(service.get("/?status=401").await.status.as_u16(), 429);
}

#[rate_limited("2/minute", charge_on = [401])]
async fn never_answers() -> StatusCode {
    std::future::pending().await
}

#[tokio::test]
async fn an_attempt_that_is_given_up_has_been_charged() {
    let service = service(get(never_answers));
    for _ in 0..2 {
        let attempt = tokio::time::timeout(Duration::from_millis(20), service.get("/")).await;
        assert!(attempt.is_err(), "it never answers");
    }
    assert_eq!(service.get("/").await.status.as_u16(), 429);
}

#[rate_limited("2/minute", charge_on = [401])]
#[rate_limited("5/minute", key = global)]
async fn beside_another(Query(Attempt { status }): Query<Attempt>) -> StatusCode {
    answer(status)
}

#[tokio::test]
async fn the_other_limits_of_the_function_are_charged_as_ever() {
    let service = service(get(beside_another));
    let told = service.get("/?status=200").await;
    assert_eq!(told.rate_limit(), "\"ip-minute\";r=2, \"global-minute\";r=4;t=12");
    let told = service.get("/?status=401").await;
    assert_eq!(told.rate_limit(), "\"ip-minute\";r=1;t=30, \"global-minute\";r=3;t=12");
}

/// Who is asked for: a name in a field.
struct Account;

impl RateLimitKey for Account {
    fn key(facts: &RequestFacts<'_>) -> Option<tollgate::Key> {
        Some(facts.headers().get("x-account")?.to_str().ok()?.into())
    }
}

#[rate_limited("1/minute", key = Account, charge_on = [401], cost = 1, algorithm = sliding_log)]
async fn by_account(Query(Attempt { status }): Query<Attempt>) -> StatusCode {
    answer(status)
}

#[tokio::test]
async fn it_counts_by_any_key_and_in_any_way() {
    let service = service(get(by_account));
    for (account, status, expected) in
        [("ada", 401, 401), ("ada", 200, 429), ("bob", 200, 200), ("bob", 401, 401), ("bob", 200, 429)]
    {
        let told =
            service.send(and(tollgate_tests::get(&format!("/?status={status}")), "x-account", account)).await;
        assert_eq!(told.status.as_u16(), expected, "{account}");
    }
}
