//! `shadow`: counts and reports, and refuses nobody.

use std::time::Duration;

use axum::routing::get;
use http::StatusCode;
use tollgate::{RequestFacts, rate_limited};
use tollgate_tests::site;

use crate::support::{admitted, request, service, with};

#[rate_limited("2/minute", "3/hour", shadow)]
async fn alone() {}

#[tokio::test]
async fn it_never_refuses_and_sends_no_fields() {
    let service = service(get(alone));
    for _ in 0..7 {
        let answer = service.get("/").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!((answer.rate_limit(), answer.field("ratelimit-policy")), ("", ""));
        assert_eq!(answer.headers.get("retry-after"), None);
    }
    assert_eq!(service.counts(site!(alone)), "rate_limited admitted 2, shadow_refused 5");
}

#[tokio::test]
async fn it_counts_what_it_would_have_refused() {
    let service = service(get(alone));
    for _ in 0..3 {
        service.get("/").await;
        service.get("/").await;
        service.get("/").await;
        service.clock.advance(Duration::from_secs(60));
    }
    // Two in the first minute, the third of the hour in the second, and nothing after it.
    assert_eq!(service.counts(site!(alone)), "rate_limited admitted 3, shadow_refused 6");
}

#[rate_limited("4/minute", key = global)]
#[rate_limited("2/minute", shadow)]
async fn beside_a_real_one() {}

#[tokio::test]
async fn beside_a_real_limit_it_neither_refuses_nor_shows() {
    let service = service(get(beside_a_real_one));
    for remaining in [3, 2, 1, 0] {
        let answer = service.get("/").await;
        assert_eq!(answer.rate_limit(), format!("\"default\";r={remaining};t=15"));
        assert_eq!(answer.field("ratelimit-policy"), "\"default\";q=4;w=60");
    }
    let refused = service.get("/").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.json()["violated-policies"], serde_json::json!(["default"]));
    assert_eq!(refused.field("retry-after"), "15");
    let counts = "rate_limited admitted 2, shadow_refused 3, rate_limited:global admitted 4, refused 1";
    assert_eq!(service.counts(site!(beside_a_real_one)), counts);
}

#[rate_limited("2/minute", key = global)]
#[rate_limited("4/minute", shadow)]
async fn beside_a_stricter_one() {}

#[tokio::test]
async fn a_request_that_another_limit_refuses_is_not_charged_to_it() {
    let service = service(get(beside_a_stricter_one));
    assert_eq!(admitted(&service, request).await, 2);
    for _ in 0..5 {
        assert_eq!(service.get("/").await.status, StatusCode::TOO_MANY_REQUESTS);
    }
    let counts = "rate_limited admitted 2, rate_limited:global admitted 2, refused 6";
    assert_eq!(service.counts(site!(beside_a_stricter_one)), counts, "it had two left all the time");
}

fn as_asked(facts: &RequestFacts<'_>) -> u32 {
    facts.headers().get("x-cost").map_or(1, |cost| cost.to_str().unwrap().parse().unwrap())
}

#[rate_limited("2/minute", key = header("a"), missing = reject, cost = as_asked, shadow)]
async fn with_everything() {}

#[tokio::test]
async fn neither_a_missing_key_nor_a_cost_that_never_fits_is_refused() {
    let service = service(get(with_everything));
    assert_eq!(service.get("/").await.status, StatusCode::OK);
    assert_eq!(service.counts(site!(with_everything)), "rate_limited shadow_refused 1");
    let request = crate::support::and(with("a", "x"), "x-cost", "9");
    assert_eq!(service.send(request).await.status, StatusCode::OK);
    assert_eq!(service.counts(site!(with_everything)), "rate_limited shadow_refused 2");
}

#[rate_limited("1/minute", shadow)]
#[rate_limited("1/minute", key = global, shadow)]
async fn two_of_them() {}

#[tokio::test]
async fn two_of_them_are_counted_apart() {
    let service = service(get(two_of_them));
    for address in ["10.0.0.1", "10.0.0.2", "10.0.0.2"] {
        let answer = service.send(crate::support::from(address)).await;
        assert_eq!((answer.status, answer.rate_limit()), (StatusCode::OK, ""));
    }
    let counts =
        "rate_limited admitted 2, shadow_refused 1, rate_limited:global admitted 1, shadow_refused 2";
    assert_eq!(service.counts(site!(two_of_them)), counts);
}

#[rate_limited("2/minute", shadow)]
#[rate_limited("4/minute")]
async fn trial() {}

#[tokio::test]
async fn a_trial_of_the_same_key_changes_nothing_about_the_limit_that_it_may_replace() {
    let service = service(get(trial));
    for remaining in [3, 2, 1, 0] {
        assert_eq!(service.get("/").await.rate_limit(), format!("\"default\";r={remaining};t=15"));
    }
    assert_eq!(service.get("/").await.status, StatusCode::TOO_MANY_REQUESTS);
    let counts = "rate_limited admitted 4, refused 1, rate_limited:ip-shadow admitted 2, shadow_refused 3";
    assert_eq!(service.counts(site!(trial)), counts);
}
