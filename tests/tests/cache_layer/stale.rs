//! What is stale: sent while it is made anew, sent where that fails, asked about.

use serde_json::{Value, json};
use tollgate::{CacheLayer, Outcome};

use crate::support::{Case, check, script};

fn failing() -> Value {
    json!({ "response_headers": [], "response_status": [503, "x"] })
}

#[tokio::test]
async fn stale_answers_are_sent_while_they_are_made_anew() {
    let case =
        Case::repeating(CacheLayer::new(), &[("cache-control", "max-age=60, stale-while-revalidate=200")])
            .await;
    case.get(&[]).await;
    case.advance(100);
    let stale = case.get(&[]).await;
    assert_eq!((stale.field("age"), stale.field("cache-status")), ("100", "tollgate; hit; ttl=-40"));
    while case.reached().await < 2 {
        tokio::task::yield_now().await;
    }
    while case.get(&[]).await.field("age") != "0" {
        tokio::task::yield_now().await;
    }
    assert_eq!(case.layer.count_of(Outcome::Refreshed), 1);
    case.advance(261);
    check("too stale", &case.get(&[]).await, false);
}

#[tokio::test]
async fn stale_answers_are_sent_where_making_them_anew_fails() {
    for failure in [failing(), json!({ "disconnect": true })] {
        for (value, expected) in [
            ("max-age=2, stale-if-error=60", true),
            ("max-age=2, stale-if-error=60, must-revalidate", false),
            ("max-age=2, stale-if-error=60, proxy-revalidate", false),
            ("s-maxage=2, stale-if-error=60", false),
            ("max-age=2", false),
        ] {
            for revalidate in [false, true] {
                let fields = [("cache-control", value), ("etag", "\"a\"")];
                let scripts = vec![script(&fields, &json!({})), failure.clone(), failure.clone()];
                let case = Case::with(CacheLayer::new().revalidate(revalidate), scripts).await;
                case.get(&[]).await;
                case.advance(3);
                check(value, &case.get(&[]).await, expected);
                case.advance(60);
                check("too late", &case.get(&[]).await, false);
            }
        }
    }
}

#[tokio::test]
async fn what_has_to_be_asked_about_is_504_where_nobody_answers() {
    let gone = || json!({ "disconnect": true });
    for (value, expected) in [("max-age=2, must-revalidate", 504), ("max-age=2", 502)] {
        let fields = [("cache-control", value), ("etag", "\"a\"")];
        let case =
            Case::with(CacheLayer::new().revalidate(true), vec![script(&fields, &json!({})), gone()]).await;
        case.get(&[]).await;
        case.advance(3);
        assert_eq!(case.get(&[]).await.status, expected, "{value}");
    }
}

#[tokio::test]
async fn the_service_is_asked_whether_it_still_holds() {
    let modified = "Wed, 01 Jan 2020 00:00:00 GMT";
    for (validator, value) in [("etag", "\"a\""), ("etag", "W/\"a\""), ("last-modified", modified)] {
        let expected = json!({ "expected_type": "etag_validated" });
        let first = script(
            &[("cache-control", "max-age=2"), (validator, value), ("x-a", "1"), ("x-b", "1")],
            &json!({}),
        );
        let second = script(&[("cache-control", "max-age=60"), (validator, value), ("x-a", "2")], &expected);
        let case = Case::with(CacheLayer::new().revalidate(true), vec![first, second]).await;
        case.get(&[]).await;
        case.advance(3);
        let asked = case.get(&[]).await;
        assert_eq!(asked.field("cache-status"), "tollgate; fwd=stale; fwd-status=304; stored", "{value}");
        case.advance(50);
        let hit = case.get(&[]).await;
        check(value, &hit, true);
        for answer in [asked, hit] {
            assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "x"));
            assert_eq!((answer.field("x-a"), answer.field("x-b")), ("2", "1"), "{value}");
        }
    }
}

#[tokio::test]
async fn a_304_about_something_else_is_of_no_use() {
    let first = script(&[("cache-control", "max-age=2"), ("etag", "\"a\"")], &json!({}));
    let other = script(&[("etag", "\"b\"")], &json!({ "response_status": [304, "x"] }));
    let third = script(&[("cache-control", "max-age=60"), ("etag", "\"c\"")], &json!({}));
    let case = Case::with(CacheLayer::new().revalidate(true), vec![first, other, third]).await;
    case.get(&[]).await;
    case.advance(3);
    let answer = case.get(&[]).await;
    assert_eq!((answer.status.as_u16(), answer.field("etag")), (200, "\"c\""));
    assert_eq!(case.reached().await, 3);
}

#[tokio::test]
async fn many_who_ask_at_once_are_served_by_one_run() {
    let case = Case::repeating(CacheLayer::new(), &[("cache-control", "max-age=60")]).await;
    let (one, two, three) = tokio::join!(case.get(&[]), case.get(&[]), case.get(&[]));
    assert!([one, two, three].iter().all(|answer| answer.body == "x"));
    assert_eq!(case.reached().await, 1);
}

#[tokio::test]
#[allow(clippy::async_yields_async, reason = "it is asked now, and awaited later")]
async fn what_is_kept_to_ask_about_is_no_rescue_for_one_who_looked_before_it_was_there() {
    use std::sync::atomic::{AtomicU32, Ordering};
    use tower::{Layer as _, Service as _, ServiceExt as _};

    static RUNS: AtomicU32 = AtomicU32::new(0);
    let answer = async || {
        assert_eq!(RUNS.fetch_add(1, Ordering::SeqCst), 0, "on purpose");
        ([("cache-control", "no-cache"), ("etag", "\"a\"")], "x")
    };
    let tollgate = tollgate::Tollgate::builder().build().unwrap();
    let router = axum::Router::new().route("/x", axum::routing::get(answer));
    let mut service = CacheLayer::new().revalidate(true).layer(router);
    let request = || http::Request::get("/x").body(axum::body::Body::empty()).unwrap();
    let late = tollgate.scope(async { service.call(request()) }).await;
    let first = tollgate.scope(service.oneshot(request())).await.unwrap();
    assert_eq!(first.status(), 200);
    assert!(tokio::spawn(tollgate.scope(late)).await.is_err());
    assert_eq!(RUNS.load(Ordering::SeqCst), 2, "it is asked once");
}
