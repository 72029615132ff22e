//! What a `Tollgate` has measured, in few words.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::Response;
use axum::routing::MethodRouter;
use futures_util::FutureExt;
use futures_util::future::pending;
use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue, Request};
use http_body_util::BodyExt;
use tollgate::Tollgate;
use tollgate_tests::Service;
use tower::ServiceExt;

pub(crate) const OPEN_METRICS: &str = "application/openmetrics-text";
pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// A service with one handler, at `/`.
pub(crate) fn service(handler: MethodRouter) -> Service {
    Service::of(Router::new().route("/", handler))
}

/// An answer whose body is still to be read.
pub(crate) async fn answer(service: &Service, request: Request<Body>) -> Response {
    service.router().oneshot(request).await.unwrap()
}

/// The next data of a body.
pub(crate) async fn data(body: &mut Body) -> Bytes {
    body.frame().await.unwrap().unwrap().into_data().unwrap()
}

/// Begins something, and drops it before it is done.
pub(crate) fn abandon(future: impl Future) {
    assert!(future.now_or_never().is_none(), "it was done at once");
}

/// A handler's part that never ends.
pub(crate) async fn never() {
    pending::<()>().await;
}

/// What a collector is answered that asks for a format.
pub(crate) fn scrape(tollgate: &Tollgate, accept: &'static str) -> (HeaderMap, String) {
    let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
    let (head, body) = tollgate.metrics_handler()(headers).into_inner().into_parts();
    let body = body.collect().now_or_never().unwrap().unwrap().to_bytes();
    (head.headers, String::from_utf8(body.into()).unwrap())
}

/// All metrics as text.
pub(crate) fn text(tollgate: &Tollgate) -> String {
    scrape(tollgate, "text/plain").1
}

/// The measured requests in order, how many, and how many seconds they took together: `"GET / 200: 2 in 0.5"`,
/// `"GET / - cancelled: 1 in 0.0"`.
pub(crate) fn requests(tollgate: &Tollgate) -> Vec<String> {
    let text = text(tollgate);
    let samples = |suffix| samples(&text, &format!("http_server_request_duration_seconds_{suffix}"));
    let sums = samples("sum");
    let line = |(labels, count): (String, String)| {
        let (_, sum) = sums.iter().find(|(of, _)| *of == labels).unwrap();
        format!("{}: {count} in {sum}", short(&labels))
    };
    let mut lines: Vec<_> = samples("count").into_iter().map(line).collect();
    lines.sort();
    lines
}

/// How many requests are being answered, by whatever method.
pub(crate) fn active(tollgate: &Tollgate) -> i64 {
    let samples = samples(&text(tollgate), "http_server_active_requests");
    assert_eq!(samples.len(), 20, "ten methods and two schemes");
    let values: Vec<i64> = samples.iter().map(|(_, value)| value.parse().unwrap()).collect();
    assert!(values.iter().all(|value| *value >= 0), "{values:?}");
    values.iter().sum()
}

/// The labels and the value of every sample of that name.
pub(crate) fn samples(text: &str, name: &str) -> Vec<(String, String)> {
    let sample = |line: &str| {
        let (labels, value) = line.strip_prefix(name)?.strip_prefix('{')?.rsplit_once("} ")?;
        Some((labels.to_owned(), value.to_owned()))
    };
    text.lines().filter_map(sample).collect()
}

/// The value of a label.
fn label<'a>(labels: &'a str, name: &str) -> &'a str {
    let (_, rest) = labels.split_once(&format!("{name}=\"")).unwrap();
    rest.split('"').next().unwrap()
}

/// `"GET / 200"`, with the scheme where it is not `http`, and the error where there is one.
fn short(labels: &str) -> String {
    let [method, route, status, scheme, error] =
        ["http_request_method", "http_route", "http_response_status_code", "url_scheme", "error_type"]
            .map(|name| label(labels, name));
    let status = if status.is_empty() { "-" } else { status };
    let mut words = vec![method, route, status];
    words.extend([scheme, error].into_iter().filter(|word| !["", "http"].contains(word)));
    words.join(" ")
}

/// Waits for what another task brings about.
pub(crate) async fn until(what: impl Fn() -> bool) {
    let wait = async {
        while !what() {
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(10 * SECOND, wait).await.is_ok(), "it did not come about");
}

/// How many series there are.
pub(crate) fn series(tollgate: &Tollgate) -> usize {
    text(tollgate).lines().filter(|line| !line.starts_with('#')).count()
}
