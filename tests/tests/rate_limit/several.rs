//! Several limits on one function: all are charged or none.

use std::time::Duration;

use axum::routing::get;
use http::StatusCode;
use tollgate::rate_limited;
use tollgate_tests::{Answer, Service, site};

use crate::support::{and, from, service};

#[rate_limited("3/minute", key = header("a"))]
#[rate_limited("5/minute")]
async fn by_address_and_field() {}

async fn ask(service: &Service, address: &str, field: &str) -> Answer {
    service.send(and(from(address), "a", field)).await
}

#[tokio::test]
async fn a_request_is_charged_to_all_limits_or_to_none() {
    let service = service(get(by_address_and_field));
    for (address, field, status, standing) in [
        ("10.0.0.1", "x", 200, r#""ip-minute";r=4;t=12, "a-minute";r=2;t=20"#),
        ("10.0.0.1", "x", 200, r#""ip-minute";r=3;t=12, "a-minute";r=1;t=20"#),
        ("10.0.0.1", "x", 200, r#""ip-minute";r=2;t=12, "a-minute";r=0;t=20"#),
        ("10.0.0.1", "x", 429, r#""ip-minute";r=2;t=12, "a-minute";r=0;t=20"#),
        ("10.0.0.1", "x", 429, r#""ip-minute";r=2;t=12, "a-minute";r=0;t=20"#),
        ("10.0.0.1", "y", 200, r#""ip-minute";r=1;t=12, "a-minute";r=2;t=20"#),
        ("10.0.0.2", "x", 429, r#""ip-minute";r=5, "a-minute";r=0;t=20"#),
        ("10.0.0.1", "y", 200, r#""ip-minute";r=0;t=12, "a-minute";r=1;t=20"#),
        ("10.0.0.1", "y", 429, r#""ip-minute";r=0;t=12, "a-minute";r=1;t=20"#),
        ("10.0.0.1", "x", 429, r#""ip-minute";r=0;t=12, "a-minute";r=0;t=20"#),
        ("10.0.0.2", "y", 200, r#""ip-minute";r=4;t=12, "a-minute";r=0;t=20"#),
    ] {
        let answer = ask(&service, address, field).await;
        assert_eq!((answer.status.as_u16(), answer.rate_limit()), (status, standing), "{address} {field}");
    }
}

#[tokio::test]
async fn a_refusal_names_the_limit_that_refuses_and_is_counted_there() {
    let service = service(get(by_address_and_field));
    for field in ["x", "x", "x"] {
        ask(&service, "10.0.0.1", field).await;
    }
    let by_field = ask(&service, "10.0.0.1", "x").await;
    assert_eq!(by_field.json()["violated-policies"], serde_json::json!(["a-minute"]));
    assert_eq!(by_field.field("retry-after"), "20");
    let counts = "rate_limited admitted 3, rate_limited:a admitted 3, refused 1";
    assert_eq!(service.counts(site!(by_address_and_field)), counts);
    for _ in 0..2 {
        ask(&service, "10.0.0.1", "y").await;
    }
    let by_address = ask(&service, "10.0.0.1", "y").await;
    assert_eq!(by_address.json()["violated-policies"], serde_json::json!(["ip-minute"]));
    assert_eq!(by_address.field("retry-after"), "12");
    let by_both = ask(&service, "10.0.0.1", "x").await;
    assert_eq!(by_both.json()["violated-policies"], serde_json::json!(["ip-minute", "a-minute"]));
    assert_eq!(by_both.field("retry-after"), "20", "the longer of the two");
    let counts = "rate_limited admitted 5, refused 2, rate_limited:a admitted 5, refused 2";
    assert_eq!(service.counts(site!(by_address_and_field)), counts);
}

#[rate_limited("1/second", "3/minute", key = global)]
#[rate_limited("2/minute", "9/hour")]
async fn four_rates() {}

#[tokio::test]
async fn rates_of_all_limits_are_checked_before_any_is_charged() {
    let service = service(get(four_rates));
    let standing = [
        r#""ip-minute";r=1;t=30, "ip-hour";r=8;t=400, "global-second";r=0;t=1, "global-minute";r=2;t=20"#,
        r#""ip-minute";r=1;t=30, "ip-hour";r=8;t=400, "global-second";r=0;t=1, "global-minute";r=2;t=20"#,
    ];
    for standing in standing {
        assert_eq!(service.send(from("10.0.0.1")).await.rate_limit(), standing);
    }
    service.clock.advance(Duration::from_secs(1));
    let other = service.send(from("10.0.0.2")).await;
    assert_eq!(other.status, StatusCode::OK);
    assert_eq!(
        other.rate_limit(),
        r#""ip-minute";r=1;t=30, "ip-hour";r=8;t=400, "global-second";r=0;t=1, "global-minute";r=1;t=19"#
    );
}

#[rate_limited("1/minute", key = header("a"))]
#[rate_limited("2/minute", key = header("b"))]
#[rate_limited("3/minute", key = header("c"))]
#[rate_limited("4/minute", key = header("d"))]
#[rate_limited("5/minute", key = header("e"))]
#[rate_limited("6/minute", key = header("f"))]
#[rate_limited("7/minute", key = header("g"))]
#[rate_limited("8/minute", key = header("h"))]
async fn eight_limits() {}

#[tokio::test]
async fn as_many_limits_as_a_function_can_have_hold_together() {
    let service = service(get(eight_limits));
    let first = service.get("/").await;
    let standing = ["a", "b", "c", "d", "e", "f", "g", "h"]
        .iter()
        .zip([60, 30, 20, 15, 12, 10, 9, 8])
        .zip(0..)
        .map(|((name, t), r)| format!("\"{name}-minute\";r={r};t={t}"));
    assert_eq!(first.rate_limit(), standing.collect::<Vec<_>>().join(", "));
    assert_eq!(service.get("/").await.json()["violated-policies"], serde_json::json!(["a-minute"]));
    let with_keys = ["a", "b", "c", "d", "e", "f", "g"]
        .iter()
        .fold(crate::support::request(), |request, name| and(request, name, "new"));
    let second = service.send(with_keys).await;
    assert_eq!(second.status, StatusCode::OK);
    assert!(
        second.rate_limit().ends_with("\"g-minute\";r=6;t=9, \"h-minute\";r=6;t=8"),
        "{}",
        second.rate_limit()
    );
}
