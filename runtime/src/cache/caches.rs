//! The caches of one `Tollgate`: answers and values, which are thrown away together.

use std::sync::Arc;

use super::levels::Cache;
use super::marks::{Invalidations, Mark};
use super::memory::{Answers, Values};
use super::remote::{Heard, Remote, Unavailable};
use super::store::Store;
use crate::core::Clock;

/// How much is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    pub(crate) answers: u64,
    pub(crate) values: u64,
}

/// The caches of one `Tollgate`.
#[derive(Debug)]
pub(crate) struct Caches {
    answers: Arc<Cache>,
    values: Arc<Cache>,
    invalidations: Arc<Invalidations>,
    remote: Option<Arc<dyn Remote>>,
}

impl Caches {
    /// Empty ones.
    pub(crate) fn new(max_bytes: u64, clock: &Arc<dyn Clock>, remote: Option<Arc<dyn Remote>>) -> Self {
        let invalidations = Arc::new(Invalidations::new());
        if let Some(remote) = &remote {
            let invalidations = Arc::clone(&invalidations);
            remote.listen(Box::new(move |heard| match heard {
                Heard::Invalidated(marks) => invalidations.invalidate(&marks),
                Heard::Missed => invalidations.doubt(),
            }));
        }
        let cache = |store: Box<dyn Store>| {
            Arc::new(Cache::new(store, remote.clone(), Arc::clone(&invalidations), Arc::clone(clock)))
        };
        let (answers, values) =
            (cache(Box::new(Answers::new(max_bytes / 2))), cache(Box::new(Values::new(max_bytes / 2))));
        Self { answers, values, invalidations, remote }
    }

    /// Answers of handlers and routers.
    #[inline]
    pub(crate) const fn answers(&self) -> &Arc<Cache> {
        &self.answers
    }

    /// Values of functions.
    #[inline]
    pub(crate) const fn values(&self) -> &Arc<Cache> {
        &self.values
    }

    /// Throws away what has any of these marks: here at once, whatever comes of the shared store.
    ///
    /// # Errors
    /// Where the shared store is away. Other processes are told as soon as it is back.
    pub(crate) async fn invalidate(&self, marks: &[Mark]) -> Result<(), Unavailable> {
        self.invalidations.invalidate(marks);
        if marks.contains(&Mark::ALL) {
            self.answers.clear();
            self.values.clear();
        }
        match &self.remote {
            Some(remote) => remote.invalidate(marks).await,
            None => Ok(()),
        }
    }
}
