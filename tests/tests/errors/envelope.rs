//! The older envelope, everywhere at once.

use std::time::Duration;

use serde_json::{Value, json};
use tollgate::{Envelope, Tollgate};
use tollgate_tests::{Service, request};

use crate::support::{TRACE, routes, service_with, traced};

fn enveloped() -> Service {
    service_with(Tollgate::builder().error_shape(Envelope))
}

fn timestamp(envelope: &Value) -> &str {
    envelope["timestamp"].as_str().unwrap()
}

#[tokio::test]
async fn an_error_has_exactly_the_four_members_of_the_envelope() {
    let answer = enveloped().send(traced("/missing")).await;
    assert_eq!(answer.field("content-type"), "application/json");
    let envelope = answer.json();
    assert_eq!(
        envelope,
        json!({
            "error": "airport_not_found",
            "message": "there is no airport QQQ",
            "details": { "iata": "QQQ", "instance": "/missing", "request_id": "7f9c", "trace_id": TRACE },
            "timestamp": timestamp(&envelope),
        })
    );
}

#[tokio::test]
async fn every_error_of_the_service_is_in_it() {
    let service = enveloped();
    let _ = service.get("/limited").await;
    for (answer, status, error) in [
        (service.get("/limited").await, 429, "too_many_requests"),
        (service.get("/nowhere").await, 404, "not_found"),
        (service.send(request(http::Method::PUT, "/fine")).await, 405, "method_not_allowed"),
        (service.get("/panics").await, 500, "internal_server_error"),
        (service.get("/invalid").await, 422, "unprocessable_entity"),
        (service.get("/guarded").await, 404, "airport_not_found"),
    ] {
        assert_eq!((answer.status.as_u16(), answer.field("content-type")), (status, "application/json"));
        let envelope = answer.json();
        let names: Vec<_> = envelope.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["details", "error", "message", "timestamp"], "{status}");
        assert_eq!(envelope["error"], error);
        assert!(!envelope["message"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn what_is_wrong_with_fields_stands_in_the_details() {
    let envelope = enveloped().get("/invalid").await.json();
    assert_eq!(
        envelope["details"]["errors"],
        json!([{ "detail": "must be a number", "pointer": "#/elevation", "code": "type" }])
    );
}

#[tokio::test]
async fn the_timestamp_is_that_of_the_clock() {
    let service = enveloped();
    let before = service.get("/missing").await.json();
    service.clock.advance(Duration::from_secs(61));
    let after = service.get("/missing").await.json();
    let seconds = |envelope: &Value| humantime::parse_rfc3339(timestamp(envelope)).unwrap();
    assert_eq!(seconds(&after).duration_since(seconds(&before)).unwrap(), Duration::from_secs(61));
}

#[tokio::test]
async fn a_gate_without_the_layer_writes_in_it_too() {
    let service = Service::with(Tollgate::builder().error_shape(Envelope), routes());
    let answer = service.get("/guarded").await;
    assert_eq!(
        (answer.field("content-type"), answer.json()["error"].as_str()),
        ("application/json", Some("airport_not_found"))
    );
    let _ = service.get("/limited").await;
    assert_eq!(service.get("/limited").await.json()["error"], "too_many_requests");
}
