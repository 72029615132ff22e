//! A router's own `Tollgate`.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Request;
use pin_project_lite::pin_project;
use tokio::task::futures::TaskLocalFuture;
use tower_layer::Layer;
use tower_service::Service;

use super::Tollgate;

/// What a request is told, under a type that only we can make.
#[derive(Clone)]
pub(super) struct OfRouter(pub(super) Tollgate);

/// Makes a [`Tollgate`] that of a router; made by [`Tollgate::layer`].
#[derive(Clone, Debug)]
pub struct TollgateLayer {
    tollgate: Tollgate,
}

impl TollgateLayer {
    pub(super) const fn new(tollgate: Tollgate) -> Self {
        Self { tollgate }
    }
}

impl<S> Layer<S> for TollgateLayer {
    type Service = TollgateService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        TollgateService { inner, tollgate: self.tollgate.clone() }
    }
}

/// Tells every request which [`Tollgate`] is its own; made by [`TollgateLayer`].
#[derive(Clone, Debug)]
pub struct TollgateService<S> {
    inner: S,
    tollgate: Tollgate,
}

impl<S, B> Service<Request<B>> for TollgateService<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = TollgateFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        request.extensions_mut().insert(OfRouter(self.tollgate.clone()));
        // Gates ask the request, which survives a layer that spawns. Calls have none, and ask the task.
        TollgateFuture { scoped: self.tollgate.scoped(self.inner.call(request)) }
    }
}

pin_project! {
    /// A request on its way through the routes of a [`Tollgate`]; made by [`TollgateService`].
    pub struct TollgateFuture<F> {
        #[pin]
        scoped: TaskLocalFuture<Tollgate, F>,
    }
}

impl<F: Future> Future for TollgateFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.project().scoped.poll(cx)
    }
}

impl<F> fmt::Debug for TollgateFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TollgateFuture").finish_non_exhaustive()
    }
}
