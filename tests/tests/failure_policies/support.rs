//! What is behind the handlers: it does as a test says, and counts how often it is asked.

use std::future::pending;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use http::StatusCode;
use tollgate::{Tollgate, TollgateBuilder};
use tollgate_tests::{Answer, Service, get};
use tower::ServiceExt;

/// What it does when it is asked.
#[derive(Clone, Debug)]
pub(crate) enum Does {
    /// Answers with a status.
    Says(u16),
    /// The same, and asks to be left alone.
    Asks(u16, String),
    /// Does not answer.
    Hangs,
    Panics,
}

#[derive(Clone)]
pub(crate) struct Upstream {
    runs: Arc<AtomicU64>,
    does: Arc<Mutex<Does>>,
}

impl Upstream {
    pub(crate) fn new(does: Does) -> Self {
        Self { runs: Arc::default(), does: Arc::new(Mutex::new(does)) }
    }

    pub(crate) fn now(&self, does: Does) {
        *self.does.lock().unwrap() = does;
    }

    /// How often it was asked.
    pub(crate) fn runs(&self) -> u64 {
        self.runs.load(Ordering::SeqCst)
    }

    pub(crate) async fn ask(&self) -> Response {
        let run = self.runs.fetch_add(1, Ordering::SeqCst) + 1;
        let does = self.does.lock().unwrap().clone();
        match does {
            Does::Says(status) => (StatusCode::from_u16(status).unwrap(), run.to_string()).into_response(),
            Does::Asks(status, value) => {
                (StatusCode::from_u16(status).unwrap(), [("retry-after", value)], run.to_string())
                    .into_response()
            }
            Does::Hangs => pending().await,
            Does::Panics => panic!("as the test says"),
        }
    }
}

/// One handler at `/`.
pub(crate) fn service(upstream: &Upstream, handler: MethodRouter<Upstream>) -> Service {
    with(Tollgate::builder(), upstream, handler)
}

pub(crate) fn with(
    settings: TollgateBuilder,
    upstream: &Upstream,
    handler: MethodRouter<Upstream>,
) -> Service {
    Service::with(settings, Router::new().route("/", handler).with_state(upstream.clone()))
}

/// A status, its code where it is a problem, and `Retry-After`.
pub(crate) fn told(answer: &Answer) -> (u16, String, String) {
    let is_problem = answer.field("content-type") == "application/problem+json";
    let code = is_problem.then(|| answer.json()["code"].as_str().unwrap_or_default().to_owned());
    (answer.status.as_u16(), code.unwrap_or_default(), answer.field("retry-after").to_owned())
}

/// The same of one `GET` of `/`.
pub(crate) async fn ask(service: &Service) -> (u16, String, String) {
    told(&service.get("/").await)
}

/// What was refused.
pub(crate) fn refusal(status: u16, code: &str, retry_after: &str) -> (u16, String, String) {
    (status, code.to_owned(), retry_after.to_owned())
}

pub(crate) type Asking = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A request that a test drives by itself.
pub(crate) fn asking(service: &Service) -> Asking {
    let router = service.router();
    Box::pin(async move { router.oneshot(get("/")).await.unwrap() })
}

pub(crate) fn poll(asking: &mut Asking) -> Poll<Response> {
    asking.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// The status, where it is there already.
pub(crate) fn status_of(asking: &mut Asking) -> Option<u16> {
    match poll(asking) {
        Poll::Ready(response) => Some(response.status().as_u16()),
        Poll::Pending => None,
    }
}
