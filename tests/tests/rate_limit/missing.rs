//! Requests that lack what their limit counts by.

use axum::body::Body;
use axum::routing::{MethodRouter, get};
use http::{Request, StatusCode};
use tollgate::{Key, RateLimitKey, RequestFacts, rate_limited};
use tollgate_tests::site;

use crate::support::{admitted, and, from, request, service, with};

/// A tenant of the service, if the request names one.
struct Tenant;

impl RateLimitKey for Tenant {
    fn key(facts: &RequestFacts<'_>) -> Option<Key> {
        Some(facts.headers().get("tenant")?.to_str().ok()?.into())
    }
}

/// A handler for each key with each answer to a missing one.
macro_rules! handlers {
    ($($module:ident: $key:expr;)+) => {$(
        mod $module {
            #[allow(unused_imports)]
            use super::Tenant;
            use tollgate::rate_limited;

            #[rate_limited("2/minute", key = $key)]
            pub(super) async fn by_default() {}

            #[rate_limited("2/minute", key = $key, missing = anonymous)]
            pub(super) async fn anonymous() {}

            #[rate_limited("2/minute", key = $key, missing = reject)]
            pub(super) async fn reject() {}

            #[rate_limited("2/minute", key = $key, missing = skip)]
            pub(super) async fn skip() {}
        }
    )+};
}

handlers! {
    by_address: ip;
    by_header: header("X-API-Key");
    by_type: Tenant;
    by_tuple: (header("a"), ip);
}

/// The two ways of a handler to be asked: with its key and without.
struct Case {
    handler: MethodRouter,
    site: &'static str,
    complete: fn() -> Request<Body>,
    lacking: &'static [fn() -> Request<Body>],
}

macro_rules! cases {
    ($word:ident) => {
        [
            Case {
                handler: get(by_address::$word),
                site: concat!(module_path!(), "::by_address::", stringify!($word)),
                complete: || from("10.0.0.1"),
                lacking: &[request, || with("x-forwarded-for", "10.0.0.1")],
            },
            Case {
                handler: get(by_header::$word),
                site: concat!(module_path!(), "::by_header::", stringify!($word)),
                complete: || with("x-api-key", "k"),
                lacking: &[request, || from("10.0.0.1"), || with("x-api-keys", "k")],
            },
            Case {
                handler: get(by_type::$word),
                site: concat!(module_path!(), "::by_type::", stringify!($word)),
                complete: || with("tenant", "acme"),
                lacking: &[request, || with("tenant", [0xff])],
            },
            Case {
                handler: get(by_tuple::$word),
                site: concat!(module_path!(), "::by_tuple::", stringify!($word)),
                complete: || and(from("10.0.0.1"), "a", "x"),
                lacking: &[request, || from("10.0.0.1"), || with("a", "x")],
            },
        ]
    };
}

async fn share_one_budget(cases: [Case; 4]) {
    for Case { handler, site, complete, lacking } in cases {
        let service = service(handler);
        for (place, request) in lacking.iter().enumerate() {
            let expected = if place == 0 { 2 } else { 0 };
            assert_eq!(admitted(&service, request).await, expected, "{site}: {:?}", request());
        }
        assert_eq!(admitted(&service, complete).await, 2, "{site}: apart from those with a key");
        let refused = lacking.len() + 1;
        assert_eq!(service.counts(site), format!("rate_limited admitted 4, refused {refused}"));
    }
}

#[tokio::test]
async fn anonymous_requests_share_one_budget() {
    share_one_budget(cases!(anonymous)).await;
}

#[tokio::test]
async fn missing_keys_are_anonymous_by_default() {
    share_one_budget(cases!(by_default)).await;
}

#[tokio::test]
async fn requests_without_a_key_are_answered_with_400_where_they_are_rejected() {
    for Case { handler, site, complete, lacking } in cases!(reject) {
        let service = service(handler);
        let detail = match site {
            site if site.contains("by_header") => "the request needs the header field x-api-key",
            _ => "the request lacks what its rate limit counts by",
        };
        for request in lacking.iter().cycle().take(7) {
            let rejected = service.send(request()).await;
            assert_eq!(rejected.status, StatusCode::BAD_REQUEST, "{site}");
            assert_eq!(rejected.field("content-type"), "application/problem+json");
            let body =
                format!(r#"{{"type":"about:blank","title":"Bad Request","status":400,"detail":"{detail}"}}"#);
            assert_eq!(rejected.body, body);
            assert_eq!(
                (rejected.rate_limit(), rejected.field("retry-after")),
                ("", ""),
                "no budget to tell of"
            );
        }
        assert_eq!(admitted(&service, complete).await, 2, "{site}");
        assert_eq!(service.counts(site), "rate_limited admitted 2, refused 8");
    }
}

#[tokio::test]
async fn a_limit_without_a_key_does_not_apply_where_it_is_skipped() {
    for Case { handler, site, complete, lacking } in cases!(skip) {
        let service = service(handler);
        for request in lacking.iter().cycle().take(7) {
            let answer = service.send(request()).await;
            assert_eq!(answer.status, StatusCode::OK, "{site}");
            assert_eq!((answer.rate_limit(), answer.field("ratelimit-policy")), ("", ""), "{site}");
        }
        assert_eq!(admitted(&service, complete).await, 2, "{site}");
        assert_eq!(service.counts(site), "rate_limited admitted 2, refused 1, skipped 7");
    }
}

#[rate_limited("2/minute", key = header("x-api-key"), missing = reject)]
async fn empty_is_a_value() {}

#[tokio::test]
async fn an_empty_header_field_is_not_missing() {
    assert_eq!(admitted(&service(get(empty_is_a_value)), || with("x-api-key", "")).await, 2);
}

#[rate_limited("1/minute", key = global, missing = reject)]
async fn everyone() {}

#[tokio::test]
async fn the_key_of_everyone_is_never_missing() {
    assert_eq!(admitted(&service(get(everyone)), request).await, 1);
}

#[rate_limited("5/minute", key = global)]
#[rate_limited("2/minute", key = header("a"), missing = skip)]
async fn one_of_two_skipped() {}

#[tokio::test]
async fn a_limit_that_is_skipped_leaves_the_others_in_force() {
    let service = service(get(one_of_two_skipped));
    let both = service.send(with("a", "x")).await;
    assert_eq!(both.rate_limit(), r#""global-minute";r=4;t=12, "a-minute";r=1;t=30"#);
    let one = service.get("/").await;
    assert_eq!(one.rate_limit(), r#""global-minute";r=3;t=12"#);
    assert_eq!(one.field("ratelimit-policy"), both.field("ratelimit-policy"), "which says what is in force");
    assert_eq!(admitted(&service, request).await, 3);
    let counts = "rate_limited admitted 5, refused 1, rate_limited:a admitted 1, skipped 5";
    assert_eq!(service.counts(site!(one_of_two_skipped)), counts);
}

#[rate_limited("2/minute", key = global)]
#[rate_limited("2/minute", key = header("a"), missing = reject)]
async fn one_of_two_rejected() {}

#[tokio::test]
async fn a_request_that_is_rejected_is_charged_to_no_limit() {
    let service = service(get(one_of_two_rejected));
    for _ in 0..5 {
        assert_eq!(service.get("/").await.status, StatusCode::BAD_REQUEST);
    }
    let answer = service.send(with("a", "x")).await;
    assert_eq!(answer.rate_limit(), r#""global-minute";r=1;t=30, "a-minute";r=1;t=30"#);
    let counts = "rate_limited admitted 1, rate_limited:a admitted 1, refused 5";
    assert_eq!(service.counts(site!(one_of_two_rejected)), counts);
}
