//! Who may do what: nobody, the reader, the editor and the operator.

use std::net::SocketAddr;
use std::time::Duration;

use airports::options::Limits;
use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::MockConnectInfo;
use axum::http::{Method, Request, Response, StatusCode, header};
use serde_json::json;
use tollgate::testing::ManualClock;

use crate::client::{
    ADMIN_TOKEN, EDITOR, READER, UNLIMITED, builder, json, keyed, own_service, request, send_to, service,
};

fn change() -> Request<Body> {
    let request = Request::patch("/airports/CDG").header(header::CONTENT_TYPE, "application/json");
    request.body(r#"{"city":"Roissy-en-France"}"#.into()).unwrap()
}

async fn get(uri: &str) -> Response<Body> {
    send_to(&UNLIMITED, request(Method::GET, uri)).await
}

async fn me(key: &'static str) -> Response<Body> {
    send_to(&UNLIMITED, keyed(key, request(Method::GET, "/me"))).await
}

/// Asserts a problem of that status, and gives its detail.
async fn detail(response: Response<Body>, status: u16) -> String {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    json(response).await["detail"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn nobody_may_change_an_airport() {
    let service = own_service();
    let response = send_to(&service, change()).await;
    assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "ApiKey header=\"x-api-key\"");
    assert_eq!(detail(response, 401).await, "this request needs credentials");
    for key in ["nobody", "", "DEMO-EDITOR", "demo-editor,demo-editor"] {
        let response = send_to(&service, keyed(key, change())).await;
        assert!(response.headers().contains_key(header::WWW_AUTHENTICATE), "{key}");
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{key}");
    }
    let mut twice = keyed(EDITOR, change());
    twice.headers_mut().append("x-api-key", EDITOR.parse().unwrap());
    assert_eq!(send_to(&service, twice).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_reader_may_not_and_the_editor_may() {
    let service = own_service();
    let refusal = send_to(&service, keyed(READER, change())).await;
    assert_eq!(detail(refusal, 403).await, "this needs the role \"editor\"");
    let before = json(send_to(&service, request(Method::GET, "/airports/CDG")).await).await;
    assert_eq!(before["city"], "Paris");
    let response = send_to(&service, keyed(EDITOR, change())).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(json(response).await["city"], "Roissy-en-France");
}

#[tokio::test]
async fn whoever_may_not_learns_nothing_about_airports_and_bodies() {
    let service = own_service();
    for (uri, body) in [("/airports/QQQ", "{}"), ("/airports/C1G", "{}"), ("/airports/CDG", "no JSON")] {
        let request = Request::patch(uri).body(Body::from(body)).unwrap();
        assert_eq!(send_to(&service, request).await.status(), StatusCode::UNAUTHORIZED, "{uri}");
    }
}

#[tokio::test]
async fn looking_needs_no_key_and_a_wrong_one_does_no_harm() {
    for uri in ["/airports/CDG", "/airports?limit=1", "/distance/CDG/JFK", "/openapi.json"] {
        let response = send_to(&UNLIMITED, keyed("nobody", request(Method::GET, uri))).await;
        assert_eq!(response.status(), StatusCode::OK, "{uri}");
    }
}

#[tokio::test]
async fn a_key_says_whose_it_is() {
    assert_eq!(json(me(READER).await).await, json!({ "subject": "grace", "roles": ["reader"] }));
    assert_eq!(json(me(EDITOR).await).await, json!({ "subject": "ada", "roles": ["editor"] }));
    assert_eq!(me("nobody").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(get("/me").await.status(), StatusCode::UNAUTHORIZED);
}

/// The statuses of that many requests.
async fn statuses(service: &Router, key: &'static str, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..count {
        let response = send_to(service, keyed(key, request(Method::GET, "/me"))).await;
        statuses.push(response.status().as_u16());
    }
    statuses
}

#[tokio::test]
async fn every_holder_has_the_budget_of_its_role() {
    let tollgate = builder(Limits::On).clock(ManualClock::new()).build().unwrap();
    let service = service(&tollgate);
    assert_eq!(statuses(&service, READER, 60).await, [200; 60]);
    assert_eq!(statuses(&service, READER, 1).await, [429]);
    assert_eq!(statuses(&service, EDITOR, 600).await, [200; 600]);
    assert_eq!(statuses(&service, EDITOR, 1).await, [429]);
}

#[tokio::test]
async fn wrong_keys_are_counted_and_right_ones_are_not() {
    let clock = ManualClock::new();
    let tollgate = builder(Limits::On).clock(clock.clone()).build().unwrap();
    let service = service(&tollgate);
    assert_eq!(statuses(&service, EDITOR, 30).await, [200; 30]);
    assert_eq!(statuses(&service, "nobody", 20).await, [401; 20]);
    // Nobody learns any more whether a key is right.
    assert_eq!(statuses(&service, "nobody", 1).await, [429]);
    assert_eq!(statuses(&service, EDITOR, 1).await, [429]);
    clock.advance(Duration::from_secs(3));
    assert_eq!(statuses(&service, EDITOR, 30).await, [200; 30]);
}

#[tokio::test]
async fn everybody_may_ask_how_it_stands_without_being_charged() {
    let tollgate = builder(Limits::On).clock(ManualClock::new()).build().unwrap();
    let peer = SocketAddr::from(([203, 0, 113, 7], 50_000));
    let service = service(&tollgate).layer(MockConnectInfo(peer));
    for _ in 0..3 {
        let response = send_to(&service, request(Method::GET, "/limits")).await;
        assert_eq!(response.status(), StatusCode::OK);
        let told = json(response).await;
        let site =
            told["sites"].as_array().unwrap().iter().find(|site| site["site"] == "airport_v2").unwrap();
        assert_eq!(site["limits"][0]["rates"][0]["remaining"], 10);
    }
}

#[tokio::test]
async fn keys_cannot_be_guessed_without_limit() {
    let tollgate = builder(Limits::On).clock(ManualClock::new()).build().unwrap();
    let service = service(&tollgate);
    for _ in 0..30 {
        let response = send_to(&service, keyed("nobody", change())).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    }
    let response = send_to(&service, keyed("nobody", change())).await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
}

async fn inventory(service: &Router, authorization: &str) -> Response<Body> {
    let request = Request::get("/admin/inventory").header(header::AUTHORIZATION, authorization);
    send_to(service, request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_operator_sees_what_is_protected_and_nobody_else_does() {
    let response = inventory(&UNLIMITED, &format!("Bearer {ADMIN_TOKEN}")).await;
    assert_eq!(response.status(), StatusCode::OK);
    let sites = json(response).await["sites"].clone();
    let names: Vec<_> = sites.as_array().unwrap().iter().map(|site| site["name"].as_str().unwrap()).collect();
    for name in ["search", "airport", "change", "nearest", "me"] {
        assert!(names.contains(&format!("airports::handlers::{name}").as_str()), "{names:?}");
    }
    for wrong in ["Bearer wrong", "Bearer", "Basic b3A6", &format!("Bearer {ADMIN_TOKEN}x")] {
        assert_eq!(inventory(&UNLIMITED, wrong).await.status(), StatusCode::UNAUTHORIZED, "{wrong}");
    }
    let keyed = keyed(EDITOR, request(Method::GET, "/admin/inventory"));
    assert_eq!(send_to(&UNLIMITED, keyed).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn without_a_token_there_is_no_operator() {
    let tollgate = tollgate::Tollgate::builder().build().unwrap();
    let service = service(&tollgate);
    assert_eq!(inventory(&service, "Bearer ").await.status(), StatusCode::FORBIDDEN);
    assert_eq!(inventory(&service, &format!("Bearer {ADMIN_TOKEN}")).await.status(), StatusCode::FORBIDDEN);
}
