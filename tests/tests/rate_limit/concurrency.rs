//! Many requests at once.

use std::time::Duration;

use axum::routing::get;
use http::{Request, StatusCode};
use tollgate::rate_limited;
use tollgate_tests::{Service, site};

use crate::support::{and, from, service};

#[rate_limited("5/minute")]
async fn five() {
    tokio::task::yield_now().await;
}

#[rate_limited("5/minute", "7/hour", key = header("a"))]
#[rate_limited("40/minute", key = header("b"))]
async fn crossing() {
    tokio::task::yield_now().await;
}

/// Sends as many requests at once, and counts those that are admitted.
async fn at_once(
    service: &Service,
    requests: u32,
    request: impl Fn(u32) -> Request<axum::body::Body>,
) -> usize {
    let ask = |number| {
        let (service, request) = (service.clone(), request(number));
        tokio::spawn(async move { service.send(request).await.status })
    };
    let tasks: Vec<_> = (0..requests).map(ask).collect();
    let mut admitted = 0;
    for task in tasks {
        match task.await.unwrap() {
            StatusCode::OK => admitted += 1,
            status => assert_eq!(status, StatusCode::TOO_MANY_REQUESTS),
        }
    }
    admitted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_requests_at_once_exactly_five_are_admitted() {
    for _ in 0..10 {
        let service = service(get(five));
        assert_eq!(at_once(&service, 100, |_| from("10.0.0.1")).await, 5);
        assert_eq!(service.counts(site!(five)), "rate_limited admitted 5, refused 95");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clients_at_once_have_five_each() {
    let service = service(get(five));
    assert_eq!(at_once(&service, 200, |number| from(&format!("10.0.0.{}", number % 10))).await, 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn limits_with_crossing_keys_are_exact() {
    let service = service(get(crossing));
    let request = |number: u32| {
        let request = and(from("10.0.0.1"), "a", (number % 10).to_string());
        and(request, "b", (number / 10 % 2).to_string())
    };
    assert_eq!(at_once(&service, 300, request).await, 50);
    service.clock.advance(Duration::from_secs(60));
    assert_eq!(at_once(&service, 300, request).await, 20, "what is left of the hour");
}
