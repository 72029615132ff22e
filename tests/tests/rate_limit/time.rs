//! `r` and `t` while time passes. The clock is moved by hand.

use std::time::Duration;

use axum::routing::get;
use http::StatusCode;
use tollgate::{Clock, Moment, RequestFacts, rate_limited};
use tollgate_tests::{Answer, Service};

use crate::support::{admitted, request, service, with};

fn as_asked(facts: &RequestFacts<'_>) -> u32 {
    facts.headers().get("x-cost").map_or(1, |cost| cost.to_str().unwrap().parse().unwrap())
}

#[rate_limited("4/minute", cost = as_asked)]
async fn four_a_minute() {}

#[rate_limited("2/second", "3/minute", cost = as_asked)]
async fn two_rates() {}

async fn spend(service: &Service, cost: u32) -> Answer {
    service.send(with("x-cost", cost.to_string())).await
}

#[tokio::test]
async fn what_remains_counts_down_and_grows_when_it_was_said_to() {
    let service = service(get(four_a_minute));
    for standing in ["r=3;t=15", "r=2;t=15", "r=1;t=15", "r=0;t=15", "r=0;t=15"] {
        assert_eq!(service.get("/").await.rate_limit(), format!("\"default\";{standing}"));
    }
    for (millis, standing) in [
        (1, "r=0;t=15"),
        (999, "r=0;t=14"),
        (1_000, "r=0;t=13"),
        (12_999, "r=0;t=1"),
        (1, "r=1;t=15"),
        (14_999, "r=1;t=1"),
        (1, "r=2;t=15"),
        (15_000, "r=3;t=15"),
        (14_500, "r=3;t=1"),
        (500, "r=4"),
        (3_600_000, "r=4"),
    ] {
        service.clock.advance(Duration::from_millis(millis));
        assert_eq!(
            spend(&service, 0).await.rate_limit(),
            format!("\"default\";{standing}"),
            "{millis} ms later"
        );
    }
    assert_eq!(admitted(&service, request).await, 4, "an hour earns one burst");
}

#[tokio::test]
async fn a_refusal_tells_when_this_very_request_would_fit() {
    let service = service(get(four_a_minute));
    assert_eq!(spend(&service, 3).await.rate_limit(), "\"default\";r=1;t=15");
    for (cost, wait) in [(2, 15), (3, 30), (4, 45)] {
        let refused = spend(&service, cost).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(
            refused.rate_limit(),
            format!("\"default\";r=1;t={wait}"),
            "one of less would fit at once"
        );
        assert_eq!(refused.field("retry-after"), wait.to_string());
    }
    service.clock.advance(Duration::from_secs(30) - Duration::from_nanos(1));
    assert_eq!(spend(&service, 3).await.status, StatusCode::TOO_MANY_REQUESTS);
    service.clock.advance(Duration::from_nanos(1));
    assert_eq!(spend(&service, 3).await.rate_limit(), "\"default\";r=0;t=15");
}

#[tokio::test]
async fn whoever_waits_as_told_is_admitted_and_nobody_earlier() {
    let service = service(get(two_rates));
    let mut refusals = 0;
    for step in 0..40_u64 {
        let answer = service.get("/").await;
        service.clock.advance(Duration::from_millis(step * 7_919 % 400));
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            refusals += 1;
            let wait: u64 = answer.field("retry-after").parse().unwrap();
            service.clock.advance(Duration::from_secs(wait));
            assert_eq!(service.get("/").await.status, StatusCode::OK, "after {wait} s");
        }
    }
    assert!(refusals > 10, "{refusals}");
}

#[tokio::test]
async fn retry_after_is_that_of_the_rate_that_takes_longest_of_those_that_refuse() {
    let service = service(get(two_rates));
    for (cost, status, standing, retry_after) in [
        (2, 200, r#""second";r=0;t=1, "minute";r=1;t=20"#, ""),
        (1, 429, r#""second";r=0;t=1, "minute";r=1;t=20"#, "1"),
        (2, 429, r#""second";r=0;t=1, "minute";r=1;t=20"#, "20"),
    ] {
        let answer = spend(&service, cost).await;
        assert_eq!((answer.status.as_u16(), answer.rate_limit()), (status, standing), "{cost}");
        assert_eq!(answer.field("retry-after"), retry_after, "{cost}");
    }
    service.clock.advance(Duration::from_secs(1));
    assert_eq!(spend(&service, 1).await.rate_limit(), r#""second";r=1;t=1, "minute";r=0;t=19"#);
    let refused = spend(&service, 2).await;
    assert_eq!(refused.rate_limit(), r#""second";r=1;t=1, "minute";r=0;t=39"#);
    assert_eq!(refused.field("retry-after"), "39");
}

#[rate_limited("1000/second")]
async fn quick() {}

#[tokio::test]
async fn less_than_a_second_is_told_as_one_and_never_as_none() {
    let service = service(get(quick));
    for _ in 0..1_000 {
        assert_eq!(service.get("/").await.status, StatusCode::OK);
    }
    let refused = service.get("/").await;
    assert_eq!((refused.rate_limit(), refused.field("retry-after")), ("\"default\";r=0;t=1", "1"));
    service.clock.advance(Duration::from_millis(1));
    assert_eq!(service.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_clock_that_steps_back_lets_nobody_pass_twice() {
    let service = service(get(four_a_minute));
    service.clock.set(Moment::from_nanos(3_600_000_000_000));
    assert_eq!(admitted(&service, request).await, 4);
    for (earlier, wait) in [(3_599_999_999_999, "16"), (3_000_000_000_000, "615"), (0, "3615")] {
        service.clock.set(Moment::from_nanos(earlier));
        let refused = service.get("/").await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "at {:?}", service.clock.now());
        assert_eq!(refused.field("retry-after"), wait, "until the clock has caught up");
    }
    service.clock.advance(Duration::from_secs(3615));
    assert_eq!(service.get("/").await.status, StatusCode::OK);
}
