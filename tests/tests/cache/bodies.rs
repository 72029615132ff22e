//! Which bodies are kept: whole ones that are small enough.

use std::convert::Infallible;
use std::io;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::HeaderValue;
use http::header::{CONTENT_LANGUAGE, CONTENT_LENGTH};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::support::{Script, is_hit, service};

fn streamed(chunks: &'static [&'static str]) -> Response {
    let chunks = chunks.iter().map(|chunk| Ok::<_, Infallible>(Bytes::from_static(chunk.as_bytes())));
    Body::from_stream(stream::iter(chunks)).into_response()
}

#[tokio::test]
async fn a_whole_body_is_made_once_and_comes_again_as_it_was() {
    let script = Script::new(|_, _| ([("content-type", "text/csv"), ("x-own", "1")], "a,b\r\n\u{e9}"));
    let service = service(&script);
    let (first, second) = (service.get("/plain").await, service.get("/plain").await);
    assert_eq!((first.status, &first.body), (second.status, &second.body));
    for name in ["content-type", "x-own", "etag", "content-length", "cache-control"] {
        assert_eq!(first.field(name), second.field(name), "{name}");
    }
    assert_eq!(script.runs(), 1);
}

#[tokio::test]
async fn a_body_that_streams_goes_through_untouched() {
    let script = Script::new(|_, _| streamed(&["one ", "two"]));
    let service = service(&script);
    for run in 1..=2 {
        let answer = service.get("/plain").await;
        assert_eq!((answer.body.as_str(), answer.field("etag")), ("one two", ""));
        assert_eq!(answer.field("cache-status"), "tollgate; fwd=uri-miss");
        assert_eq!(script.runs(), run);
    }
}

#[tokio::test]
async fn a_body_that_is_longer_than_allowed_goes_through_untouched() {
    for (body, is_kept) in [("12345678", true), ("123456789", false)] {
        let service = service(&Script::new(move |_, _| body));
        for _ in 0..2 {
            assert_eq!(service.get("/small").await.body, body);
        }
        assert_eq!(is_hit(&service.get("/small").await), is_kept, "{body}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_given_as_far_as_it_came_and_not_kept() {
    let script = Script::new(|_, _| {
        let chunks = [Ok(Bytes::from_static(b"half")), Err(io::Error::other("gone"))];
        Body::from_stream(stream::iter(chunks)).into_response()
    });
    let service = service(&script);
    for run in 1..=2 {
        let response = service.router().oneshot(tollgate_tests::get("/plain")).await.unwrap();
        let mut body = response.into_body();
        let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(first, "half");
        assert!(body.frame().await.unwrap().is_err());
        assert_eq!(script.runs(), run);
    }
}

#[tokio::test]
async fn an_answer_whose_length_is_not_what_it_says_is_not_kept() {
    let script = Script::new(|_, _| ([(CONTENT_LENGTH, "99")], "short"));
    let service = service(&script);
    for run in 1..=2 {
        let response = service.router().oneshot(tollgate_tests::get("/plain")).await.unwrap();
        assert_eq!(response.headers()[CONTENT_LENGTH], "99", "the function's own affair");
        assert_eq!(script.runs(), run);
    }
}

#[tokio::test]
async fn an_answer_without_a_body_is_kept() {
    let script = Script::new(|_, _| http::StatusCode::NO_CONTENT);
    let service = service(&script);
    for _ in 0..2 {
        let answer = service.get("/plain").await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (204, ""));
    }
    assert_eq!(script.runs(), 1);
}

#[tokio::test]
async fn a_field_that_is_cut_out_of_something_large_does_not_keep_that() {
    let large = Bytes::from(vec![b'a'; 1 << 20]);
    let range = large.as_ptr_range();
    let script = Script::new(move |_, _| {
        let value = HeaderValue::from_maybe_shared(large.slice(..5)).unwrap();
        ([(CONTENT_LANGUAGE, value)], "x")
    });
    let service = service(&script);
    service.get("/plain").await;
    let hit = service.get("/plain").await;
    assert!(is_hit(&hit) && !range.contains(&hit.headers[CONTENT_LANGUAGE].as_bytes().as_ptr()));
}
