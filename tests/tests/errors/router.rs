//! What axum and its layers answer by themselves.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{any, get};
use http::Method;
use tollgate::ErrorLayer;
use tollgate_tests::{Service, post, request};

use crate::support::{routes, service, traced};

#[tokio::test]
async fn a_path_that_no_route_matches_is_a_problem() {
    let answer = service().send(traced("/nowhere")).await;
    assert_eq!(
        (answer.status, answer.field("content-type")),
        (StatusCode::NOT_FOUND, "application/problem+json")
    );
    assert_eq!(answer.json()["detail"], "nothing is served at this path");
    assert_eq!(
        (answer.json()["instance"].as_str(), answer.json()["request_id"].as_str()),
        (Some("/nowhere"), Some("7f9c"))
    );
}

#[tokio::test]
async fn a_method_that_a_route_does_not_answer_is_a_problem_and_allow_stays() {
    let answer = service().send(request(Method::DELETE, "/fine")).await;
    assert_eq!((answer.status, answer.field("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD"));
    assert_eq!(
        (answer.field("content-type"), answer.json()["status"].as_u64()),
        ("application/problem+json", Some(405))
    );
    assert_eq!(answer.headers.get_all("content-length").iter().count(), 1);
    assert_eq!(answer.field("content-length"), answer.body.len().to_string());
}

#[tokio::test]
async fn a_head_of_nothing_has_no_body() {
    let answer = service().send(request(Method::HEAD, "/nowhere")).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NOT_FOUND, ""));
}

#[tokio::test]
async fn a_404_or_405_of_the_users_own_is_left_alone() {
    for (own, body) in [
        (any(async || (StatusCode::NOT_FOUND, "gone fishing")), "gone fishing"),
        (any(async || (StatusCode::METHOD_NOT_ALLOWED, axum::response::Html("<p>no</p>"))), "<p>no</p>"),
        // A type without a body: somebody has thought about it.
        (any(async || (StatusCode::NOT_FOUND, [("content-type", "application/json")])), ""),
    ] {
        let service = Service::of(Router::new().route("/", own).layer(ErrorLayer::new()));
        assert_eq!(service.get("/").await.body, body);
    }
}

#[tokio::test]
async fn a_fallback_of_the_users_own_is_left_alone() {
    let own = routes().fallback(async || (StatusCode::NOT_FOUND, "lost?")).layer(ErrorLayer::new());
    assert_eq!(Service::of(own).get("/nowhere").await.body, "lost?");
}

#[tokio::test]
async fn a_payload_over_the_limit_of_axum_is_a_problem() {
    let limited = routes().layer(DefaultBodyLimit::max(4)).layer(ErrorLayer::new());
    let answer = Service::of(limited).send(post("/echo", "text/plain", "12345")).await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, Some("payload_too_large"))
    );
}

#[tokio::test]
async fn a_payload_over_the_limit_of_tower_http_is_a_problem() {
    let limited = routes()
        .layer(DefaultBodyLimit::disable())
        .layer(tower_http::limit::RequestBodyLimitLayer::new(4))
        .layer(ErrorLayer::new());
    let service = Service::of(limited);
    let mut known = post("/echo", "text/plain", "12345");
    known.headers_mut().insert("content-length", 5.into());
    for request in [known, post("/echo", "text/plain", "12345")] {
        let answer = service.send(request).await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (StatusCode::PAYLOAD_TOO_LARGE, Some("payload_too_large"))
        );
    }
}

#[tokio::test]
async fn a_413_of_the_users_own_is_left_alone() {
    let long = "this service reads at most one line of text, and this line is longer than any limit's own";
    let handler = move || async move { (StatusCode::PAYLOAD_TOO_LARGE, long) };
    let service = Service::of(Router::new().route("/", get(handler)).layer(ErrorLayer::new()));
    assert_eq!(service.get("/").await.body, long);
}

#[tokio::test]
async fn hostile_paths_make_an_instance_that_is_no_other_host_and_breaks_nothing() {
    for path in [
        "//evil.example/x",
        "/%0d%0aset-cookie:%20a",
        "/<script>",
        "/a\"b",
        "/%c0%8a",
        "/%00",
        "/..%2f..%2fetc",
        "/50%",
        "/a[b]",
    ] {
        let Ok(uri) = path.parse::<http::Uri>() else { continue };
        let mut request = request(Method::GET, "/");
        *request.uri_mut() = uri;
        let answer = service().send(request).await;
        let instance = answer.json()["instance"].as_str().unwrap().to_owned();
        assert!(instance.starts_with('/') && !instance.starts_with("//"), "{instance}");
        assert!(
            instance.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"[]".contains(&byte)),
            "{instance}"
        );
        let mut escapes = instance.split('%').skip(1);
        assert!(escapes.all(|rest| u8::from_str_radix(&rest[..2], 16).is_ok()), "{instance}");
    }
}
