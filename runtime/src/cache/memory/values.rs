//! Values of functions: a table of our own, in shards, of which each is behind a lock that readers share.

use std::fmt;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread;

use foldhash::quality::RandomState;

use super::shard::{Evicted, Put, Shard};
use super::{largest, until, weight_of};
use crate::cache::entry::Entry;
use crate::cache::store::Store;
use crate::core::Moment;

/// In smaller shards chance would decide too much about who goes.
const SMALLEST_SHARD: u64 = 512 * 1024;
/// So many for each thread that runs at the same time, and as many at most.
const SHARDS_A_THREAD: usize = 4;
const MOST_SHARDS: u64 = 256;

/// Keeps values, by what reading them costs: a hash, a lock that readers share, and a look into a map.
pub(crate) struct Values {
    shards: Box<[RwLock<Shard<Arc<Entry>>>]>,
    hasher: RandomState,
    max_bytes: u64,
    bytes: AtomicU64,
    evicted: AtomicU64,
    /// The latest moment that anything put here was complete at, or that somebody told.
    latest: AtomicU64,
}

impl Values {
    /// Keeps up to so many bytes.
    pub(crate) fn new(max_bytes: u64) -> Self {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let wanted = (threads * SHARDS_A_THREAD).next_power_of_two() as u64;
        let shards = wanted.min(MOST_SHARDS).min(max_bytes / SMALLEST_SHARD).max(1);
        Self {
            shards: (0..shards).map(|_| RwLock::new(Shard::new())).collect(),
            hasher: RandomState::default(),
            max_bytes,
            bytes: AtomicU64::new(0),
            evicted: AtomicU64::new(0),
            latest: AtomicU64::new(0),
        }
    }

    /// The part of a shard.
    fn share(&self) -> u64 {
        self.max_bytes / self.shards.len() as u64
    }

    #[inline]
    fn place(&self, key: &[u8]) -> (u64, usize) {
        let hash = self.hasher.hash_one(key);
        // Maps take the lowest and the highest bits.
        #[allow(clippy::cast_possible_truncation, reason = "below the number of shards")]
        let shard = (((hash >> 16 & 0xffff_ffff) * self.shards.len() as u64) >> 32) as usize;
        (hash, shard)
    }

    #[inline]
    fn read(&self, shard: usize) -> RwLockReadGuard<'_, Shard<Arc<Entry>>> {
        self.shards[shard].read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, shard: usize) -> RwLockWriteGuard<'_, Shard<Arc<Entry>>> {
        self.shards[shard].write().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Moment {
        Moment::from_nanos(self.latest.load(Ordering::Relaxed))
    }

    /// Changes a shard, and drops what went out of it: behind the lock, because dropping a value may be anybody's code.
    fn change<T>(
        &self,
        shard: usize,
        change: impl FnOnce(&mut Shard<Arc<Entry>>, &mut Vec<Arc<Entry>>) -> T,
    ) -> T {
        let mut gone = Vec::new();
        let mut shard = self.write(shard);
        let before = shard.weight();
        let result = change(&mut shard, &mut gone);
        self.count(before, shard.weight());
        drop(shard);
        drop(gone);
        result
    }

    fn count(&self, before: u64, after: u64) {
        if after >= before {
            self.bytes.fetch_add(after - before, Ordering::Relaxed);
        } else {
            self.bytes.fetch_sub(before - after, Ordering::Relaxed);
        }
    }

    /// Evicts from a shard that has more than its part until all have room for so much more.
    fn make_room(&self, shard: &mut Shard<Arc<Entry>>, room: u64, gone: &mut Vec<Arc<Entry>>) {
        let (start, now) = (shard.weight(), self.now());
        let elsewhere = self.bytes.load(Ordering::Relaxed).saturating_sub(start);
        while elsewhere + shard.weight() + room > self.max_bytes && shard.weight() + room > self.share() {
            match shard.evict(now) {
                Some(Evicted::LeastUsed(entry)) => {
                    self.evicted.fetch_add(1, Ordering::Relaxed);
                    gone.push(entry);
                }
                Some(Evicted::Expired(entry)) => gone.push(entry),
                None => break,
            }
        }
    }

    /// Evicts from the other shards, and then from this one, while there is too much.
    fn settle_others(&self, shard: usize) {
        let others = (shard + 1..self.shards.len()).chain(0..=shard);
        for other in others {
            if self.bytes.load(Ordering::Relaxed) <= self.max_bytes {
                return;
            }
            self.change(other, |shard, gone| self.make_room(shard, 0, gone));
        }
    }
}

impl Store for Values {
    #[inline]
    fn get(&self, key: &[u8]) -> Option<Arc<Entry>> {
        let (hash, shard) = self.place(key);
        self.read(shard).get(hash, key).cloned()
    }

    fn peek(&self, key: &[u8]) -> Option<Arc<Entry>> {
        let (hash, shard) = self.place(key);
        self.read(shard).peek(hash, key).cloned()
    }

    fn put(&self, key: &[u8], entry: Arc<Entry>, keep: &dyn Fn(&Entry) -> bool) {
        let (hash, shard) = self.place(key);
        let weight = weight_of(key, &entry, Shard::<Arc<Entry>>::OVERHEAD);
        let until = until(&entry);
        self.latest.fetch_max(entry.life.since.as_nanos(), Ordering::Relaxed);
        self.change(shard, |shard, gone| {
            if shard.peek(hash, key).is_some_and(|present| keep(present)) {
                return;
            }
            let freed = shard.weight_of(hash, key);
            shard.look_around(self.now(), gone);
            if u64::from(weight) > largest(self.max_bytes) {
                gone.extend(shard.remove(hash, key));
                return;
            }
            self.make_room(shard, u64::from(weight.saturating_sub(freed)), gone);
            gone.extend(shard.put(Put { hash, key, value: entry, weight, until }));
        });
        self.settle_others(shard);
    }

    fn remove(&self, key: &[u8], entry: &Arc<Entry>) {
        let (hash, shard) = self.place(key);
        self.change(shard, |shard, gone| {
            if shard.peek(hash, key).is_some_and(|present| Arc::ptr_eq(present, entry)) {
                gone.extend(shard.remove(hash, key));
            }
        });
    }

    fn clear(&self) {
        for shard in 0..self.shards.len() {
            let mut shard = self.write(shard);
            let gone = shard.clear();
            self.count(gone.weight(), 0);
            drop(shard);
            drop(gone);
        }
    }

    fn settle(&self, now: Moment) {
        self.latest.fetch_max(now.as_nanos(), Ordering::Relaxed);
        for shard in 0..self.shards.len() {
            self.change(shard, |shard, gone| shard.settle(now, gone));
        }
    }

    fn entries(&self) -> u64 {
        (0..self.shards.len()).map(|shard| self.read(shard).len() as u64).sum()
    }

    fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    fn evicted(&self) -> u64 {
        self.evicted.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
impl Values {
    /// How many slots there are, taken or free.
    pub(super) fn slots(&self) -> usize {
        (0..self.shards.len()).map(|shard| self.read(shard).slots()).sum()
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Values")
            .field("max_bytes", &self.max_bytes)
            .field("bytes", &self.bytes())
            .field("evicted", &self.evicted())
            .finish_non_exhaustive()
    }
}
