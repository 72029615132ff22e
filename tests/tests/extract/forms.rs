//! `Form`: bodies, and the query of a `GET`.

use axum::body::Body;
use axum::routing::any;
use http::{Method, Request};
use serde::Deserialize;
use tollgate::extract::Form;
use tollgate_tests::{Answer, post, request};

use crate::support::{ask, error, read, told};

#[derive(Debug, Deserialize)]
struct Login {
    name: String,
    pin: u16,
}

async fn login(Form(login): Form<Login>) -> String {
    format!("{} {}", login.name, login.pin)
}

async fn sent(body: impl Into<Body>) -> Answer {
    ask(any(login), post("/", "application/x-www-form-urlencoded", body)).await
}

#[tokio::test]
async fn a_form_is_read_from_the_body() {
    assert_eq!(read(&sent("name=Ada+L%C3%A9&pin=42&other=x&&").await), "Ada Lé 42");
}

#[tokio::test]
async fn a_field_that_is_wrong_is_pointed_to() {
    for (body, told) in [
        ("name=Ada", "#/pin missing: is missing"),
        ("name=Ada&pin=x", "#/pin type: must be a whole number from 0 to 65535"),
        ("name=Ada&pin=99999", "#/pin range: must be a whole number from 0 to 65535"),
        ("name=Ada&pin=1&pin=2", "#/pin duplicate: is there more than once"),
        ("name=%ff&pin=1", "#/name encoding: is not UTF-8 once it is decoded"),
        ("", "#/name missing: is missing"),
    ] {
        assert_eq!(error(&sent(body).await), told, "{body}");
    }
    assert_eq!(told(&sent("name=Ada").await), "422 invalid_form: the field `pin` is missing");
    assert_eq!(told(&sent(&b"name=\xff"[..]).await), "400 malformed_body: the form is not UTF-8");
}

#[tokio::test]
async fn that_of_a_get_is_the_query() {
    for method in [Method::GET, Method::HEAD] {
        let answer = ask(any(login), request(method, "/?name=Ada&pin=42")).await;
        assert_eq!(answer.status, 200);
    }
    let answer = ask(any(login), Request::get("/?name=Ada").body(Body::empty()).unwrap()).await;
    assert_eq!(told(&answer), "400 invalid_query: the parameter `pin` is missing");
}
