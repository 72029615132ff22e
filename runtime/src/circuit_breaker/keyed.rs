//! A breaker for each key, and no more of them than there may be.
//!
//! Breakers stay in their places for as long as the `Tollgate` lives, and places change hands: what a call holds never goes away under it, and
//! no reference is counted.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use foldhash::quality::RandomState;

use super::slot::Slot;
use crate::core::Key;

/// The breakers of a site by key.
#[derive(Debug)]
pub(super) struct Keyed {
    shards: Box<[Shard]>,
    hasher: RandomState,
}

#[derive(Debug)]
struct Shard {
    places: Mutex<Places>,
    /// Made one after the other.
    slots: Box<[OnceLock<Box<Slot>>]>,
}

/// Which place a key has.
#[derive(Debug, Default)]
struct Places {
    by_key: HashMap<Key, usize, RandomState>,
    /// The same the other way round, for as many as have been made.
    keys: Vec<Key>,
    /// Where whoever looks for room looks first.
    next: usize,
}

/// The breaker of a key.
pub(super) struct Found<'a> {
    pub(super) slot: &'a Slot,
    pub(super) tenancy: u64,
    /// Another key had it before, and it still knows what that one did.
    pub(super) is_new_tenant: bool,
}

/// Below so many keys one shard is as good as several, and is full when all of it is.
const SMALLEST_SHARD: u32 = 64;
const MOST_SHARDS: u32 = 16;

/// How many places somebody who looks for room looks at.
const LOOKS: usize = 16;

impl Keyed {
    pub(super) fn new(max_keys: u32) -> Self {
        let shards = (max_keys / SMALLEST_SHARD).clamp(1, MOST_SHARDS);
        let shard = |place| {
            // Together they have as many as there may be.
            let keys = max_keys / shards + u32::from(place < max_keys % shards);
            Shard::new(usize::try_from(keys).unwrap_or(usize::MAX))
        };
        Self { shards: (0..shards).map(shard).collect(), hasher: RandomState::default() }
    }

    /// The breaker of a key, which is made where there is none and there is room; `None` where there is no room.
    pub(super) fn find(&self, key: &Key, make: impl FnOnce(Arc<str>) -> Slot) -> Option<Found<'_>> {
        let hash = usize::try_from(self.hasher.hash_one(key) >> 32).unwrap_or_default();
        self.shards.get(hash % self.shards.len())?.find(key, make)
    }

    /// All that there are.
    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.shards
            .iter()
            .flat_map(|shard| shard.slots.iter().map_while(|slot| slot.get().map(|slot| &**slot)))
    }

    /// Ends when everybody has who is making one now.
    pub(super) fn settle(&self) {
        self.shards.iter().for_each(|shard| drop(shard.lock()));
    }
}

impl Shard {
    fn new(keys: usize) -> Self {
        Self { places: Mutex::default(), slots: (0..keys).map(|_| OnceLock::new()).collect() }
    }

    fn lock(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, key: &Key, make: impl FnOnce(Arc<str>) -> Slot) -> Option<Found<'_>> {
        let mut places = self.lock();
        if let Some(place) = places.by_key.get(key) {
            let slot = &**self.slots.get(*place)?.get()?;
            slot.note_use();
            return Some(Found { slot, tenancy: slot.tenancy(), is_new_tenant: false });
        }
        let name = || Arc::from(key.told());
        if let Some(free) = self.slots.get(places.keys.len()) {
            let slot = &**free.get_or_init(|| Box::new(make(name())));
            let place = places.keys.len();
            places.by_key.insert(key.clone(), place);
            places.keys.push(key.clone());
            return Some(Found { slot, tenancy: slot.tenancy(), is_new_tenant: false });
        }
        let (place, slot) = self.idle(&mut places)?;
        let former = std::mem::replace(places.keys.get_mut(place)?, key.clone());
        places.by_key.remove(&former);
        places.by_key.insert(key.clone(), place);
        slot.move_in(name());
        Some(Found { slot, tenancy: slot.tenancy(), is_new_tenant: true })
    }

    /// A place whose key nobody has called by since somebody last looked for one, and that keeps nobody out.
    fn idle(&self, places: &mut Places) -> Option<(usize, &Slot)> {
        for _ in 0..LOOKS.min(self.slots.len()) {
            let place = places.next % self.slots.len();
            places.next = place + 1;
            let slot = &**self.slots.get(place)?.get()?;
            if slot.is_idle() {
                return Some((place, slot));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
