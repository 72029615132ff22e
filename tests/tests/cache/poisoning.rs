//! What one client writes is never what another one reads.

use axum::body::Body;
use axum::response::IntoResponse;
use http::{Method, Request, StatusCode};
use tollgate_tests::request;

use crate::support::{Script, answer, get_with, is_hit, service};

const UNKEYED: [&str; 11] = [
    "x-forwarded-host",
    "x-forwarded-scheme",
    "x-forwarded-proto",
    "x-forwarded-prefix",
    "x-forwarded-server",
    "x-host",
    "forwarded",
    "x-original-url",
    "x-rewrite-url",
    "origin",
    "referer",
];

/// Repeats a field of the request in its body, or in a field.
fn echoing(name: &'static str, in_body: bool) -> Script {
    Script::new(move |_, parts| {
        let value = parts.headers.get(name).map_or("clean", |value| value.to_str().unwrap());
        if in_body {
            answer(StatusCode::OK, &[], &format!("<a href=\"{value}/x\">"))
        } else {
            answer(StatusCode::OK, &[("link", &format!("<{value}>; rel=next"))], "")
        }
    })
}

#[tokio::test]
async fn fields_that_no_key_holds_are_never_repeated_from_the_cache() {
    for name in UNKEYED {
        for in_body in [true, false] {
            let service = service(&echoing(name, in_body));
            for path in ["/plain", "/public"] {
                let evil = service.send(get_with(path, &[(name, "https://evil.example")])).await;
                assert!(
                    evil.body.contains("evil") || evil.field("link").contains("evil"),
                    "its own client gets it"
                );
                let other = service.get(path).await;
                assert!(!other.body.contains("evil") && !other.field("link").contains("evil"), "{name}");
                assert!(is_hit(&service.get(path).await), "{name}: a clean one is kept");
            }
        }
    }
}

#[tokio::test]
async fn what_is_repeated_is_not_shared_by_those_who_wait_either() {
    let script = Script::waiting(|_, parts| async move {
        crate::support::settle().await;
        let host = parts.headers.get("x-forwarded-host").map_or("clean", |host| host.to_str().unwrap());
        host.to_owned().into_response()
    });
    let service = service(&script);
    let evil = tokio::spawn({
        let service = service.clone();
        async move { service.send(get_with("/plain", &[("x-forwarded-host", "evil.example")])).await }
    });
    tokio::task::yield_now().await;
    assert_eq!(service.get("/plain").await.body, "clean");
    assert_eq!(evil.await.unwrap().body, "evil.example");
}

#[tokio::test]
async fn a_field_that_is_not_repeated_does_no_harm() {
    let service = service(&Script::counting());
    service.send(get_with("/plain", &[("referer", "https://other.example/"), ("origin", "null")])).await;
    assert!(is_hit(&service.get("/plain").await));
}

#[tokio::test]
async fn a_get_with_a_body_is_not_for_the_cache() {
    let script = Script::counting();
    let service = service(&script);
    for (run, (field, value)) in
        [("content-length", "3"), ("transfer-encoding", "chunked"), ("content-length", "x")]
            .into_iter()
            .enumerate()
    {
        let fat = Request::get("/plain").header(field, value).body(Body::from("a=b")).unwrap();
        let answer = service.send(fat).await;
        assert_eq!(
            (answer.body, answer.headers["cache-status"].to_str().unwrap()),
            ((run + 1).to_string(), "tollgate; fwd=bypass")
        );
    }
    assert!(!is_hit(&service.get("/plain").await), "nothing of that was kept");
    let empty = get_with("/plain", &[("content-length", "0")]);
    assert!(is_hit(&service.send(empty).await));
}

#[tokio::test]
async fn a_body_that_the_function_reads_is_not_for_the_cache_whatever_the_fields_say() {
    #[tollgate::cached(ttl = "10s")]
    async fn reads(body: String) -> String {
        format!("read {body}")
    }
    let service = tollgate_tests::Service::of(axum::Router::new().route("/", axum::routing::get(reads)));
    let fat = Request::get("/").body(Body::from("evil")).unwrap();
    assert_eq!(service.send(fat).await.body, "read evil");
    assert_eq!(service.get("/").await.body, "read ");
    assert!(is_hit(&service.get("/").await));
}

#[tokio::test]
async fn a_request_that_says_it_is_another_method_is_not_for_the_cache() {
    let script = Script::counting();
    let service = service(&script);
    service.get("/plain").await;
    for name in ["x-http-method-override", "x-http-method", "x-method-override"] {
        let answer = service.send(get_with("/plain", &[(name, "POST")])).await;
        assert_eq!(answer.field("cache-status"), "tollgate; fwd=bypass", "{name}");
    }
    assert_eq!(service.get("/plain").await.body, "1");
}

#[tokio::test]
async fn a_part_is_never_kept_as_the_whole() {
    let script = Script::new(|_, parts| match parts.headers.get("range") {
        Some(_) => answer(StatusCode::PARTIAL_CONTENT, &[("content-range", "bytes 0-0/5")], "w"),
        None => answer(StatusCode::OK, &[], "whole"),
    });
    let service = service(&script);
    let part = || get_with("/plain", &[("range", "bytes=0-0")]);
    assert_eq!(service.send(part()).await.body, "w");
    assert_eq!(service.get("/plain").await.body, "whole");
    assert_eq!(service.send(part()).await.status, StatusCode::PARTIAL_CONTENT);
    assert!(is_hit(&service.get("/plain").await));
}

#[tokio::test]
async fn an_error_page_that_a_strange_field_provokes_is_not_kept() {
    let script = Script::new(|_, parts| {
        let is_large = parts.headers.values().map(http::HeaderValue::len).sum::<usize>() > 8_000;
        let is_strange = parts.headers.values().any(|value| value.as_bytes().contains(&0xff));
        match (is_large, is_strange) {
            (true, _) => answer(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, &[], "too large"),
            (_, true) => answer(StatusCode::BAD_REQUEST, &[], "strange"),
            _ => answer(StatusCode::OK, &[], "fine"),
        }
    });
    let service = service(&script);
    let large = get_with("/plain", &[("x-oversized", &"x".repeat(9_000))]);
    assert_eq!(service.send(large).await.body, "too large");
    let mut strange = tollgate_tests::get("/plain");
    strange.headers_mut().insert("x-meta", http::HeaderValue::from_bytes(b"\xff").unwrap());
    assert_eq!(service.send(strange).await.body, "strange");
    assert_eq!(service.get("/plain").await.body, "fine");
}

#[tokio::test]
async fn a_suffix_does_not_make_a_private_page_a_public_file() {
    let script = Script::new(|_, parts| {
        let who = parts.headers.get("cookie").map_or("nobody", |cookie| cookie.to_str().unwrap());
        format!("page of {who}")
    });
    let service = service(&script);
    for suffix in
        ["x.css", "..%2fx.css", ";x.css", "%00.css", ".css", "%3f.css", "%23.css", "%0a.css", "x.js?x.css"]
    {
        let path = format!("/plain/account/{suffix}");
        let own = service.send(get_with(&path, &[("cookie", "session=victim")])).await;
        assert_eq!(own.body, "page of session=victim");
        assert_eq!(service.get(&path).await.body, "page of nobody", "{suffix}");
    }
}

#[tokio::test]
async fn what_head_provokes_is_no_answer_to_get() {
    let script = Script::new(|_, parts| match parts.method {
        Method::HEAD => answer(StatusCode::OK, &[("content-length", "0")], ""),
        _ => answer(StatusCode::OK, &[], "whole"),
    });
    let service = service(&script);
    service.send(request(Method::HEAD, "/plain")).await;
    assert_eq!(service.get("/plain").await.body, "whole");
}

#[tokio::test]
async fn a_304_of_the_function_changes_nothing_that_is_kept() {
    let script = Script::new(|_, parts| match parts.headers.get("if-none-match") {
        Some(_) => answer(StatusCode::NOT_MODIFIED, &[("etag", "\"evil\""), ("x-evil", "1")], ""),
        None => answer(StatusCode::OK, &[("etag", "\"good\"")], "whole"),
    });
    let service = service(&script);
    service.get("/plain").await;
    let anew = [("if-none-match", "\"x\""), ("cache-control", "no-cache")];
    service.send(get_with("/plain", &anew)).await;
    let kept = service.get("/plain").await;
    assert_eq!((kept.body.as_str(), kept.field("etag"), kept.field("x-evil")), ("whole", "\"good\"", ""));
}

#[tokio::test]
async fn a_host_that_is_made_of_a_longer_value_is_not_repeated_either() {
    for (name, value) in [
        ("x-forwarded-host", "evil.example:1"),
        ("x-forwarded-host", "https://evil.example/x"),
        ("referer", "https://evil.example/path?x"),
        ("forwarded", "host=\"evil.example:8080\""),
        ("x-original-url", "https://me@evil.example/x"),
    ] {
        let script = Script::new(move |_, parts| {
            let host = if parts.headers.contains_key(name) { "evil.example" } else { "good.example" };
            answer(StatusCode::OK, &[], &format!("<a href=https://{host}/reset>"))
        });
        let service = service(&script);
        service.send(get_with("/public", &[(name, value)])).await;
        assert!(!service.get("/public").await.body.contains("evil"), "{name}: {value}");
    }
}

#[tokio::test]
async fn links_of_the_same_host_are_no_hazard() {
    let service = service(&Script::new(|_, _| answer(StatusCode::OK, &[], "https://good.example/x")));
    let ask =
        || get_with("/public", &[("host", "good.example:8080"), ("referer", "http://good.example/page")]);
    service.send(ask()).await;
    assert!(is_hit(&service.send(ask()).await));
}
