//! How a measured request ends, and when.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use futures_util::stream;
use http::header::CONTENT_LENGTH;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use tollgate::{MetricsLayer, Moment, with_metrics};
use tollgate_tests::{Service, request, site};
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;

use crate::body::Step::{Data, Ends, Fails, Panics, Pending, Trailers};
use crate::body::{Steps, steps};
use crate::support::{SECOND, abandon, active, answer, data, never, requests, service};

type Make = fn() -> Response;

/// Answers with what a test makes.
#[with_metrics]
async fn made(Extension(make): Extension<Make>) -> Response {
    make()
}

/// A service that answers with what is made, measured by the attribute.
fn making(make: Make) -> Service {
    service(any(made).layer(Extension(make)))
}

/// The same, measured by the layer.
fn making_behind_a_layer(make: Make) -> Service {
    service(any(move || async move { make() }).layer(MetricsLayer::new()))
}

/// Checks what both of them say about the answer to a `GET`, after it was read as a test says.
async fn check(make: Make, read: impl AsyncFn(Body), expected: &str) {
    for service in [making(make), making_behind_a_layer(make)] {
        let response = answer(&service, tollgate_tests::get("/")).await;
        read(response.into_body()).await;
        assert_eq!(requests(&service.tollgate), [expected]);
        assert_eq!(active(&service.tollgate), 0);
    }
}

async fn read_all(body: Body) {
    body.collect().await.unwrap();
}

/// Reads what is there, and does not ask whether that was all.
async fn read_data_alone(mut body: Body) {
    while data(&mut body).await != "last" {}
}

async fn read_nothing(body: Body) {
    drop(body);
}

fn of(body: Steps) -> Response {
    body.body().into_response()
}

fn streamed() -> Response {
    let chunks = ["one", "two"].map(|chunk| Ok::<_, &str>(Bytes::from_static(chunk.as_bytes())));
    Body::from_stream(stream::iter(chunks)).into_response()
}

#[tokio::test]
async fn the_duration_covers_the_body_to_its_end() {
    for service in [making(streamed), making_behind_a_layer(streamed)] {
        let mut body = answer(&service, tollgate_tests::get("/")).await.into_body();
        for chunk in ["one", "two"] {
            service.clock.advance(SECOND);
            assert_eq!(data(&mut body).await, chunk);
        }
        assert_eq!((active(&service.tollgate), requests(&service.tollgate).len()), (1, 0), "not yet");
        service.clock.advance(SECOND);
        assert!(body.frame().await.is_none());
        assert_eq!(active(&service.tollgate), 0, "before the body is dropped");
        service.clock.advance(SECOND);
        drop(body);
        assert_eq!(requests(&service.tollgate), ["GET / 200: 1 in 3.0"]);
    }
}

#[tokio::test]
async fn a_body_that_is_dropped_midway_was_cancelled() {
    let service = making(streamed);
    let mut body = answer(&service, tollgate_tests::get("/")).await.into_body();
    data(&mut body).await;
    service.clock.advance(SECOND);
    drop(body);
    assert_eq!(requests(&service.tollgate), ["GET / 200 cancelled: 1 in 1.0"]);
    assert_eq!(service.counts(site!(made)), "with_metrics cancelled 1");
    assert_eq!(active(&service.tollgate), 0);
}

#[tokio::test]
async fn a_body_that_nobody_reads_was_cancelled() {
    check(streamed, read_nothing, "GET / 200 cancelled: 1 in 0.0").await;
}

#[tokio::test]
async fn a_body_that_breaks_off_has_failed() {
    let make = || of(steps([Data("one"), Fails, Ends]));
    let read = async |mut body: Body| {
        data(&mut body).await;
        assert!(body.frame().await.unwrap().is_err());
        assert!(body.frame().await.is_none(), "whoever asks on gets what the body says");
    };
    check(make, read, "GET / 200 body: 1 in 0.0").await;
    let service = making(make);
    assert!(answer(&service, tollgate_tests::get("/")).await.into_body().collect().await.is_err());
    assert_eq!(service.counts(site!(made)), "with_metrics failed 1");
}

#[tokio::test]
async fn a_body_that_panics_has_panicked_whoever_catches_it() {
    let read = async |body: Body| {
        let reading = tokio::spawn(body.collect());
        assert!(reading.await.unwrap_err().is_panic());
    };
    check(|| of(steps([Data("one"), Panics])), read, "GET / 200 panic: 1 in 0.0").await;
    let read = async |mut body: Body| {
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| abandon(body.frame())));
        assert!(panicked.is_err());
        drop(body);
    };
    check(|| of(steps([Panics])), read, "GET / 200 panic: 1 in 0.0").await;
}

#[tokio::test]
async fn what_has_no_body_is_complete_at_once() {
    let makes: [(Make, &str); 5] = [
        (|| ().into_response(), "200"),
        (|| (StatusCode::NO_CONTENT, "ignored").into_response(), "204"),
        (|| (StatusCode::NOT_MODIFIED, "ignored").into_response(), "304"),
        (|| (StatusCode::SWITCHING_PROTOCOLS, of(steps([]))).into_response(), "101"),
        (|| (StatusCode::NO_CONTENT, of(steps([]))).into_response(), "204"),
    ];
    for (make, status) in makes {
        check(make, read_nothing, &format!("GET / {status}: 1 in 0.0")).await;
    }
}

#[tokio::test]
async fn the_answer_to_head_is_complete_at_once() {
    for service in [making(streamed), making_behind_a_layer(streamed)] {
        drop(answer(&service, request(Method::HEAD, "/")).await);
        assert_eq!(requests(&service.tollgate), ["HEAD / 200: 1 in 0.0"]);
        assert_eq!(active(&service.tollgate), 0);
    }
}

#[tokio::test]
async fn a_body_of_known_length_is_complete_with_its_last_byte() {
    let makes: [Make; 4] = [
        || "last".into_response(),
        || of(steps([Data("first"), Data("last")]).claiming(9)),
        || of(steps([Data("first"), Data("last")]).knowing_its_end()),
        || {
            ([(CONTENT_LENGTH, "9")], of(steps([Data("first"), Pending, Data(""), Data("last")])))
                .into_response()
        },
    ];
    for make in makes {
        check(make, read_data_alone, "GET / 200: 1 in 0.0").await;
    }
}

#[tokio::test]
async fn a_body_of_no_bytes_is_complete_before_it_is_asked() {
    let makes: [Make; 3] = [
        || of(steps([]).claiming(0)),
        || of(steps([]).claiming_its_end()),
        || ([(CONTENT_LENGTH, "0")], of(steps([]))).into_response(),
    ];
    for make in makes {
        check(make, read_nothing, "GET / 200: 1 in 0.0").await;
    }
}

#[tokio::test]
async fn a_length_that_is_none_says_nothing() {
    let makes: [Make; 4] = [
        || ([(CONTENT_LENGTH, "\u{664}")], of(steps([Data("last")]))).into_response(),
        || ([(CONTENT_LENGTH, "four")], of(steps([Data("last")]))).into_response(),
        || ([(CONTENT_LENGTH, "-4")], of(steps([Data("last")]))).into_response(),
        || ([(CONTENT_LENGTH, "99999999999999999999")], of(steps([Data("last")]))).into_response(),
    ];
    for make in makes {
        check(make, read_data_alone, "GET / 200 cancelled: 1 in 0.0").await;
    }
}

#[tokio::test]
async fn trailers_are_the_end() {
    let read = async |mut body: Body| {
        data(&mut body).await;
        assert!(body.frame().await.unwrap().unwrap().is_trailers());
    };
    check(|| of(steps([Data("one"), Trailers])), read, "GET / 200: 1 in 0.0").await;
    let read = async |mut body: Body| assert!(body.frame().await.unwrap().unwrap().is_trailers());
    check(|| of(steps([Trailers])), read, "GET / 200: 1 in 0.0").await;
}

#[tokio::test]
async fn a_body_that_ends_before_its_length_has_broken_off() {
    let shorter: Make = || of(steps([Data("one"), Ends, Ends]).claiming(100));
    check(shorter, read_all, "GET / 200 body: 1 in 0.0").await;
}

#[tokio::test]
async fn a_body_that_lies_is_counted_once() {
    let longer: Make = || of(steps([Data("one"), Data("two"), Ends]).claiming(3));
    let ended: Make = || of(steps([Data("one"), Data("two"), Ends]).claiming_its_end());
    let failing_late: Make = || of(steps([Data("one"), Fails, Fails, Ends]).claiming(3));
    for make in [longer, ended, failing_late] {
        let read = async |mut body: Body| {
            while let Some(frame) = body.frame().await {
                drop(frame);
            }
        };
        check(make, read, "GET / 200: 1 in 0.0").await;
    }
}

#[tokio::test]
async fn a_body_that_is_asked_behind_its_end_is_counted_once() {
    let read = async |mut body: Body| {
        assert!(body.frame().await.is_none());
        assert!(body.frame().await.is_some());
        assert!(body.frame().await.unwrap().is_err());
    };
    check(|| of(steps([Ends, Data("late"), Fails])), read, "GET / 200: 1 in 0.0").await;
}

#[tokio::test]
async fn measuring_does_not_change_what_a_body_says_about_itself() {
    for (make, hint) in [(streamed as Make, None), (|| "four".into_response(), Some(4))] {
        for service in [making(make), making_behind_a_layer(make)] {
            let body = answer(&service, tollgate_tests::get("/")).await.into_body();
            assert_eq!(http_body::Body::size_hint(&body).exact(), hint);
            assert!(!http_body::Body::is_end_stream(&body));
            read_all(body).await;
        }
    }
    let service = making(|| of(steps([]).claiming_its_end()));
    let body = answer(&service, tollgate_tests::get("/")).await.into_body();
    assert!(http_body::Body::is_end_stream(&body));
}

#[with_metrics]
async fn endless() {
    never().await;
}

#[with_metrics]
async fn upload(body: Bytes) -> String {
    body.len().to_string()
}

#[tokio::test]
async fn a_handler_that_is_dropped_was_cancelled() {
    for handler in [get(endless), get(never).layer(MetricsLayer::new())] {
        let service = service(handler);
        abandon(async {
            let answer = service.get("/");
            tokio::select! {
                biased;
                _ = answer => {},
                () = async { service.clock.advance(SECOND) } => {},
            }
            assert_eq!(active(&service.tollgate), 0);
            never().await;
        });
        assert_eq!(requests(&service.tollgate), ["GET / - cancelled: 1 in 1.0"]);
    }
}

#[tokio::test]
async fn a_request_that_is_dropped_while_its_body_is_awaited_was_cancelled() {
    let service = service(post(upload));
    let stalled = Body::from_stream(stream::pending::<Result<Bytes, axum::Error>>());
    abandon(service.send(Request::post("/").body(stalled).unwrap()));
    assert_eq!(requests(&service.tollgate), ["POST / - cancelled: 1 in 0.0"]);
    assert_eq!(service.counts(site!(upload)), "with_metrics cancelled 1");
    assert_eq!(active(&service.tollgate), 0);
}

#[tokio::test]
async fn a_request_that_is_never_polled_was_none() {
    let service = service(get(endless));
    drop(service.get("/"));
    assert_eq!(requests(&service.tollgate), [""; 0]);
    assert_eq!(service.counts(site!(endless)), "");
}

#[with_metrics]
async fn panicking() {
    panic!("a handler panics");
}

#[with_metrics]
async fn panicking_later() {
    tokio::task::yield_now().await;
    panic!("a handler panics");
}

struct Unanswerable;

impl IntoResponse for Unanswerable {
    fn into_response(self) -> Response {
        panic!("an answer panics")
    }
}

#[with_metrics]
async fn unanswerable() -> Unanswerable {
    Unanswerable
}

async fn bare_panicking() {
    tokio::task::yield_now().await;
    panic!("a handler panics");
}

fn panicking_router() -> Router {
    Router::new()
        .route("/at-once", get(panicking))
        .route("/later", get(panicking_later))
        .route("/unanswerable", get(unanswerable))
        .route("/layer", get(bare_panicking).layer(MetricsLayer::new()))
}

const PANICS: [&str; 4] = [
    "GET /at-once - panic: 1 in 0.0",
    "GET /later - panic: 1 in 0.0",
    "GET /layer - panic: 1 in 0.0",
    "GET /unanswerable - panic: 1 in 0.0",
];

#[tokio::test]
async fn a_panic_that_ends_the_task_is_a_panic() {
    let service = Service::of(panicking_router());
    for path in ["/at-once", "/later", "/unanswerable", "/layer"] {
        let router = service.router();
        let task = tokio::spawn(router.oneshot(tollgate_tests::get(path)));
        assert!(task.await.unwrap_err().is_panic());
    }
    assert_eq!(requests(&service.tollgate), PANICS);
    assert_eq!(service.counts(site!(panicking)), "with_metrics panicked 1");
    assert_eq!(active(&service.tollgate), 0);
}

#[tokio::test]
async fn a_panic_that_becomes_an_answer_outside_is_a_panic() {
    let service = Service::of(panicking_router().layer(CatchPanicLayer::new()));
    for path in ["/at-once", "/later", "/unanswerable", "/layer"] {
        assert_eq!(service.get(path).await.status, StatusCode::INTERNAL_SERVER_ERROR);
    }
    assert_eq!(requests(&service.tollgate), PANICS);
    assert_eq!(service.counts(site!(panicking)), "with_metrics panicked 1");
    assert_eq!(active(&service.tollgate), 0);
}

#[tokio::test]
async fn a_panic_that_became_an_answer_inside_of_the_layer_is_that_answer_to_it() {
    let router = Router::new().route("/", get(panicking)).layer(CatchPanicLayer::new());
    let service = Service::of(router.layer(MetricsLayer::new()));
    assert_eq!(service.get("/").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(requests(&service.tollgate), ["GET / 500 500: 1 in 0.0"]);
    assert_eq!(service.counts(site!(panicking)), "with_metrics panicked 1", "the gate knows better");
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a drop panics");
    }
}

#[with_metrics]
async fn armed() {
    let _bomb = Bomb;
    never().await;
}

#[with_metrics]
async fn armed_answer() -> Response {
    let bomb = Arc::new(Bomb);
    Body::from_stream(stream::once(async move {
        let _bomb = bomb;
        never().await;
        Ok::<_, &str>(Bytes::new())
    }))
    .into_response()
}

#[tokio::test]
async fn a_panic_in_a_drop_leaves_no_request_behind() {
    let service = Service::of(Router::new().route("/", get(armed)).route("/answer", get(armed_answer)));
    let (one, other) = (service.clone(), service.clone());
    let panicked = tokio::spawn(async move { abandon(one.get("/")) }).await;
    assert!(panicked.unwrap_err().is_panic());
    let panicked = tokio::spawn(async move {
        let mut body = answer(&other, tollgate_tests::get("/answer")).await.into_body();
        abandon(body.frame());
    });
    assert!(panicked.await.unwrap_err().is_panic());
    assert_eq!(requests(&service.tollgate), ["GET / - panic: 1 in 0.0", "GET /answer 200 panic: 1 in 0.0"]);
    assert_eq!(active(&service.tollgate), 0);
}

#[with_metrics]
async fn timed(State(service): State<tollgate::testing::ManualClock>, Extension(end): Extension<Moment>) {
    service.set(end);
}

async fn took(begin: u64, end: u64) -> String {
    let clock = tollgate::testing::ManualClock::new();
    clock.set(Moment::from_nanos(begin));
    let handler = get(timed).layer(Extension(Moment::from_nanos(end)));
    let router = Router::new().route("/", handler).with_state(clock.clone());
    let service = Service::with_clock(tollgate::Tollgate::builder(), router, clock);
    service.get("/").await;
    assert_eq!(active(&service.tollgate), 0);
    requests(&service.tollgate).remove(0)
}

#[tokio::test]
async fn a_clock_that_steps_back_makes_a_request_take_no_time() {
    assert_eq!(took(5_000_000_000, 1).await, "GET / 200: 1 in 0.0");
    assert_eq!(took(u64::MAX, 0).await, "GET / 200: 1 in 0.0");
}

#[tokio::test]
async fn a_request_may_take_from_a_nanosecond_to_centuries() {
    assert_eq!(took(0, 1).await, "GET / 200: 1 in 1e-9");
    assert_eq!(took(0, 86_400_000_000_000).await, "GET / 200: 1 in 86400.0");
    assert_eq!(took(0, u64::MAX).await, "GET / 200: 1 in 18446744073.709554");
}

#[tokio::test]
async fn a_handler_that_is_called_past_its_gate_is_not_measured() {
    let service = making(streamed);
    service.tollgate.scope(made(tollgate::open((Extension(streamed as Make),)))).await;
    assert_eq!(service.counts(site!(made)), "");
    assert_eq!(requests(&service.tollgate), [""; 0]);
}
