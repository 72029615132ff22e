//! Which `Tollgate` a call belongs to: its task's, or the process's.

use axum::Router;
use axum::routing::get;
use tollgate::call;
use tollgate_tests::{Service, counts, site};

use crate::support::{Answer, tollgate};

#[call::rate_limited("1/minute")]
async fn call_once() -> Answer<()> {
    Ok(())
}

#[tokio::test]
async fn each_scope_has_budgets_of_its_own_and_the_inner_one_counts() {
    let ((outer, _), (inner, _)) = (tollgate(), tollgate());
    outer
        .scope(async {
            assert!(call_once().await.is_ok());
            assert!(inner.scope(call_once()).await.is_ok());
            assert!(call_once().await.is_err());
        })
        .await;
    assert_eq!(counts(&outer, site!(call_once)), "rate_limited admitted 1, refused 1");
    assert_eq!(counts(&inner, site!(call_once)), "rate_limited admitted 1");
}

#[tokio::test]
async fn a_task_that_was_spawned_is_outside_and_served_by_the_default() {
    let (tollgate, _clock) = tollgate();
    let answers = tollgate
        .scope(async {
            let spawned = tokio::spawn(async { (call_once().await, call_once().await) });
            (call_once().await, spawned.await.unwrap())
        })
        .await;
    let (inside, (first, second)) = answers;
    assert!(inside.is_ok() && first.is_ok() && second.is_err());
    assert_eq!(counts(&tollgate, site!(call_once)), "rate_limited admitted 1");
}

#[tokio::test]
async fn a_call_within_a_handler_is_that_of_the_routers_layer() {
    let handler = async || if call_once().await.is_ok() { "admitted" } else { "refused" };
    let service = Service::of(Router::new().route("/", get(handler)));
    for expected in ["admitted", "refused"] {
        assert_eq!(service.get("/").await.body, expected);
    }
    assert_eq!(service.counts(site!(call_once)), "rate_limited admitted 1, refused 1");
}
