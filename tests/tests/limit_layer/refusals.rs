//! A refusal is that of a gate, in the shape of the service, and complete behind an `ErrorLayer`.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::post;
use futures_util::stream;
use http::Request;
use serde_json::json;
use tollgate::{Envelope, ErrorLayer, MetricsLayer, RateLimitLayer, Tollgate, limits};
use tollgate_tests::{Service, get, post as posted};

use crate::support::{and, behind};

#[tokio::test]
async fn it_is_a_problem_with_a_wait() {
    let service = behind(RateLimitLayer::new(limits!("1/minute", name = "refusing")));
    let _ = service.get("/").await;
    let refused = service.get("/").await;
    assert_eq!(refused.status.as_u16(), 429);
    assert_eq!(refused.field("content-type"), "application/problem+json");
    assert_eq!(refused.field("retry-after"), "60");
    let problem = json!({
        "type": "https://iana.org/assignments/http-problem-types#quota-exceeded",
        "title": "Quota exceeded",
        "status": 429,
        "detail": "the rate limit \"refusing\" admits 1 per minute: try again in 60 seconds",
        "violated-policies": ["refusing"],
    });
    assert_eq!(refused.json(), problem);
    service.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(service.get("/").await.status.as_u16(), 200, "after the wait");
}

#[tokio::test]
async fn it_has_the_shape_of_the_service_and_is_completed_and_measured_outside() {
    let settings = Tollgate::builder().error_shape(Envelope);
    let router = Router::new()
        .route("/", post(async || "done"))
        .layer(RateLimitLayer::new(limits!("1/minute", name = "shaped")))
        .layer(ErrorLayer::new())
        .layer(MetricsLayer::new());
    let service = Service::with(settings, router);
    let request = || and(posted("/", "text/plain", ""), "x-request-id", "r-1");
    let _ = service.send(request()).await;
    let refused = service.send(request()).await;
    assert_eq!(refused.field("content-type"), "application/json");
    assert_eq!(refused.field("x-request-id"), "r-1");
    let envelope = refused.json();
    assert_eq!(envelope["error"], "too_many_requests");
    assert_eq!(envelope["details"]["request_id"], "r-1");
    assert_eq!(envelope["details"]["violated-policies"], json!(["shaped"]));
}

#[tokio::test]
async fn nothing_of_a_refused_body_is_read() {
    let router = Router::new()
        .route("/", post(async |body: Bytes| body.len().to_string()))
        .layer(RateLimitLayer::new(limits!("1/minute", key = global, name = "unread")));
    let service = Service::of(router);
    assert_eq!(service.send(posted("/", "text/plain", "abc")).await.body, "3");
    let stalled = Body::from_stream(stream::pending::<Result<Bytes, axum::Error>>());
    let refused = service.send(Request::post("/").body(stalled).unwrap()).await;
    assert_eq!(refused.status.as_u16(), 429);
}

#[tokio::test]
async fn a_request_that_lacks_its_key_is_refused_as_by_a_gate() {
    let layer =
        RateLimitLayer::new(limits!("1/minute", key = header("x-api-key"), missing = reject, name = "keyed"));
    let service = behind(layer);
    let refused = service.get("/").await;
    assert_eq!((refused.status.as_u16(), refused.rate_limit()), (400, ""));
    assert_eq!(refused.json()["detail"], "the request needs the header field x-api-key");
    assert_eq!(service.send(and(get("/"), "x-api-key", "k")).await.status.as_u16(), 200);
}
