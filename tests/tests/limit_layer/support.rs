//! A router with a few routes, and requests in few words.

use axum::Router;
use axum::body::Body;
use axum::routing::{any, get};
use http::{HeaderName, HeaderValue, Request};
use tollgate::RateLimitLayer;
use tollgate_tests::Service;

/// A service that answers anything with 200, limited by that layer.
pub(crate) fn behind(layer: RateLimitLayer) -> Service {
    let router = Router::new().route("/v1/airports", get(async || "CDG")).fallback(any(async || "anything"));
    Service::of(router.layer(layer))
}

/// How a rate of that name stands after each of these paths was asked for; `-` where nothing was told.
pub(crate) async fn standings(service: &Service, paths: &[&str]) -> Vec<String> {
    let mut standings = Vec::new();
    for path in paths {
        let told = service.get(path).await;
        standings.push(if told.rate_limit().is_empty() {
            "-".to_owned()
        } else {
            told.rate_limit().to_owned()
        });
    }
    standings
}

/// The same request with a header field more.
pub(crate) fn and(mut request: Request<Body>, name: &str, value: &str) -> Request<Body> {
    let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
    request.headers_mut().append(name, HeaderValue::from_str(value).unwrap());
    request
}
