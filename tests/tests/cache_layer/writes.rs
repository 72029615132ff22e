//! Writes pass, and throw away what they may have changed.

use http::Method;
use serde_json::{Value, json};
use tollgate::CacheLayer;

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
