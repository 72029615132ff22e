//! What a request costs.

use std::time::Duration;

use axum::routing::get;
use http::StatusCode;
use tollgate::{RequestFacts, rate_limited};
use tollgate_tests::{Answer, Service, site};

use crate::support::{admitted, request, service, with};

#[rate_limited("10/minute", cost = 4)]
async fn dear() {}

#[tokio::test]
async fn a_fixed_cost_is_charged_each_time() {
    let service = service(get(dear));
    for standing in ["r=6;t=6", "r=2;t=6"] {
        assert_eq!(service.get("/").await.rate_limit(), format!("\"default\";{standing}"));
    }
    let refused = service.get("/").await;
    assert_eq!((refused.rate_limit(), refused.field("retry-after")), ("\"default\";r=2;t=12", "12"));
}

fn as_asked(facts: &RequestFacts<'_>) -> u32 {
    facts.headers().get("x-cost").map_or(1, |cost| cost.to_str().unwrap().parse().unwrap())
}

#[rate_limited("10/minute", cost = as_asked)]
async fn priced() {}

#[rate_limited("10/minute", "5/second", cost = as_asked)]
async fn priced_twice() {}

#[rate_limited("10/minute", cost = as_asked)]
#[rate_limited("3/hour", key = global)]
async fn priced_once() {}

async fn spend(service: &Service, cost: u32) -> Answer {
    service.send(with("x-cost", cost.to_string())).await
}

#[tokio::test]
async fn a_function_prices_each_request() {
    let service = service(get(priced));
    for (cost, standing) in [(3, "r=7;t=6"), (1, "r=6;t=6"), (6, "r=0;t=6")] {
        assert_eq!(spend(&service, cost).await.rate_limit(), format!("\"default\";{standing}"));
    }
    assert_eq!(spend(&service, 1).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_request_that_costs_nothing_is_admitted_at_all_times_and_charges_nothing() {
    let service = service(get(priced));
    assert_eq!(spend(&service, 0).await.rate_limit(), "\"default\";r=10");
    spend(&service, 10).await;
    for _ in 0..3 {
        let answer = spend(&service, 0).await;
        assert_eq!((answer.status, answer.rate_limit()), (StatusCode::OK, "\"default\";r=0;t=6"));
    }
    assert_eq!(service.counts(site!(priced)), "rate_limited admitted 5");
}

#[tokio::test]
async fn a_cost_that_never_fits_is_refused_without_a_time_to_wait_and_consumes_nothing() {
    let service = service(get(priced));
    for (spent, standing) in [(0, "r=10"), (4, "r=6;t=6"), (6, "r=0;t=6")] {
        spend(&service, spent).await;
        for cost in [11, u32::MAX] {
            let refused = spend(&service, cost).await;
            assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
            assert_eq!(refused.headers.get("retry-after"), None);
            assert_eq!(refused.rate_limit(), format!("\"default\";{standing}"));
            let detail =
                format!("this request costs {cost} and the rate limit never admits more than 10 at once");
            assert_eq!(refused.json()["detail"], detail);
            assert_eq!(refused.json()["violated-policies"], serde_json::json!(["default"]));
        }
    }
}

#[tokio::test]
async fn waiting_does_not_help_a_cost_that_never_fits() {
    let service = service(get(priced));
    for seconds in [3, 20, 86_400] {
        service.clock.advance(Duration::from_secs(seconds));
        assert_eq!(spend(&service, 15).await.headers.get("retry-after"), None);
    }
    assert_eq!(spend(&service, 10).await.status, StatusCode::OK, "the capacity itself fits");
}

#[tokio::test]
async fn where_one_rate_never_admits_a_cost_the_others_give_no_time_to_wait_either() {
    let service = service(get(priced_twice));
    spend(&service, 5).await;
    let refused = spend(&service, 6).await;
    assert_eq!(refused.headers.get("retry-after"), None);
    assert_eq!(refused.rate_limit(), r#""minute";r=5;t=6, "second";r=0;t=1"#);
    let detail = "the rate limit \"minute\" admits 10 per minute: try again in 6 seconds; \
                  this request costs 6 and the rate limit \"second\" never admits more than 5 at once";
    assert_eq!(refused.json()["detail"], detail);
    assert_eq!(refused.json()["violated-policies"], serde_json::json!(["minute", "second"]));
}

#[tokio::test]
async fn each_limit_has_a_cost_of_its_own() {
    let service = service(get(priced_once));
    assert_eq!(spend(&service, 4).await.rate_limit(), r#""ip-minute";r=6;t=6, "global-hour";r=2;t=1200"#);
    assert_eq!(spend(&service, 0).await.rate_limit(), r#""ip-minute";r=6;t=6, "global-hour";r=1;t=1200"#);
}

#[rate_limited("6/minute", cost = 2)]
async fn two_each() {}

#[tokio::test]
async fn a_cost_of_two_admits_half_as_many() {
    assert_eq!(admitted(&service(get(two_each)), request).await, 3);
}
