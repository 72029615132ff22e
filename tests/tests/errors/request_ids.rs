//! Ids of requests: taken or made, echoed, told to everybody.

use axum::Router;
use axum::routing::get;
use http::{HeaderValue, StatusCode};
use tollgate::{ErrorLayer, Problem, RequestId};
use tollgate_tests::{Service, get as get_path};

use crate::support::service;

fn with_id(path: &str, id: &[u8]) -> http::Request<axum::body::Body> {
    let mut request = get_path(path);
    request.headers_mut().insert("x-request-id", HeaderValue::from_bytes(id).unwrap());
    request
}

#[tokio::test]
async fn an_id_that_is_usable_is_echoed_in_every_answer() {
    for path in ["/fine", "/missing", "/nowhere", "/panics"] {
        let answer = service().send(with_id(path, b"7f9c-42")).await;
        assert_eq!(answer.field("x-request-id"), "7f9c-42", "{path}");
    }
}

#[tokio::test]
async fn an_id_that_is_not_usable_is_replaced() {
    for id in [&b"two words"[..], b"", "é".as_bytes(), &[b'x'; 65], b"\xff"] {
        let answer = service().send(with_id("/missing", id)).await;
        let echoed = answer.field("x-request-id");
        assert_eq!(echoed.len(), 32, "{id:?}");
        assert_eq!(answer.json()["request_id"], echoed);
    }
}

#[tokio::test]
async fn requests_without_an_id_get_one_each() {
    let service = service();
    let (one, other) = (service.get("/fine").await, service.get("/fine").await);
    assert_ne!(one.field("x-request-id"), other.field("x-request-id"));
}

#[tokio::test]
async fn a_handler_is_told_the_id_that_is_echoed() {
    let handler = async |one: RequestId, other: RequestId| {
        assert_eq!(one, other);
        one.to_string()
    };
    let bare = Router::new().route("/", get(handler));
    let answer = Service::of(bare.clone().layer(ErrorLayer::new())).get("/").await;
    assert_eq!(answer.body, answer.field("x-request-id"));
    let alone = Service::of(bare).send(with_id("/", b"mine")).await;
    assert_eq!((alone.body.as_str(), alone.field("x-request-id")), ("mine", ""));
}

#[tokio::test]
async fn an_id_that_the_handler_sends_stays() {
    let handler = async || [("x-request-id", "of the handler")];
    let service = Service::of(Router::new().route("/", get(handler)).layer(ErrorLayer::new()));
    assert_eq!(service.get("/").await.field("x-request-id"), "of the handler");
}

#[tokio::test]
async fn a_problem_names_the_id_that_the_handler_sends() {
    let handler = async || ([("x-request-id", "upstream-7")], Problem::new(StatusCode::BAD_GATEWAY));
    let service = Service::of(Router::new().route("/", get(handler)).layer(ErrorLayer::new()));
    let answer = service.get("/").await;
    assert_eq!(
        (answer.field("x-request-id"), answer.json()["request_id"].as_str()),
        ("upstream-7", Some("upstream-7"))
    );
}
