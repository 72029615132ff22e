//! Which series requests go to.

use std::collections::HashMap;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use http::{Method, StatusCode, Version};
use http_body_util::BodyExt;
use tollgate::testing::Client;
use tollgate::{Principal, Tollgate, authorize, with_metrics};
use tollgate_tests::{Service, request, site};

use crate::support::{active, answer, requests, service, text};

#[with_metrics]
async fn anything() -> &'static str {
    "anything"
}

#[tokio::test]
async fn a_route_is_told_as_its_template() {
    let router = Router::new()
        .route("/", get(anything))
        .route("/a/{b}/{c}", get(anything))
        .route("/files/{*path}", get(anything))
        .nest("/nested/{tenant}", Router::new().route("/deep/{id}", get(anything)));
    let service = Service::of(router);
    for path in
        ["/", "/?a=b", "/a/1/2", "/a/%22/%0a", "/files/x/y/z", "/nested/acme/deep/7", "/nested/x/deep/8"]
    {
        assert_eq!(service.get(path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(
        requests(&service.tollgate),
        [
            "GET / 200: 2 in 0.0",
            "GET /a/{b}/{c} 200: 2 in 0.0",
            "GET /files/{*path} 200: 1 in 0.0",
            "GET /nested/{tenant}/deep/{id} 200: 2 in 0.0",
        ]
    );
}

#[tokio::test]
async fn a_handler_on_two_routes_is_one_site_and_two_routes() {
    let router = Router::new().route("/one", get(anything)).route("/two", get(anything).post(anything));
    let service = Service::of(router);
    for (method, path) in
        [(Method::GET, "/two"), (Method::GET, "/one"), (Method::GET, "/two"), (Method::POST, "/two")]
    {
        service.send(request(method, path)).await;
    }
    assert_eq!(
        requests(&service.tollgate),
        ["GET /one 200: 1 in 0.0", "GET /two 200: 2 in 0.0", "POST /two 200: 1 in 0.0"]
    );
    assert_eq!(service.counts(site!(anything)), "with_metrics completed 4");
}

#[tokio::test]
async fn what_no_route_matches_is_told_as_one() {
    let nested = Router::new().route("/a", get(anything)).fallback(anything);
    let router = Router::new().route("/a", get(anything)).nest("/nested", nested).fallback(anything);
    let service = Service::of(router);
    for path in ["/nowhere", "/x/y", "/nested/nowhere", "/nested"] {
        assert_eq!(service.get(path).await.body, "anything", "{path}");
    }
    assert_eq!(requests(&service.tollgate), ["GET _unmatched 200: 4 in 0.0"]);
    service.get("/a").await;
    assert_eq!(requests(&service.tollgate)[0], "GET /a 200: 1 in 0.0", "a fallback fixes no route");
}

#[tokio::test]
async fn a_method_that_http_does_not_know_is_told_as_other() {
    let service = service(any(anything));
    for method in
        ["PROPFIND", "MKCOL", "REPORT", "get", "QUERY", "BREW", "_OTHER", "A-VERY-LONG-ONE.OF.A.KIND!"]
    {
        service.send(request(method.parse().unwrap(), "/")).await;
    }
    for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
        service.send(request(method.parse().unwrap(), "/")).await;
    }
    assert_eq!(
        requests(&service.tollgate),
        [
            "DELETE / 200: 1 in 0.0",
            "OPTIONS / 200: 1 in 0.0",
            "PATCH / 200: 1 in 0.0",
            "PUT / 200: 1 in 0.0",
            "TRACE / 200: 1 in 0.0",
            "_OTHER / 200: 8 in 0.0",
        ]
    );
}

#[tokio::test]
async fn from_http_2_on_a_request_is_told_by_its_scheme_and_before_no_client_chooses_one() {
    let service = service(get(anything));
    for version in [Version::HTTP_10, Version::HTTP_11, Version::HTTP_2, Version::HTTP_3] {
        for uri in ["http://a/", "https://a/", "HTTPS://b/", "gopher://c/"] {
            let mut request = tollgate_tests::get(uri);
            *request.version_mut() = version;
            service.send(request).await;
        }
    }
    assert_eq!(requests(&service.tollgate), ["GET / 200 https: 4 in 0.0", "GET / 200: 12 in 0.0"]);
}

#[tokio::test]
async fn a_head_request_is_a_method_of_its_own() {
    let service = service(get(anything));
    let answer = service.send(request(Method::HEAD, "/")).await;
    assert_eq!((answer.field("content-length"), answer.body.as_str()), ("8", ""));
    assert_eq!(requests(&service.tollgate), ["HEAD / 200: 1 in 0.0"]);
}

#[tokio::test]
async fn a_wrong_method_does_not_reach_the_handler_and_is_not_measured() {
    let service = service(get(anything));
    assert_eq!(service.send(request(Method::POST, "/")).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(requests(&service.tollgate), [""; 0]);
}

#[with_metrics]
async fn echoed(Path(status): Path<u16>) -> StatusCode {
    StatusCode::from_u16(status).unwrap()
}

#[tokio::test]
async fn an_error_is_what_the_server_is_to_blame_for() {
    let service = Service::of(Router::new().route("/{status}", get(echoed)));
    for status in [200, 302, 400, 404, 429, 499, 500, 503, 599] {
        service.get(&format!("/{status}")).await;
    }
    assert_eq!(
        requests(&service.tollgate),
        [
            "GET /{status} 200: 1 in 0.0",
            "GET /{status} 302: 1 in 0.0",
            "GET /{status} 400: 1 in 0.0",
            "GET /{status} 404: 1 in 0.0",
            "GET /{status} 429: 1 in 0.0",
            "GET /{status} 499: 1 in 0.0",
            "GET /{status} 500 500: 1 in 0.0",
            "GET /{status} 503 503: 1 in 0.0",
            "GET /{status} 599 599: 1 in 0.0",
        ]
    );
}

#[with_metrics]
#[authorize(role = "editor")]
async fn guarded() {}

#[tokio::test]
async fn who_may_not_is_measured_as_who_may() {
    let service = service(get(guarded));
    let client = Client::new(service.router());
    assert_eq!(client.get("/").await.status(), StatusCode::UNAUTHORIZED);
    for (role, status) in [("reader", 403), ("editor", 200)] {
        let ada = client.clone().as_principal(Principal::new("ada").with_role(role));
        assert_eq!(ada.get("/").await.status(), status);
    }
    assert_eq!(
        requests(&service.tollgate),
        ["GET / 200: 1 in 0.0", "GET / 401: 1 in 0.0", "GET / 403: 1 in 0.0"]
    );
}

#[with_metrics]
async fn parsed(Query(numbers): Query<HashMap<String, u8>>, Json(number): Json<u8>) -> String {
    format!("{numbers:?} {number}")
}

#[tokio::test]
async fn what_an_extractor_rejects_is_measured() {
    let service = service(post(parsed));
    let client = Client::new(service.router());
    for (path, body, status) in [
        ("/?a=1", "1", 200),
        ("/?a=x", "1", 400),
        ("/?a=1", "-", 400),
        ("/?a=1", "\"x\"", 422),
        ("/?a=1", "", 415),
    ] {
        assert_eq!(client.post(path, body).await.status(), status, "{path} {body}");
    }
    assert_eq!(
        requests(&service.tollgate),
        ["POST / 200: 1 in 0.0", "POST / 400: 2 in 0.0", "POST / 415: 1 in 0.0", "POST / 422: 1 in 0.0",]
    );
    assert_eq!(active(&service.tollgate), 0);
}

#[with_metrics]
async fn watch(State(tollgate): State<Tollgate>) -> String {
    let text = text(&tollgate);
    text.lines().filter(|line| line.contains("active_requests{") && !line.ends_with(" 0")).collect()
}

#[tokio::test]
async fn while_a_request_is_answered_the_gauge_of_its_method_is_one() {
    let tollgate = Tollgate::builder().build().unwrap();
    let router = Router::new().route("/", get(watch)).with_state(tollgate.clone()).layer(tollgate.layer());
    let watched = r#"http_server_active_requests{http_request_method="GET",url_scheme="http"} 1"#;
    assert_eq!(tollgate_tests::send(&router, tollgate_tests::get("/")).await.body, watched);
    assert_eq!(active(&tollgate), 0);
}

#[tokio::test]
async fn a_duration_on_a_boundary_belongs_to_it() {
    let service = service(get(anything));
    for millis in [5, 10_000, 10_001] {
        let response = answer(&service, tollgate_tests::get("/")).await;
        service.clock.advance(Duration::from_millis(millis));
        response.into_body().collect().await.unwrap();
    }
    let text = text(&service.tollgate);
    for (le, count) in [("0.005", 1), ("7.5", 1), ("10.0", 2), ("+Inf", 3)] {
        let bucket = format!("_bucket{{le=\"{le}\"");
        let line = text.lines().find(|line| line.contains(&bucket)).unwrap();
        assert!(line.ends_with(&format!(" {count}")), "{line}");
    }
}
