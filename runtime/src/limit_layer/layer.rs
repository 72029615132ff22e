//! The layer, its service and its future.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use axum::response::Response;
use http::Request;
use http::request::Parts;
use http_body::Body as HttpBody;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::admission::Pass;
use super::coverage::{Prefix, is_preflight};
use super::limit_set::LimitSet;
use crate::app::Held;
use crate::http::asked_path;

#[doc = include_str!("../docs/rate_limit_layer.md")]
#[derive(Clone, Debug)]
#[must_use = "a layer limits what it is put around: `.layer(..)`"]
pub struct RateLimitLayer {
    set: &'static LimitSet,
    /// Everything, where there is none.
    prefixes: Arc<Vec<Prefix>>,
    charges_preflights: bool,
}

impl RateLimitLayer {
    /// Limits every request of what it is put around, except CORS preflights.
    pub fn new(limits: &'static LimitSet) -> Self {
        Self { set: limits, prefixes: Arc::default(), charges_preflights: false }
    }

    /// Limits only what lies at and below this path, or below one of several: whole segments, so `/v1` covers `/v1` and `/v1/x`, not `/v10`.
    ///
    /// The path is the one that the client asked for, also in a nested router. Escapes, repeated slashes and dots in it are no way around.
    /// A segment in braces, as in `/{tenant}/v1`, stands for any one.
    pub fn prefix(mut self, path: impl AsRef<str>) -> Self {
        Arc::make_mut(&mut self.prefixes).push(Prefix::new(path.as_ref()));
        self
    }

    /// Charges CORS preflights as well: `OPTIONS` requests with `Origin` and `Access-Control-Request-Method`, by which a browser asks
    /// whether a page may send a request. Otherwise they pass, without any field of limits on their answers.
    pub const fn charge_preflights(mut self) -> Self {
        self.charges_preflights = true;
        self
    }

    fn covers<B>(&self, request: &Request<B>) -> bool {
        let is_free = !self.charges_preflights && is_preflight(request.method(), request.headers());
        let path = asked_path(request.extensions(), request.uri());
        !is_free && (self.prefixes.is_empty() || self.prefixes.iter().any(|prefix| prefix.covers(path)))
    }
}

impl<S> Layer<S> for RateLimitLayer {
    type Service = RateLimitService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RateLimitService { inner, layer: self.clone() }
    }
}

/// Limits the requests of a service; made by [`RateLimitLayer`].
#[derive(Clone, Debug)]
pub struct RateLimitService<S> {
    inner: S,
    layer: RateLimitLayer,
}

impl<S, B, R> Service<Request<B>> for RateLimitService<S>
where
    S: Service<Request<B>, Response = http::Response<R>> + Clone,
    R: HttpBody<Data = Bytes> + Send + 'static,
    R::Error: Into<axum::BoxError>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = RateLimitFuture<S, B>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        RateLimitFuture { state: self.begin(request) }
    }
}

impl<S> RateLimitService<S> {
    fn begin<B>(&mut self, request: Request<B>) -> State<S, S::Future, B>
    where
        S: Service<Request<B>> + Clone,
    {
        if !self.layer.covers(&request) {
            return State::Inside { answering: self.inner.call(request), pass: None };
        }
        let pass = Pass::new(Held::of(request.extensions()), self.layer.set);
        if !pass.is_needed() {
            return State::Inside { answering: self.inner.call(request), pass: None };
        }
        let (mut parts, body) = request.into_parts();
        if pass.has_to_wait() {
            let entering = Box::pin(async move {
                let entered = pass.enter_waiting(&mut parts).await;
                entered.map(|pass| (parts, pass))
            });
            // The one that is ready goes along, the clone is asked whether it is before the next request.
            let clone = self.inner.clone();
            let inner = mem::replace(&mut self.inner, clone);
            return State::Entering { entering, body: Some(body), inner };
        }
        match pass.enter(&parts) {
            Ok(pass) => {
                let answering = self.inner.call(Request::from_parts(parts, body));
                State::Inside { answering, pass: Some(pass) }
            }
            Err(answer) => State::TurnedAway { answer: Some(*answer) },
        }
    }
}

/// What comes of asking to enter.
type Entering = Pin<Box<dyn Future<Output = Result<(Parts, Pass), Box<Response>>> + Send>>;

pin_project! {
    /// The answer of a limited service.
    pub struct RateLimitFuture<S, B>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        state: State<S, S::Future, B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<S, F, B> {
        Entering { entering: Entering, body: Option<B>, inner: S },
        Inside { #[pin] answering: F, pass: Option<Pass> },
        TurnedAway { answer: Option<Response> },
    }
}

impl<S, B, R> Future for RateLimitFuture<S, B>
where
    S: Service<Request<B>, Response = http::Response<R>>,
    R: HttpBody<Data = Bytes> + Send + 'static,
    R::Error: Into<axum::BoxError>,
{
    type Output = Result<Response, S::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        loop {
            let next = match state.as_mut().project() {
                StateProjection::Entering { entering, body, inner } => {
                    match (ready!(entering.as_mut().poll(cx)), body.take()) {
                        (Ok((parts, pass)), Some(body)) => {
                            let answering = inner.call(Request::from_parts(parts, body));
                            State::Inside { answering, pass: Some(pass) }
                        }
                        (Err(answer), _) => State::TurnedAway { answer: Some(*answer) },
                        (Ok(_), None) => State::TurnedAway { answer: None },
                    }
                }
                StateProjection::Inside { answering, pass } => {
                    let mut response = ready!(answering.poll(cx))?.map(Body::new);
                    if let Some(pass) = pass.take() {
                        pass.leave(&mut response);
                    }
                    return Poll::Ready(Ok(response));
                }
                // Polled after its end, which whoever polls must not do.
                StateProjection::TurnedAway { answer } => {
                    return answer.take().map_or(Poll::Pending, |answer| Poll::Ready(Ok(answer)));
                }
            };
            state.set(next);
        }
    }
}

impl<S: Service<Request<B>>, B> fmt::Debug for RateLimitFuture<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimitFuture").finish_non_exhaustive()
    }
}
