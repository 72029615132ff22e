//! `algorithm`: five ways of counting, as clients see them.

use std::time::Duration;

use axum::routing::get;
use tollgate::rate_limited;
use tollgate_tests::Service;

use crate::support::service;

#[rate_limited("4/minute", algorithm = gcra)]
async fn gcra() {}

#[rate_limited("4/minute", burst = 6, algorithm = token_bucket)]
async fn token_bucket() {}

#[rate_limited("4/minute", algorithm = fixed_window)]
async fn fixed_window() {}

#[rate_limited("4/minute", algorithm = sliding_window)]
async fn sliding_window() {}

#[rate_limited("4/minute", algorithm = sliding_log)]
async fn sliding_log() {}

/// How many pass until one is refused, and what that one is told to wait.
async fn spend(service: &Service) -> (usize, String) {
    for passed in 0.. {
        let answer = service.get("/").await;
        if answer.status.as_u16() == 429 {
            return (passed, answer.field("retry-after").to_owned());
        }
    }
    unreachable!("a limit refuses some time")
}

/// Passed and told at once, after half a minute, and after a minute more.
async fn course(service: &Service) -> [(usize, String); 3] {
    let at_once = spend(service).await;
    service.clock.advance(Duration::from_secs(30));
    let halfway = spend(service).await;
    service.clock.advance(Duration::from_secs(60));
    [at_once, halfway, spend(service).await]
}

fn told(course: [(usize, String); 3]) -> String {
    course.map(|(passed, wait)| format!("{passed} ({wait})")).join(", ")
}

#[tokio::test]
async fn each_admits_and_tells_in_its_own_way() {
    let courses = [
        told(course(&service(get(gcra))).await),
        told(course(&service(get(token_bucket))).await),
        told(course(&service(get(fixed_window))).await),
        told(course(&service(get(sliding_log))).await),
    ];
    assert_eq!(
        courses,
        [
            "4 (15), 2 (15), 4 (15)",
            "6 (15), 2 (15), 4 (15)",
            // The window began with the first request, and the next one begins where somebody asks.
            "4 (60), 0 (30), 4 (60)",
            // At 30 s nothing has left; at 90 s everything has.
            "4 (60), 0 (30), 4 (60)",
        ]
    );
}

#[tokio::test]
async fn a_sliding_window_lets_its_former_requests_fade() {
    let service = service(get(sliding_window));
    assert_eq!(spend(&service).await.0, 4);
    // The next window begins with four of the former one, which weigh less and less.
    service.clock.advance(Duration::from_secs(60));
    assert_eq!(spend(&service).await.0, 0);
    service.clock.advance(Duration::from_secs(30));
    assert_eq!(spend(&service).await.0, 2);
    service.clock.advance(Duration::from_secs(120));
    assert_eq!(spend(&service).await.0, 4);
}

#[tokio::test]
async fn a_document_of_the_rates_is_the_same_for_all() {
    for service in [service(get(gcra)), service(get(fixed_window)), service(get(sliding_log))] {
        let answer = service.get("/").await;
        assert_eq!(answer.field("ratelimit-policy"), "\"default\";q=4;w=60");
        assert!(answer.rate_limit().starts_with("\"default\";r=3;t="));
    }
}
