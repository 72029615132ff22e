//! A request that is dropped on its way leaves nothing behind but its charge.

use std::future;

use axum::Router;
use axum::routing::get;
use tollgate::{RateLimitLayer, limits};
use tollgate_tests::{Service, get as request};

#[tokio::test]
async fn a_dropped_request_stays_charged_and_leaves_no_lock() {
    let layer = RateLimitLayer::new(limits!("3/minute", name = "dropped"));
    let router = Router::new()
        .route("/endless", get(async || future::pending::<()>().await))
        .route("/", get(async || "done"))
        .layer(layer);
    let service = Service::of(router);
    tokio::select! {
        biased;
        answer = service.send(request("/endless")) => panic!("answered: {answer:?}"),
        () = future::ready(()) => {}
    }
    assert_eq!(service.get("/").await.rate_limit(), r#""dropped";r=1;t=20"#);
}

#[tokio::test]
async fn an_answer_that_nobody_polled_is_not_charged_twice() {
    let layer = RateLimitLayer::new(limits!("3/minute", name = "unpolled"));
    let service = Service::of(Router::new().route("/", get(async || "done")).layer(layer));
    drop(service.send(request("/")));
    assert_eq!(service.get("/").await.rate_limit(), r#""unpolled";r=2;t=20"#);
}
