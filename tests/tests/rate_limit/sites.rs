//! One function is one site: it has its budgets to itself, wherever it is routed.

use axum::Router;
use axum::routing::{any, get, post};
use http::{Method, StatusCode};
use tollgate::rate_limited;
use tollgate_tests::{Service, request};

use crate::support::admitted;

#[rate_limited("2/minute")]
async fn one() {}

#[rate_limited("2/minute")]
async fn other() {}

mod namesake {
    #[tollgate::rate_limited("2/minute")]
    pub(super) async fn one() {}
}

#[rate_limited("2/minute", key = global)]
#[rate_limited("3/minute")]
async fn twice() {}

#[tokio::test]
async fn functions_do_not_share_budgets() {
    let router = Router::new()
        .route("/one", get(one))
        .route("/other", get(other))
        .route("/namesake", get(namesake::one))
        .route("/twice", get(twice));
    let service = Service::of(router);
    for path in ["/one", "/other", "/namesake", "/twice"] {
        assert_eq!(admitted(&service, || tollgate_tests::get(path)).await, 2, "{path}");
    }
}

#[tokio::test]
async fn functions_of_one_name_in_two_bodies_do_not_share_budgets() {
    fn first() -> Router {
        #[rate_limited("2/minute")]
        async fn handler() {}
        Router::new().route("/first", get(handler))
    }
    fn second() -> Router {
        #[rate_limited("2/minute")]
        async fn handler() {}
        Router::new().route("/second", get(handler))
    }
    let service = Service::of(first().merge(second()));
    for path in ["/first", "/second"] {
        assert_eq!(admitted(&service, || tollgate_tests::get(path)).await, 2, "{path}");
    }
}

#[tokio::test]
async fn a_function_shares_its_budgets_among_all_of_its_routes() {
    let router = Router::new()
        .route("/a", get(one))
        .route("/b/{id}", get(one))
        .nest("/nested", Router::new().route("/c", post(one)))
        .route("/any", any(one))
        .fallback(one);
    let service = Service::of(router);
    assert_eq!(admitted(&service, || tollgate_tests::get("/a")).await, 2);
    for (method, path) in [
        (Method::GET, "/b/1"),
        (Method::GET, "/b/2"),
        (Method::POST, "/nested/c"),
        (Method::PATCH, "/any"),
        (Method::HEAD, "/a"),
        (Method::GET, "/nowhere"),
    ] {
        let answer = service.send(request(method, path)).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
}

#[rate_limited("2/minute")]
async fn generic<const LANGUAGE: u8>() -> String {
    LANGUAGE.to_string()
}

#[tokio::test]
async fn instances_of_a_generic_function_share_its_budgets() {
    let router = Router::new().route("/1", get(generic::<1>)).route("/2", get(generic::<2>));
    let service = Service::of(router);
    assert_eq!(service.get("/1").await.body, "1");
    assert_eq!(service.get("/2").await.body, "2");
    assert_eq!(service.get("/1").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(service.get("/2").await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn two_services_do_not_share_budgets() {
    let router = || Router::new().route("/", get(one));
    for service in [Service::of(router()), Service::of(router())] {
        assert_eq!(admitted(&service, crate::support::request).await, 2);
    }
}
