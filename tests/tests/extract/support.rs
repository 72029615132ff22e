//! Routers that are asked once, and problems in few words.

use axum::Router;
use axum::body::Body;
use axum::routing::MethodRouter;
use http::{Request, StatusCode};
use serde_json::Value;
use tollgate_tests::{Answer, post, send};

/// The answer of a handler at `/` to a JSON body.
pub(crate) async fn json(handler: MethodRouter, body: impl Into<Body>) -> Answer {
    ask(handler, post("/", "application/json", body)).await
}

/// The answer of a handler at `/`.
pub(crate) async fn ask(handler: MethodRouter, request: Request<Body>) -> Answer {
    send(&Router::new().route("/", handler), request).await
}

/// What a refusal says: `"422 invalid_body: the field `age` is missing"`. It is a problem, and a whole one.
pub(crate) fn told(answer: &Answer) -> String {
    assert_eq!(answer.field("content-type"), "application/problem+json", "{answer:?}");
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status.as_u16());
    let code = problem["code"].as_str().unwrap_or("-");
    assert!(code == "-" || problem["type"] == format!("/problems/{code}"));
    format!("{} {code}: {}", answer.status.as_u16(), problem["detail"].as_str().unwrap_or("-"))
}

/// The entries of `errors`: `"#/age missing: is missing"`.
pub(crate) fn errors(answer: &Answer) -> Vec<String> {
    let problem = answer.json();
    let entries = problem["errors"].as_array().cloned().unwrap_or_default();
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
    entries
        .iter()
        .map(|entry| format!("{} {}: {}", text(entry, "pointer"), text(entry, "code"), text(entry, "detail")))
        .collect()
}

/// The one entry of `errors`.
pub(crate) fn error(answer: &Answer) -> String {
    let errors = errors(answer);
    let [error] = &errors[..] else { panic!("{} errors: {answer:?}", errors.len()) };
    error.clone()
}

/// The body of an answer that is a success.
pub(crate) fn read(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    &answer.body
}
