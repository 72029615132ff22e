//! The two levels of a cache, and one run for all who wait.

use std::fmt;
use std::sync::Arc;

use super::entry::{Entry, Value};
use super::life::{Life, Standing, Terms};
use super::marks::{Invalidations, Marks};
use super::policy::OnCacheError;
use super::remote::{Codec, Remote};
use super::store::Store;
use crate::core::{Clock, Moment};

/// Entries in memory, in front of a store that processes share, where there is one.
pub(crate) struct Cache {
    store: Box<dyn Store>,
    remote: Option<Arc<dyn Remote>>,
    invalidations: Arc<Invalidations>,
    clock: Arc<dyn Clock>,
}

/// What somebody wants to know.
pub(crate) struct Question {
    /// What the entry goes by in memory: everything that tells it apart, in full.
    pub(crate) key: Arc<[u8]>,
    /// The name of the site, which is the same in all processes.
    pub(crate) site: &'static str,
    /// What it is thrown away by, beside [`Mark::ALL`](super::Mark::ALL).
    pub(crate) marks: Marks,
    /// How its value is written for a shared store; `None` where it stays in this process.
    pub(crate) codec: Option<&'static dyn Codec>,
    pub(crate) on_store_error: OnCacheError,
    /// How long one process may make it while the others wait; zero where they do not.
    pub(crate) lease: u64,
    /// What memory has, where it is of no use as it is.
    pub(crate) present: Option<Arc<Entry>>,
}

/// What came of making something.
pub(crate) enum Made<O> {
    /// May be kept, and is everybody's who waits.
    Kept(Draft),
    /// May not be kept, and is everybody's who waits. `failed`: something stale is better, where it may be used.
    Passed { value: Value, failed: bool },
    /// Is for the one who made it: those who wait make their own.
    Own { own: O, failed: bool },
}

/// An entry to be.
pub(crate) struct Draft {
    pub(crate) value: Value,
    pub(crate) terms: Terms,
    pub(crate) bytes: u32,
}

/// What is given to whoever asked.
pub(crate) enum Fetched<O> {
    /// An entry, and how it came about.
    Entry(Arc<Entry>, How),
    /// What somebody made, and nobody may keep.
    Passed(Value, How),
    /// The same, made for this one alone.
    Own(O),
}

/// How something came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// It was kept: in memory, or by the shared store.
    Hit,
    /// It was kept and is stale; somebody makes it anew.
    Stale,
    /// It was kept and is stale, and making it anew failed.
    StaleOnError,
    /// It was made for this one.
    Made,
    /// It was made for somebody else, and this one waited.
    Collapsed,
}

impl Cache {
    pub(crate) fn new(
        store: Box<dyn Store>,
        remote: Option<Arc<dyn Remote>>,
        invalidations: Arc<Invalidations>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, remote, invalidations, clock }
    }

    /// What memory has under this key that nothing has thrown away, and what it is. Waits for nobody.
    #[inline]
    pub(crate) fn get(&self, key: &[u8], now: Moment) -> Option<(Arc<Entry>, Standing)> {
        let entry = self.store.get(key)?;
        if !entry.holds(&self.invalidations) {
            return None;
        }
        let standing = entry.life.standing(now);
        Some((entry, standing))
    }

    /// Has it made, once for all who ask meanwhile, unless the shared store has it. The work goes on without whoever asked as long as
    /// anybody waits for it, and is dropped when nobody does.
    pub(crate) async fn fetch<O, F>(
        self: &Arc<Self>,
        question: Question,
        work: impl FnOnce() -> F + Send,
    ) -> Fetched<O>
    where
        O: Send + 'static,
        F: Future<Output = Made<O>> + Send + 'static,
    {
        self.fetch_here(question, work).await
    }

    /// The same for work that borrows from whoever asked: where that one leaves, another one who waits does its own.
    pub(crate) async fn fetch_here<O, F>(
        self: &Arc<Self>,
        question: Question,
        work: impl FnOnce() -> F,
    ) -> Fetched<O>
    where
        F: Future<Output = Made<O>>,
    {
        let born = self.invalidations.epoch();
        match work().await {
            Made::Kept(draft) => {
                let life = Life { terms: draft.terms, since: self.clock.now(), early: u64::MAX };
                let entry = Arc::new(Entry::new(draft.value, life, question.marks, born, draft.bytes));
                self.store.put(&question.key, Arc::clone(&entry), &|present| present.born > born);
                Fetched::Entry(entry, How::Made)
            }
            Made::Passed { value, .. } => Fetched::Passed(value, How::Made),
            Made::Own { own, .. } => Fetched::Own(own),
        }
    }

    /// Has it made anew in the background, unless somebody does already. Tells whether nobody did.
    pub(crate) fn refresh<O, F>(self: &Arc<Self>, question: Question, work: impl FnOnce() -> F) -> bool
    where
        O: Send + 'static,
        F: Future<Output = Made<O>> + Send + 'static,
    {
        let (cache, work) = (Arc::clone(self), work());
        tokio::spawn(async move { drop(cache.fetch_here(question, || work).await) });
        true
    }

    /// How many entries there are in memory, and how many bytes they take.
    pub(crate) fn size(&self) -> (u64, u64) {
        self.store.settle(self.clock.now());
        (self.store.entries(), self.store.bytes())
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("store", &self.store)
            .field("remote", &self.remote)
            .finish_non_exhaustive()
    }
}
