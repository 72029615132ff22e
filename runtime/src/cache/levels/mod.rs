//! The two levels of a cache, and one run for all who wait.
//!
//! ```text
//! get       memory alone, at once
//! fetch     memory, then the shared store, then the work: once for all who ask meanwhile (flight/)
//! renew     the same without looking: the work is done, whatever is kept
//! refresh   the same in the background, for something that is still of use
//!
//! ask       who does the work, and who waits for it            run      memory, shared store, work, in that order
//! shared    what the shared store says, and how far memory is believed without it
//! lease     one process of many does the work                  keep     what was made goes to the shared store
//! ```
//!
//! Work that is handed to [`fetch`](Cache::fetch), [`renew`](Cache::renew) or [`refresh`](Cache::refresh) goes on in a task of its own, in
//! the span of whoever asked. Task-locals do not go along: a caller that needs one (the `Tollgate` of its task) puts its work into that
//! scope itself, `fetch(question, || tollgate.scoped(work))`, since a room knows nothing of a `Tollgate`.

mod ask;
mod keep;
mod lease;
mod question;
mod run;
mod shared;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

pub(crate) use self::question::{Draft, Fetched, How, Made, Question, TypeNames};

use self::run::Landed;
use super::entry::Entry;
use super::flight::{Flights, Passing};
use super::life::Standing;
use super::marks::Invalidations;
use super::remote::Remote;
use super::store::Store;
use crate::core::{Clock, Moment};

/// Entries in memory, in front of a store that processes share, where there is one.
pub(crate) struct Cache {
    store: Box<dyn Store>,
    remote: Option<Arc<dyn Remote>>,
    invalidations: Arc<Invalidations>,
    clock: Arc<dyn Clock>,
    flights: Arc<Flights<Landed>>,
    passing: Passing,
    /// Seeds what is drawn by lot.
    draws: AtomicU64,
    /// How many entries are on their way to the shared store.
    keeping: AtomicUsize,
    store_errors: AtomicU64,
}

impl Cache {
    pub(crate) fn new(
        store: Box<dyn Store>,
        remote: Option<Arc<dyn Remote>>,
        invalidations: Arc<Invalidations>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            store,
            remote,
            invalidations,
            clock,
            flights: Arc::new(Flights::new()),
            passing: Passing::new(),
            draws: AtomicU64::new(getrandom::u64().unwrap_or_default()),
            keeping: AtomicUsize::new(0),
            store_errors: AtomicU64::new(0),
        }
    }

    /// What memory has under this key that nothing has thrown away, and what it is. Waits for nobody.
    ///
    /// Nothing where the shared store has to be asked first: [`fetch`](Self::fetch) does that.
    #[inline]
    pub(crate) fn get(&self, key: &[u8], now: Moment) -> Option<(Arc<Entry>, Standing)> {
        let entry = self.store.get(key)?;
        if !entry.holds(&self.invalidations) || !entry.is_trusted(now, &self.invalidations) {
            return None;
        }
        let standing = entry.life.standing(now);
        Some((entry, standing))
    }

    /// The same without counting as a use.
    pub(crate) fn peek(&self, key: &[u8], now: Moment) -> Option<(Arc<Entry>, Standing)> {
        let entry = self.store.peek(key).filter(|entry| entry.holds(&self.invalidations))?;
        let standing = entry.life.standing(now);
        Some((entry, standing))
    }

    /// Gives back the memory of all entries, after they were thrown away.
    pub(crate) fn clear(&self) {
        self.store.clear();
    }

    /// Whether there is a store that processes share.
    pub(crate) fn is_shared(&self) -> bool {
        self.remote.is_some()
    }

    /// How many entries there are in memory, and how many bytes they take.
    pub(crate) fn size(&self) -> (u64, u64) {
        self.store.settle(self.clock.now());
        (self.store.entries(), self.store.bytes())
    }

    /// How often the shared store gave no answer since this was asked last. Whoever asks has to tell it on: a flight has no site of its own
    /// to tell it by, and what is kept in the background has nobody who waits for it.
    pub(crate) fn store_errors(&self) -> u64 {
        // Asked after every fetch: where nothing went wrong, nothing is written.
        match self.store_errors.load(Ordering::Relaxed) {
            0 => 0,
            _ => self.store_errors.swap(0, Ordering::Relaxed),
        }
    }

    fn store_failed(&self) {
        self.store_errors.fetch_add(1, Ordering::Relaxed);
    }

    /// A number by lot, without asking the system each time (`SplitMix64`).
    fn draw(&self) -> u64 {
        let seed = self.draws.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
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

#[cfg(test)]
mod tests;
