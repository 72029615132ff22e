//! The caches of one `Tollgate`: answers and values, which are thrown away together.

use std::sync::Arc;

use super::levels::Cache;
use super::marks::{Invalidations, Mark};
use super::memory::{Answers, Values};
use super::remote::{Heard, Remote, Unavailable};
use super::store::Store;
use crate::core::Clock;

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

    /// Whether there is a store that processes share.
    pub(crate) const fn are_shared(&self) -> bool {
        self.remote.is_some()
    }

    /// How often anything was thrown away.
    #[cfg(test)]
    pub(crate) fn epoch(&self) -> super::marks::Epoch {
        self.invalidations.epoch()
    }

    /// Throws away what has any of these marks, in this process alone. Waits for nobody.
    pub(crate) fn forget(&self, marks: &[Mark]) {
        self.invalidations.invalidate(marks);
        if marks.contains(&Mark::ALL) {
            self.answers.clear();
            self.values.clear();
        }
    }

    /// Throws away what has any of these marks: here at once, whatever comes of the shared store.
    ///
    /// # Errors
    /// Where the shared store is away. Other processes are told as soon as it is back.
    pub(crate) async fn invalidate(&self, marks: &[Mark]) -> Result<(), Unavailable> {
        self.forget(marks);
        let Some(remote) = &self.remote else { return Ok(()) };
        let told = remote.invalidate(marks).await;
        // What was found there meanwhile may have been what is gone now.
        self.invalidations.invalidate(marks);
        told
    }
}

#[cfg(test)]
mod tests {
    use super::super::contract::fake::Fake;
    use super::super::contract::kit::{Kit, Levels, said, settle};
    use super::super::{How, Mark};
    use super::*;

    #[tokio::test]
    async fn what_is_found_while_it_is_thrown_away_is_gone_with_it() {
        let kit = Kit::new(Levels::Both);
        kit.ask("a").await;
        settle().await;
        let clock: Arc<dyn Clock> = Arc::new(kit.clock.clone());
        let caches = Caches::new(1 << 20, &clock, Some(Fake::new(&kit.server, &kit.clock)));
        kit.server.is_mute.store(true, std::sync::atomic::Ordering::SeqCst);
        let marks = [Mark::key("a")];
        let (thrown, found) =
            tokio::join!(caches.invalidate(&marks), caches.values().fetch(kit.question("a"), || kit.work()));
        assert_eq!(thrown, Ok(()));
        assert_eq!(said(found), ("1".to_owned(), How::Hit), "it was there when it was asked for");
        let now = kit.clock.now();
        assert!(caches.values().get(b"a", now).is_none());
        let made = said(caches.values().fetch(kit.question("a"), || kit.work()).await);
        assert_eq!(made, ("2".to_owned(), How::Made));
    }
}
