//! A shape of the user's own.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};
use tollgate::{ErrorLayer, ErrorShape, Occurrence, Problem, ProblemDetails, Tollgate};
use tollgate_tests::Service;
use tollgate_tests::events::{heard, listen};

use crate::support::{service, service_with, traced};

/// `{"fault": .., "ticket": ..}`
struct Fault;

impl ErrorShape for Fault {
    fn media_type(&self) -> &'static str {
        "application/vnd.fault+json"
    }

    fn body(&self, problem: &Problem, occurrence: &Occurrence<'_>) -> Value {
        json!({
            "fault": problem.to_string(),
            "of": [problem.status().as_u16(), problem.given_code(), problem.title()],
            "members": problem.members().map(|(name, value)| json!([name, value])).collect::<Vec<_>>(),
            "fields": problem.field_errors().len(),
            "ticket": occurrence.request_id(),
            "at": occurrence.instance(),
            "trace": occurrence.trace_id().map(|trace| trace.to_string()),
            "time": occurrence.time().is_some(),
        })
    }

    fn schema(&self) -> (&'static str, Value) {
        ("Fault", json!({ "type": "object" }))
    }
}

#[tokio::test]
async fn a_shape_of_the_users_own_sees_everything_that_is_known() {
    let answer = service_with(Tollgate::builder().error_shape(Fault)).send(traced("/missing")).await;
    assert_eq!(answer.field("content-type"), "application/vnd.fault+json");
    assert_eq!(
        answer.json(),
        json!({
            "fault": "there is no airport QQQ",
            "of": [404, "airport_not_found", "Not Found"],
            "members": [["iata", "QQQ"]],
            "fields": 0,
            "ticket": "7f9c",
            "at": "/missing",
            "trace": crate::support::TRACE,
            "time": true,
        })
    );
}

#[tokio::test]
async fn problem_details_as_a_shape_are_what_they_are_by_default() {
    let written = service_with(Tollgate::builder().error_shape(ProblemDetails));
    let (one, other) = (service().send(traced("/missing")).await, written.send(traced("/missing")).await);
    assert_eq!((one.json(), one.field("content-type")), (other.json(), other.field("content-type")));
}

#[tokio::test]
async fn problem_details_as_a_shape_name_the_place_where_problems_are_explained() {
    let explained = Tollgate::builder().problem_types("https://docs.example.com/errors");
    for settings in [explained.clone(), explained.error_shape(ProblemDetails)] {
        let routes = Router::new().route("/", get(declared)).layer(ErrorLayer::new());
        let answer = Service::with(settings, routes).get("/").await;
        assert_eq!(answer.json()["type"], "https://docs.example.com/errors/malformed_body");
    }
}

async fn declared() -> Problem {
    tollgate::extract::Json::<u8>::from_bytes(b"").unwrap_err()
}

/// Has a bug where a problem has a code.
struct Careless;

impl ErrorShape for Careless {
    fn media_type(&self) -> &'static str {
        "application/vnd.careless+json"
    }

    fn body(&self, problem: &Problem, _: &Occurrence<'_>) -> Value {
        assert!(problem.given_code().is_none(), "a secret of the shape");
        json!(problem.title())
    }

    fn schema(&self) -> (&'static str, Value) {
        ("Careless", json!({}))
    }
}

#[tokio::test]
async fn a_shape_that_panics_is_replaced_by_problem_details() {
    listen();
    let service = service_with(Tollgate::builder().error_shape(Careless));
    for path in ["/missing", "/guarded", "/v1/missing"] {
        let answer = service.send(traced(path)).await;
        assert_eq!((answer.status.as_u16(), answer.field("content-type")), (404, "application/problem+json"));
        assert_eq!(
            (&answer.json()["instance"], &answer.json()["request_id"]),
            (&json!(path), &json!("7f9c"))
        );
        assert!(!answer.body.contains("secret"));
    }
    assert!(heard().iter().any(|line| line.contains("the shape of errors panicked")), "{:?}", heard());
    assert_eq!(service.get("/panics").await.json(), "Internal Server Error");
}

/// As text, in one short line.
struct Line;

impl ErrorShape for Line {
    fn media_type(&self) -> &'static str {
        "text/plain"
    }

    fn body(&self, problem: &Problem, _: &Occurrence<'_>) -> Value {
        problem.given_code().unwrap_or("none").into()
    }

    fn schema(&self) -> (&'static str, Value) {
        ("Line", json!({ "type": "string" }))
    }
}

#[tokio::test]
async fn a_short_text_in_a_shape_is_not_taken_for_that_of_a_payload_limit() {
    let handler = async || Problem::new(StatusCode::PAYLOAD_TOO_LARGE).code("picture_too_large");
    let routes = Router::new().route("/", get(handler)).layer(ErrorLayer::new());
    let service = Service::with(Tollgate::builder().error_shape(Line), routes);
    assert_eq!(service.get("/").await.json(), "picture_too_large");
}
