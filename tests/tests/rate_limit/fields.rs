//! `RateLimit` and `RateLimit-Policy`: exact values, on every answer.

use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use http::{Method, StatusCode};
use tollgate::rate_limited;
use tollgate_tests::{Service, request};

use crate::support::{admitted, service};

#[rate_limited("20/minute")]
async fn answering(Path(status): Path<u16>) -> (StatusCode, &'static str) {
    (StatusCode::from_u16(status).unwrap(), "body")
}

#[tokio::test]
async fn every_answer_carries_the_fields_whatever_its_status() {
    let service = Service::of(Router::new().route("/{status}", get(answering)));
    let statuses = [200, 201, 204, 303, 304, 400, 401, 404, 429, 500, 503];
    for (status, remaining) in statuses.into_iter().zip((0..20).rev()) {
        let answer = service.get(&format!("/{status}")).await;
        assert_eq!(answer.status.as_u16(), status);
        assert_eq!(answer.rate_limit(), format!("\"default\";r={remaining};t=3"), "{status}");
        assert_eq!(answer.field("ratelimit-policy"), "\"default\";q=20;w=60", "{status}");
        assert_eq!(answer.field("retry-after"), "", "{status}");
    }
    let rejected = service.get("/no-number").await;
    assert_eq!(rejected.status, StatusCode::BAD_REQUEST);
    assert_eq!(rejected.rate_limit(), "\"default\";r=8;t=3");
    let head = service.send(request(Method::HEAD, "/200")).await;
    assert_eq!((head.rate_limit(), head.body.as_str()), ("\"default\";r=7;t=3", ""));
    for _ in 0..7 {
        service.get("/200").await;
    }
    let refused = service.get("/200").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.rate_limit(), "\"default\";r=0;t=3");
    assert_eq!(refused.field("ratelimit-policy"), "\"default\";q=20;w=60");
}

#[rate_limited("2/minute")]
async fn with_fields_of_its_own() -> [(&'static str, &'static str); 3] {
    [("RateLimit", "\"mine\";r=1"), ("RateLimit-Policy", "\"mine\";q=1"), ("Retry-After", "7")]
}

#[tokio::test]
async fn a_handler_cannot_tell_another_standing() {
    let answer = service(get(with_fields_of_its_own)).get("/").await;
    assert_eq!(answer.rate_limit(), "\"default\";r=1;t=30");
    assert_eq!(answer.field("ratelimit-policy"), "\"default\";q=2;w=60");
    assert_eq!(answer.field("retry-after"), "7", "which is not ours to judge");
}

#[tokio::test]
async fn what_no_limit_guards_says_nothing_of_limits() {
    let router = Router::new().route("/limited", get(with_fields_of_its_own)).route("/", get(|| async {}));
    let service = Service::of(router);
    for (path, method) in [("/", Method::GET), ("/missing", Method::GET), ("/limited", Method::DELETE)] {
        let answer = service.send(request(method, path)).await;
        assert_eq!((answer.rate_limit(), answer.field("ratelimit-policy")), ("", ""), "{path}");
    }
}

/// Holds what the first answer of a handler with these limits says.
macro_rules! first_fields {
    ($($(#[$limit:meta])+ => $policy:literal, $standing:literal;)+) => {$({
        $(#[$limit])+
        async fn limited() {}
        let answer = service(get(limited)).get("/").await;
        assert_eq!(answer.field("ratelimit-policy"), $policy);
        assert_eq!(answer.rate_limit(), $standing, "{}", $policy);
    })+};
}

#[tokio::test]
async fn one_rate_is_called_default_and_tells_its_quota_and_whole_seconds() {
    first_fields! {
        #[rate_limited("100/minute")] => r#""default";q=100;w=60"#, r#""default";r=99;t=1"#;
        #[rate_limited("1 per hour")] => r#""default";q=1;w=3600"#, r#""default";r=0;t=3600"#;
        #[rate_limited("5/2s")] => r#""default";q=5;w=2"#, r#""default";r=4;t=1"#;
        #[rate_limited("10/5 minutes")] => r#""default";q=10;w=300"#, r#""default";r=9;t=30"#;
        #[rate_limited("1_000/DAY")] => r#""default";q=1000;w=86400"#, r#""default";r=999;t=87"#;
        #[rate_limited("1/365 days")] => r#""default";q=1;w=31536000"#, r#""default";r=0;t=31536000"#;
        #[rate_limited("4294967295/day")] => r#""default";q=4294967295;w=86400"#, r#""default";r=4294967294;t=1"#;
        #[rate_limited("10/minute", cost = 10)] => r#""default";q=10;w=60"#, r#""default";r=0;t=6"#;
    }
}

#[tokio::test]
async fn a_period_of_no_whole_seconds_is_not_announced() {
    first_fields! {
        #[rate_limited("3/250ms")] => r#""default";q=3"#, r#""default";r=2;t=1"#;
        #[rate_limited("2/1500ms")] => r#""default";q=2"#, r#""default";r=1;t=1"#;
        #[rate_limited("2/2000ms")] => r#""default";q=2;w=2"#, r#""default";r=1;t=1"#;
        #[rate_limited("2/250ms", "9/minute")]
            => r#""250ms";q=2, "minute";q=9;w=60"#, r#""250ms";r=1;t=1, "minute";r=8;t=7"#;
    }
}

#[tokio::test]
async fn with_a_burst_more_remains_than_the_quota() {
    first_fields! {
        #[rate_limited("100/minute", burst = 200)] => r#""default";q=100;w=60"#, r#""default";r=199;t=1"#;
        #[rate_limited("100/minute", burst = 1)] => r#""default";q=100;w=60"#, r#""default";r=0;t=1"#;
        #[rate_limited("1/minute", burst = 3)] => r#""default";q=1;w=60"#, r#""default";r=2;t=60"#;
    }
}

#[rate_limited("2/minute", burst = 5)]
async fn bursting() {}

#[tokio::test]
async fn a_burst_passes_at_once_and_then_what_the_rate_earns() {
    let service = service(get(bursting));
    assert_eq!(admitted(&service, crate::support::request).await, 5);
    service.clock.advance(Duration::from_secs(60));
    assert_eq!(admitted(&service, crate::support::request).await, 2);
    service.clock.advance(Duration::from_secs(86_400));
    assert_eq!(admitted(&service, crate::support::request).await, 5);
}
