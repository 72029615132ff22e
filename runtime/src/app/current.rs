//! Which `Tollgate` serves a request: of its router, of its task, of the process, or the default.

use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{LazyLock, OnceLock};

use http::Extensions;
use tokio::task::futures::TaskLocalFuture;

use super::layer::OfRouter;
use super::{Tollgate, TollgateBuilder, TollgateLayer};

static INSTALLED: OnceLock<Tollgate> = OnceLock::new();
static DEFAULT: LazyLock<Tollgate> = LazyLock::new(|| TollgateBuilder::default().build_unchecked());

/// Whether any `Tollgate` was built on purpose: falling back to the default is then most likely a mistake.
static BUILT: AtomicBool = AtomicBool::new(false);
/// Whether any layer or scope was made: before that there is no use in looking for one.
static OVERRIDDEN: AtomicBool = AtomicBool::new(false);
/// How many were built.
static IDS: AtomicU64 = AtomicU64::new(0);
static FALLBACKS: AtomicU64 = AtomicU64::new(0);

tokio::task_local! {
    static SCOPED: Tollgate;
}

/// Tells one `Tollgate` of the process from all others; clones share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TollgateId(u64);

impl TollgateId {
    /// One that nobody has.
    pub(super) fn new() -> Self {
        Self(IDS.fetch_add(1, Ordering::Relaxed))
    }
}

impl Tollgate {
    /// Makes this the process's `Tollgate`.
    ///
    /// # Errors
    /// Where one was installed before; that one stays.
    pub fn install(&self) -> Result<(), AlreadyInstalled> {
        self.see_to_hearing();
        INSTALLED.set(self.clone()).map_err(|_| AlreadyInstalled)
    }

    /// A layer that makes this the `Tollgate` of the routes that a router has already. It wins over all others.
    #[must_use]
    pub fn layer(&self) -> TollgateLayer {
        self.see_to_hearing();
        OVERRIDDEN.store(true, Ordering::Relaxed);
        TollgateLayer::new(self.clone())
    }

    /// Runs a future with this as its `Tollgate`, as a test does. Tasks that it spawns are outside.
    pub fn scope<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        OVERRIDDEN.store(true, Ordering::Relaxed);
        self.scoped(future)
    }

    pub(crate) fn scoped<F: Future>(&self, future: F) -> TaskLocalFuture<Self, F> {
        SCOPED.scope(self.clone(), future)
    }
}

/// How many requests were served by the in-memory default although the process had built a `Tollgate`: one that was
/// neither installed nor put around the router.
#[must_use]
pub fn default_fallbacks() -> u64 {
    FALLBACKS.load(Ordering::Relaxed)
}

/// A `Tollgate` was installed before.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlreadyInstalled;

impl fmt::Display for AlreadyInstalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this process has a Tollgate installed already: install one at start-up, or use `layer()` or `scope(..)`")
    }
}

/// The same words: this is what a `main` that returns it prints.
impl fmt::Debug for AlreadyInstalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for AlreadyInstalled {}

pub(super) fn note_built() {
    BUILT.store(true, Ordering::Relaxed);
}

/// The `Tollgate` of one request, held as cheaply as its origin allows.
#[derive(Debug)]
pub(crate) enum Held {
    /// The process's: no count is touched, so cores do not meet on it.
    Process(&'static Tollgate),
    /// A router's or a task's.
    Own(Tollgate),
}

impl Held {
    #[inline]
    pub(crate) fn of(extensions: &Extensions) -> Self {
        if OVERRIDDEN.load(Ordering::Relaxed)
            && let Some(own) = overridden(extensions)
        {
            return Self::Own(own);
        }
        Self::of_process()
    }

    /// Of what runs outside of any request that would know: the task's, or the process's.
    #[inline]
    pub(crate) fn of_task() -> Self {
        if OVERRIDDEN.load(Ordering::Relaxed)
            && let Ok(own) = SCOPED.try_with(Tollgate::clone)
        {
            return Self::Own(own);
        }
        Self::of_process()
    }

    #[inline]
    fn of_process() -> Self {
        Self::Process(INSTALLED.get().unwrap_or_else(|| fallback()))
    }
}

impl Deref for Held {
    type Target = Tollgate;

    #[inline]
    fn deref(&self) -> &Tollgate {
        match self {
            Self::Process(tollgate) => tollgate,
            Self::Own(tollgate) => tollgate,
        }
    }
}

#[cold]
fn overridden(extensions: &Extensions) -> Option<Tollgate> {
    let of_router = extensions.get::<OfRouter>().map(|of_router| of_router.0.clone());
    of_router.or_else(|| SCOPED.try_with(Tollgate::clone).ok())
}

#[cold]
fn fallback() -> &'static Tollgate {
    if BUILT.load(Ordering::Relaxed) && FALLBACKS.fetch_add(1, Ordering::Relaxed) == 0 {
        tracing::warn!(
            "a Tollgate was built, but this request found none and is served by the in-memory default: call \
             `tollgate.install()`, or put `tollgate.layer()` around the router, outside of all its other layers"
        );
    }
    &DEFAULT
}
