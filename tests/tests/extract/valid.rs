//! `Valid`: what garde finds, at the fields as the request spells them.

use axum::Router;
use axum::routing::{get, post};
use garde::Validate;
use serde::Deserialize;
use serde_json::json;
use tollgate::extract::{Form, Json, Path, Query, Valid};
use tollgate_tests::{Answer, send};

use crate::support::{self, ask, error, errors, read, told};

#[derive(Debug, Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
struct NewUser {
    #[garde(length(min = 2))]
    first_name: String,
    #[garde(range(min = 18, max = 150))]
    #[serde(default)]
    age: u8,
    #[garde(required)]
    nick: Option<String>,
    #[garde(dive)]
    #[serde(default)]
    seats: Vec<Seat>,
    #[garde(dive)]
    #[serde(default)]
    code: Code,
}

#[derive(Debug, Deserialize, Validate)]
struct Seat {
    #[garde(range(min = 1))]
    row: u8,
}

#[derive(Debug, Default, Deserialize, Validate)]
#[garde(transparent)]
struct Code(#[garde(length(max = 3))] String);

async fn json(Valid(Json(user)): Valid<Json<NewUser>>) -> String {
    format!("{} {} {:?} {:?} {}", user.first_name, user.age, user.nick, user.seats.len(), user.code.0)
}

async fn created(body: serde_json::Value) -> Answer {
    support::json(post(json), body.to_string()).await
}

#[tokio::test]
async fn what_is_valid_is_read() {
    let answer = created(json!({"firstName": "Ada", "age": 36, "nick": "A"})).await;
    assert_eq!(read(&answer), "Ada 36 Some(\"A\") 0 ");
}

#[tokio::test]
async fn every_field_that_is_not_valid_is_pointed_to_as_it_was_sent() {
    let answer =
        created(json!({"firstName": "A", "age": 7, "seats": [{"row": 1}, {"row": 0}], "code": "ABCD"})).await;
    assert_eq!(
        errors(&answer),
        [
            "#/age invalid: lower than 18",
            "#/code invalid: length is greater than 3",
            "#/firstName invalid: length is lower than 2",
            "#/nick invalid: not set",
            "#/seats/1/row invalid: lower than 1",
        ]
    );
    assert_eq!(told(&answer), "422 invalid_body: 5 values are not valid: see `errors`");
    let answer = created(json!({"firstName": "Ada", "age": 7, "nick": "A"})).await;
    assert_eq!(told(&answer), "422 invalid_body: one value is not valid: see `errors`");
}

#[tokio::test]
async fn an_array_in_the_place_of_an_object_has_no_members_to_point_to() {
    let answer = created(json!(["A", 36, "N", [], "LHR"])).await;
    assert_eq!(error(&answer), "# invalid: length is lower than 2");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_as_without_it() {
    assert!(
        told(&created(json!({"firstName": 5})).await)
            .starts_with("422 invalid_body: the field `firstName` must be")
    );
    assert!(told(&support::json(post(json), "{").await).starts_with("400 malformed_body"));
    assert!(told(&ask(post(json), tollgate_tests::post("/", "text/plain", "{}")).await).starts_with("415"));
}

#[tokio::test]
async fn the_errors_of_a_request_are_told_up_to_a_number() {
    let seats = vec![json!({"row": 0}); 1_000];
    let answer = created(json!({"firstName": "Ada", "age": 36, "nick": "A", "seats": seats})).await;
    assert_eq!(errors(&answer).len(), 32);
    assert_eq!(told(&answer), "422 invalid_body: 1000 values are not valid: `errors` has the first 32");
}

#[derive(Debug, Deserialize, Validate)]
struct Search {
    #[garde(range(max = 100))]
    #[serde(rename = "per-page")]
    per_page: u32,
}

#[tokio::test]
async fn queries_forms_and_paths_are_validated() {
    async fn query(Valid(Query(search)): Valid<Query<Search>>) -> String {
        search.per_page.to_string()
    }
    async fn form(Valid(Form(search)): Valid<Form<Search>>) -> String {
        search.per_page.to_string()
    }
    async fn named(Valid(Path(seat)): Valid<Path<Seat>>) -> String {
        seat.row.to_string()
    }
    async fn single(Valid(Path(code)): Valid<Path<Code>>) -> String {
        code.0
    }
    let router = Router::new()
        .route("/query", get(query))
        .route("/form", post(form).get(form))
        .route("/named/{row}", get(named))
        .route("/single/{iata}", get(single));
    let ask = async |path: &str| send(&router, tollgate_tests::get(path)).await;
    let send_form = async |body: &'static str| {
        send(&router, tollgate_tests::post("/form", "application/x-www-form-urlencoded", body)).await
    };
    assert_eq!(read(&ask("/query?per-page=100").await), "100");
    assert_eq!(read(&send_form("per-page=100").await), "100");
    assert_eq!(read(&ask("/named/1").await), "1");
    assert_eq!(read(&ask("/single/LHR").await), "LHR");
    let is_too_large = "#/per-page invalid: greater than 100";
    for (answer, status, fault) in [
        (ask("/query?per-page=101").await, "400 invalid_query", is_too_large),
        (ask("/form?per-page=101").await, "400 invalid_query", is_too_large),
        (send_form("per-page=101").await, "422 invalid_form", is_too_large),
        (ask("/named/0").await, "400 invalid_path", "#/row invalid: lower than 1"),
        (ask("/single/LONDON").await, "400 invalid_path", "#/iata invalid: length is greater than 3"),
    ] {
        assert_eq!(error(&answer), fault);
        assert!(told(&answer).starts_with(status), "{answer:?}");
    }
}

#[tokio::test]
async fn optional_data_is_validated_where_it_is_there() {
    async fn handler(user: Option<Valid<Json<NewUser>>>) -> String {
        format!("{}", user.is_some())
    }
    assert_eq!(read(&ask(post(handler), tollgate_tests::request(http::Method::POST, "/")).await), "false");
    assert!(told(&support::json(post(handler), r#"{"firstName": "A"}"#).await).starts_with("422"));
}
