//! A process in which errors have a shape and no `ErrorLayer` was ever made: it is told so, once.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and helpers have none

use axum::Router;
use axum::routing::get;
use thiserror::Error;
use tollgate::{ApiError, Envelope, Tollgate, with_metrics};
use tollgate_tests::{Service, events};

#[derive(Debug, Error, ApiError)]
#[error("there is none")]
#[api_error(status = 404, code = "none_here")]
struct NoneHere;

#[with_metrics]
async fn handler() -> Result<(), NoneHere> {
    Err(NoneHere)
}

fn service(settings: tollgate::TollgateBuilder) -> Service {
    Service::with(settings, Router::new().route("/", get(handler)))
}

#[tokio::test]
async fn a_shape_that_no_layer_completes_is_warned_of_once() {
    events::listen();
    let without_shape = service(Tollgate::builder().problem_types("/errors"));
    assert_eq!(without_shape.get("/").await.json()["type"], "/errors/none_here");
    assert_eq!(warnings(), 0, "problem details are what everybody writes");
    let shaped = service(Tollgate::builder().error_shape(Envelope));
    for _ in 0..3 {
        assert_eq!(shaped.get("/").await.json()["error"], "none_here");
    }
    assert_eq!(warnings(), 1, "{:?}", events::heard());
}

fn warnings() -> usize {
    let lines = events::heard();
    lines
        .iter()
        .filter(|line| line.starts_with("WARN ") && line.contains("`.layer(ErrorLayer::new())`"))
        .count()
}
