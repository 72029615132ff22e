//! Handlers that answer what a test says, and count how often they run.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use http::request::Parts;
use http::{HeaderName, Request, StatusCode};
use tollgate::{Tollgate, TollgateBuilder, cached};
use tollgate_tests::{Answer, Service};

type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// What handlers answer: made of the number of the run, from 1, and of the head of its request.
#[derive(Clone)]
pub(crate) struct Script {
    runs: Arc<AtomicU64>,
    answer: Arc<dyn Fn(u64, Parts) -> Answering + Send + Sync>,
}

impl Script {
    pub(crate) fn new<R: IntoResponse>(answer: impl Fn(u64, &Parts) -> R + Send + Sync + 'static) -> Self {
        Self::waiting(move |run, parts| {
            let response = answer(run, &parts).into_response();
            async move { response }
        })
    }

    pub(crate) fn waiting<F>(answer: impl Fn(u64, Parts) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Response> + Send + 'static,
    {
        Self { runs: Arc::default(), answer: Arc::new(move |run, parts| Box::pin(answer(run, parts))) }
    }

    /// Answers the number of the run.
    pub(crate) fn counting() -> Self {
        Self::new(|run, _| run.to_string())
    }

    /// The same with those fields.
    pub(crate) fn with_fields(fields: &'static [(&'static str, &'static str)]) -> Self {
        Self::new(move |run, _| answer(StatusCode::OK, fields, &run.to_string()))
    }

    /// How often it ran.
    pub(crate) fn runs(&self) -> u64 {
        self.runs.load(Ordering::SeqCst)
    }

    async fn run(&self, parts: Parts) -> Response {
        let run = self.runs.fetch_add(1, Ordering::SeqCst) + 1;
        (self.answer)(run, parts).await
    }
}

/// An answer with those fields.
pub(crate) fn answer(status: StatusCode, fields: &[(&str, &str)], body: &str) -> Response {
    let mut response = Response::new(Body::from(body.to_owned()));
    *response.status_mut() = status;
    for (name, value) in fields {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        response.headers_mut().append(name, value.parse().unwrap());
    }
    response
}

#[cached(ttl = "10s")]
pub(crate) async fn plain(State(script): State<Script>, parts: Parts) -> Response {
    script.run(parts).await
}

#[cached(ttl = "10s")]
pub(crate) async fn twin(State(script): State<Script>, parts: Parts) -> Response {
    script.run(parts).await
}

#[cached(ttl = "10s", public)]
pub(crate) async fn public(State(script): State<Script>, parts: Parts) -> Response {
    script.run(parts).await
}

#[cached(from_response)]
pub(crate) async fn said(State(script): State<Script>, parts: Parts) -> Response {
    script.run(parts).await
}

#[cached(from_response, public)]
pub(crate) async fn said_public(State(script): State<Script>, parts: Parts) -> Response {
    script.run(parts).await
}

#[cached(ttl = "10s", vary = ["accept", "accept-language"])]
pub(crate) async fn varying(State(script): State<Script>, parts: Parts) -> Response {
    script.run(parts).await
}

#[cached(ttl = "10s", stale_while_revalidate = "20s", stale_if_error = "1m")]
pub(crate) async fn stale(State(script): State<Script>, parts: Parts) -> Response {
    script.run(parts).await
}

#[cached(ttl = "10s", key = "item:{id}", tags = ["items", "item:{id}"])]
pub(crate) async fn keyed(State(script): State<Script>, Path(id): Path<String>, parts: Parts) -> Response {
    let _ = id;
    script.run(parts).await
}

#[cached(ttl = "10s", max_body = "8B")]
pub(crate) async fn small(State(script): State<Script>, parts: Parts) -> Response {
    script.run(parts).await
}

/// All of them, at paths of their own.
pub(crate) fn router(script: &Script) -> Router {
    Router::new()
        .route("/plain", any(plain))
        .route("/plain/{*rest}", get(plain))
        .route("/twin", get(twin))
        .route("/public", get(public))
        .route("/said", get(said))
        .route("/said-public", get(said_public))
        .route("/varying", get(varying))
        .route("/stale", get(stale))
        .route("/keyed/{id}", get(keyed))
        .route("/small", get(small))
        .with_state(script.clone())
}

pub(crate) fn service(script: &Script) -> Service {
    with(Tollgate::builder(), script)
}

pub(crate) fn with(settings: TollgateBuilder, script: &Script) -> Service {
    Service::with(settings, router(script))
}

/// A `GET` with those fields.
pub(crate) fn get_with(path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::get(path);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

/// Whether it says that it was kept.
pub(crate) fn is_hit(answer: &Answer) -> bool {
    answer.field("cache-status").starts_with("tollgate; hit")
}

/// What a service counted of the cache at one of the handlers above.
pub(crate) fn counts(service: &Service, handler: &str) -> String {
    service.counts(&format!("cache::support::{handler}"))
}

/// Lets everything run that can.
pub(crate) async fn settle() {
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}
