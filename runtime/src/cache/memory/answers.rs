//! Answers: moka, least recently used first, with a mirror in front of it.
//!
//! moka reads a clock of its own and collects what has expired by it, a while later than the reader's clock says: whether an
//! entry is of any use is the reader's business, and a clock that tests hold still must not lose entries to one that runs on.
//! What is to be done after writes is done by whoever comes next, never by a thread of its own.
//!
//! A peek counts as a use: moka has no other way to a value by its key.
//!
//! Before anything is removed, what waits is done: of an entry that is removed while a change of its weight waits, moka (0.12.16) forgets
//! the change, gives back the new weight for the old one, and its sum is wrong for good.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};
use std::time::{Duration, Instant};

use foldhash::quality::RandomState;
use moka::Expiry;
use moka::notification::RemovalCause;
use moka::ops::compute::Op;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use super::mirror::{Looked, Mirror};
use super::{largest, until, weight_of};
use crate::cache::entry::Entry;
use crate::cache::store::Store;
use crate::core::Moment;

/// What moka takes for one entry: its node in the map and in two queues, the counted key, the timer's node.
const OVERHEAD: usize = 300;
/// How long something that has expired by the reader's clock is kept at most.
const GRACE: Duration = Duration::from_secs(60);
/// An entry that takes more than this part of the whole has its room made at once: moka lets some hundred wait.
const HEAVY: u64 = 512;

/// Keeps answers.
pub(crate) struct Answers {
    cache: Cache<Box<[u8]>, Arc<Entry>, RandomState>,
    mirror: Arc<Mirror>,
    /// Who puts reads, who removes writes: moka counts an entry wrongly for good that is changed and removed before what waits is done.
    changes: RwLock<()>,
    max_bytes: u64,
    evicted: Arc<AtomicU64>,
}

impl Answers {
    /// Keeps up to so many bytes.
    pub(crate) fn new(max_bytes: u64) -> Self {
        let evicted = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&evicted);
        let hasher = RandomState::default();
        let mirror = Arc::new(Mirror::new(hasher.clone()));
        let mirrored = Arc::clone(&mirror);
        #[allow(clippy::borrowed_box, reason = "moka hands over its own key")]
        let cache = Cache::builder()
            .max_capacity(max_bytes)
            .weigher(|key: &Box<[u8]>, entry: &Arc<Entry>| weight_of(key, entry, OVERHEAD))
            .eviction_policy(EvictionPolicy::lru())
            .eviction_listener(move |key, _, cause| {
                mirrored.forget(&key);
                if cause == RemovalCause::Size {
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            })
            .expire_after(OfEntries)
            .build_with_hasher(hasher);
        Self { cache, mirror, changes: RwLock::new(()), max_bytes, evicted }
    }

    fn make_room_for(&self, weight: u64) {
        if weight.saturating_mul(HEAVY) > self.max_bytes {
            self.cache.run_pending_tasks();
        }
    }

    /// Has nobody put as long as this is held, and what was put before counted: for who removes something.
    fn settled(&self) -> RwLockWriteGuard<'_, ()> {
        let alone = self.changes.write().unwrap_or_else(PoisonError::into_inner);
        self.run_pending();
        alone
    }

    /// Drops an entry if it is this one. What was put before has been counted.
    fn drop_settled(&self, key: &[u8], entry: &Arc<Entry>) {
        self.cache.entry(key.into()).and_compute_with(|present| match present {
            Some(present) if Arc::ptr_eq(present.value(), entry) => Op::Remove,
            _ => Op::Nop,
        });
    }

    /// Has all done that waits: moka does some hundred of everything at a time.
    fn run_pending(&self) {
        loop {
            let before = (self.cache.entry_count(), self.cache.weighted_size());
            self.cache.run_pending_tasks();
            if before == (self.cache.entry_count(), self.cache.weighted_size()) {
                return;
            }
        }
    }
}

impl Store for Answers {
    #[inline]
    fn get(&self, key: &[u8]) -> Option<Arc<Entry>> {
        match self.mirror.look(key, self.cache.entry_count()) {
            Looked::Shown(entry) => Some(entry),
            Looked::Absent(seen) => {
                let entry = self.cache.get(key)?;
                self.mirror.show(seen, key, &entry);
                Some(entry)
            }
        }
    }

    fn peek(&self, key: &[u8]) -> Option<Arc<Entry>> {
        self.mirror.tell();
        self.cache.get(key)
    }

    fn put(&self, key: &[u8], entry: Arc<Entry>, keep: &dyn Fn(&Entry) -> bool) {
        let weight = u64::from(weight_of(key, &entry, OVERHEAD));
        let fits = weight <= largest(self.max_bytes);
        if fits {
            let _beside_others = self.changes.read().unwrap_or_else(PoisonError::into_inner);
            self.cache.entry(key.into()).and_compute_with(|present| match present {
                Some(present) if keep(present.value()) => Op::Nop,
                _ => Op::Put(entry),
            });
        } else {
            let _alone = self.settled();
            self.cache.entry(key.into()).and_compute_with(|present| match present {
                Some(present) if !keep(present.value()) => Op::Remove,
                _ => Op::Nop,
            });
        }
        self.mirror.tell();
        self.mirror.forget(key);
        self.make_room_for(weight);
    }

    fn remove(&self, key: &[u8], entry: &Arc<Entry>) {
        let _alone = self.settled();
        self.drop_settled(key, entry);
        self.mirror.forget(key);
    }

    fn clear(&self) {
        let _alone = self.settled();
        self.cache.invalidate_all();
        self.mirror.clear();
        self.run_pending();
    }

    fn settle(&self, now: Moment) {
        self.run_pending();
        // Looked for beside those who put: there may be many.
        let expired: Vec<_> = self.cache.iter().filter(|(_, entry)| until(entry) <= now).collect();
        let _alone = self.settled();
        for (key, entry) in expired {
            self.drop_settled(&key, &entry);
        }
        self.run_pending();
    }

    fn entries(&self) -> u64 {
        self.cache.entry_count()
    }

    fn bytes(&self) -> u64 {
        self.cache.weighted_size()
    }

    fn evicted(&self) -> u64 {
        self.evicted.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answers")
            .field("max_bytes", &self.max_bytes)
            .field("bytes", &self.bytes())
            .field("evicted", &self.evicted())
            .finish_non_exhaustive()
    }
}

/// How long moka keeps an entry: until it is of no use, and a while longer.
struct OfEntries;

impl OfEntries {
    fn of(entry: &Arc<Entry>) -> Duration {
        Duration::from_nanos(entry.life.terms.total()).saturating_add(GRACE)
    }
}

impl Expiry<Box<[u8]>, Arc<Entry>> for OfEntries {
    fn expire_after_create(&self, _: &Box<[u8]>, entry: &Arc<Entry>, _: Instant) -> Option<Duration> {
        Some(Self::of(entry))
    }

    fn expire_after_update(
        &self,
        _: &Box<[u8]>,
        entry: &Arc<Entry>,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(Self::of(entry))
    }
}
