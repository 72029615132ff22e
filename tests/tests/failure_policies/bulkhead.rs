//! So many at a time, and so many who wait.

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use tollgate::{Policy, Tollgate, bulkhead};
use tollgate_tests::{Service, site};

use crate::support::{Does, Upstream, ask, asking, poll, refusal, service, status_of, with};

#[bulkhead(max_concurrent = 2)]
async fn narrow(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[bulkhead(max_concurrent = 1, queue = 2, wait = "1s")]
async fn queued(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn whoever_finds_no_place_is_refused_at_once() {
    let upstream = Upstream::new(Does::Hangs);
    let service = service(&upstream, get(narrow));
    let mut running = [asking(&service), asking(&service)];
    assert!(running.iter_mut().all(|one| poll(one).is_pending()));
    assert_eq!(ask(&service).await, refusal(503, "overloaded", ""));
    assert_eq!(upstream.runs(), 2);
    drop(running);
    upstream.now(Does::Says(200));
    assert_eq!(ask(&service).await.0, 200);
    assert_eq!(service.counts(site!(narrow)), "bulkhead admitted 3, refused 1");
}

#[tokio::test]
async fn those_who_wait_are_served_in_their_order() {
    let upstream = Upstream::new(Does::Hangs);
    let service = service(&upstream, get(queued));
    let mut running = asking(&service);
    assert!(poll(&mut running).is_pending());
    let mut waiting = [asking(&service), asking(&service)];
    assert!(waiting.iter_mut().all(|one| poll(one).is_pending()));
    assert_eq!((ask(&service).await, upstream.runs()), (refusal(503, "overloaded", ""), 1));
    upstream.now(Does::Says(200));
    drop(running);
    let [first, second] = &mut waiting;
    assert_eq!(status_of(second), None);
    assert_eq!(status_of(first), Some(200));
    assert_eq!(status_of(second), Some(200));
    assert_eq!(service.counts(site!(queued)), "bulkhead admitted 3, refused 1");
}

#[tokio::test]
async fn nobody_waits_longer_than_that() {
    let upstream = Upstream::new(Does::Hangs);
    let service = service(&upstream, get(queued));
    let (mut running, mut waiting) = (asking(&service), asking(&service));
    assert!(poll(&mut running).is_pending() && poll(&mut waiting).is_pending());
    service.clock.advance(Duration::from_millis(999));
    assert_eq!(status_of(&mut waiting), None);
    service.clock.advance(Duration::from_millis(1));
    assert_eq!(status_of(&mut waiting), Some(503));
    assert_eq!(service.counts(site!(queued)), "bulkhead admitted 1, refused 1");
}

#[tokio::test]
async fn whoever_leaves_the_queue_is_counted_and_leaves_its_place() {
    let upstream = Upstream::new(Does::Hangs);
    let service = service(&upstream, get(queued));
    let mut running = asking(&service);
    assert!(poll(&mut running).is_pending());
    for _ in 0..5 {
        let mut waiting = asking(&service);
        assert!(poll(&mut waiting).is_pending());
    }
    drop(running);
    upstream.now(Does::Says(200));
    assert_eq!(ask(&service).await.0, 200);
    assert_eq!(service.counts(site!(queued)), "bulkhead admitted 2, cancelled 5");
    assert_eq!(service.clock.waiting(), 0);
}

#[tokio::test]
async fn a_panic_leaves_its_place() {
    let upstream = Upstream::new(Does::Panics);
    let service = service(&upstream, get(narrow));
    for _ in 0..5 {
        assert!(tokio::spawn(asking(&service)).await.unwrap_err().is_panic());
    }
    upstream.now(Does::Says(200));
    assert_eq!(ask(&service).await.0, 200);
}

#[bulkhead(max_concurrent = 1, share = "failure_policies_shared")]
async fn one(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[bulkhead(max_concurrent = 1, share = "failure_policies_shared")]
async fn other(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn handlers_of_one_name_share_their_places() {
    let upstream = Upstream::new(Does::Hangs);
    let router = axum::Router::new().route("/one", get(one)).route("/other", get(other));
    let service = Service::of(router.with_state(upstream.clone()));
    let mut running: crate::support::Asking = {
        let service = service.clone();
        Box::pin(async move {
            service.get("/one").await;
            Response::default()
        })
    };
    assert!(poll(&mut running).is_pending());
    assert_eq!(service.get("/other").await.status, 503);
    drop(running);
    upstream.now(Does::Says(200));
    assert_eq!(service.get("/other").await.status, 200);
}

#[tokio::test]
async fn it_can_be_switched_off() {
    let upstream = Upstream::new(Does::Hangs);
    let service = with(Tollgate::builder().disable(Policy::Bulkhead), &upstream, get(narrow));
    let mut running: Vec<_> = (0..9).map(|_| asking(&service)).collect();
    assert!(running.iter_mut().all(|one| poll(one).is_pending()));
    assert_eq!((upstream.runs(), service.counts(site!(narrow))), (9, String::new()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_tollgate_has_places_of_its_own_and_an_opened_gate_has_none() {
    let upstream = Upstream::new(Does::Hangs);
    let (here, there) = (service(&upstream, get(narrow)), service(&upstream, get(narrow)));
    let mut running = [asking(&here), asking(&here)];
    assert!(running.iter_mut().all(|one| poll(one).is_pending()));
    upstream.now(Does::Says(200));
    assert_eq!((ask(&here).await.0, ask(&there).await.0), (503, 200));
    assert_eq!(narrow(tollgate::open((State(upstream),))).await.status(), 200);
}
