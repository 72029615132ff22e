//! Measuring a whole router: its handlers without an attribute, and what no route matches.

use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::Bytes;
use http::{Extensions, Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::body::{MeasuredBody, is_head, measured};
use super::{Measuring, watched};
use crate::app::{Held, TollgateId};
use crate::core::Policy;
use crate::http::matched_route;
use crate::metrics::Entry;

/// Measures every request of the router that it is put around: `http_server_request_duration_seconds` and
/// `http_server_active_requests` by route, those of handlers without `#[with_metrics]` and unmatched ones included.
///
/// A handler with `#[with_metrics]` behind it is not measured twice. Where there is a [`Tollgate::layer`], that one goes
/// outside, as here, or requests are counted for the process's `Tollgate`:
///
/// ```
/// use axum::{Router, routing::get};
/// use tollgate::{MetricsLayer, Tollgate};
///
/// let tollgate = Tollgate::builder().build()?;
/// let app: Router = Router::new()
///     .route("/", get(async || "hello"))
///     .layer(MetricsLayer::new())
///     .layer(tollgate.layer())
///     .route("/metrics", get(tollgate.metrics_handler()));
/// # Ok::<_, tollgate::ConfigError>(())
/// ```
///
/// The route is known where the layer is put on by `Router::layer`, as here. Around a whole service nothing is matched yet, nor
/// below a service that is nested whole (`nest_service`).
///
/// [`Tollgate::layer`]: crate::Tollgate::layer
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct MetricsLayer;

/// Whether any such layer was made: before that there is no use in looking for one.
static LAYERED: AtomicBool = AtomicBool::new(false);

/// Tells the gates behind a layer that it measures, and for which `Tollgate`: another one measures for itself.
#[derive(Clone, Copy, PartialEq, Eq)]
struct MeasuredOutside(TollgateId);

/// Whether a layer further out measures a request for the same `Tollgate`.
#[inline]
pub(crate) fn is_measured_outside(extensions: &Extensions, held: &Held) -> bool {
    LAYERED.load(Ordering::Relaxed) && extensions.get() == Some(&MeasuredOutside(held.id()))
}

impl MetricsLayer {
    /// With the `Tollgate` of each request.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl<S> Layer<S> for MetricsLayer {
    type Service = MetricsService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        LAYERED.store(true, Ordering::Relaxed);
        MetricsService { inner }
    }
}

/// Measures every request of a service; made by [`MetricsLayer`].
#[derive(Clone, Debug)]
pub struct MetricsService<S> {
    inner: S,
}

impl<S, B, R> Service<Request<B>> for MetricsService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    R: Body<Data = Bytes>,
{
    type Response = Response<MeasuredBody<R>>;
    type Error = S::Error;
    type Future = MeasuredFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let is_head = is_head(request.method());
        let measuring = begin(&mut request);
        MeasuredFuture { inner: self.inner.call(request), measuring: Some(measuring), is_head }
    }
}

fn begin<B>(request: &mut Request<B>) -> Measuring {
    let held = Held::of(request.extensions());
    let measures = held.is_enabled(Policy::Metrics) && !is_measured_outside(request.extensions(), &held);
    let exchange = measures.then(|| {
        let http = held.instruments().http();
        let route = http.route(matched_route(request.extensions()));
        http.begin(route, Entry::of(request.method(), request.uri(), request.version()), held.clock().now())
    });
    if measures {
        request.extensions_mut().insert(MeasuredOutside(held.id()));
    }
    Measuring::new(held, exchange, None)
}

pin_project! {
    /// The answer of a measured service.
    pub struct MeasuredFuture<F> {
        #[pin]
        inner: F,
        measuring: Option<Measuring>,
        is_head: bool,
    }
}

impl<F, R, E> Future for MeasuredFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: Body<Data = Bytes>,
{
    type Output = Result<Response<MeasuredBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(watched(this.measuring, || this.inner.poll(cx)))?;
        let response = match this.measuring.take() {
            Some(measuring) => measured(response, *this.is_head, measuring),
            None => response.map(MeasuredBody::unmeasured),
        };
        Poll::Ready(Ok(response))
    }
}

impl<F> fmt::Debug for MeasuredFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeasuredFuture").finish_non_exhaustive()
    }
}
