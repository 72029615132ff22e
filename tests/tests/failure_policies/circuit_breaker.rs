//! Whoever fails too often is left alone for a while, and then tried.

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::response::Parts;
use tollgate::{Policy, Tollgate, Verdict, circuit_breaker, timeout};
use tollgate_tests::site;

use crate::support::{Does, Upstream, ask, asking, poll, refusal, service, status_of, with};

#[circuit_breaker(consecutive_failures = 2, open_for = "10s", jitter = 0.0, half_open_calls = 1)]
#[timeout("1s")]
async fn fragile(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn failures_open_it_and_a_trial_closes_it_again() {
    let upstream = Upstream::new(Does::Says(502));
    let service = service(&upstream, get(fragile));
    assert_eq!((ask(&service).await.0, ask(&service).await.0), (502, 502));
    assert_eq!(ask(&service).await, refusal(503, "circuit_open", "10"));
    service.clock.advance(Duration::from_millis(8_500));
    assert_eq!(ask(&service).await, refusal(503, "circuit_open", "2"), "rounded up");
    assert_eq!(upstream.runs(), 2);
    service.clock.advance(Duration::from_millis(1_500));
    upstream.now(Does::Says(200));
    assert_eq!(ask(&service).await.0, 200);
    upstream.now(Does::Says(502));
    assert_eq!((ask(&service).await.0, upstream.runs()), (502, 4));
    assert_eq!(
        service.counts(site!(fragile)),
        "circuit_breaker success 1, failure 3, refused 2, timeout completed 4"
    );
}

#[tokio::test]
async fn a_trial_that_fails_opens_it_again() {
    let upstream = Upstream::new(Does::Says(500));
    let service = service(&upstream, get(fragile));
    for _ in 0..2 {
        assert_eq!(ask(&service).await.0, 500);
    }
    for _ in 0..3 {
        service.clock.advance(Duration::from_secs(10));
        assert_eq!(ask(&service).await.0, 500);
        assert_eq!(ask(&service).await, refusal(503, "circuit_open", "10"));
    }
    assert_eq!(upstream.runs(), 5);
}

#[tokio::test]
async fn while_it_is_tried_the_others_are_refused_without_a_time() {
    let upstream = Upstream::new(Does::Says(500));
    let service = service(&upstream, get(fragile));
    for _ in 0..2 {
        ask(&service).await;
    }
    service.clock.advance(Duration::from_secs(10));
    upstream.now(Does::Hangs);
    let mut trial = asking(&service);
    assert!(poll(&mut trial).is_pending());
    assert_eq!(ask(&service).await, refusal(503, "circuit_open", ""));
    // A trial that is given up is given back.
    drop(trial);
    upstream.now(Does::Says(200));
    assert_eq!((ask(&service).await.0, ask(&service).await.0), (200, 200));
}

#[tokio::test]
async fn timeouts_and_panics_are_failures() {
    let upstream = Upstream::new(Does::Hangs);
    let service = service(&upstream, get(fragile));
    let mut late = asking(&service);
    assert!(poll(&mut late).is_pending());
    service.clock.advance(Duration::from_secs(1));
    assert_eq!(status_of(&mut late), Some(504));
    upstream.now(Does::Panics);
    assert!(tokio::spawn(asking(&service)).await.unwrap_err().is_panic());
    assert_eq!(ask(&service).await.1, "circuit_open");
    assert_eq!(service.counts(site!(fragile)), "circuit_breaker failure 2, refused 1, timeout timed_out 1");
}

#[tokio::test]
async fn a_client_that_goes_away_says_nothing_of_it() {
    let upstream = Upstream::new(Does::Hangs);
    let service = service(&upstream, get(fragile));
    for _ in 0..5 {
        assert!(poll(&mut asking(&service)).is_pending());
    }
    upstream.now(Does::Says(200));
    assert_eq!(ask(&service).await.0, 200);
    assert_eq!(service.counts(site!(fragile)), "circuit_breaker success 1, cancelled 5, timeout completed 1");
}

#[tokio::test]
async fn refusals_of_clients_are_successes() {
    let upstream = Upstream::new(Does::Says(404));
    let service = service(&upstream, get(fragile));
    for _ in 0..5 {
        assert_eq!(ask(&service).await.0, 404);
    }
}

#[tokio::test]
async fn a_failure_that_asks_for_it_is_left_alone_for_longer() {
    // The clock begins with 2026.
    for (value, expected) in
        [("25", "25"), ("Thu, 01 Jan 2026 00:00:40 GMT", "40"), ("3", "10"), ("soon", "10")]
    {
        let upstream = Upstream::new(Does::Asks(503, value.to_owned()));
        let service = service(&upstream, get(fragile));
        for _ in 0..2 {
            assert_eq!(ask(&service).await, refusal(503, "", value), "it goes out as it is");
        }
        assert_eq!(ask(&service).await, refusal(503, "circuit_open", expected), "{value}");
    }
}

fn only_teapots(head: &Parts) -> Verdict {
    match head.status.as_u16() {
        418 => Verdict::Failure,
        500..=599 => Verdict::Excluded,
        _ => Verdict::Success,
    }
}

#[circuit_breaker(consecutive_failures = 2, jitter = 0.0, is_failure = only_teapots)]
async fn judged(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn what_a_failure_is_says_a_function() {
    let upstream = Upstream::new(Does::Says(500));
    let service = service(&upstream, get(judged));
    for _ in 0..5 {
        assert_eq!(ask(&service).await.0, 500);
    }
    upstream.now(Does::Says(418));
    for _ in 0..2 {
        assert_eq!(ask(&service).await.0, 418);
    }
    assert_eq!(ask(&service).await, refusal(503, "circuit_open", "30"));
    assert_eq!(service.counts(site!(judged)), "circuit_breaker failure 2, excluded 5, refused 1");
}

fn panics(_: &Parts) -> Verdict {
    panic!("a predicate that panics")
}

#[circuit_breaker(consecutive_failures = 2, is_failure = panics)]
async fn judged_badly(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn a_function_that_panics_about_it_says_that_it_is_one() {
    let service = service(&Upstream::new(Does::Says(200)), get(judged_badly));
    for _ in 0..2 {
        assert!(tokio::spawn(asking(&service)).await.unwrap_err().is_panic());
    }
    assert_eq!(ask(&service).await.1, "circuit_open");
    assert_eq!(service.counts(site!(judged_badly)), "circuit_breaker failure 2, refused 1");
}

#[circuit_breaker(consecutive_failures = 2, mode = metrics_only)]
async fn watched(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn one_that_only_tells_never_refuses() {
    let service = service(&Upstream::new(Does::Says(500)), get(watched));
    for _ in 0..9 {
        assert_eq!(ask(&service).await.0, 500);
    }
    assert_eq!(service.counts(site!(watched)), "circuit_breaker failure 9");
}

#[tokio::test]
async fn it_can_be_switched_off_and_an_opened_gate_has_none() {
    let upstream = Upstream::new(Does::Says(500));
    let service = with(Tollgate::builder().disable(Policy::CircuitBreaker), &upstream, get(fragile));
    for _ in 0..5 {
        assert_eq!(ask(&service).await.0, 500);
        assert_eq!(fragile(tollgate::open((State(upstream.clone()),))).await.status(), 500);
    }
    assert_eq!(service.counts(site!(fragile)), "timeout completed 5");
}

#[circuit_breaker(consecutive_failures = 1, jitter = 0.0)]
async fn inner(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

/// A handler that asks another one through a router, as a gateway does.
#[circuit_breaker(consecutive_failures = 2, open_for = "10s", jitter = 0.0)]
async fn outer(State(upstream): State<Upstream>) -> Response {
    use tower::ServiceExt;
    let router = axum::Router::new().route("/", get(inner)).with_state(upstream);
    router.oneshot(tollgate_tests::get("/")).await.unwrap()
}

#[tokio::test]
async fn breakers_within_breakers_open_one_after_the_other() {
    let upstream = Upstream::new(Does::Says(500));
    let service = service(&upstream, get(outer));
    let told: Vec<_> = {
        let asked = async {
            let mut told = Vec::new();
            for _ in 0..3 {
                told.push(ask(&service).await);
            }
            told
        };
        service.tollgate.scope(asked).await
    };
    // The inner one is open at the second call; its time is longer, and the outer one goes by it.
    let expected =
        [refusal(500, "", ""), refusal(503, "circuit_open", "30"), refusal(503, "circuit_open", "30")];
    assert_eq!((told.as_slice(), upstream.runs()), (expected.as_slice(), 1));
}
