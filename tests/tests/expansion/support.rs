//! What all these tests ask of a handler with `#[rate_limited("2/minute")]` and `#[with_metrics]`, and its state.

use axum::Router;
use axum::body::Body;
use axum::extract::FromRef;
use http::{Request, StatusCode};
use tollgate_tests::{Answer, Service};

/// How the rate stands after the first request.
pub(crate) const FIRST: &str = r#""default";r=1;t=30"#;

/// What is counted where two requests passed and a third was refused.
pub(crate) const GUARDED: &str = "with_metrics completed 3, rate_limited admitted 2, refused 1";

/// Sends the request until it is refused, and gives the first answer.
///
/// # Panics
/// Where a policy did not do its part, or answers differ.
pub(crate) async fn guarded(router: Router, request: impl Fn() -> Request<Body>, site: &str) -> Answer {
    let service = Service::of(router);
    let first = service.send(request()).await;
    assert_eq!(first.rate_limit(), FIRST, "{site}");
    assert_eq!(first.field("ratelimit-policy"), r#""default";q=2;w=60"#, "{site}");
    let second = service.send(request()).await;
    assert_eq!((second.status, &second.body), (first.status, &first.body), "{site}");
    let refused = service.send(request()).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{site}");
    assert_eq!(refused.field("retry-after"), "30", "{site}");
    assert_eq!(service.counts(site), GUARDED);
    first
}

/// The same for a request that the handler answers with 200; gives the body.
pub(crate) async fn passes(router: Router, request: impl Fn() -> Request<Body>, site: &str) -> String {
    let answer = guarded(router, request, site).await;
    assert_eq!(answer.status, StatusCode::OK, "{site}");
    answer.body
}

/// A part of the state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Db {
    pub(crate) name: &'static str,
}

/// Another part of the state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) page: u32,
}

/// The state of a router.
#[derive(Clone, Debug, FromRef)]
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) limits: Limits,
}

impl App {
    pub(crate) const fn new() -> Self {
        Self { db: Db { name: "airports" }, limits: Limits { page: 20 } }
    }
}
