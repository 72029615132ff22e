//! A call while what it wants is made.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use super::tell;
use crate::app::Held;
use crate::cache::codec::Kept;
use crate::cache::{CachedCall, Draft, Entry, Fetched, How, Made, Standing, Terms};
use crate::call::shape::{Cacheable, Shape, Sharing};
use crate::call::site::CallSite;
use crate::core::Outcome;

/// What an entry takes beside its key and its value: the entry itself, and its place in the store.
const OVERHEAD: usize = size_of::<Entry>() + 128;

/// How long a value is fresh.
pub(super) enum Ttl<V> {
    /// So many nanoseconds.
    Nanos(u64),
    /// As long as the value says.
    Of(fn(&V) -> Duration),
}

impl<V> Clone for Ttl<V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for Ttl<V> {}

impl<V> Ttl<V> {
    fn nanos(self, value: &V) -> u64 {
        match self {
            Self::Nanos(nanos) => nanos,
            Self::Of(ttl) => nanos(ttl(value)),
        }
    }
}

pub(super) fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// A call while what it wants is made.
pub(super) struct Asked<R, S: Shape<R>> {
    pub(super) held: Held,
    pub(super) site: &'static CallSite,
    pub(super) policy: &'static CachedCall,
    pub(super) shape: S,
    pub(super) ttl: Ttl<S::Value>,
    pub(super) kept: Option<Kept<S::Value>>,
    /// Of its key.
    pub(super) bytes: usize,
    pub(super) of: PhantomData<fn() -> R>,
}

impl<R, S> Asked<R, S>
where
    S: Shape<R>,
    S::Value: Cacheable,
{
    /// Work that goes on without its task has the `Tollgate` of that.
    pub(super) fn in_scope<F: Future<Output = R>>(&self, work: F) -> impl Future<Output = R> + use<F, R, S> {
        let own = match &self.held {
            Held::Own(tollgate) => Some(tollgate.clone()),
            Held::Process(_) => None,
        };
        async move {
            match own {
                Some(tollgate) => tollgate.scope(work).await,
                None => work.await,
            }
        }
    }

    /// Runs the function, and tells what becomes of its answer. There is always work, because it is taken once.
    pub(super) fn make<H, F>(
        &self,
        sharing: H,
        work: Option<F>,
    ) -> impl Future<Output = Made<Option<R>>> + use<R, S, H, F>
    where
        H: Sharing<R>,
        F: Future<Output = R>,
    {
        let (shape, ttl, policy, kept) = (self.shape, self.ttl, self.policy, self.kept);
        let beside = u32::try_from(OVERHEAD.saturating_add(self.bytes)).unwrap_or(u32::MAX);
        async move {
            let Some(work) = work else { return Made::Own { own: None, failed: true } };
            let answer = work.await;
            let failed = shape.is_failure(&answer);
            let rest = match shape.value(answer) {
                Ok(value) => match ttl.nanos(&value) {
                    0 => shape.answer(value),
                    fresh => {
                        let terms = Terms {
                            initial_age: 0,
                            fresh,
                            while_revalidating: policy.stale_while_revalidate,
                            on_error: policy.stale_if_error,
                            is_strict: false,
                        };
                        let weight = kept.map_or(0, |kept| kept.weigh(&value));
                        let bytes = beside.saturating_add(weight);
                        return Made::Kept(Draft { value: Arc::new(value), terms, bytes });
                    }
                },
                Err(rest) => rest,
            };
            match sharing.share(rest) {
                Ok(value) => Made::Passed { value, failed },
                Err(own) => Made::Own { own: Some(own), failed },
            }
        }
    }

    /// What is kept, while it is made anew.
    pub(super) async fn answer_at_once<F: Future<Output = R>>(
        self,
        entry: &Entry,
        standing: Standing,
        refreshed: bool,
        work: Option<F>,
    ) -> R {
        let is_stale = matches!(standing, Standing::Stale { .. });
        self.tell(if is_stale { Outcome::Stale } else { Outcome::Hit });
        if refreshed {
            self.tell(Outcome::Refreshed);
        }
        match entry.value.downcast_ref::<S::Value>() {
            Some(value) => self.shape.answer(value.clone()),
            None => run(work).await,
        }
    }

    pub(super) async fn answer<H, F>(self, fetched: Fetched<Option<R>>, sharing: H, work: Option<F>) -> R
    where
        H: Sharing<R>,
        F: Future<Output = R>,
    {
        let (answer, how) = match fetched {
            Fetched::Entry(entry, how) => {
                let value = entry.value.downcast_ref::<S::Value>();
                (value.map(|value| self.shape.answer(value.clone())), how)
            }
            Fetched::Passed(value, how) => (sharing.shared(&*value), how),
            Fetched::Own(own) => (own, How::Made),
        };
        for _ in 0..self.held.caches().values().store_errors() {
            self.tell(Outcome::StoreFailed);
        }
        self.tell(match how {
            How::Hit => Outcome::Hit,
            How::Stale | How::StaleOnError => Outcome::Stale,
            How::Made => Outcome::Miss,
            How::Collapsed => Outcome::Collapsed,
        });
        match answer {
            Some(answer) => answer,
            None => run(work).await,
        }
    }

    fn tell(&self, outcome: Outcome) {
        tell(&self.held, self.site, outcome);
    }
}

/// What was kept was of another type, which two types of one name and hash could be; so the work was not done.
#[cold]
async fn run<R, F: Future<Output = R>>(work: Option<F>) -> R {
    match work {
        Some(work) => work.await,
        None => unreachable!("what was made by this function is of its type"),
    }
}
