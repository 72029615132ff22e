//! The caches of one `Tollgate`: answers and values, which are thrown away together.

use std::sync::Arc;

use super::levels::Cache;
use super::marks::{Invalidations, Mark};
use super::memory::Memory;
use super::remote::{Heard, Remote, Unavailable};
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
        let cache = |max_bytes| {
            let store = Box::new(Memory::new(max_bytes));
            Arc::new(Cache::new(store, remote.clone(), Arc::clone(&invalidations), Arc::clone(clock)))
        };
        let (answers, values) = (cache(max_bytes / 2), cache(max_bytes / 2));
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
        match &self.remote {
            Some(remote) => remote.invalidate(marks).await,
            None => Ok(()),
        }
    }
}
