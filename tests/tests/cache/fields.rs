//! Which fields of an answer are kept, and what a kept one says.

use http::StatusCode;
use tollgate::{Policy, Tollgate};

use crate::support::{Script, answer, is_hit, service, with};

#[tokio::test]
async fn fields_of_one_connection_one_client_or_one_request_are_not_kept() {
    let script = Script::with_fields(&[
        ("connection", "keep-alive, x-named"),
        ("x-named", "hop"),
        ("keep-alive", "timeout=5"),
        ("proxy-authenticate", "Basic"),
        ("upgrade", "h2c"),
        ("te", "trailers"),
        ("x-request-id", "r-1"),
        ("ratelimit", "\"default\";r=1"),
        ("x-ratelimit-remaining", "1"),
        ("x-kept", "1"),
    ]);
    let service = service(&script);
    service.get("/plain").await;
    let kept = service.get("/plain").await;
    assert!(is_hit(&kept));
    for name in [
        "connection",
        "x-named",
        "keep-alive",
        "proxy-authenticate",
        "upgrade",
        "te",
        "x-request-id",
        "ratelimit",
        "x-ratelimit-remaining",
    ] {
        assert_eq!(kept.field(name), "", "{name}");
    }
    assert_eq!(kept.field("x-kept"), "1");
}

#[tokio::test]
async fn an_answer_with_a_cookie_is_for_one_alone() {
    for said in ["max-age=60", "public, max-age=60", "immutable, max-age=60"] {
        let script = Script::new(move |run, _| {
            answer(StatusCode::OK, &[("cache-control", said), ("set-cookie", "a=b")], &run.to_string())
        });
        let service = service(&script);
        for path in ["/plain", "/public", "/said", "/said-public"] {
            let before = script.runs();
            for _ in 0..2 {
                let answer = service.get(path).await;
                assert_eq!(answer.field("set-cookie"), "a=b", "its own client gets it");
            }
            assert_eq!(script.runs() - before, 2, "{path} {said}");
        }
    }
}

#[tokio::test]
async fn what_the_function_says_of_caches_stays() {
    let service = service(&Script::with_fields(&[("cache-control", "max-age=3, must-revalidate")]));
    for _ in 0..2 {
        assert_eq!(service.get("/plain").await.field("cache-control"), "max-age=3, must-revalidate");
    }
}

#[tokio::test]
async fn the_policy_is_told_further_on() {
    let service = service(&Script::counting());
    for (path, said) in [
        ("/plain", "private, max-age=10"),
        ("/public", "public, max-age=10"),
        ("/stale", "private, max-age=10, stale-while-revalidate=20, stale-if-error=60"),
        ("/said", ""),
    ] {
        assert_eq!(service.get(path).await.field("cache-control"), said, "{path}");
    }
}

#[tokio::test]
async fn caches_nearer_to_the_origin_are_named_first() {
    let service = service(&Script::with_fields(&[("cache-status", "origin; hit; ttl=1")]));
    let lines = |answer: &tollgate_tests::Answer| {
        let lines = answer.headers.get_all("cache-status").iter();
        lines.map(|line| line.to_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = service.get("/plain").await;
    assert_eq!(lines(&first), ["origin; hit; ttl=1", "tollgate; fwd=uri-miss; stored"]);
    let second = service.get("/plain").await;
    assert_eq!(lines(&second).last().unwrap(), "tollgate; hit; ttl=10");
}

#[tokio::test]
async fn a_cache_that_is_switched_off_is_not_there() {
    let script = Script::counting();
    let service = with(Tollgate::builder().disable(Policy::Cache), &script);
    for run in 1..=2 {
        let answer = service.get("/plain").await;
        assert_eq!(answer.body, run.to_string());
        for name in ["cache-status", "etag", "age", "cache-control"] {
            assert_eq!(answer.field(name), "", "{name}");
        }
    }
}
