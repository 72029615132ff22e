//! Under a cache: what is stale is served while a circuit is open, refusals are never kept, and what goes on without its request is within
//! its policies.

#![allow(clippy::unused_async, reason = "they are async, whatever is in them")]

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use tollgate::{bulkhead, cached, circuit_breaker, fallback, timeout};
use tollgate_tests::site;

use crate::support::{Does, Upstream, ask, asking, poll, refusal, service};

#[cached(ttl = "10s", stale_if_error = "1m")]
#[circuit_breaker(consecutive_failures = 1, open_for = "20s", jitter = 0.0, half_open_calls = 1)]
#[timeout("1s")]
async fn kept(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn what_is_stale_is_served_while_the_circuit_is_open() {
    let upstream = Upstream::new(Does::Says(200));
    let service = service(&upstream, get(kept));
    assert_eq!(service.get("/").await.body, "1");
    upstream.now(Does::Says(503));
    service.clock.advance(Duration::from_secs(11));
    for _ in 0..3 {
        let answer = service.get("/").await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "1"));
    }
    assert_eq!(upstream.runs(), 2, "the first of these opened the circuit");
    service.clock.advance(Duration::from_secs(60));
    upstream.now(Does::Says(200));
    assert_eq!(service.get("/").await.body, "3");
    assert_eq!(
        service.counts(site!(kept)),
        "cached miss 2, stale 3, circuit_breaker success 2, failure 1, refused 2, timeout completed 3"
    );
}

#[tokio::test]
async fn refusals_are_never_kept() {
    let upstream = Upstream::new(Does::Says(500));
    let service = service(&upstream, get(kept));
    assert_eq!(ask(&service).await.0, 500);
    for _ in 0..2 {
        assert_eq!(ask(&service).await, refusal(503, "circuit_open", "20"));
    }
    service.clock.advance(Duration::from_secs(20));
    upstream.now(Does::Says(200));
    assert_eq!(ask(&service).await.0, 200);
    // A hit asks nobody.
    upstream.now(Does::Says(500));
    assert_eq!((ask(&service).await.0, upstream.runs()), (200, 2));
}

#[cached(from_response)]
#[bulkhead(max_concurrent = 1)]
#[timeout("1s")]
async fn said(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn nor_are_those_of_bulkheads_and_timeouts() {
    let upstream = Upstream::new(Does::Hangs);
    let service = service(&upstream, get(said));
    let mut first = asking(&service);
    assert!(poll(&mut first).is_pending());
    tokio::task::yield_now().await;
    assert!(poll(&mut first).is_pending());
    service.clock.advance(Duration::from_secs(1));
    let response = first.await;
    assert_eq!(response.status(), 504);
    upstream.now(Does::Says(200));
    assert_eq!(ask(&service).await.0, 200);
}

async fn default_answer() -> &'static str {
    "default"
}

#[fallback(default_answer)]
#[cached(ttl = "10s", stale_if_error = "1m")]
#[circuit_breaker(consecutive_failures = 1, jitter = 0.0)]
async fn replaced(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn a_fallback_stands_behind_what_is_kept() {
    let upstream = Upstream::new(Does::Says(200));
    let service = service(&upstream, get(replaced));
    assert_eq!(service.get("/").await.body, "1");
    upstream.now(Does::Says(500));
    assert_eq!(service.get("/").await.body, "1", "a hit");
    service.clock.advance(Duration::from_secs(11));
    assert_eq!(service.get("/").await.body, "1", "stale");
    service.clock.advance(Duration::from_secs(60));
    for _ in 0..2 {
        assert_eq!(service.get("/").await.body, "default");
    }
    assert_eq!(service.send(only_kept()).await.status, 504, "who asks for what is kept gets nothing else");
}

fn only_kept() -> http::Request<axum::body::Body> {
    let mut request = tollgate_tests::get("/");
    request.headers_mut().insert("cache-control", http::HeaderValue::from_static("only-if-cached"));
    request
}

#[fallback(default_answer)]
#[cached(ttl = "10s")]
#[circuit_breaker(consecutive_failures = 1, jitter = 0.0)]
#[timeout("1s")]
async fn shared(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn everybody_who_waits_for_one_run_gets_the_fallback_where_it_fails() {
    let upstream = Upstream::new(Does::Hangs);
    let service = service(&upstream, get(shared));
    let mut both = [asking(&service), asking(&service)];
    for _ in 0..8 {
        for one in &mut both {
            assert!(poll(one).is_pending());
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(upstream.runs(), 1, "the second waits for the run of the first");
    service.clock.advance(Duration::from_secs(1));
    for one in both {
        let response = one.await;
        assert_eq!(response.status(), 200);
        let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
        assert_eq!(body, "default");
    }
    assert_eq!(upstream.runs(), 1, "and does not run by itself when that has failed");
    assert_eq!(
        service.counts(site!(shared)),
        "fallback fell_back 2, cached miss 1, collapsed 1, circuit_breaker failure 1, timeout timed_out 1"
    );
}
