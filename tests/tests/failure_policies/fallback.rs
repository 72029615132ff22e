//! Another function answers in the place of a failure.

#![allow(clippy::unused_async, reason = "a fallback may have to wait")]

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::response::Parts;
use tollgate::{Policy, Tollgate, Verdict, bulkhead, circuit_breaker, fallback, rate_limited, timeout};
use tollgate_tests::{Service, from_client, site};

use crate::support::{Does, Upstream, ask, asking, poll, service, status_of, with};

async fn default_answer() -> &'static str {
    "default"
}

#[fallback(default_answer)]
async fn plain(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn it_answers_for_what_is_500_or_higher_and_for_nothing_else() {
    for (status, expected, counts) in
        [(200, "1", ""), (404, "1", ""), (429, "1", ""), (500, "default", "fallback fell_back 1")]
    {
        let service = service(&Upstream::new(Does::Says(status)), get(plain));
        let answer = service.get("/").await;
        assert_eq!((answer.body.as_str(), service.counts(site!(plain)).as_str()), (expected, counts));
        assert_eq!(answer.status.as_u16(), if status == 500 { 200 } else { status });
    }
}

#[tokio::test]
async fn it_does_not_answer_for_a_panic() {
    let service = service(&Upstream::new(Does::Panics), get(plain));
    assert!(tokio::spawn(asking(&service)).await.unwrap_err().is_panic());
    assert_eq!(service.counts(site!(plain)), "");
}

#[tokio::test]
async fn it_can_be_switched_off_and_an_opened_gate_has_none() {
    let upstream = Upstream::new(Does::Says(502));
    let service = with(Tollgate::builder().disable(Policy::Fallback), &upstream, get(plain));
    assert_eq!(ask(&service).await.0, 502);
    assert_eq!(plain(tollgate::open((State(upstream),))).await.status(), 502);
}

/// What is no `Clone`, as the arguments of a function with a fallback without arguments need not be.
struct Unique;

impl<S: Sync> axum::extract::FromRequestParts<S> for Unique {
    type Rejection = StatusCode;

    async fn from_request_parts(_: &mut http::request::Parts, _: &S) -> Result<Self, StatusCode> {
        Ok(Self)
    }
}

#[fallback(default_answer)]
async fn with_unique(_: Unique, State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[fallback(default_answer)]
async fn with_body(State(upstream): State<Upstream>, _: Json<u32>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn one_without_arguments_asks_nothing_of_those_of_the_function() {
    let upstream = Upstream::new(Does::Says(500));
    let router = get(with_unique).post(with_body);
    let service = service(&upstream, router);
    assert_eq!(service.get("/").await.body, "default");
    let answer = service.send(tollgate_tests::post("/", "application/json", "7")).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "default"));
}

/// Another type of answer than the function's.
async fn of_path(Path((country, id)): Path<(String, u32)>, State(_): State<Upstream>) -> Json<String> {
    Json(format!("{country}/{id}"))
}

#[fallback(of_path)]
async fn with_path(Path(_): Path<(String, u32)>, State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn one_with_the_same_arguments_is_given_them() {
    let upstream = Upstream::new(Does::Says(500));
    let router = axum::Router::new().route("/{country}/{id}", get(with_path)).with_state(upstream);
    let service = Service::of(router);
    assert_eq!(service.get("/fr/7").await.body, "\"fr/7\"");
    assert_eq!(service.get("/fr/x").await.status, 400, "not for what extractors refuse");
    assert_eq!(service.counts(site!(with_path)), "fallback fell_back 1");
}

async fn fails() -> StatusCode {
    StatusCode::BAD_GATEWAY
}

async fn panics() -> StatusCode {
    panic!("a fallback that panics");
}

#[fallback(fails)]
async fn without_luck(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[fallback(panics)]
async fn without_any(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn one_that_fails_answers_so_and_one_that_panics_panics() {
    let upstream = Upstream::new(Does::Says(500));
    let failing = service(&upstream, get(without_luck));
    assert_eq!(ask(&failing).await.0, 502);
    assert_eq!(failing.counts(site!(without_luck)), "fallback fell_back 1");
    let panicking = service(&upstream, get(without_any));
    assert!(tokio::spawn(asking(&panicking)).await.unwrap_err().is_panic());
}

#[fallback(default_answer)]
#[rate_limited("1/minute")]
#[circuit_breaker(consecutive_failures = 2, open_for = "10s", jitter = 0.0)]
#[bulkhead(max_concurrent = 1)]
#[timeout("1s")]
async fn guarded(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn it_answers_for_timeouts_and_crowds_and_open_circuits_and_not_for_limits() {
    let upstream = Upstream::new(Does::Hangs);
    let service = service(&upstream, get(guarded));
    let ask_from = |client: &str| {
        let (service, request) = (service.clone(), from_client(client, tollgate_tests::get("/")));
        Box::pin(async move { service.send(request).await.body.into_response() }) as crate::support::Asking
    };
    let mut first = ask_from("192.0.2.1");
    assert!(poll(&mut first).is_pending());
    // The bulkhead is full.
    assert_eq!(status_of(&mut ask_from("192.0.2.2")), Some(200));
    service.clock.advance(Duration::from_secs(1));
    assert_eq!(status_of(&mut first), Some(200));
    let limited = service.send(from_client("192.0.2.1", tollgate_tests::get("/"))).await;
    assert_eq!(limited.status, 429);
    upstream.now(Does::Says(500));
    // The second failure in a row, and then the open circuit.
    for client in ["192.0.2.3", "192.0.2.4"] {
        let answer = service.send(from_client(client, tollgate_tests::get("/"))).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "default"));
        assert!(answer.rate_limit().contains("r=0"), "limits tell of it all the same");
    }
    assert_eq!(upstream.runs(), 2);
    assert_eq!(
        service.counts(site!(guarded)),
        "rate_limited admitted 4, refused 1, fallback fell_back 4, circuit_breaker failure 2, excluded 1, refused 1, \
         bulkhead admitted 2, refused 1, timeout completed 1, timed_out 1"
    );
}

fn not_found_is(head: &Parts) -> Verdict {
    match head.status.as_u16() {
        404 => Verdict::Failure,
        501 => Verdict::Excluded,
        _ => Verdict::Success,
    }
}

#[fallback(default_answer)]
#[circuit_breaker(consecutive_failures = 100, is_failure = not_found_is)]
#[timeout("1s")]
async fn judged(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn where_a_breaker_says_what_a_failure_is_it_answers_for_these() {
    for (status, expected) in [(200, "1"), (404, "default"), (500, "1"), (501, "1")] {
        let service = service(&Upstream::new(Does::Says(status)), get(judged));
        assert_eq!(service.get("/").await.body, expected, "{status}");
    }
    let service = service(&Upstream::new(Does::Hangs), get(judged));
    let mut late = asking(&service);
    assert!(poll(&mut late).is_pending());
    service.clock.advance(Duration::from_secs(1));
    assert_eq!(status_of(&mut late), Some(200), "what is ours is a failure whatever it says");
}

#[tokio::test]
async fn a_client_that_goes_away_while_it_answers_leaves_nothing_behind() {
    async fn never() -> StatusCode {
        std::future::pending().await
    }

    #[fallback(never)]
    #[bulkhead(max_concurrent = 1)]
    async fn slow(State(upstream): State<Upstream>) -> Response {
        upstream.ask().await
    }

    let upstream = Upstream::new(Does::Says(500));
    let service = service(&upstream, get(slow));
    for _ in 0..3 {
        let mut gone = asking(&service);
        assert!(poll(&mut gone).is_pending(), "the place of the function is free while the fallback answers");
    }
    assert_eq!(upstream.runs(), 3);
}
