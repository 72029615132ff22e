//! Older versions that follow by conversion from the newest handler.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use thiserror::Error;
use tollgate::extract::Json;
use tollgate::testing::{Answer, Client};
use tollgate::{ApiError, ApiVersion, Tollgate, cached, rate_limited, versioned, versions};

use crate::support::clock;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1")]
    V1,
    #[version("v2")]
    V2,
    #[version("v3", default)]
    V3,
}

/// Its length was a text.
mod v1 {
    use super::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    pub(super) struct Runway {
        pub(super) length: String,
    }
}

/// It was in feet.
mod v2 {
    use super::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    pub(super) struct Runway {
        pub(super) feet: u32,
    }
}

/// It is in metres.
#[derive(Serialize, Deserialize)]
struct Runway {
    metres: u32,
}

#[derive(Debug, Error, ApiError)]
#[error("`{length}` is no length")]
#[api_error(status = 422, code = "no_length")]
struct NoLength {
    length: String,
}

fn up_v1(v1::Runway { length }: v1::Runway) -> Result<v2::Runway, NoLength> {
    match length.parse() {
        Ok(feet) => Ok(v2::Runway { feet }),
        Err(_) => Err(NoLength { length }),
    }
}

fn down_v1(v2::Runway { feet }: v2::Runway) -> v1::Runway {
    v1::Runway { length: feet.to_string() }
}

fn up_v2(v2::Runway { feet }: v2::Runway) -> Result<Runway, StatusCode> {
    match feet {
        0 => Err(StatusCode::CONFLICT),
        feet => Ok(Runway { metres: feet * 3 / 10 }),
    }
}

fn down_v2(Runway { metres }: Runway) -> v2::Runway {
    v2::Runway { feet: metres * 10 / 3 }
}

#[versioned(Version, since = V3)]
#[rate_limited("1000/minute")]
async fn build_v3(Json(runway): Json<Runway>) -> (StatusCode, Json<Runway>) {
    (StatusCode::CREATED, Json(runway))
}

#[versioned(Version, since = V3)]
#[cached(ttl = "1m", public)]
async fn longest_v3() -> Json<Runway> {
    Json(Runway { metres: 3000 })
}

#[versioned(Version, since = V3)]
async fn broken_v3() -> Json<Value> {
    Json(json!({ "metres": "many" }))
}

#[versioned(Version, since = V3)]
async fn refused_v3() -> Result<Json<Runway>, NoLength> {
    Err(NoLength { length: String::new() })
}

#[versioned(Version, since = V3)]
async fn text_v3() -> &'static str {
    "a text"
}

versions! {
    build = [build_v3],
        V2 = convert(request = up_v2, response = down_v2),
        V1 = convert(request = up_v1, response = down_v1);
    longest = [longest_v3], V2 = convert(response = down_v2), V1 = convert(response = down_v1);
    broken = [broken_v3], V2 = convert(response = down_v2), holes = [V1];
    refused = [refused_v3], V2 = convert(response = down_v2), holes = [V1];
    text = [text_v3], V2 = convert(response = down_v2), holes = [V1];
}

fn client(version: &str) -> Client {
    let tollgate = Tollgate::builder().clock(clock()).build().unwrap();
    let app = Router::new()
        .route("/runways", post(build))
        .route("/longest", get(longest))
        .route("/broken", get(broken))
        .route("/refused", get(refused))
        .route("/text", get(text))
        .layer(DefaultBodyLimit::max(100))
        .layer(tollgate.layer());
    Client::new(app).with_header("api-version", version)
}

fn told(answer: &Answer) -> (u16, Value) {
    (answer.status().as_u16(), answer.json().unwrap())
}

#[tokio::test]
async fn requests_are_converted_up_and_answers_down_through_all_versions_between() {
    for (version, sent, answered) in [
        ("v3", json!({ "metres": 900 }), json!({ "metres": 900 })),
        ("v2", json!({ "feet": 3000 }), json!({ "feet": 3000 })),
        ("v1", json!({ "length": "3000" }), json!({ "length": "3000" })),
    ] {
        let answer = client(version).post("/runways", sent.to_string()).await;
        assert_eq!(told(&answer), (201, answered), "{version}");
        assert_eq!(answer.header("api-version"), version);
        assert_eq!(answer.header("content-type"), "application/json");
        // A policy of the handler.
        assert!(answer.headers().contains_key("ratelimit"));
    }
}

#[tokio::test]
async fn a_get_has_no_body_to_convert() {
    for (version, answered) in [
        ("v3", json!({ "metres": 3000 })),
        ("v2", json!({ "feet": 10_000 })),
        ("v1", json!({ "length": "10000" })),
    ] {
        assert_eq!(told(&client(version).get("/longest").await), (200, answered));
    }
}

#[tokio::test]
async fn what_cannot_be_converted_up_is_the_clients_fault_and_told_as_such() {
    let cases = [
        ("v1", r#"{"length":"long"}"#, 422, "no_length"),
        ("v1", r#"{"length":5}"#, 422, "invalid_body"),
        ("v1", r#"{"length":"#, 400, "malformed_body"),
        ("v2", r#"{"metres":5}"#, 422, "invalid_body"),
        ("v1", r#"{"length":"0"}"#, 409, ""),
    ];
    for (version, body, status, code) in cases {
        let answer = client(version).post("/runways", body).await;
        assert_eq!(answer.status().as_u16(), status, "{body}");
        assert!(answer.text().contains(code), "{}", answer.text());
        assert_eq!(answer.header("api-version"), version);
    }
    let long = json!({ "length": "5".repeat(200) }).to_string();
    assert_eq!(client("v1").post("/runways", long).await.status(), 413);
    let text = client("v1").with_header("content-type", "text/plain").post("/runways", "{}").await;
    assert_eq!(text.status(), 415);
}

#[tokio::test]
async fn errors_have_one_shape_in_all_versions_and_what_is_no_json_stays() {
    let (old, new) = (client("v2").get("/refused").await, client("v3").get("/refused").await);
    assert_eq!((old.status(), old.text()), (new.status(), new.text()));
    assert_eq!(client("v2").get("/text").await.text(), "a text");
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_our_own_fault_and_leaks_nothing() {
    let answer = client("v2").get("/broken").await;
    assert_eq!(answer.status(), 500);
    assert!(!answer.text().contains("metres") && !answer.text().contains("many"), "{}", answer.text());
    assert_eq!(client("v3").get("/broken").await.status(), 200);
}

#[tokio::test]
async fn a_converted_answer_has_a_tag_of_its_own_and_is_not_sent_twice() {
    let (old, new) = (client("v2"), client("v3"));
    let (old_tag, new_tag) = (
        old.get("/longest").await.header("etag").to_owned(),
        new.get("/longest").await.header("etag").to_owned(),
    );
    assert!(old_tag.ends_with("-v2\"") && !new_tag.is_empty() && old_tag != new_tag, "{old_tag} {new_tag}");
    let again = old.clone().with_header("if-none-match", &old_tag).get("/longest").await;
    assert_eq!((again.status(), again.header("etag")), (StatusCode::NOT_MODIFIED, old_tag.as_str()));
    let other = old.with_header("if-none-match", "\"other\"").get("/longest").await;
    assert_eq!(told(&other), (200, json!({ "feet": 10_000 })));
}

#[tokio::test]
async fn a_head_request_is_answered_without_a_body() {
    let answer = client("v2").request(Method::HEAD, "/longest", "").await;
    assert_eq!((answer.status().as_u16(), answer.text()), (200, ""));
}
