//! No spelling of a path mints a new budget.

use axum::Router;
use axum::routing::get;
use http::{Method, StatusCode};
use tollgate::rate_limited;
use tollgate_tests::{Service, from_client, request};

#[rate_limited("2/minute")]
async fn file() {}

#[tokio::test]
async fn however_a_path_is_spelled_it_counts_for_one_function() {
    let spellings = [
        "/files/a",
        "/files/a/",
        "/files/a//",
        "/files//a",
        "/files/%61",
        "/files/%2561",
        "/files/a%2F",
        "/files/a%00",
        "/files/a;v=1",
        "/files/a.css",
        "/files/./a",
        "/files/x/../a",
        "/files/%2e%2e/a",
        "/files/A",
        "/files/a?",
        "/files/a?x=1",
        "/files/a?x=2&y=%20",
        "/files/a%3fx=1",
        "http://other.example/files/a",
        "https://files.example:8443/files/a?x",
    ];
    let service = Service::of(Router::new().route("/files/{*path}", get(file)));
    let ask = |method, path| service.send(from_client("10.0.0.1", request(method, path)));
    for path in &spellings[..2] {
        assert_eq!(ask(Method::GET, path).await.status, StatusCode::OK);
    }
    for path in spellings {
        for method in [Method::GET, Method::HEAD] {
            assert_eq!(ask(method, path).await.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        }
    }
}

#[rate_limited("2/minute")]
async fn airport() {}

#[tokio::test]
async fn values_in_a_path_mint_no_budgets() {
    let service = Service::of(Router::new().route("/airports/{iata}", get(airport)));
    for path in ["/airports/CDG", "/airports/%43DG"] {
        assert_eq!(service.get(path).await.status, StatusCode::OK);
    }
    for id in 0..50 {
        assert_eq!(service.get(&format!("/airports/{id}")).await.status, StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test]
async fn what_a_request_says_of_its_host_and_its_method_mints_no_budgets() {
    let service = Service::of(Router::new().route("/airports/{iata}", get(airport)));
    let ask = |name: &'static str, value: &'static str| {
        service.send(crate::support::and(tollgate_tests::get("/airports/CDG"), name, value))
    };
    ask("host", "a.example").await;
    ask("host", "b.example").await;
    for (name, value) in [
        ("host", "c.example"),
        ("x-forwarded-host", "d.example"),
        ("x-original-url", "/airports/ORY"),
        ("x-rewrite-url", "/airports/ORY"),
        ("x-http-method-override", "DELETE"),
        ("user-agent", "another"),
        ("origin", "https://e.example"),
        ("authorization", "Bearer another"),
        ("cookie", "session=another"),
    ] {
        assert_eq!(ask(name, value).await.status, StatusCode::TOO_MANY_REQUESTS, "{name}");
    }
}
