//! Wherever axum takes a handler.

use axum::Router;
use axum::extract::{NestedPath, Path, Request, State};
use axum::handler::Handler;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, any, get, on, post};
use http::{HeaderValue, Method, StatusCode};
use tollgate::{rate_limited, with_metrics};
use tollgate_tests::{Service, site};
use tower::ServiceExt;

use crate::support::{App, Db, guarded, passes};

#[rate_limited("2/minute")]
#[with_metrics]
async fn name_of(State(db): State<Db>, method: Method) -> String {
    format!("{method} {}", db.name)
}

#[tokio::test]
async fn routes_of_one_method_of_several_and_of_any() {
    let router = Router::new()
        .route("/one", post(name_of))
        .route("/on", on(MethodFilter::PUT.or(MethodFilter::PATCH), name_of))
        .route("/any", any(name_of))
        .route("/chained", get(name_of).delete(name_of))
        .with_state(App::new());
    for (method, path) in [
        (Method::POST, "/one"),
        (Method::PATCH, "/on"),
        (Method::OPTIONS, "/any"),
        (Method::DELETE, "/chained"),
    ] {
        let request = || tollgate_tests::request(method.clone(), path);
        assert_eq!(passes(router.clone(), request, site!(name_of)).await, format!("{method} airports"));
    }
}

#[tokio::test]
async fn a_head_request_is_charged_as_the_get_that_answers_it() {
    let router = Router::new().route("/", get(name_of)).with_state(App::new());
    let request = || tollgate_tests::request(Method::HEAD, "/");
    assert_eq!(passes(router, request, site!(name_of)).await, "");
}

#[tokio::test]
async fn one_handler_at_two_routes_is_one_site_with_one_budget() {
    let router = Router::new().route("/a", get(name_of)).route("/b", get(name_of)).with_state(App::new());
    let service = Service::of(router);
    assert_eq!(service.get("/a").await.status, StatusCode::OK);
    assert_eq!(service.get("/b").await.status, StatusCode::OK);
    assert_eq!(service.get("/a").await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn nested(Path((tenant, id)): Path<(String, u32)>, prefix: NestedPath) -> String {
    format!("{tenant} {id} {}", prefix.as_str())
}

#[tokio::test]
async fn a_nested_router_passes_its_prefix() {
    let inner = Router::new().route("/{id}", get(nested));
    let router = Router::new().nest("/{tenant}", inner);
    let body = passes(router, || tollgate_tests::get("/acme/7"), site!(nested)).await;
    assert_eq!(body, "acme 7 /{tenant}");
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn lost(request: Request) -> (StatusCode, String) {
    (StatusCode::NOT_FOUND, format!("{} {}", request.method(), request.uri()))
}

#[tokio::test]
async fn fallbacks_are_guarded() {
    let routers = [
        Router::new().fallback(lost),
        Router::new().fallback_service(lost.with_state(())),
        Router::new().route("/x", MethodRouter::new().fallback(lost)),
        Router::new().route("/x", post(|| async {}).fallback(lost)),
        Router::new().route("/x", post(|| async {})).method_not_allowed_fallback(lost),
        Router::new().nest("/x", Router::new()).fallback(lost),
    ];
    for router in routers {
        let answer = guarded(router, || tollgate_tests::get("/x"), site!(lost)).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NOT_FOUND, "GET /x"));
    }
}

async fn sign(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert("x-signed", HeaderValue::from_static("yes"));
    response
}

#[tokio::test]
async fn layers_around_a_handler_and_a_route_see_what_the_gate_answers() {
    let layered = || middleware::from_fn(sign);
    let routers = [
        Router::new().route("/", get(name_of).layer(layered())).with_state(App::new()),
        Router::new().route("/", get(name_of.layer(layered()))).with_state(App::new()),
        Router::new().route("/", get(name_of)).route_layer(layered()).with_state(App::new()),
    ];
    for router in routers {
        let service = Service::of(router.clone());
        let answer = guarded(router, || tollgate_tests::get("/"), site!(name_of)).await;
        assert_eq!((answer.body.as_str(), answer.field("x-signed")), ("GET airports", "yes"));
        for _ in 0..2 {
            service.get("/").await;
        }
        let refused = service.get("/").await;
        assert_eq!((refused.status.as_u16(), refused.field("x-signed")), (429, "yes"));
    }
}

#[tokio::test]
async fn a_handler_with_its_state_is_a_service() {
    let router = Router::new()
        .route("/of_state", axum::routing::get_service(name_of.with_state(App::new())))
        .route("/of_a_request", axum::routing::get_service(lost.with_state(())));
    let body = passes(router.clone(), || tollgate_tests::get("/of_state"), site!(name_of)).await;
    assert_eq!(body, "GET airports");
    let answer = guarded(router, || tollgate_tests::get("/of_a_request"), site!(lost)).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_handler_is_served_without_a_router() {
    let service = name_of.with_state(App::new());
    let tollgate = tollgate::Tollgate::builder().build().unwrap();
    let answer = tollgate.scope(service.oneshot(tollgate_tests::get("/"))).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    assert_eq!(
        tollgate_tests::counts(&tollgate, site!(name_of)),
        "with_metrics completed 1, rate_limited admitted 1"
    );
}
