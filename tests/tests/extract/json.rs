//! `Json`: what is malformed, what is not expected, and where.

use std::collections::HashMap;

use axum::response::IntoResponse;
use axum::routing::{MethodRouter, post};
use http::{HeaderMap, Request};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tollgate::extract::Json;
use tollgate_tests::Answer;

use crate::support::{self, error, read, told};

#[derive(Debug, Deserialize, Serialize)]
struct Booking {
    name: String,
    age: u8,
    #[serde(default)]
    seats: Vec<Seat>,
    #[serde(default)]
    class: Class,
    #[serde(default)]
    contact: Option<Contact>,
    #[serde(default)]
    fares: HashMap<String, u32>,
    #[serde(default)]
    code: Code,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Seat {
    row: u8,
    letter: Option<char>,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Class {
    #[default]
    Economy,
    Business,
}

#[derive(Debug, Deserialize, Serialize)]
enum Contact {
    Mail { address: String },
    Phone(u64),
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(try_from = "String")]
struct Code(String);

impl TryFrom<String> for Code {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.len() == 3 { Ok(Self(text)) } else { Err("a code has three letters") }
    }
}

fn echo<T: DeserializeOwned + Serialize + Send + 'static>() -> MethodRouter {
    async fn handler<T>(Json(value): Json<T>) -> Json<T> {
        Json(value)
    }
    post(handler::<T>)
}

async fn booking(body: impl Into<axum::body::Body>) -> Answer {
    support::json(echo::<Booking>(), body).await
}

/// A booking with another member.
async fn with(member: &str) -> Answer {
    booking(format!(r#"{{"name": "Ada", "age": 36, {member}}}"#)).await
}

#[tokio::test]
async fn what_is_expected_is_read_and_answered() {
    let answer =
        with(r#""seats": [{"row": 1}], "contact": {"Phone": 5}, "class": "business", "extra": [1]"#).await;
    assert_eq!(answer.field("content-type"), "application/json");
    let value = answer.json();
    assert_eq!((&value["seats"][0]["row"], &value["class"]), (&json!(1), &json!("business")));
}

#[tokio::test]
async fn a_missing_field_is_pointed_to_where_it_should_be() {
    let answer = booking(r#"{"name": "Ada"}"#).await;
    assert_eq!(told(&answer), "422 invalid_body: the field `age` is missing");
    assert_eq!(error(&answer), "#/age missing: is missing");
    assert_eq!(error(&with(r#""seats": [{"row": 1}, {}]"#).await), "#/seats/1/row missing: is missing");
}

#[tokio::test]
async fn an_unknown_field_is_pointed_to_with_those_that_are_known() {
    let answer = with(r#""seats": [{"row": 1, "a/b~": 1}]"#).await;
    assert_eq!(error(&answer), "#/seats/0/a~1b~0 unknown: is unknown: expected `row` or `letter`");
}

#[tokio::test]
async fn a_field_that_is_there_twice_is_pointed_to() {
    assert_eq!(error(&with(r#""age": 3"#).await), "#/age duplicate: is there more than once");
}

#[tokio::test]
async fn another_type_is_told_with_the_one_that_is_expected() {
    for (member, told) in [
        (
            r#""seats": [{"row": "x"}]"#,
            "#/seats/0/row type: must be a whole number from 0 to 255, not a string",
        ),
        (
            r#""seats": [{"row": 1.5}]"#,
            "#/seats/0/row type: must be a whole number from 0 to 255, not a number with decimals",
        ),
        (r#""seats": [{"row": null}]"#, "#/seats/0/row type: must be a whole number from 0 to 255, not null"),
        (
            r#""seats": [{"row": true}]"#,
            "#/seats/0/row type: must be a whole number from 0 to 255, not a boolean",
        ),
        (r#""seats": [5]"#, "#/seats/0 type: must be an object, not a number"),
        (r#""seats": {"row": 1}"#, "#/seats type: must be an array, not an object"),
        (r#""seats": [{"row": 1, "letter": "AB"}]"#, "#/seats/0/letter invalid: must be one character"),
        (
            r#""fares": {"one/way": -1}"#,
            "#/fares/one~1way range: must be a whole number from 0 to 4294967295",
        ),
        (
            r#""fares": {"é": "x"}"#,
            "#/fares/%C3%A9 type: must be a whole number from 0 to 4294967295, not a string",
        ),
        (
            r#""contact": {"Mail": {"address": 5}}"#,
            "#/contact/Mail/address type: must be a string, not a number",
        ),
        (r#""contact": {"Mail": {}}"#, "#/contact/Mail/address missing: is missing"),
        (r#""contact": "Phone""#, "#/contact type: must be an object, not a string"),
        (r#""contact": 5"#, "#/contact type: must be one of the values that are known here"),
    ] {
        assert_eq!(error(&with(member).await), told, "{member}");
    }
    assert_eq!(
        told(&booking("[]").await),
        "422 invalid_body: the body must be an array of 7 items, and has 0"
    );
    let answer = booking("5").await;
    assert_eq!(told(&answer), "422 invalid_body: the body must be an object, not a number");
    assert_eq!(error(&answer), "# type: must be an object, not a number");
}

#[tokio::test]
async fn a_value_out_of_range_is_told_the_range_and_a_choice_the_choices() {
    assert_eq!(
        error(&with(r#""seats": [{"row": 300}]"#).await),
        "#/seats/0/row range: must be a whole number from 0 to 255"
    );
    assert_eq!(error(&with(r#""class": "first""#).await), "#/class choice: must be `economy` or `business`");
    assert_eq!(
        error(&with(r#""class": 5"#).await),
        "#/class type: must be one of the values that are known here"
    );
    assert_eq!(error(&with(r#""code": "\ud800""#).await), "#/code encoding: holds what is no text");
    let answer = support::json(echo::<HashMap<String, f64>>(), r#"{"a": 1e999}"#).await;
    assert_eq!(error(&answer), "#/a range: is a number that is too large");
    let answer = support::json(echo::<HashMap<u8, f64>>(), r#"{"a": 1}"#).await;
    assert_eq!(error(&answer), "# invalid: has a member whose name must be a whole number");
    assert_eq!(
        error(&with(r#""code": "ABCD""#).await),
        "#/code invalid: is not valid: a code has three letters"
    );
}

#[tokio::test]
async fn malformed_json_is_told_with_line_and_column() {
    for (body, why) in [
        ("{\n  \"name\": \"Ada\",\n}", "line 3, column 1: trailing comma"),
        ("{\"name\": \"Ada\"", "line 1, column 14: it ends too early"),
        ("{\"name\" \"Ada\"}", "line 1, column 9: expected `:`"),
        ("{name: 1}", "line 1, column 2: the name of a member is a string in quotes"),
        ("{} {}", "line 1, column 4: something follows the value"),
        ("hello", "line 1, column 1: a value is expected"),
        ("nul", "line 1, column 3: it ends too early"),
        (
            "{\"a\": \"\u{1}\"}",
            "line 1, column 8: control character (\\u0000-\\u001F) found while parsing a string",
        ),
        ("{\"a\": 01}", "line 1, column 8: invalid number"),
    ] {
        let answer = support::json(echo::<HashMap<String, serde_json::Value>>(), body).await;
        let told = told(&answer);
        assert_eq!(told, format!("400 malformed_body: the body is no JSON in {why}"), "{body}");
        assert_eq!(answer.json().get("errors"), None);
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_behind_a_wrong_field_is_malformed() {
    assert_eq!(
        told(&booking(r#"{"name": 5, "age": }"#).await),
        "400 malformed_body: the body is no JSON in line 1, column 20: a value is expected"
    );
    assert_eq!(
        told(&booking(r#"{"name": 5} 6"#).await),
        "400 malformed_body: the body is no JSON in line 1, column 13: something follows the value"
    );
}

#[tokio::test]
async fn an_empty_body_is_told_to_be_empty() {
    for body in ["", "  \r\n\t"] {
        assert_eq!(told(&booking(body).await), "400 malformed_body: the body is empty: send JSON");
    }
}

#[tokio::test]
async fn text_that_is_no_utf8_is_malformed_wherever_it_stands() {
    for body in [&b"{\"name\":\n\"\xff\"}"[..], b"{\"name\": \"Ada\", \"age\": 3,\n \"x\": \"\xc3\"}"] {
        assert_eq!(
            told(&booking(body.to_vec()).await),
            "400 malformed_body: the body is not UTF-8 in line 2"
        );
    }
    let told = told(&booking("\u{feff}{}").await);
    assert_eq!(told, "400 malformed_body: the body begins with a byte order mark: send it without");
}

#[tokio::test]
async fn a_body_that_is_nested_too_deeply_is_malformed() {
    let body = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let told = told(&support::json(echo::<serde_json::Value>(), body).await);
    assert_eq!(
        told,
        "400 malformed_body: the body is no JSON in line 1, column 128: it is nested too deeply"
    );
}

#[tokio::test]
async fn nothing_of_the_services_types_is_told() {
    #[derive(Debug, Deserialize, Serialize)]
    #[serde(untagged)]
    enum Secret {
        Number { number: u8 },
        Text { text: String },
    }
    #[derive(Debug, Deserialize, Serialize)]
    #[serde(tag = "kind")]
    enum Tagged {
        Secret { deep: Vec<u8> },
    }
    let answers = [
        support::json(echo::<Secret>(), "{}").await,
        support::json(echo::<Tagged>(), "5").await,
        support::json(echo::<Tagged>(), "{}").await,
        support::json(echo::<Tagged>(), r#"{"kind": "Secret", "deep": {}}"#).await,
        support::json(echo::<(u8, Seat)>(), "[1, 2, 3]").await,
        booking("true").await,
    ];
    for answer in answers {
        assert_eq!(answer.status, 422);
        for word in ["enum", "struct", "Tagged", "untagged", "u8", "variant"] {
            assert!(!answer.body.contains(word), "{word}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_field_within_buffered_data_is_pointed_to_as_far_as_is_known() {
    #[derive(Debug, Deserialize, Serialize)]
    struct Outer {
        #[serde(flatten)]
        inner: Inner,
    }
    #[derive(Debug, Deserialize, Serialize)]
    struct Inner {
        name: String,
    }
    assert_eq!(error(&support::json(echo::<Outer>(), r#"{"x": 1}"#).await), "#/name missing: is missing");
    let answer = support::json(echo::<Outer>(), r#"{"name": 1}"#).await;
    assert_eq!(error(&answer), "# type: must be a string, not a number");
}

#[tokio::test]
async fn what_clients_make_up_does_not_make_a_refusal_long() {
    let name = "x".repeat(100_000);
    for body in [
        format!(r#"{{"name": "Ada", "age": 36, "seats": [{{"{name}": 1}}]}}"#),
        format!(r#"{{"name": "Ada", "age": 36, "fares": {{"{name}": "x"}}}}"#),
        format!(r#"{{"name": "Ada", "age": 36, "class": "{name}"}}"#),
        format!(r#"{{"name": "Ada", "age": "{name}"}}"#),
    ] {
        let answer = booking(body).await;
        assert_eq!(answer.status, 422);
        assert!(answer.body.len() < 700, "{}", answer.body.len());
    }
}

#[tokio::test]
async fn an_optional_body_is_none_without_a_content_type() {
    async fn handler(body: Option<Json<Seat>>) -> String {
        format!("{:?}", body.map(|Json(seat)| seat.row))
    }
    assert_eq!(read(&support::ask(post(handler), Request::post("/").body("".into()).unwrap()).await), "None");
    assert_eq!(read(&support::json(post(handler), r#"{"row": 7}"#).await), "Some(7)");
    assert!(told(&support::json(post(handler), "{}").await).starts_with("422"));
    let answer = support::ask(post(handler), tollgate_tests::post("/", "text/plain", "{}")).await;
    assert!(told(&answer).starts_with("415"));
}

#[tokio::test]
async fn what_cannot_be_written_is_a_500_that_tells_nothing() {
    async fn handler() -> impl IntoResponse {
        Json(HashMap::from([((1, 2), 3)]))
    }
    let answer = support::ask(post(handler), Request::post("/").body("".into()).unwrap()).await;
    assert_eq!(told(&answer), "500 -: something went wrong in the service");
}

#[tokio::test]
async fn it_is_used_as_axums_own() {
    async fn handler(headers: HeaderMap, mut json: Json<Seat>) -> Json<Seat> {
        json.row += u8::try_from(headers.len()).unwrap();
        json
    }
    assert_eq!(read(&support::json(post(handler), r#"{"row": 7}"#).await), r#"{"row":8,"letter":null}"#);
    assert_eq!(*Json::from(5), 5);
}
