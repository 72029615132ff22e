//! A request that is dropped on its way leaves nothing behind but its charge.

use std::future;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::{get, post};
use futures_util::stream;
use http::{Request, StatusCode};
use tollgate::rate_limited;
use tollgate_tests::{Service, site};

use crate::support::and;

#[rate_limited("3/minute")]
#[rate_limited("3/minute", key = header("a"))]
async fn upload(body: Bytes) -> String {
    body.len().to_string()
}

#[rate_limited("3/minute")]
async fn endless() {
    future::pending::<()>().await;
}

/// A body of which nothing arrives.
fn stalled() -> Body {
    Body::from_stream(stream::pending::<Result<Bytes, axum::Error>>())
}

/// Begins to answer a request, and drops it before there is an answer.
async fn abandon(service: &Service, request: Request<Body>) {
    tokio::select! {
        biased;
        answer = service.send(request) => panic!("answered: {answer:?}"),
        () = future::ready(()) => {}
    }
}

fn request(body: Body) -> Request<Body> {
    and(Request::post("/").body(body).unwrap(), "a", "x")
}

#[tokio::test]
async fn a_request_dropped_while_its_body_is_awaited_is_charged_once_and_leaves_no_lock() {
    let service = Service::of(Router::new().route("/", post(upload)));
    abandon(&service, request(stalled())).await;
    let next = service.send(request(Body::from("abc"))).await;
    assert_eq!((next.status, next.body.as_str()), (StatusCode::OK, "3"));
    assert_eq!(next.rate_limit(), r#""ip-minute";r=1;t=20, "a-minute";r=1;t=20"#);
    abandon(&service, request(stalled())).await;
    assert_eq!(service.send(request(Body::empty())).await.status, StatusCode::TOO_MANY_REQUESTS);
    let counts = "rate_limited admitted 3, refused 1, rate_limited:a admitted 3, refused 1";
    assert_eq!(service.counts(site!(upload)), counts);
}

#[tokio::test]
async fn requests_that_wait_for_their_bodies_hold_nobody_up() {
    let service = Service::of(Router::new().route("/", post(upload)));
    let mut waiting = Box::pin(service.send(request(stalled())));
    tokio::select! {
        biased;
        _ = &mut waiting => panic!("answered"),
        () = future::ready(()) => {}
    }
    let other = std::thread::scope(|threads| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let ask = service.send(request(Body::from("abc")));
        threads.spawn(move || runtime.block_on(ask)).join().unwrap()
    });
    assert_eq!(other.status, StatusCode::OK, "from another thread, while the first still waits");
    drop(waiting);
    assert_eq!(
        service.send(request(Body::empty())).await.rate_limit(),
        r#""ip-minute";r=0;t=20, "a-minute";r=0;t=20"#
    );
}

#[tokio::test]
async fn a_request_dropped_inside_of_the_handler_is_charged_once() {
    let service = Service::of(Router::new().route("/", get(endless)));
    for _ in 0..3 {
        abandon(&service, tollgate_tests::get("/")).await;
    }
    assert_eq!(service.get("/").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(service.counts(site!(endless)), "rate_limited admitted 3, refused 1");
}

#[tokio::test]
async fn a_request_that_is_never_polled_is_not_charged() {
    let service = Service::of(Router::new().route("/", get(endless)));
    drop(service.send(tollgate_tests::get("/")));
    assert_eq!(service.counts(site!(endless)), "");
}
