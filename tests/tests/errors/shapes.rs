//! A shape of the user's own.

use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};
use tollgate::{ErrorLayer, ErrorShape, Occurrence, Problem, ProblemDetails, Tollgate};
use tollgate_tests::Service;

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
