//! Changing an airport, and who sees it.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::client::{EDITOR, json, keyed, own_service, request, send_to};

fn patch(uri: &str, content_type: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::patch(uri).header(header::CONTENT_TYPE, content_type);
    keyed(EDITOR, request.body(body.into()).unwrap())
}

async fn change(service: &Router, uri: &str, body: &str) -> Response<Body> {
    send_to(service, patch(uri, "application/json", body.to_owned())).await
}

async fn get(service: &Router, uri: &str) -> Value {
    json(send_to(service, request(Method::GET, uri)).await).await
}

/// Asserts a problem of that status and code, and gives it.
async fn problem(response: Response<Body>, status: u16, code: &str) -> Value {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let problem = json(response).await;
    assert_eq!((&problem["status"], &problem["code"]), (&json!(status), &json!(code)), "{problem}");
    problem
}

#[tokio::test]
async fn a_change_is_answered_with_the_airport_as_it_is_now() {
    let service = own_service();
    let mut expected = get(&service, "/airports/CDG").await;
    let response =
        change(&service, "/airports/cdg", r#"{"name":"Roissy","city":null,"elevation":400}"#).await;
    assert_eq!(response.status(), StatusCode::OK);
    let changed = json(response).await;
    expected["name"] = json!("Roissy");
    expected["city"] = Value::Null;
    expected["elevation"] = json!(400.0);
    assert_eq!(changed, expected);
    assert_eq!(get(&service, "/airports/CDG").await, changed);
}

#[tokio::test]
async fn every_operation_sees_the_change() {
    let service = own_service();
    let body = r#"{"name":"Pinguinville","lat":-89.9,"lon":0}"#;
    assert_eq!(change(&service, "/airports/CDG", body).await.status(), StatusCode::OK);
    let found = get(&service, "/airports?q=pinguin").await["data"].clone();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["iata"]), (1, &json!("CDG")));
    let nearest = get(&service, "/airports/nearest?lat=-90&lon=0&k=1").await;
    assert_eq!(nearest[0]["airport"]["name"], "Pinguinville");
    let distance = get(&service, "/distance/CDG/JFK").await;
    assert!(distance["distance_km"].as_f64().unwrap() > 14_000.0, "{distance}");
}

#[tokio::test]
async fn an_empty_change_is_none() {
    let service = own_service();
    let response = change(&service, "/airports/CDG", "{}").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(json(response).await, get(&service, "/airports/CDG").await);
}

#[tokio::test]
async fn a_merge_patch_is_json_too() {
    let request = patch("/airports/CDG", "application/merge-patch+json", "{}");
    assert_eq!(send_to(&own_service(), request).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_unknown_code_cannot_be_changed() {
    let service = own_service();
    let response = change(&service, "/airports/QQQ", r#"{"name":"Nowhere"}"#).await;
    assert_eq!(problem(response, 404, "airport_not_found").await["iata"], "QQQ");
    let response = change(&service, "/airports/nearest", "{}").await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    let response = change(&service, "/airports/C1G", "{}").await;
    assert_eq!(problem(response, 400, "invalid_path").await["errors"][0]["pointer"], "#/iata");
}

#[tokio::test]
async fn a_field_that_is_wrong_is_named_and_nothing_is_changed() {
    let service = own_service();
    let before = get(&service, "/airports/CDG").await;
    for (body, pointer, text) in [
        (r#"{"name":"Roissy","iata":"XXX"}"#, "#/iata", "expected one of `name`, `city`"),
        (r#"{"tz":"Europe/Berlin"}"#, "#/tz", "unknown"),
        (r#"{"name":""}"#, "#/name", "must be 1 to 100 characters in one line"),
        (r#"{"name":null}"#, "#/name", "must be a string"),
        (r#"{"city":"two\nlines"}"#, "#/city", "must be 1 to 100 characters in one line"),
        (r#"{"subdivision":7}"#, "#/subdivision", "must be a string"),
        (r#"{"elevation":"high"}"#, "#/elevation", "must be a number"),
        (r#"{"elevation":99999}"#, "#/elevation", "must be a number of feet from -2000 to 30000, not 99999"),
        (r#"{"lat":91}"#, "#/lat", "must be a number from -90 to 90, not 91"),
        (r#"{"name":"Roissy","lon":-181}"#, "#/lon", "must be a number from -180 to 180, not -181"),
        (r#"{"name":"a","name":"b"}"#, "#/name", "more than once"),
        (r#""name""#, "#", "must be an object"),
    ] {
        let problem = problem(change(&service, "/airports/CDG", body).await, 422, "invalid_body").await;
        let error = &problem["errors"][0];
        assert_eq!(error["pointer"], pointer, "{body}: {error}");
        assert!(error["detail"].as_str().unwrap().contains(text), "{body}: {error}");
    }
    assert_eq!(get(&service, "/airports/CDG").await, before);
}

#[tokio::test]
async fn a_body_that_is_no_json_is_told_apart() {
    let service = own_service();
    for body in ["", "{", "name=Roissy", "{\"name\":\"\u{0}\"}", "{}{}", "{\"lat\":NaN}"] {
        problem(change(&service, "/airports/CDG", body).await, 400, "malformed_body").await;
    }
    let invalid = patch("/airports/CDG", "application/json", &b"{\"name\":\"\xff\"}"[..]);
    problem(send_to(&service, invalid).await, 400, "malformed_body").await;
    let form = patch("/airports/CDG", "application/x-www-form-urlencoded", "name=Roissy");
    problem(send_to(&service, form).await, 415, "unsupported_media_type").await;
    let long = format!(r#"{{"name":"{}"}}"#, "x".repeat(16 * 1024));
    problem(change(&service, "/airports/CDG", &long).await, 413, "payload_too_large").await;
}
