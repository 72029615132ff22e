//! What is cached, who sees a change of it, and how the operator throws it away.

use std::time::Duration;

use airports::options::Limits;
use airports::{Db, app};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, header};
use serde_json::{Value, json};
use tollgate::testing::ManualClock;

use crate::client::{
    ADMIN_TOKEN, EDITOR, body, builder, json, keyed, own_db, request, send_to, without_weather,
};

const NEAREST: &str = "/airports/nearest?lat=49&lon=2.5&k=2";

/// The service over airports of its own, whose clock stands still.
struct Stage {
    service: Router,
    clock: ManualClock,
}

impl Stage {
    fn new() -> Self {
        let clock = ManualClock::new();
        let tollgate = builder(Limits::Off).clock(clock.clone()).build().unwrap();
        let db: Db = own_db();
        Self { service: app(without_weather(db), &tollgate).layer(tollgate.layer()), clock }
    }

    async fn get(&self, uri: &str) -> Response<Body> {
        send_to(&self.service, request(Method::GET, uri)).await
    }

    /// What the cache says of a request.
    async fn status(&self, uri: &str) -> String {
        status(&self.get(uri).await)
    }

    async fn json(&self, uri: &str) -> Value {
        json(self.get(uri).await).await
    }

    async fn change(&self, uri: &str, body: &'static str) {
        let request = Request::patch(uri).header(header::CONTENT_TYPE, "application/json");
        let request = keyed(EDITOR, request.body(body.into()).unwrap());
        assert_eq!(send_to(&self.service, request).await.status(), 200);
    }

    async fn operate(&self, method: Method, query: &str) -> Response<Body> {
        let mut request = request(method, &format!("/admin/cache{query}"));
        let token = format!("Bearer {ADMIN_TOKEN}").parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, token);
        send_to(&self.service, request).await
    }
}

fn status(response: &Response<Body>) -> String {
    response.headers()["cache-status"].to_str().unwrap().to_owned()
}

fn is_hit(status: &str) -> bool {
    status.starts_with("tollgate; hit")
}

#[tokio::test]
async fn the_second_request_is_a_hit_with_the_same_bytes() {
    let stage = Stage::new();
    for uri in ["/airports/CDG", NEAREST] {
        let first = stage.get(uri).await;
        assert!(!is_hit(&status(&first)), "{uri}: {}", status(&first));
        let first = body(first).await;
        stage.clock.advance(Duration::from_secs(10));
        let second = stage.get(uri).await;
        assert_eq!(status(&second), "tollgate; hit; ttl=50", "{uri}");
        assert_eq!(
            (&second.headers()[header::AGE], second.headers().contains_key(header::ETAG)),
            (&"10".parse().unwrap(), true)
        );
        assert_eq!(body(second).await, first);
    }
}

#[tokio::test]
async fn every_spelling_of_a_code_is_one_entry() {
    let stage = Stage::new();
    stage.get("/airports/CDG").await;
    for uri in ["/airports/cdg", "/airports/%63DG", "/airports/CDG?utm_source=x"] {
        assert!(is_hit(&stage.status(uri).await), "{uri}");
    }
    assert!(!is_hit(&stage.status("/airports/ORY").await));
}

#[tokio::test]
async fn an_entity_tag_saves_the_body() {
    let stage = Stage::new();
    let tag = stage.get("/airports/CDG").await.headers()[header::ETAG].clone();
    let mut again = request(Method::GET, "/airports/CDG");
    again.headers_mut().insert(header::IF_NONE_MATCH, tag);
    let response = send_to(&stage.service, again).await;
    assert_eq!(response.status(), 304);
    assert!(body(response).await.is_empty());
}

#[tokio::test]
async fn a_change_is_seen_by_whoever_asks_next_and_touches_nothing_else() {
    let stage = Stage::new();
    for uri in ["/airports/CDG", "/airports/ORY", NEAREST, "/distance/CDG/JFK", "/distance/ORY/JFK"] {
        stage.get(uri).await;
    }
    stage.change("/airports/cdg", r#"{"name":"Roissy"}"#).await;
    assert!(is_hit(&stage.status("/airports/ORY").await));
    let airport = stage.get("/airports/CDG").await;
    assert!(!is_hit(&status(&airport)));
    assert_eq!(json(airport).await["name"], "Roissy");
    assert!(stage.json(NEAREST).await.to_string().contains("Roissy"));
    assert_eq!(stage.json("/distance/CDG/JFK").await["from"]["name"], "Roissy");
}

#[tokio::test]
async fn a_change_that_is_refused_throws_nothing_away() {
    let stage = Stage::new();
    stage.get("/airports/CDG").await;
    for (key, change, expected) in [("demo-reader", "{}", 403), (EDITOR, r#"{"name":""}"#, 422)] {
        let request = Request::patch("/airports/CDG").header(header::CONTENT_TYPE, "application/json");
        let request = keyed(key, request.body(change.into()).unwrap());
        assert_eq!(send_to(&stage.service, request).await.status(), expected);
        assert!(is_hit(&stage.status("/airports/CDG").await), "{key}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_asked_for_again() {
    let stage = Stage::new();
    for _ in 0..2 {
        let response = stage.get("/airports/QQQ").await;
        assert_eq!((response.status().as_u16(), is_hit(&status(&response))), (404, false));
    }
}

#[tokio::test]
async fn the_operator_sees_how_much_is_kept_and_throws_it_away() {
    let stage = Stage::new();
    stage.get("/airports/CDG").await;
    stage.get("/distance/CDG/JFK").await;
    let kept = json(stage.operate(Method::GET, "").await).await;
    assert_eq!(
        (&kept["store"], &kept["answers"]["entries"], &kept["values"]["entries"]),
        (&json!("memory"), &json!(1), &json!(2))
    );
    assert!(kept["bytes"].as_u64().unwrap() > 200, "{kept}");
    for query in ["?tag=airport:CDG", "?key=CDG", "?site=airports::handlers::airport_v2", "?all=true"] {
        stage.get("/airports/CDG").await;
        assert!(is_hit(&stage.status("/airports/CDG").await), "{query}");
        assert_eq!(stage.operate(Method::POST, query).await.status(), 204, "{query}");
        assert!(!is_hit(&stage.status("/airports/CDG").await), "{query}");
    }
    let wrong = json(stage.operate(Method::DELETE, "?site=airports::handlers::airprot_v2").await).await;
    assert!(wrong["detail"].as_str().unwrap().contains("`airports::handlers::airport_v2`"), "{wrong}");
}
