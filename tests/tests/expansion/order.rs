//! What comes before what: policies, extractors, the function; and how a request may end.

use std::collections::HashMap;
use std::future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Path, Query};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream;
use http::request::Parts;
use http::{Request, StatusCode};
use tollgate::{Outcome, Tollgate, rate_limited, with_metrics};
use tollgate_tests::{Service, site};

use crate::support::{GUARDED, guarded};

/// How often something happened, counted from within a request.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicUsize>);

impl Counter {
    fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn upload(body: Bytes) -> String {
    body.len().to_string()
}

/// A body that tells how often it was polled.
fn watched(polls: &Counter) -> Body {
    let (polls, mut has_ended) = (polls.clone(), false);
    Body::from_stream(stream::poll_fn(move |_| {
        polls.add();
        let chunk = (!std::mem::replace(&mut has_ended, true)).then(|| Ok::<_, axum::Error>("chunk"));
        Poll::Ready(chunk)
    }))
}

#[tokio::test]
async fn a_refused_request_costs_no_read_of_its_body() {
    let service = Service::of(Router::new().route("/", post(upload)));
    let request = |body| Request::post("/").body(body).unwrap();
    for _ in 0..2 {
        let polls = Counter::default();
        assert_eq!(service.send(request(watched(&polls))).await.body, "5");
        assert_ne!(polls.get(), 0);
    }
    let polls = Counter::default();
    let refused = service.send(request(watched(&polls))).await;
    assert_eq!((refused.status, polls.get()), (StatusCode::TOO_MANY_REQUESTS, 0));
}

/// An extractor that tells the request's [`Counter`] that it ran.
struct Watching;

impl<S: Sync> FromRequestParts<S> for Watching {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Counter>().unwrap().add();
        Ok(Self)
    }
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn watching(_: Watching) {}

#[tokio::test]
async fn a_refused_request_runs_no_extractor() {
    let runs = Counter::default();
    let request = || {
        let mut request = tollgate_tests::get("/");
        request.extensions_mut().insert(runs.clone());
        request
    };
    guarded(Router::new().route("/", get(watching)), request, site!(watching)).await;
    assert_eq!(runs.get(), 2);
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn choosy(Path(_): Path<u32>, Query(_): Query<HashMap<String, u32>>, Json(_): Json<Vec<u32>>) {}

#[tokio::test]
async fn the_rejections_of_extractors_carry_fields_and_are_counted() {
    let router = Router::new().route("/{id}", post(choosy));
    for (path, media_type, body, status) in [
        ("/x?a=1", "application/json", "[1]", StatusCode::BAD_REQUEST),
        ("/7?a=x", "application/json", "[1]", StatusCode::BAD_REQUEST),
        ("/7?a=1", "text/plain", "[1]", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("/7?a=1", "application/json", "[", StatusCode::BAD_REQUEST),
        ("/7?a=1", "application/json", r#"["x"]"#, StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let request = || tollgate_tests::post(path, media_type, body);
        let answer = guarded(router.clone(), request, site!(choosy)).await;
        assert_eq!(answer.status, status, "{path} {body}");
    }
}

#[rate_limited("2/minute")]
async fn limited_alone() {}

#[with_metrics]
async fn measured_alone() {}

#[tokio::test]
async fn each_attribute_alone_does_its_part_alone() {
    let service = Service::of(Router::new().route("/", get(limited_alone).post(measured_alone)));
    for _ in 0..3 {
        service.get("/").await;
        let answer = service.send(tollgate_tests::request(http::Method::POST, "/")).await;
        assert_eq!((answer.status, answer.rate_limit()), (StatusCode::OK, ""));
    }
    assert_eq!(service.counts(site!(limited_alone)), "rate_limited admitted 2, refused 1");
    assert_eq!(service.counts(site!(measured_alone)), "with_metrics completed 3");
}

#[test]
fn every_counter_is_there_at_zero_before_the_first_request() {
    let decisions = Tollgate::builder().build().unwrap().decisions();
    let own: Vec<_> = decisions
        .iter()
        .filter(|count| count.site == site!(upload))
        .map(|count| (count.policy, count.outcome, count.count))
        .collect();
    let expected = [
        ("with_metrics", Outcome::Completed, 0),
        ("with_metrics", Outcome::Cancelled, 0),
        ("with_metrics", Outcome::Failed, 0),
        ("with_metrics", Outcome::Panicked, 0),
        ("rate_limited", Outcome::Admitted, 0),
        ("rate_limited", Outcome::Refused, 0),
        ("rate_limited", Outcome::ShadowRefused, 0),
        ("rate_limited", Outcome::Skipped, 0),
        ("rate_limited", Outcome::LocallyAdmitted, 0),
        ("rate_limited", Outcome::LocallyRefused, 0),
    ];
    assert_eq!(own, expected);
    assert!(decisions.iter().all(|count| count.count == 0));
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn never_ends() {
    future::pending::<()>().await;
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn never_read(_: Bytes) {}

/// Begins to answer a request, and leaves it.
async fn abandon(service: &Service, request: Request<Body>) {
    tokio::select! {
        biased;
        answer = service.send(request) => panic!("answered: {answer:?}"),
        () = future::ready(()) => {}
    }
}

#[tokio::test]
async fn a_request_that_is_dropped_is_counted_as_cancelled() {
    let service = Service::of(Router::new().route("/", get(never_ends).post(never_read)));
    abandon(&service, tollgate_tests::get("/")).await;
    let cancelled = "with_metrics cancelled 1, rate_limited admitted 1";
    assert_eq!(service.counts(site!(never_ends)), cancelled);
    let body = Body::from_stream(stream::pending::<Result<Bytes, axum::Error>>());
    abandon(&service, Request::post("/").body(body).unwrap()).await;
    assert_eq!(service.counts(site!(never_read)), cancelled, "while its body is read");
}

#[tokio::test]
async fn a_dropped_request_stays_charged() {
    let service = Service::of(Router::new().route("/", get(never_ends)));
    abandon(&service, tollgate_tests::get("/")).await;
    abandon(&service, tollgate_tests::get("/")).await;
    assert_eq!(service.get("/").await.status, StatusCode::TOO_MANY_REQUESTS);
    let counts = "with_metrics completed 1, cancelled 2, rate_limited admitted 2, refused 1";
    assert_eq!(service.counts(site!(never_ends)), counts);
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn panics(Path(depth): Path<u32>) -> String {
    assert!(depth > 0, "as asked for");
    depth.to_string()
}

/// An extractor that panics.
struct Panicking;

impl<S: Sync> FromRequestParts<S> for Panicking {
    type Rejection = StatusCode;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        panic!("as asked for")
    }
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn panics_early(_: Panicking) {}

#[tokio::test]
async fn a_panic_is_counted_as_one() {
    let service = Service::of(Router::new().route("/{depth}", get(panics).post(panics_early)));
    let ask = |request| {
        let service = service.clone();
        tokio::spawn(async move { service.send(request).await })
    };
    assert!(ask(tollgate_tests::get("/0")).await.unwrap_err().is_panic());
    assert_eq!(ask(tollgate_tests::get("/1")).await.unwrap().body, "1");
    let counts = "with_metrics completed 1, panicked 1, rate_limited admitted 2";
    assert_eq!(service.counts(site!(panics)), counts);
    assert!(ask(tollgate_tests::request(http::Method::POST, "/0")).await.unwrap_err().is_panic());
    let counts = "with_metrics panicked 1, rate_limited admitted 1";
    assert_eq!(service.counts(site!(panics_early)), counts, "in an extractor");
}

#[tokio::test]
async fn a_refused_request_is_completed() {
    let service = Service::of(Router::new().route("/{depth}", get(panics)));
    for _ in 0..3 {
        service.get("/1").await;
    }
    assert_eq!(service.counts(site!(panics)), GUARDED);
}

fn costs_a_panic(_: &tollgate::RequestFacts<'_>) -> u32 {
    panic!("a cost that panics")
}

#[rate_limited("2/minute", cost = costs_a_panic)]
#[with_metrics]
async fn costs() {}

#[tokio::test]
async fn a_panic_of_a_cost_is_counted_by_the_policies_outside() {
    let service = Service::of(Router::new().route("/", get(costs)));
    let ask = service.clone();
    let request = tokio::spawn(async move { ask.get("/").await });
    assert!(request.await.unwrap_err().is_panic());
    assert_eq!(service.counts(site!(costs)), "with_metrics panicked 1");
}
