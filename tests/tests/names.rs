//! A name that was written tells a function from all others, so two functions cannot have one. This program has two
//! such pairs, and builds no `Tollgate`.

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use tollgate::{Tollgate, rate_limited, with_metrics};
use tollgate_tests::send;

#[rate_limited("1/day", key = global, name = "orders")]
async fn orders() {}

mod other {
    #[tollgate::rate_limited("1/day", key = global)]
    #[tollgate::with_metrics(name = "orders")]
    pub(super) async fn orders_of_others() {}
}

#[with_metrics(name = "carts")]
async fn carts() {}

#[with_metrics(name = "carts")]
async fn carts_again() {}

#[with_metrics(name = "alone")]
async fn alone() {}

#[test]
fn every_name_that_two_functions_have_is_told_with_both() {
    let error = Tollgate::builder().build().unwrap_err().to_string();
    let [carts, orders] = error.split("; ").collect::<Vec<_>>()[..] else { panic!("{error}") };
    assert!(
        carts.starts_with("the name \"carts\" is written on 2 functions, and is to tell them apart:"),
        "{carts}"
    );
    for origin in [" names::carts (tests/tests/names.rs:", " names::carts_again (tests/tests/names.rs:"] {
        assert!(carts.contains(origin), "{carts}");
    }
    for origin in
        [" names::orders (tests/tests/names.rs:", " names::other::orders_of_others (tests/tests/names.rs:"]
    {
        assert!(orders.contains(origin), "{orders}");
    }
    assert!(!error.contains("alone"), "{error}");
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let error = Tollgate::builder().max_keys(0).build().unwrap_err().to_string();
    for fault in ["\"carts\"", "\"orders\"", "`max_keys(0)`"] {
        assert!(error.contains(fault), "{error}");
    }
}

#[tokio::test]
async fn the_default_still_serves_them_each_with_a_budget_of_its_own() {
    let router = Router::new()
        .route("/orders", get(orders))
        .route("/others", get(other::orders_of_others))
        .route("/carts", get(carts).post(carts_again).put(alone));
    for (path, status) in [
        ("/orders", StatusCode::OK),
        ("/others", StatusCode::OK),
        ("/carts", StatusCode::OK),
        ("/orders", StatusCode::TOO_MANY_REQUESTS),
        ("/others", StatusCode::TOO_MANY_REQUESTS),
    ] {
        assert_eq!(send(&router, tollgate_tests::get(path)).await.status, status, "{path}");
    }
}
