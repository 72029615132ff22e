//! Routes: one that tells how the service is, and one for operators.

use axum::Router;
use axum::body::Body;
use axum::routing::{any, get};
use http::{Method, Request};
use serde_json::json;
use tollgate::Tollgate;
use tollgate_tests::{Answer, Service, request};

use crate::support::{TOKEN, handled, status};

/// Its routes are those of a `Tollgate` that is built before.
fn service() -> Service {
    let clock = tollgate::testing::ManualClock::new();
    let tollgate = Tollgate::builder().admin_token(TOKEN).clock(clock.clone()).build().unwrap();
    let router = Router::new()
        .route("/handled/{status}", get(handled))
        .route("/health", get(tollgate.health_handler()))
        .route("/breakers", any(tollgate.breakers_handler()))
        .layer(tollgate.layer());
    let mut service = Service::with_clock(Tollgate::builder(), router, clock);
    service.tollgate = tollgate;
    service
}

async fn operate(service: &Service, method: Method, query: &str) -> Answer {
    let request = Request::builder().method(method).uri(format!("/breakers{query}"));
    let request = request.header("authorization", format!("Bearer {TOKEN}"));
    service.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn health_is_degraded_and_never_away() {
    let service = service();
    let answer = service.get("/health").await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({"status": "up"})));
    assert_eq!(answer.field("cache-control"), "no-store");
    assert_eq!((status(&service, 500).await, status(&service, 500).await), (500, 500));
    service.tollgate.breaker("called").unwrap().force_open();
    let answer = service.get("/health").await;
    let expected = json!({"status": "degraded", "open": ["called", "handled"]});
    assert_eq!((answer.status.as_u16(), answer.json()), (200, expected));
    let head = service.send(request(Method::HEAD, "/health")).await;
    assert_eq!((head.status.as_u16(), head.body.as_str()), (200, ""));
}

#[tokio::test]
async fn operators_see_and_hold() {
    let service = service();
    assert_eq!(operate(&service, Method::POST, "?site=handled&state=forced_open").await.status, 204);
    assert_eq!(status(&service, 200).await, 503);
    let seen = operate(&service, Method::GET, "").await;
    let breakers = seen.json()["breakers"].clone();
    let own = breakers.as_array().unwrap().iter().find(|own| own["site"] == "handled").unwrap().clone();
    assert_eq!((own["state"].as_str(), seen.field("cache-control")), (Some("forced_open"), "no-store"));
    for state in ["forced_closed", "disabled", "normal", "reset"] {
        let query = format!("?site=handled&state={state}");
        assert_eq!(operate(&service, Method::POST, &query).await.status, 204, "{state}");
        assert_eq!(status(&service, 200).await, 200, "{state}");
    }
}

#[tokio::test]
async fn what_goes_wrong_is_a_problem() {
    let service = service();
    assert_eq!(service.get("/breakers").await.status, 401);
    assert_eq!(service.send(request(Method::POST, "/breakers?site=handled&state=reset")).await.status, 401);
    let put = operate(&service, Method::PUT, "").await;
    assert_eq!((put.status.as_u16(), put.field("allow")), (405, "GET, HEAD, POST"));
    for (query, told) in [
        ("?site=handled&state=force_open", "did you mean `forced_open`?"),
        ("?site=handeld&state=reset", "did you mean `handled`?"),
        ("?site=handled", "site="),
        ("?site=handled&key=text:a&state=reset", "none for keys"),
    ] {
        let answer = operate(&service, Method::POST, query).await;
        assert!(answer.status.is_client_error() && answer.body.contains(told), "{query}: {}", answer.body);
    }
}
