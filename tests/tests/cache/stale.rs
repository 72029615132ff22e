//! Stale answers: while they are made anew, and where that fails (RFC 5861).

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode};

use crate::support::{Script, answer, counts, get_with, is_hit, service, settle};

const SECOND: Duration = Duration::from_secs(1);

/// Answers its number, and from the second run on what a test says.
fn failing(with: impl Fn() -> Response + Send + Sync + 'static) -> Script {
    Script::new(move |run, _| if run == 1 { "1".into_response() } else { with() })
}

#[tokio::test]
async fn a_stale_answer_is_sent_while_one_run_makes_it_anew() {
    let script = Script::counting();
    let service = service(&script);
    service.get("/stale").await;
    service.clock.advance(SECOND * 15);
    let stale = service.get("/stale").await;
    assert_eq!((stale.body.as_str(), stale.field("age")), ("1", "15"));
    assert_eq!(stale.field("cache-status"), "tollgate; hit; ttl=-5");
    assert_eq!(service.get("/stale").await.body, "1");
    settle().await;
    assert_eq!(script.runs(), 2);
    assert_eq!(service.get("/stale").await.body, "2");
    assert_eq!(counts(&service, "stale"), "cached hit 1, miss 1, stale 2, refreshed 1");
}

#[tokio::test]
async fn past_that_time_it_is_waited_for() {
    let service = service(&Script::counting());
    service.get("/stale").await;
    service.clock.advance(SECOND * 31);
    let answer = service.get("/stale").await;
    assert_eq!((answer.body.as_str(), answer.field("cache-status")), ("2", "tollgate; fwd=stale; stored"));
}

#[tokio::test]
async fn head_gets_what_is_stale_and_makes_nothing_anew() {
    let script = Script::counting();
    let service = service(&script);
    service.get("/stale").await;
    service.clock.advance(SECOND * 15);
    let head = service.send(tollgate_tests::request(Method::HEAD, "/stale")).await;
    settle().await;
    assert_eq!((is_hit(&head), script.runs()), (true, 1));
}

#[tokio::test]
async fn where_making_it_anew_fails_the_stale_one_is_sent() {
    let status = |status: u16| move || answer(StatusCode::from_u16(status).unwrap(), &[], "error");
    let cases: [(&str, Script, bool); 8] = [
        ("500", failing(status(500)), true),
        ("502", failing(status(502)), true),
        ("503", failing(status(503)), true),
        ("504", failing(status(504)), true),
        ("501", failing(status(501)), false),
        ("404", failing(status(404)), false),
        ("panic", failing(|| panic!("on purpose")), true),
        ("broken", failing(broken), true),
    ];
    for (name, script, is_stale) in cases {
        let service = service(&script);
        service.get("/stale").await;
        service.clock.advance(SECOND * 40);
        let answer = service.get("/stale").await;
        assert_eq!(answer.body == "1", is_stale, "{name}");
        assert_eq!(is_hit(&answer), is_stale, "{name}");
    }
}

/// Says that it has four bytes, gives two, and breaks off.
fn broken() -> Response {
    struct Broken(u8);
    impl http_body::Body for Broken {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
            self.0 += 1;
            std::task::Poll::Ready(Some(match self.0 {
                1 => Ok(http_body::Frame::data(Bytes::from_static(b"ab"))),
                _ => Err(std::io::Error::other("gone")),
            }))
        }

        fn size_hint(&self) -> http_body::SizeHint {
            http_body::SizeHint::with_exact(4)
        }
    }
    Body::new(Broken(0)).into_response()
}

#[tokio::test]
async fn past_that_time_the_error_is_sent() {
    let service = service(&failing(|| answer(StatusCode::BAD_GATEWAY, &[], "error")));
    service.get("/stale").await;
    service.clock.advance(SECOND * 71);
    let answer = service.get("/stale").await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::BAD_GATEWAY, "error"));
}

#[tokio::test]
async fn nothing_stale_is_sent_for_what_never_succeeded() {
    let script = Script::new(|_, _| StatusCode::INTERNAL_SERVER_ERROR);
    let service = service(&script);
    for _ in 0..2 {
        assert_eq!(service.get("/stale").await.status, 500);
    }
    assert_eq!(script.runs(), 2, "errors are not kept");
}

#[tokio::test]
async fn what_must_be_asked_about_is_never_sent_stale() {
    for said in [
        "max-age=10, must-revalidate, stale-while-revalidate=60, stale-if-error=60",
        "s-maxage=10, stale-while-revalidate=60, stale-if-error=60",
        "max-age=10, proxy-revalidate, stale-if-error=60",
    ] {
        let script = Script::new(move |run, _| match run {
            1 => answer(StatusCode::OK, &[("cache-control", said)], "1"),
            _ => answer(StatusCode::SERVICE_UNAVAILABLE, &[], "error"),
        });
        let service = service(&script);
        service.get("/said").await;
        service.clock.advance(SECOND * 11);
        assert_eq!(service.get("/said").await.body, "error", "{said}");
    }
}

#[tokio::test]
async fn what_an_answer_allows_of_stale_use_counts() {
    let said = "max-age=10, stale-while-revalidate=20, stale-if-error=60";
    let script = Script::new(move |run, _| match run {
        1 => answer(StatusCode::OK, &[("cache-control", said)], "1"),
        _ => answer(StatusCode::SERVICE_UNAVAILABLE, &[], "error"),
    });
    let service = service(&script);
    service.get("/said").await;
    service.clock.advance(SECOND * 25);
    assert_eq!(service.get("/said").await.body, "1");
    settle().await;
    service.clock.advance(SECOND * 30);
    assert_eq!(service.get("/said").await.body, "1", "it could not be made anew");
    service.clock.advance(SECOND * 16);
    assert_eq!(service.get("/said").await.body, "error");
}

#[tokio::test]
async fn a_hot_answer_is_made_anew_before_it_is_stale() {
    let script = Script::counting();
    let service = service(&script);
    service.get("/stale").await;
    service.clock.advance(SECOND * 9 + Duration::from_millis(999));
    let early = service.get("/stale").await;
    assert_eq!((early.body.as_str(), is_hit(&early)), ("1", true));
    settle().await;
    assert_eq!(script.runs(), 2);
    assert_eq!(service.get("/stale").await.body, "2");
    assert_eq!(counts(&service, "stale"), "cached hit 2, miss 1, refreshed 1");
}

#[tokio::test]
async fn no_cache_does_not_take_what_is_stale() {
    let service = service(&failing(|| answer(StatusCode::BAD_GATEWAY, &[], "error")));
    service.get("/stale").await;
    let anew = service.send(get_with("/stale", &[("cache-control", "no-cache")])).await;
    assert_eq!(anew.body, "error", "the raw error");
    assert_eq!(service.get("/stale").await.body, "1", "and what is kept stays");
}
