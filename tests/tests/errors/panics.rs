//! A panic is an answer, and tells nothing.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use tollgate::{ErrorLayer, MetricsLayer, with_metrics};
use tollgate_tests::{Service, site};

use crate::support::{service, traced};

#[tokio::test]
async fn a_handler_that_panics_is_answered_with_a_500_that_tells_nothing() {
    let answer = service().send(traced("/panics")).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.json()["detail"], "something went wrong in the service");
    assert_eq!(answer.json()["request_id"], "7f9c");
    assert!(!answer.body.contains("secret"));
}

#[tokio::test]
async fn the_next_request_is_served_as_if_nothing_had_happened() {
    let service = service();
    assert_eq!(service.get("/panics").await.status, 500);
    assert_eq!(service.get("/fine").await.status, 200);
}

#[tokio::test]
async fn a_payload_that_is_no_text_is_an_answer_as_well() {
    let handler = async || std::panic::panic_any(42);
    let panics = get(async move || {
        handler().await;
        ""
    });
    let service = Service::of(Router::new().route("/", panics).layer(ErrorLayer::new()));
    assert_eq!(service.get("/").await.status, 500);
}

#[tokio::test]
async fn what_panics_before_its_first_await_is_an_answer_as_well() {
    let handler = tower::service_fn(|_: http::Request<axum::body::Body>| {
        assert!(std::hint::black_box(false), "at once");
        std::future::ready(Ok::<_, std::convert::Infallible>(http::Response::new(axum::body::Body::empty())))
    });
    let service = Service::of(Router::new().route_service("/", handler).layer(ErrorLayer::new()));
    assert_eq!(service.get("/").await.status, 500);
}

#[with_metrics]
async fn measured_and_panics() -> &'static str {
    assert!(std::hint::black_box(false), "measured");
    ""
}

#[tokio::test]
async fn a_panic_behind_a_gate_is_counted_there_and_measured_outside_as_a_500() {
    let routes = Router::new().route("/", get(measured_and_panics)).layer(ErrorLayer::new());
    let service = Service::of(routes.layer(MetricsLayer::new()));
    assert_eq!(service.get("/").await.status, 500);
    assert_eq!(service.counts(site!(measured_and_panics)), "with_metrics panicked 1");
}
