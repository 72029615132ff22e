//! Writes pass, and throw away what they may have changed.

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Method, Request};
use serde_json::{Value, json};
use tollgate::{CacheLayer, Tollgate};
use tollgate_tests::send;

use crate::support::{Case, check, script};

const FRESH: (&str, &str) = ("cache-control", "max-age=60");

#[tokio::test]
async fn a_write_throws_away_its_target_after_a_success() {
    for (method, status, expected) in [
        ("POST", 200, false),
        ("PUT", 204, false),
        ("DELETE", 301, false),
        ("M-SEARCH", 200, false),
        ("POST", 404, true),
        ("POST", 500, true),
        ("OPTIONS", 200, true),
        ("TRACE", 200, true),
    ] {
        let written = script(&[FRESH], &json!({ "response_status": [status, "x"] }));
        let fresh = || script(&[FRESH], &Value::Null);
        let case = Case::of(vec![fresh(), written, fresh()]).await;
        case.get(&[]).await;
        check("before", &case.get(&[]).await, true);
        let answer = case.ask(Method::from_bytes(method.as_bytes()).unwrap(), "/test/x", &[]).await;
        assert_eq!(answer.field("cache-status"), "tollgate; fwd=method", "{method}");
        check(&format!("{method} {status}"), &case.get(&[]).await, expected);
    }
}

#[tokio::test]
async fn what_the_answer_names_on_the_same_host_goes_too() {
    for (name, value, expected) in [
        ("location", "/test/x?a", false),
        ("content-location", "http://own.test/test/x?a", false),
        ("location", "http://evil.test/test/x?a", true),
        ("location", "/test/x?b", true),
    ] {
        let fresh = || script(&[FRESH], &Value::Null);
        let case =
            Case::with(CacheLayer::new(), vec![fresh(), script(&[(name, value)], &json!({})), fresh()]).await;
        case.ask(Method::GET, "/test/x?a", &[]).await;
        case.ask(Method::POST, "/test/x", &[]).await;
        check(value, &case.ask(Method::GET, "/test/x?a", &[]).await, expected);
    }
}

#[tokio::test]
async fn a_write_that_is_left_or_panics_throws_away_its_target() {
    async fn panics() {
        panic!("on purpose");
    }
    let fresh = async || ([FRESH], "x");
    let router = Router::new()
        .route("/waits", get(fresh).post(std::future::pending::<()>))
        .route("/panics", get(fresh).post(panics))
        .layer(CacheLayer::new())
        .layer(Tollgate::builder().build().unwrap().layer());
    for path in ["/waits", "/panics"] {
        let ask = |method: Method| {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            let router = router.clone();
            async move { send(&router, request).await }
        };
        ask(Method::GET).await;
        let write = tokio::spawn(ask(Method::POST));
        for _ in 0..64 {
            tokio::task::yield_now().await;
        }
        if path == "/waits" {
            check("under way", &ask(Method::GET).await, true);
        }
        write.abort();
        assert!(write.await.is_err());
        check(path, &ask(Method::GET).await, false);
    }
}
