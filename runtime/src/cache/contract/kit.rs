//! A cache with a clock that is moved by hand, and work that is counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::fake::{Fake, Server};
use crate::cache::marks::Invalidations;
use crate::cache::memory::Values;
use crate::cache::remote::{Heard, Remote};
use crate::cache::store::Store;
use crate::cache::{
    Cache, Codec, Draft, Entry, Fetched, How, Made, Mark, Marks, OnCacheError, Question, Standing, Terms,
    TypeNames, Value,
};
use crate::core::{Clock, Moment};
use crate::testing::ManualClock;

pub(crate) const SECOND: u64 = 1_000_000_000;

/// Where entries are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Levels {
    Memory,
    Shared,
    Both,
}

pub(crate) const ALL_LEVELS: [Levels; 3] = [Levels::Memory, Levels::Shared, Levels::Both];

/// A cache, and all that a test does to it.
#[derive(Clone)]
pub(crate) struct Kit {
    pub(crate) cache: Arc<Cache>,
    pub(crate) clock: ManualClock,
    pub(crate) invalidations: Arc<Invalidations>,
    pub(crate) server: Arc<Server>,
    pub(crate) remote: Option<Arc<Fake>>,
    /// How often work was done.
    pub(crate) runs: Arc<AtomicUsize>,
    pub(crate) fails: Arc<AtomicBool>,
    pub(crate) terms: Terms,
    pub(crate) on_store_error: OnCacheError,
    pub(crate) lease: u64,
    pub(crate) has_memory: bool,
}

impl Kit {
    pub(crate) fn new(levels: Levels) -> Self {
        Self::beside(&Arc::default(), &ManualClock::new(), levels)
    }

    /// Another process beside that server.
    pub(crate) fn beside(server: &Arc<Server>, clock: &ManualClock, levels: Levels) -> Self {
        let remote = (levels != Levels::Memory).then(|| Fake::new(server, clock));
        let invalidations = Arc::new(Invalidations::new());
        if let Some(remote) = &remote {
            let invalidations = Arc::clone(&invalidations);
            remote.listen(Box::new(move |heard| match heard {
                Heard::Invalidated(marks) => invalidations.invalidate(&marks),
                Heard::Missed => invalidations.doubt(),
            }));
        }
        let store: Box<dyn Store> =
            if levels == Levels::Shared { Box::new(Nothing) } else { Box::new(Values::new(1 << 20)) };
        let shared = remote.clone().map(|remote| remote as Arc<dyn Remote>);
        let cache = Cache::new(store, shared, Arc::clone(&invalidations), Arc::new(clock.clone()));
        Self {
            cache: Arc::new(cache),
            clock: clock.clone(),
            invalidations,
            server: Arc::clone(server),
            remote,
            runs: Arc::default(),
            fails: Arc::default(),
            terms: Terms { fresh: 10 * SECOND, ..Terms::default() },
            on_store_error: OnCacheError::Memory,
            lease: 0,
            has_memory: levels != Levels::Shared,
        }
    }

    pub(crate) fn question(&self, key: &str) -> Question {
        Question {
            key: key.as_bytes().into(),
            local: 0,
            types: TypeNames::new(),
            site: "test::site",
            marks: Marks::from_slice(&[Mark::site("test::site"), Mark::key(key)]),
            codec: Some(&Texts),
            on_store_error: self.on_store_error,
            lease: self.lease,
            present: None,
            is_strict: false,
        }
    }

    /// What this key's work is: it counts how often it was done, and says so.
    pub(crate) fn work(&self) -> impl Future<Output = Made<String>> + Send + 'static + use<> {
        let (runs, terms, fails) = (Arc::clone(&self.runs), self.terms, Arc::clone(&self.fails));
        async move {
            let number = runs.fetch_add(1, Ordering::SeqCst) + 1;
            tokio::task::yield_now().await;
            if fails.load(Ordering::SeqCst) {
                return Made::Passed { value: text("failed"), failed: true };
            }
            kept(&number.to_string(), terms)
        }
    }

    /// Asks as an attribute does: memory first, and then whoever knows more.
    pub(crate) async fn ask(&self, key: &str) -> (String, How) {
        let work = self.work();
        self.ask_for(key, || work).await
    }

    pub(crate) async fn ask_for<F>(&self, key: &str, work: impl FnOnce() -> F + Send) -> (String, How)
    where
        F: Future<Output = Made<String>> + Send + 'static,
    {
        let mut question = self.question(key);
        if let Some((entry, standing)) = self.cache.get(key.as_bytes(), self.clock.now()) {
            question.present = Some(Arc::clone(&entry));
            match standing {
                Standing::Fresh { .. } => return (text_of(&entry.value), How::Hit),
                Standing::Early { .. } => {
                    self.cache.refresh(question, work);
                    return (text_of(&entry.value), How::Hit);
                }
                Standing::Stale { .. } => {
                    self.cache.refresh(question, work);
                    return (text_of(&entry.value), How::Stale);
                }
                Standing::LastResort { .. } | Standing::Spent { .. } => {}
            }
        }
        said(self.cache.fetch(question, work).await)
    }

    pub(crate) async fn invalidate(&self, marks: &[Mark]) {
        self.invalidations.invalidate(marks);
        if let Some(remote) = &self.remote {
            let _ = remote.invalidate(marks).await;
            self.invalidations.invalidate(marks);
        }
    }

    pub(crate) fn advance(&self, seconds: f64) {
        self.clock.advance(Duration::from_secs_f64(seconds));
    }

    pub(crate) fn runs(&self) -> usize {
        self.runs.load(Ordering::SeqCst)
    }

    pub(crate) fn looks(&self) -> usize {
        self.server.looks.load(Ordering::SeqCst)
    }
}

/// Lets everything that waits for nothing go on, on a runtime of one thread.
pub(crate) async fn settle() {
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}

pub(crate) fn text(text: &str) -> Value {
    Arc::new(text.to_owned())
}

pub(crate) fn text_of(value: &Value) -> String {
    value.downcast_ref::<String>().cloned().unwrap()
}

pub(crate) fn kept<O>(value: &str, terms: Terms) -> Made<O> {
    Made::Kept(Draft { value: text(value), terms, bytes: 100 })
}

pub(crate) fn said(fetched: Fetched<String>) -> (String, How) {
    match fetched {
        Fetched::Entry(entry, how) => (text_of(&entry.value), how),
        Fetched::Passed(value, how) => (text_of(&value), how),
        Fetched::Own(own) => (own, How::Made),
    }
}

/// Writes texts.
pub(crate) struct Texts;

impl Codec for Texts {
    fn fingerprint(&self) -> u64 {
        7
    }

    fn encode(&self, value: &Value) -> Option<Vec<u8>> {
        value.downcast_ref::<String>().map(|text| text.as_bytes().to_vec())
    }

    fn decode(&self, payload: &[u8]) -> Option<(Value, u32)> {
        assert_ne!(payload, b"panics");
        let text = String::from_utf8(payload.to_vec()).ok()?;
        Some((Arc::new(text), 100))
    }
}

/// Keeps nothing.
#[derive(Debug)]
struct Nothing;

impl Store for Nothing {
    fn get(&self, _: &[u8]) -> Option<Arc<Entry>> {
        None
    }

    fn peek(&self, _: &[u8]) -> Option<Arc<Entry>> {
        None
    }

    fn put(&self, _: &[u8], _: Arc<Entry>, _: &dyn Fn(&Entry) -> bool) {}

    fn remove(&self, _: &[u8], _: &Arc<Entry>) {}

    fn clear(&self) {}

    fn settle(&self, _: Moment) {}

    fn entries(&self) -> u64 {
        0
    }

    fn bytes(&self) -> u64 {
        0
    }

    fn evicted(&self) -> u64 {
        0
    }
}
