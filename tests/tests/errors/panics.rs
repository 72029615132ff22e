//! A panic is an answer, and tells nothing.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use http_body::{Frame, SizeHint};
use serde::{Serialize, Serializer};
use tollgate::{ErrorLayer, MetricsLayer, Problem, with_metrics};
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
    let handler = tower::service_fn(|_: http::Request<Body>| {
        assert!(std::hint::black_box(false), "at once");
        std::future::ready(Ok::<_, std::convert::Infallible>(http::Response::new(Body::empty())))
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

/// Counts itself away, and panics then if it is to.
struct Carried {
    dropped: Arc<AtomicUsize>,
    panics: bool,
}

impl Drop for Carried {
    fn drop(&mut self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
        assert!(!self.panics, "again");
    }
}

#[tokio::test]
async fn what_a_panic_carries_is_dropped_and_may_panic_again() {
    for panics in [false, true] {
        let dropped = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&dropped);
        let handler =
            async move || -> StatusCode { std::panic::panic_any(Carried { dropped: counter, panics }) };
        let service = Service::of(Router::new().route("/", get(handler)).layer(ErrorLayer::new()));
        assert_eq!(service.get("/").await.status, 500);
        assert_eq!(dropped.load(Ordering::Relaxed), 1);
    }
}

/// A body that panics when it is read or dropped.
struct Mine;

impl http_body::Body for Mine {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        assert!(std::hint::black_box(false), "read");
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

#[tokio::test]
async fn a_body_that_panics_while_a_problem_takes_its_place_is_an_answer_as_well() {
    let handler = async || {
        let mut response = Problem::new(StatusCode::NOT_FOUND).into_response();
        *response.body_mut() = Body::new(Mine);
        response
    };
    let service = Service::of(Router::new().route("/", get(handler)).layer(ErrorLayer::new()));
    assert_eq!(service.send(traced("/")).await.json()["request_id"], "7f9c");
}

/// Panics while it is written.
struct Unwritable;

impl Serialize for Unwritable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("the secret is 42")
    }
}

#[derive(Debug, thiserror::Error, tollgate::ApiError)]
enum Failure {
    #[error("{}", secret())]
    #[api_error(status = 409, code = "text_that_panics")]
    Text,
    #[error("a member")]
    #[api_error(status = 409, code = "member_that_panics", extension(member = 0))]
    Member(Hidden),
}

#[derive(Debug)]
struct Hidden;

impl Serialize for Hidden {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Unwritable.serialize(serializer)
    }
}

fn secret() -> &'static str {
    panic!("the secret is 42")
}

#[tokio::test]
async fn an_error_whose_text_or_members_panic_is_a_500_that_tells_nothing() {
    let routes = Router::new()
        .route("/text", get(async || Failure::Text))
        .route("/member", get(async || Failure::Member(Hidden)))
        .route("/json", get(async || tollgate::extract::Json(Unwritable)));
    let service = Service::of(routes.layer(ErrorLayer::new()));
    for path in ["/text", "/member", "/json"] {
        let answer = service.get(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body.contains("secret")),
            (500, false),
            "{path}: {answer:?}"
        );
    }
}

/// An answer that panics once it has been given.
struct Afterwards;

impl Future for Afterwards {
    type Output = Result<http::Response<Body>, std::convert::Infallible>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Ok(http::Response::new(Body::from("fine"))))
    }
}

impl Drop for Afterwards {
    fn drop(&mut self) {
        assert!(!std::hint::black_box(true), "afterwards");
    }
}

#[tokio::test]
async fn what_panics_after_it_has_answered_has_answered() {
    use tower::{Layer, ServiceExt};

    let service = ErrorLayer::new().layer(tower::service_fn(|_: http::Request<Body>| Afterwards));
    assert_eq!(service.oneshot(tollgate_tests::get("/")).await.unwrap().status(), 200);
}
