//! `VersionLayer`: versions in paths. A router chooses by the path before anything of it runs, so what takes the version off stands around
//! the router, and the routes themselves know nothing of versions.

use std::fmt;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::extract::OriginalUri;
use axum::response::Response;
use http::Request;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::app::Tollgate;
use crate::core::{ApiVersion, Chosen, Lookup, VersionTable};
use crate::versioning::{InPath, Scheme, taken_off, unsupported_in_path};

impl Tollgate {
    /// A layer that takes the version off the path, for an API whose [readers](crate::TollgateBuilder::versions) have
    /// [`path()`](crate::VersionReaders::path): `/v2/airports` is `/airports` to what is behind it, and `/airports` stays what it is.
    ///
    /// It has to stand around the router, because a router chooses by the path before its layers run:
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use tollgate::{ApiVersion, Tollgate, VersionReaders};
    ///
    /// #[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
    /// enum Version {
    ///     #[version("v1")]
    ///     V1,
    ///     #[version("v2", default)]
    ///     V2,
    /// }
    ///
    /// async fn airports(version: Version) -> String {
    ///     format!("{version:?}")
    /// }
    ///
    /// let tollgate = Tollgate::builder().versions::<Version>(VersionReaders::new().path()).build()?;
    /// let routes: Router = Router::new().route("/airports", get(airports)).layer(tollgate.layer());
    /// let app: Router = Router::new().fallback_service(tollgate.version_layer::<Version>().layer(routes));
    /// # use tower_layer::Layer;
    /// # Ok::<_, tollgate::ConfigError>(())
    /// ```
    ///
    /// Handlers without [`versioned`](macro@crate::versioned) are reached by every version. A version that there is not is 404. axum's
    /// [`OriginalUri`] is the address that was asked for.
    #[must_use]
    pub fn version_layer<V: ApiVersion>(&self) -> VersionLayer<V> {
        if self.schemes().of(V::TABLE).and_then(Scheme::prefix).is_none() {
            tracing::warn!(
                versions = V::TABLE.type_name(),
                "a version layer does nothing: `.versions::<..>(..)` has no `.path()` among its readers"
            );
        }
        VersionLayer { tollgate: self.clone(), versions: PhantomData }
    }
}

/// Takes the version of `V` off paths; made by [`Tollgate::version_layer`].
pub struct VersionLayer<V> {
    tollgate: Tollgate,
    versions: PhantomData<fn() -> V>,
}

impl<V> Clone for VersionLayer<V> {
    fn clone(&self) -> Self {
        Self { tollgate: self.tollgate.clone(), versions: PhantomData }
    }
}

impl<V: ApiVersion> fmt::Debug for VersionLayer<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VersionLayer").field(&V::TABLE.type_name()).finish()
    }
}

impl<V: ApiVersion, S> Layer<S> for VersionLayer<V> {
    type Service = VersionService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        VersionService { inner, tollgate: self.tollgate.clone(), table: V::TABLE }
    }
}

/// What is behind a [`VersionLayer`].
#[derive(Clone, Debug)]
pub struct VersionService<S> {
    inner: S,
    tollgate: Tollgate,
    table: &'static VersionTable,
}

impl<S, B> Service<Request<B>> for VersionService<S>
where
    S: Service<Request<B>, Response = Response>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = VersionFuture<S::Future, S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let way = match self.rewritten(request) {
            Ok(request) => Way::Inside { inside: self.inner.call(request) },
            Err(mut answer) => {
                self.tollgate.restyle(&mut answer);
                Way::Refused { refused: ready(Ok(*answer)) }
            }
        };
        VersionFuture { way }
    }
}

impl<S> VersionService<S> {
    /// The request without its version, which it carries along.
    fn rewritten<B>(&self, mut request: Request<B>) -> Result<Request<B>, Box<Response>> {
        let Some(prefix) = self.tollgate.schemes().of(self.table).and_then(Scheme::prefix) else {
            return Ok(request);
        };
        let original = request.uri().clone();
        let Some(taken) = taken_off(&original, prefix) else { return Ok(request) };
        let place = match self.table.find(taken.version) {
            Lookup::Known(place) => place,
            Lookup::Unsupported | Lookup::Malformed => {
                return Err(Box::new(unsupported_in_path(self.table, taken.version)));
            }
        };
        if let Some(shorter) = taken.uri(&original) {
            *request.uri_mut() = shorter;
        }
        let chosen = Chosen::new(self.table, place);
        let in_path = InPath { chosen, front: taken.front.into(), behind: taken.behind.into() };
        request.extensions_mut().insert(in_path);
        request.extensions_mut().insert(OriginalUri(original));
        Ok(request)
    }
}

pin_project! {
    /// A request behind a [`VersionLayer`], or its refusal.
    pub struct VersionFuture<F, E> {
        #[pin]
        way: Way<F, E>,
    }
}

pin_project! {
    #[project = ProjectedWay]
    enum Way<F, E> {
        Inside { #[pin] inside: F },
        Refused { refused: Ready<Result<Response, E>> },
    }
}

impl<F, E> Future for VersionFuture<F, E>
where
    F: Future<Output = Result<Response, E>>,
{
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().way.project() {
            ProjectedWay::Inside { inside } => inside.poll(cx),
            ProjectedWay::Refused { refused } => Pin::new(refused).poll(cx),
        }
    }
}

impl<F, E> fmt::Debug for VersionFuture<F, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VersionFuture").finish_non_exhaustive()
    }
}
