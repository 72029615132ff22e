//! The layer, its service and its future.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::OriginalUri;
use axum::response::Response;
use http::Request;
use http_body::Body as HttpBody;
use tower_layer::Layer;
use tower_service::Service;

use super::errand::{Answered, ask};
use super::shelf::{Found, Shelf};
use super::tally::Tally;
use super::target::{Target, begin_of};
use super::writes::Write;
use crate::app::Held;
use crate::cache::rfc::cache_status::{CacheStatus, Forward, NAME, name_of};
use crate::core::{Outcome, Policy};

/// How many layers were made.
static LAYERS: AtomicU64 = AtomicU64::new(0);

const DEFAULT_MAX_BODY: u64 = 1 << 20;

#[doc = include_str!("../docs/cache_layer.md")]
#[derive(Clone, Debug)]
#[must_use = "a layer caches the answers of what it is put around: `.layer(..)`"]
pub struct CacheLayer {
    settings: Arc<Settings>,
}

/// What a layer was told.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// What its keys begin with: it tells its entries from those of others.
    begin: Box<[u8]>,
    /// Whether it has a name of its own, by which other processes know its entries.
    pub(super) is_named: bool,
    pub(super) name: Box<str>,
    /// The name as `Cache-Status` has it.
    pub(super) member: Box<str>,
    pub(super) revalidates: bool,
    pub(super) max_body: u64,
    pub(super) tally: Arc<Tally>,
}

impl Default for CacheLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl CacheLayer {
    /// Keeps what its answers allow, up to 1 MiB each, under the name `tollgate`, and does not ask about what is stale.
    ///
    /// Clones share what they keep; another layer keeps its own, unless both have the same [name](Self::name).
    pub fn new() -> Self {
        let settings = Settings {
            begin: begin_of(None, LAYERS.fetch_add(1, Ordering::Relaxed)),
            is_named: false,
            name: NAME.into(),
            member: NAME.into(),
            revalidates: false,
            max_body: DEFAULT_MAX_BODY,
            tally: Arc::default(),
        };
        Self { settings: Arc::new(settings) }
    }

    /// What it calls itself in `Cache-Status`: a token as it is, anything else as a quoted string of at most 64 bytes.
    ///
    /// Layers of one name share what they keep: in one process, and where the [`Tollgate`](crate::Tollgate) has a shared store, in all that
    /// share it. So two layers around services that do not answer the same to the same URL need two names. What a layer without a name
    /// keeps stays with it and in memory, since nothing tells which layer of another process is the same one.
    pub fn name(mut self, name: impl AsRef<str>) -> Self {
        let settings = Arc::make_mut(&mut self.settings);
        settings.name = name.as_ref().into();
        settings.member = name_of(name.as_ref()).into();
        settings.begin = begin_of(Some(name.as_ref()), 0);
        settings.is_named = true;
        self
    }

    /// Whether it asks the service by `If-None-Match` and `If-Modified-Since` if what is stale still holds, and goes on with that after a 304.
    ///
    /// It is of use where the service answers such requests for less than a whole answer costs. A stale answer that can be asked about is
    /// kept for another day, if there is room, also one that says `no-cache`.
    pub fn revalidate(mut self, revalidate: bool) -> Self {
        Arc::make_mut(&mut self.settings).revalidates = revalidate;
        self
    }

    /// Bodies of up to so many bytes are kept; longer ones, and those that do not say how long they are, pass untouched.
    pub fn max_body(mut self, bytes: u64) -> Self {
        Arc::make_mut(&mut self.settings).max_body = bytes;
        self
    }

    /// How many requests ended so, at this layer and its clones: [`Hit`](Outcome::Hit), [`Stale`](Outcome::Stale), [`Miss`](Outcome::Miss),
    /// [`Collapsed`](Outcome::Collapsed), [`Bypassed`](Outcome::Bypassed); and how often something was made anew in the background,
    /// [`Refreshed`](Outcome::Refreshed). Of [`StoreFailed`](Outcome::StoreFailed): how often it noticed that the shared store gave no answer.
    #[must_use]
    pub fn count_of(&self, outcome: Outcome) -> u64 {
        self.settings.tally.of(outcome)
    }
}

impl<S> Layer<S> for CacheLayer {
    type Service = CacheService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CacheService { inner, settings: Arc::clone(&self.settings) }
    }
}

/// Caches the answers of a service; made by [`CacheLayer`].
#[derive(Clone, Debug)]
pub struct CacheService<S> {
    inner: S,
    settings: Arc<Settings>,
}

impl<S, R> Service<Request<Body>> for CacheService<S>
where
    S: Service<Request<Body>, Response = http::Response<R>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Send + 'static,
    R: HttpBody<Data = Bytes> + Send + 'static,
    R::Error: Into<axum::BoxError>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = CacheFuture<S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // The one that is ready goes along, the clone is asked whether it is before the next request.
        let clone = self.inner.clone();
        let inner = mem::replace(&mut self.inner, clone);
        let held = Held::of(request.extensions());
        if !held.is_enabled(Policy::Cache) {
            return CacheFuture::of(passed(inner, request));
        }
        let entries = Shelf { inner, held, settings: Arc::clone(&self.settings) };
        match Target::of(request, &self.settings.begin, entries.held.resolver()) {
            Ok(target) => found(entries, target),
            Err(request) => CacheFuture::of(written(entries, request)),
        }
    }
}

fn found<S, R>(mut shelf: Shelf<S>, target: Box<Target>) -> CacheFuture<S::Error>
where
    S: Service<Request<Body>, Response = http::Response<R>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Send + 'static,
    R: HttpBody<Data = Bytes> + Send + 'static,
    R::Error: Into<axum::BoxError>,
{
    match shelf.look(&target) {
        Found::Answer(response, renewal) => {
            if let Some(renewal) = renewal {
                shelf.renew(&target, renewal);
            }
            CacheFuture(State::Found(Some(response)))
        }
        Found::Absent(absent) => CacheFuture::of(shelf.make(target, absent)),
        Found::Alone(why) => CacheFuture::of(async move { shelf.alone(&target, why).await }),
    }
}

/// Around the cache altogether.
async fn passed<S, R>(mut inner: S, request: Request<Body>) -> Answered<S::Error>
where
    S: Service<Request<Body>, Response = http::Response<R>>,
    R: HttpBody<Data = Bytes> + Send + 'static,
    R::Error: Into<axum::BoxError>,
{
    ask(&mut inner, request).await
}

/// Through the cache: what is not for it, and what changes what it keeps.
async fn written<S, R>(mut shelf: Shelf<S>, request: Request<Body>) -> Answered<S::Error>
where
    S: Service<Request<Body>, Response = http::Response<R>>,
    R: HttpBody<Data = Bytes> + Send + 'static,
    R::Error: Into<axum::BoxError>,
{
    let uri = request.extensions().get::<OriginalUri>().map_or(request.uri(), |original| &original.0);
    let write = Write::of(request.method(), uri, request.headers(), &shelf.held);
    let is_read = matches!(*request.method(), http::Method::GET | http::Method::HEAD);
    let why = if is_read { Forward::Bypass } else { Forward::Method };
    if is_read {
        shelf.tell(Outcome::Bypassed);
    }
    let mut response = ask(&mut shelf.inner, request).await?;
    if let Some(write) = write {
        write.done(response.status(), response.headers()).await;
    }
    CacheStatus::forwarded(why).append_to(response.headers_mut(), &shelf.settings.member);
    Ok(response)
}

/// The answer of a cached service.
pub struct CacheFuture<E>(State<E>);

enum State<E> {
    Found(Option<Response>),
    Asking(Pin<Box<dyn Future<Output = Answered<E>> + Send>>),
}

impl<E> CacheFuture<E> {
    fn of(asking: impl Future<Output = Answered<E>> + Send + 'static) -> Self {
        Self(State::Asking(Box::pin(asking)))
    }
}

impl<E> Future for CacheFuture<E> {
    type Output = Answered<E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            // Polled after its end, which whoever polls must not do.
            State::Found(response) => {
                response.take().map_or(Poll::Pending, |response| Poll::Ready(Ok(response)))
            }
            State::Asking(asking) => asking.as_mut().poll(context),
        }
    }
}

impl<E> fmt::Debug for CacheFuture<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheFuture").finish_non_exhaustive()
    }
}
