//! A small service whose errors are looked at.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use http::{Request, header};
use tollgate::{ErrorLayer, FieldError, Problem, Tollgate, TollgateBuilder, rate_limited};
use tollgate_tests::Service;

pub(crate) const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

async fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND)
        .code("airport_not_found")
        .detail("there is no airport QQQ")
        .member("iata", "QQQ")
}

async fn invalid() -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY).errors([FieldError::new(
        "#/elevation",
        "must be a number",
    )
    .code("type")])
}

#[rate_limited("1/minute")]
async fn limited() -> &'static str {
    "here you are"
}

/// Behind a gate as well as without one.
#[rate_limited("100/minute")]
async fn guarded_and_missing() -> Problem {
    missing().await
}

/// The routes, with no layer around them.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/missing", get(missing))
        .route("/guarded", get(guarded_and_missing))
        .route("/invalid", get(invalid))
        .route("/limited", get(limited))
        .route("/fine", get(async || "fine"))
        .route("/panics", get(panics))
        .route("/echo", post(async |body: String| body))
        .nest("/v1", Router::new().route("/missing", get(missing)))
}

async fn panics() -> &'static str {
    panic!("the secret is 42")
}

pub(crate) fn service() -> Service {
    service_with(Tollgate::builder())
}

pub(crate) fn service_with(settings: TollgateBuilder) -> Service {
    Service::with(settings, routes().layer(ErrorLayer::new()))
}

/// A `GET` with an id and in a trace.
pub(crate) fn traced(path: &str) -> Request<axum::body::Body> {
    let mut request = tollgate_tests::get(path);
    let headers = request.headers_mut();
    headers.insert("x-request-id", header::HeaderValue::from_static("7f9c"));
    let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    headers.insert("traceparent", parent.parse().unwrap());
    request
}
