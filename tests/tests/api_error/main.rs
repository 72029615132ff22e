//! `derive(ApiError)` as clients see it: what each option puts on the wire, for all shapes of types.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

mod documents;
mod generics;
mod logging;
mod options;
mod places;
mod shapes;
mod transparent;

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use tollgate_tests::{Answer, Service};

/// The answer to an error.
async fn answer_of<E, F>(error: F) -> Answer
where
    E: IntoResponse + 'static,
    F: Fn() -> E + Clone + Send + Sync + 'static,
{
    let handler = move || {
        let response = error().into_response();
        async move { response }
    };
    Service::of(Router::new().route("/", get(handler))).get("/").await
}
