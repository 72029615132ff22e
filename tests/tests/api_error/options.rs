//! What each option puts on the wire.

use std::time::Duration;

use http::HeaderValue;
use serde::Serialize;
use serde_json::{Value, json};
use thiserror::Error;
use tollgate::{ApiError, ErrorLog};

use crate::answer_of;

#[derive(Clone, Debug, Serialize)]
struct Runway {
    name: &'static str,
    metres: Option<u32>,
}

/// What can go wrong with airports.
#[derive(Clone, Debug, Error, ApiError)]
enum AirportError {
    /// There is no such airport.
    ///
    /// It may have been closed.
    #[error("there is no airport {iata}")]
    #[api_error(status = 404, code = "airport_not_found", extension(iata))]
    NotFound { iata: String },
    #[error("{{busy}}: {after:?}")]
    #[api_error(status = 503, code = "airport_busy", expose, headers(retry_after = after, "X-Queue" = queue))]
    Busy { after: Duration, queue: u64 },
    #[error("runway {} is too short", .runway.name)]
    #[api_error(status = 409, title = "Too short", code = "too_short", type = "https://example.com/short")]
    #[api_error(extension(runway, reason = why))]
    TooShort { runway: Runway, why: Option<&'static str> },
    #[error("the database says: {0}")]
    #[api_error(status = 500, code = "store_failed", extension(shard = 1), headers(x_shard = 1))]
    Store(String, u8Text),
    #[error("no")]
    #[api_error(status = 403, code = "no", headers(x_reason = 0, x_other = 1))]
    No(Option<HeaderValue>, Option<String>),
}

/// A name that begins with a small letter is a name, too.
#[allow(non_camel_case_types)]
type u8Text = &'static str;

fn not_found() -> AirportError {
    AirportError::NotFound { iata: "XYZ".to_owned() }
}

#[tokio::test]
async fn below_500_the_client_is_told_the_text_and_the_members() {
    let answer = answer_of(not_found).await;
    assert_eq!((answer.status.as_u16(), answer.field("content-type")), (404, "application/problem+json"));
    assert_eq!(
        answer.json(),
        json!({
            "type": "/problems/airport_not_found",
            "title": "Airport not found",
            "status": 404,
            "detail": "there is no airport XYZ",
            "code": "airport_not_found",
            "iata": "XYZ",
        })
    );
}

#[tokio::test]
async fn from_500_on_the_client_is_told_no_text_but_the_members_that_are_declared() {
    let answer = answer_of(|| AirportError::Store("password expired".to_owned(), "eu-1")).await;
    assert_eq!((answer.status.as_u16(), answer.field("x-shard")), (500, "eu-1"));
    assert!(!answer.body.contains("password"), "{}", answer.body);
    assert_eq!((&answer.json()["code"], &answer.json()["shard"]), (&json!("store_failed"), &json!("eu-1")));
}

#[tokio::test]
async fn expose_tells_the_text_also_from_500_on() {
    let answer = answer_of(|| AirportError::Busy { after: Duration::from_millis(1500), queue: 7 }).await;
    assert_eq!(answer.json()["detail"], "{busy}: 1.5s");
    assert_eq!((answer.field("retry-after"), answer.field("x-queue")), ("2", "7"));
}

#[tokio::test]
async fn title_and_type_are_those_that_are_written() {
    let runway = Runway { name: "09L", metres: Some(900) };
    let answer = answer_of(move || AirportError::TooShort { runway: runway.clone(), why: Some("wet") }).await;
    let problem = answer.json();
    assert_eq!(problem["title"], "Too short");
    assert_eq!(problem["type"], "https://example.com/short");
    assert_eq!(problem["detail"], "runway 09L is too short");
    assert_eq!(problem["runway"], json!({"name": "09L", "metres": 900}));
    assert_eq!(problem["reason"], "wet");
}

#[tokio::test]
async fn members_and_fields_that_are_absent_are_left_out() {
    let runway = Runway { name: "09L", metres: None };
    let answer = answer_of(move || AirportError::TooShort { runway: runway.clone(), why: None }).await;
    assert_eq!(answer.json().get("reason"), None);
    let answer = answer_of(|| AirportError::No(None, Some("b".to_owned()))).await;
    assert_eq!((answer.field("x-reason"), answer.field("x-other")), ("", "b"));
}

#[tokio::test]
async fn a_text_that_cannot_stand_in_a_field_is_not_sent() {
    let evil =
        || AirportError::No(Some(HeaderValue::from_static("a")), Some("b\r\nset-cookie: c".to_owned()));
    let answer = answer_of(evil).await;
    assert_eq!(
        (answer.field("x-reason"), answer.field("x-other"), answer.field("set-cookie")),
        ("a", "", "")
    );
}

#[test]
fn the_kinds_say_what_is_declared() {
    let kinds = AirportError::kinds();
    let [not_found, busy, short, store, no] = kinds.as_slice() else { panic!("{kinds:?}") };
    assert_eq!(not_found.described(), "There is no such airport.\n\nIt may have been closed.");
    assert_eq!(not_found.example_detail(), Some("there is no airport {iata}"));
    assert_eq!(not_found.extension_names(), ["iata"]);
    assert_eq!(
        (busy.example_detail(), busy.header_names()),
        (Some("{busy}: {after:?}"), &["retry-after", "x-queue"][..])
    );
    assert_eq!((short.own_uri(), short.title()), (Some("https://example.com/short"), "Too short"));
    assert_eq!(short.extension_names(), ["runway", "reason"]);
    assert_eq!((store.status(), store.example_detail(), store.logged()), (500, None, ErrorLog::Error));
    assert_eq!((no.status(), no.code(), no.described(), no.logged()), (403, "no", "", ErrorLog::Off));
}

#[test]
fn a_problem_can_be_had_without_answering() {
    let problem: Value = serde_json::to_value(not_found().problem()).unwrap();
    assert_eq!(problem["code"], "airport_not_found");
}
