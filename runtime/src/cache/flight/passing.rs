//! Which keys are not for keeping, for a short while, so that those who want them do not stand in line for nothing.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::core::Moment;

/// As many keys are remembered at most; two that meet forget each other.
const PLACES: usize = 4096;
const NANOS_PER_SECOND: u64 = 1_000_000_000;
/// Seconds for which a key is remembered.
const SECONDS: u64 = 10;
/// The lower bits of a place: the second until which it holds. The upper ones tell keys apart.
const SECOND_BITS: u32 = 40;
const SECOND_MASK: u64 = (1 << SECOND_BITS) - 1;

/// Keys whose values turned out to be for one asker alone.
///
/// A table of one size without locks. What is forgotten costs one wait in line; what is taken for another (one of 16 million) costs a
/// run that could have been shared. Nothing wrong is ever given.
pub(in super::super) struct Passing {
    hasher: RandomState,
    places: OnceLock<Box<[AtomicU64]>>,
}

impl Passing {
    pub(in super::super) fn new() -> Self {
        Self { hasher: RandomState::new(), places: OnceLock::new() }
    }

    /// Whether this key is not for keeping.
    pub(in super::super) fn has(&self, key: &[u8], now: Moment) -> bool {
        let Some(places) = self.places.get() else { return false };
        let hash = self.hasher.hash_one(key);
        let place = place(places, hash).load(Ordering::Relaxed);
        same_key(place, hash) && second(now) < place & SECOND_MASK
    }

    /// It is not, for a short while.
    pub(in super::super) fn add(&self, key: &[u8], now: Moment) {
        let places = self.places.get_or_init(|| (0..PLACES).map(|_| AtomicU64::new(0)).collect());
        let hash = self.hasher.hash_one(key);
        let until = (second(now) + SECONDS) & SECOND_MASK;
        place(places, hash).store(hash & !SECOND_MASK | until, Ordering::Relaxed);
    }

    /// It is, as it turns out.
    pub(in super::super) fn remove(&self, key: &[u8]) {
        let Some(places) = self.places.get() else { return };
        let hash = self.hasher.hash_one(key);
        let place = place(places, hash);
        if same_key(place.load(Ordering::Relaxed), hash) {
            place.store(0, Ordering::Relaxed);
        }
    }
}

impl fmt::Debug for Passing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passing").finish_non_exhaustive()
    }
}

fn place(places: &[AtomicU64], hash: u64) -> &AtomicU64 {
    // The lower bits, which are not among those that are kept.
    &places[usize::try_from(hash % PLACES as u64).unwrap_or_default()]
}

const fn same_key(place: u64, hash: u64) -> bool {
    place >> SECOND_BITS == hash >> SECOND_BITS
}

const fn second(now: Moment) -> u64 {
    now.as_nanos() / NANOS_PER_SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_remembered_for_a_while_or_until_it_is_for_keeping() {
        let passing = Passing::new();
        let at = |seconds: u64| Moment::from_nanos(seconds * NANOS_PER_SECOND);
        assert!(!passing.has(b"a", at(1)));
        passing.add(b"a", at(1));
        assert!(passing.has(b"a", at(1)) && passing.has(b"a", at(SECONDS)));
        assert!(!passing.has(b"b", at(1)));
        assert!(!passing.has(b"a", at(1 + SECONDS)));
        passing.remove(b"a");
        assert!(!passing.has(b"a", at(1)));
    }

    #[test]
    fn it_takes_the_same_room_whatever_is_added() {
        let passing = Passing::new();
        for number in 0..100_000_u32 {
            passing.add(&number.to_le_bytes(), Moment::ORIGIN);
        }
        assert_eq!(passing.places.get().map(|places| places.len()), Some(PLACES));
        assert!(passing.has(&99_999_u32.to_le_bytes(), Moment::ORIGIN), "the last is remembered");
    }
}
