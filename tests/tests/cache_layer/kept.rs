//! What is kept, and who is given it.

use http::Method;
use serde_json::json;
use tollgate::{CacheLayer, Outcome};

use crate::support::{Case, again, check, script};

const FRESH: (&str, &str) = ("cache-control", "max-age=60");

#[tokio::test]
async fn answers_are_kept_by_their_own_fields() {
    for (fields, expected) in [
        (&[FRESH][..], true),
        (&[("cache-control", "s-maxage=60")], true),
        (&[("cache-control", "max-age=60, no-store")], false),
        (&[("cache-control", "max-age=60, private")], false),
        (&[("cache-control", "no-cache, max-age=60")], false),
        (&[("cache-control", "max-age=0")], false),
        (&[("cache-control", "max-age=60"), ("age", "60")], false),
        (&[("cache-control", "max-age=60"), ("age", "bogus")], true),
        (&[("cache-control", "public")], false),
        (&[("last-modified", "Wed, 01 Jan 2020 00:00:00 GMT")], false),
        (&[("expires", "0")], false),
        (&[FRESH, ("set-cookie", "a=b")], false),
        (&[("cache-control", "max-age=60, public"), ("set-cookie", "a=b")], false),
        (&[FRESH, ("vary", "*")], false),
        (&[], false),
    ] {
        check(&format!("{fields:?}"), &again(fields, &[]).await, expected);
    }
}

#[tokio::test]
async fn those_who_say_who_they_are_are_given_what_is_for_all() {
    for who in [("authorization", "Bearer x"), ("cookie", "a=b")] {
        for (value, expected) in [
            ("max-age=60", false),
            ("max-age=60, public", true),
            ("s-maxage=60", true),
            ("max-age=60, must-revalidate", true),
        ] {
            check(value, &again(&[("cache-control", value)], &[who]).await, expected);
        }
        let case = Case::repeating(CacheLayer::new(), &[FRESH]).await;
        case.get(&[]).await;
        check("kept for others", &case.get(&[who]).await, false);
        check("and still for them", &case.get(&[]).await, true);
    }
}

#[tokio::test]
async fn hosts_paths_queries_and_methods_are_told_apart() {
    let case = Case::repeating(CacheLayer::new(), &[FRESH]).await;
    let host = [("host", "own.test")];
    check("first", &case.ask(Method::GET, "/test/x?b=1&a=2", &host).await, false);
    for (method, path, host, expected) in [
        (Method::GET, "/test/x?b=1&a=2", "own.test", true),
        (Method::GET, "/test/x?a=2&b=1", "OWN.test", true),
        (Method::HEAD, "/test/x?a=2&b=1", "own.test", true),
        (Method::GET, "/test/x?b=1&a=2", "other.test", false),
        (Method::GET, "/test/x?b=1&a=", "own.test", false),
        (Method::GET, "/test/x", "own.test", false),
        (Method::OPTIONS, "/test/x?b=1&a=2", "own.test", false),
    ] {
        let answer = case.ask(method.clone(), path, &[("host", host)]).await;
        check(&format!("{method} {host} {path}"), &answer, expected);
    }
}

#[tokio::test]
async fn head_leaves_nothing_for_get() {
    let case = Case::repeating(CacheLayer::new(), &[FRESH]).await;
    check("first", &case.ask(Method::HEAD, "/test/x", &[]).await, false);
    check("get", &case.get(&[]).await, false);
    let head = case.ask(Method::HEAD, "/test/x", &[]).await;
    assert_eq!((head.body.as_str(), head.field("content-length")), ("", "1"));
    check("head", &head, true);
}

#[tokio::test]
async fn variants_are_kept_beside_each_other() {
    let fields = [FRESH, ("vary", "Accept-Language, X-Y")];
    let case = Case::repeating(CacheLayer::new(), &fields).await;
    for (language, expected) in [
        (Some("en, de"), false),
        (Some("en,de"), true),
        (Some("de"), false),
        (Some("de"), true),
        (Some("en,  de"), true),
        (None, false),
        (None, true),
        (Some(""), false),
    ] {
        let request: Vec<_> = language.map(|language| ("accept-language", language)).into_iter().collect();
        check(&format!("{language:?}"), &case.get(&request).await, expected);
    }
}

#[tokio::test]
async fn conditions_are_answered_out_of_the_cache() {
    let modified = "Wed, 01 Jan 2020 00:00:00 GMT";
    let case =
        Case::repeating(CacheLayer::new(), &[FRESH, ("etag", "\"a\""), ("last-modified", modified)]).await;
    // A condition on the first request must not become what is kept.
    let first = case.get(&[("if-none-match", "\"a\"")]).await;
    assert_eq!((first.status.as_u16(), first.field("content-type")), (304, ""));
    for (name, value, expected) in [
        ("if-none-match", "\"b\"", 200),
        ("if-none-match", "\"b\", W/\"a\"", 304),
        ("if-none-match", "*", 304),
        ("if-modified-since", modified, 304),
        ("if-modified-since", "Tue, 31 Dec 2019 00:00:00 GMT", 200),
    ] {
        let answer = case.get(&[(name, value)]).await;
        check(value, &answer, true);
        assert_eq!(answer.status, expected, "{value}");
        assert_eq!(answer.body, if expected == 200 { "x" } else { "" });
    }
    let seen = case.seen().await;
    assert!(seen.len() == 1 && seen[0]["request_headers"]["if-none-match"].is_null());
}

#[tokio::test]
async fn requests_ask_for_what_they_want() {
    let case = Case::repeating(CacheLayer::new(), &[FRESH]).await;
    let asked = async |value: &str| case.get(&[("cache-control", value)]).await;
    let only = asked("only-if-cached").await;
    assert_eq!((only.status.as_u16(), only.field("content-type")), (504, "application/problem+json"));
    asked("no-store").await;
    check("no-store kept nothing", &case.get(&[]).await, false);
    check("no-store takes what is kept", &asked("no-store").await, true);
    check("no-cache", &asked("no-cache").await, false);
    check("plain", &case.get(&[]).await, true);
    check("max-age=0", &asked("max-age=0").await, false);
    check("only-if-cached", &asked("only-if-cached").await, true);
    case.advance(41);
    check("min-fresh", &asked("min-fresh=20").await, false);
    case.advance(99);
    check("max-stale", &asked("max-stale=40").await, true);
    case.advance(1);
    check("too stale", &asked("max-stale=40").await, false);
}

#[tokio::test]
async fn a_hit_tells_its_age_and_nothing_of_one_connection() {
    let fields = [
        ("cache-control", "max-age=60"),
        ("connection", "x-hop"),
        ("x-hop", "1"),
        ("x-request-id", "1"),
        ("x-kept", "1"),
        ("age", "5"),
    ];
    let case = Case::repeating(CacheLayer::new().name("my edge"), &fields).await;
    let first = case.get(&[]).await;
    assert_eq!(first.field("cache-status"), "\"my edge\"; fwd=uri-miss; stored");
    assert_eq!((first.field("x-hop"), first.field("x-request-id")), ("1", "1"));
    case.advance(10);
    let hit = case.get(&[]).await;
    assert_eq!((hit.field("age"), hit.field("cache-status")), ("15", "\"my edge\"; hit; ttl=45"));
    assert_eq!((hit.field("x-kept"), hit.field("x-hop"), hit.field("x-request-id")), ("1", "", ""));
    assert_eq!(hit.field("date"), first.field("date"));
    case.advance(45);
    check("stale", &case.get(&[]).await, false);
    assert_eq!((case.layer.count_of(Outcome::Hit), case.layer.count_of(Outcome::Miss)), (1, 2));
}

#[tokio::test]
async fn statuses_are_kept_where_they_say_so() {
    for (status, expected) in [(200, true), (301, true), (404, true), (503, true), (599, true), (206, false)]
    {
        let answer = script(&[FRESH], &json!({ "response_status": [status, "x"] }));
        let case = Case::of(vec![answer; 2]).await;
        case.get(&[]).await;
        check(&status.to_string(), &case.get(&[]).await, expected);
    }
}

#[tokio::test]
async fn long_bodies_pass() {
    let case = Case::repeating(CacheLayer::new().max_body(0), &[FRESH]).await;
    for _ in 0..2 {
        let answer = case.get(&[]).await;
        check("too long", &answer, false);
        assert_eq!(answer.body, "x");
    }
}
