//! Bodies: their media type, their limit, and connections that break.

use std::convert::Infallible;
use std::io;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::DefaultBodyLimit;
use axum::routing::post;
use futures_util::stream;
use http::{HeaderValue, Request, header};
use tollgate::extract::{Form, Json};
use tollgate_tests::{Answer, send};
use tower_http::limit::RequestBodyLimitLayer;

use crate::support::told;

async fn json(Json(text): Json<String>) -> String {
    text
}

async fn form(Form(pairs): Form<Vec<(String, String)>>) -> String {
    format!("{pairs:?}")
}

fn router() -> Router {
    Router::new().route("/json", post(json)).route("/form", post(form))
}

fn request(path: &str, body: Body) -> Request<Body> {
    let media_type = if path == "/json" { "application/json" } else { "application/x-www-form-urlencoded" };
    tollgate_tests::post(path, media_type, body)
}

/// A body whose length is not known before.
fn chunked(text: &str) -> Body {
    let chunks: Vec<Result<_, Infallible>> =
        text.as_bytes().chunks(7).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    Body::from_stream(stream::iter(chunks))
}

async fn of_type(path: &str, lines: &[&str]) -> Answer {
    let mut request = request(path, r#""x""#.into());
    request.headers_mut().remove(header::CONTENT_TYPE);
    for line in lines {
        request.headers_mut().append(header::CONTENT_TYPE, HeaderValue::from_str(line).unwrap());
    }
    send(&router(), request).await
}

#[tokio::test]
async fn json_of_any_suffix_and_parameter_is_read() {
    for line in ["application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json;v=1"] {
        assert_eq!(of_type("/json", &[line]).await.body, "x", "{line}");
    }
}

#[tokio::test]
async fn another_media_type_is_told_which_is_expected() {
    for (path, expected) in [("/json", "application/json"), ("/form", "application/x-www-form-urlencoded")] {
        for (lines, why) in [
            (&[][..], "the content type is missing"),
            (&["text/plain"], "the content type is not one that is read here"),
            (&["", ""], "the content type is there more than once"),
            (&["multipart/form-data; boundary=x"], "the content type is not one that is read here"),
        ] {
            let answer = of_type(path, lines).await;
            let told = told(&answer);
            assert_eq!(told, format!("415 unsupported_media_type: {why}: send `Content-Type: {expected}`"));
            assert_eq!(answer.field("accept"), expected);
        }
    }
}

#[tokio::test]
async fn a_body_above_the_limit_is_413_whether_its_length_is_known_or_not() {
    const TOLD: &str = "413 payload_too_large: the body is longer than this service reads: send less at once";
    let text = format!(r#""{}""#, "x".repeat(98));
    for router in [
        router().layer(DefaultBodyLimit::max(99)),
        router().layer(DefaultBodyLimit::disable()).layer(RequestBodyLimitLayer::new(99)),
    ] {
        for path in ["/json", "/form"] {
            assert_eq!(told(&send(&router, request(path, chunked(&text))).await), TOLD);
        }
        let fits = chunked(&text[1..]);
        assert_eq!(send(&router, request("/form", fits)).await.status, 200);
    }
    let router = router().layer(DefaultBodyLimit::max(99));
    assert_eq!(told(&send(&router, request("/json", text.into())).await), TOLD);
}

#[tokio::test]
async fn a_connection_that_breaks_is_400() {
    for path in ["/json", "/form"] {
        let chunks = [Ok(Bytes::from_static(b"\"x\"")), Err(io::Error::other("secret reason"))];
        let answer = send(&router(), request(path, Body::from_stream(stream::iter(chunks)))).await;
        assert_eq!(told(&answer), "400 malformed_body: the body ended before all of it was there");
        assert!(!answer.body.contains("secret"));
    }
}
