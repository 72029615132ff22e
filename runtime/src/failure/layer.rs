//! The layer around a router that answers whatever goes wrong in it.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use http::{Method, Request};
use http_body::Body as HttpBody;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;
use tracing::Span;

use super::panic::caught;
use crate::app::{Held, note_error_layer};
use crate::core::TraceId;
use crate::http::{
    Occurrence, Problem, RequestId, X_REQUEST_ID, asked_path, complete, made_by_router, matched_route,
    trace_id, without_body,
};

/// Gives all errors of the router that it is put around one shape, and all requests an id.
///
/// * Every [`Problem`] on its way out (refusals of policies, errors that derive [`ApiError`](crate::ApiError), rejections of
///   [`extract`](crate::extract)) gets `instance`, `request_id` and `trace_id`, and the [shape](crate::TollgateBuilder::error_shape) of
///   the service.
/// * So do the 404 and 405 that axum makes by itself (without a body; `Allow` stays), the 413 of a payload limit, and the 500 of a handler that
///   panics, which is logged.
/// * `x-request-id` is taken from the request or made, and echoed in every answer. Everything logged meanwhile stands in a span with
///   `request_id`, `trace_id`, `method` and `route`, which is the template.
///
/// It goes around the outermost router, once, after all routes and the fallback, and by `.layer`: what is added later, and with `.route_layer`
/// every 404 and 405, is not seen by it. One around a nested router as well does no harm: it makes no second span.
///
/// Outside of it go the layers that look at answers as clients get them; the [`Tollgate::layer`](crate::Tollgate::layer) of a router goes outside, too:
///
/// ```
/// use axum::{Router, routing::get};
/// use tollgate::{ErrorLayer, MetricsLayer, Tollgate};
///
/// let tollgate = Tollgate::builder().build()?;
/// let app: Router = Router::new()
///     .route("/", get(async || "hello"))
///     .layer(ErrorLayer::new())
///     .layer(MetricsLayer::new())
///     .layer(tollgate.layer());
/// # Ok::<_, tollgate::ConfigError>(())
/// ```
///
/// A panic while a body is being streamed breaks the body off: its head has been sent.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct ErrorLayer;

impl ErrorLayer {
    /// With the `Tollgate` of each request.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

impl<S> Layer<S> for ErrorLayer {
    type Service = ErrorService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        note_error_layer();
        ErrorService { inner }
    }
}

/// Answers whatever goes wrong in a service; made by [`ErrorLayer`].
#[derive(Clone, Debug)]
pub struct ErrorService<S> {
    inner: S,
}

impl<S, B, R> Service<Request<B>> for ErrorService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    R: HttpBody<Data = Bytes> + Send + 'static,
    R::Error: Into<axum::BoxError>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = ErrorFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let asked = Asked::of(&mut request);
        let span = asked.span.clone();
        let _inside = span.enter();
        match caught(|| self.inner.call(request)) {
            Ok(future) => ErrorFuture { inner: Some(future), panicked: None, asked },
            Err(problem) => ErrorFuture { inner: None, panicked: Some(problem), asked },
        }
    }
}

/// What has to be known of a request when it is answered.
struct Asked {
    held: Held,
    path: Box<str>,
    id: RequestId,
    trace_id: Option<TraceId>,
    is_head: bool,
    span: Span,
}

impl Asked {
    fn of<B>(request: &mut Request<B>) -> Self {
        let id = RequestId::of(request.extensions(), request.headers());
        let trace_id = trace_id(request.headers());
        let span = span_of(request, &id, trace_id);
        id.tell_in_span(request.extensions_mut());
        Self {
            held: Held::of(request.extensions()),
            path: asked_path(request.extensions(), request.uri()).into(),
            id,
            trace_id,
            is_head: request.method() == Method::HEAD,
            span,
        }
    }

    /// The answer as the client gets it.
    fn answer(&self, mut response: Response) -> Response {
        if response.status().is_client_error() || response.status().is_server_error() {
            self.complete(&mut response);
        }
        let headers = response.headers_mut();
        headers.entry(X_REQUEST_ID).or_insert_with(|| self.id.value().clone());
        response
    }

    #[cold]
    fn complete(&self, response: &mut Response) {
        let time = self.held.clock().wall();
        // A handler may have sent an id of its own: the answer is to name one.
        let sent = RequestId::sent(response.headers());
        let occurrence = Occurrence::of(&self.path, sent.as_ref().unwrap_or(&self.id), self.trace_id, time);
        let style = self.held.error_style();
        complete(response, style, &occurrence);
        made_by_router(response, style, &occurrence);
        if self.is_head {
            without_body(response);
        }
    }
}

/// The span of a request; none where a layer outside of this one has made it.
fn span_of<B>(request: &Request<B>, id: &RequestId, trace_id: Option<TraceId>) -> Span {
    if RequestId::is_in_span(request.extensions()) {
        return Span::none();
    }
    tracing::error_span!(
        target: "tollgate::request",
        "request",
        request_id = %id,
        trace_id = trace_id.map(tracing::field::display),
        method = %request.method(),
        route = matched_route(request.extensions())
    )
}

pin_project! {
    /// The answer of a service whose errors are answered.
    pub struct ErrorFuture<F> {
        #[pin]
        inner: Option<F>,
        panicked: Option<Problem>,
        asked: Asked,
    }
}

impl<F, R, E> Future for ErrorFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: HttpBody<Data = Bytes> + Send + 'static,
    R::Error: Into<axum::BoxError>,
{
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let _inside = this.asked.span.enter();
        let polled = match this.inner.as_mut().as_pin_mut() {
            // The body that a problem takes the place of is dropped in there: code of others, too.
            Some(inner) => {
                caught(|| inner.poll(cx).map_ok(|response| this.asked.answer(response.map(Body::new))))
            }
            None => return answer_to(this.panicked.take(), this.asked),
        };
        let answered = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(answered) => answered,
            Err(problem) => answer_to(Some(problem), this.asked),
        };
        // What is left of it may panic as well, and has been answered.
        let _ = caught(|| this.inner.set(None));
        answered
    }
}

/// The answer to a panic.
fn answer_to<E>(panicked: Option<Problem>, asked: &Asked) -> Poll<Result<Response, E>> {
    match panicked {
        Some(problem) => Poll::Ready(Ok(asked.answer(problem.into_response()))),
        // Polled after its end, which whoever polls must not do.
        None => Poll::Pending,
    }
}

impl<F> fmt::Debug for ErrorFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorFuture").finish_non_exhaustive()
    }
}
