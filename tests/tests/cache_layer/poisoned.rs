//! What one client writes is not what others read.

use http::Method;
use serde_json::json;
use tollgate::CacheLayer;

use crate::support::{Case, check, script};

const FRESH: (&str, &str) = ("cache-control", "max-age=60");

#[tokio::test]
async fn an_answer_that_repeats_what_no_key_holds_is_not_kept() {
    for (name, vary, expected) in [
        ("x-forwarded-host", "", false),
        ("origin", "", false),
        ("origin", "Origin", true),
        ("user-agent", "", true),
    ] {
        let mut fields = vec![FRESH, ("x-made-with", "http://evil.test/")];
        if !vary.is_empty() {
            fields.push(("vary", vary));
        }
        let case = Case::repeating(CacheLayer::new(), &fields).await;
        let poison = [(name, "http://evil.test/")];
        case.get(&poison).await;
        check(name, &case.get(&poison).await, expected);
    }
}

#[tokio::test]
async fn requests_with_bodies_ranges_or_methods_in_fields_pass() {
    let case = Case::repeating(CacheLayer::new(), &[FRESH]).await;
    for field in [
        ("range", "bytes=0-1"),
        ("x-http-method-override", "DELETE"),
        ("content-length", "1"),
        ("transfer-encoding", "chunked"),
    ] {
        for _ in 0..2 {
            let answer = case.get(&[field]).await;
            assert_eq!(answer.field("cache-status"), "tollgate; fwd=bypass", "{field:?}");
        }
    }
    check("nothing was kept", &case.get(&[]).await, false);
    let long = format!("/test/x?{}", "a".repeat(9000));
    for _ in 0..2 {
        check("too long", &case.ask(Method::GET, &long, &[]).await, false);
    }
}

#[tokio::test]
async fn a_304_that_sets_a_cookie_or_repeats_a_field_changes_nothing() {
    let stale = script(&[("cache-control", "max-age=1"), ("etag", "\"a\"")], &json!({}));
    for bad in [("set-cookie", "a=b"), ("x-made-with", "evil.test")] {
        let poisoned =
            script(&[FRESH, ("etag", "\"a\""), bad], &json!({ "expected_type": "etag_validated" }));
        let scripts = vec![stale.clone(), poisoned, script(&[FRESH], &json!({}))];
        let case = Case::with(CacheLayer::new().revalidate(true), scripts).await;
        case.get(&[]).await;
        case.advance(2);
        let answer = case.get(&[("x-forwarded-host", "evil.test")]).await;
        assert_eq!((answer.status.as_u16(), answer.field(bad.0)), (200, bad.1));
        let next = case.get(&[]).await;
        check(bad.0, &next, false);
        assert_eq!(next.field(bad.0), "");
    }
}
