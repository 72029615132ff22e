//! A sharded table of small values that expire, bounded by construction.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::quality::RandomState;

use super::fingerprint::with_slot;
use crate::core::Moment;

/// A value that says when forgetting it changes nothing.
pub(crate) trait Expires: Copy + Send {
    /// From this moment on the value means what a missing one means. The same for all values of an identity.
    fn expires_at(self) -> Moment;
}

/// Values by 128-bit identity, one or a few for each, in shards with a lock each.
///
/// * An expired value is dropped by a sweep of its shard, which runs when the shard has doubled since its last
///   sweep or is full: no thread of its own, and the cost is spread over the insertions that caused it.
/// * A value that has not expired is never dropped. Whoever gets no room for a new identity keeps its values under an
///   identity of many in the [shared shard](Self::shared_shard), so new identities can neither grow the table nor push
///   anybody's state out.
pub(crate) struct Table<V> {
    /// A power of two of them, and the shared one.
    shards: Box<[Mutex<Shard<V>>]>,
    hasher: RandomState,
    shard_capacity: usize,
}

struct Shard<V> {
    values: HashMap<u128, V, RandomState>,
    /// The number of values from which on a sweep pays.
    sweep_at: usize,
    /// No value expires before this moment.
    nothing_expires_before: Moment,
}

/// Enough that two cores rarely meet in one, and that a sweep of ten million values takes no millisecond.
const MOST_SHARDS: usize = 1024;
/// Shards of fewer values would differ too much in how full they are.
const SMALLEST_SHARD: usize = 256;
/// A shard below this size is not worth a sweep.
const SMALL: usize = 64;

const NEVER: Moment = Moment::from_nanos(u64::MAX);

impl<V: Expires> Table<V> {
    /// A table of at most `capacity` values, besides those in the shared shard.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        let hasher = RandomState::default();
        let shards = (1 << (capacity / SMALLEST_SHARD).max(1).ilog2()).min(MOST_SHARDS);
        let shard = || Shard {
            values: HashMap::with_hasher(hasher.clone()),
            sweep_at: SMALL,
            nothing_expires_before: NEVER,
        };
        Self {
            shards: (0..=shards).map(|_| Mutex::new(shard())).collect(),
            shard_capacity: capacity / shards,
            hasher,
        }
    }

    /// The shard that holds all values of an identity.
    pub(crate) fn shard_of(&self, identity: u128) -> usize {
        // The bits that a hash map looks at first are the lowest and the highest: take others.
        #[allow(clippy::cast_possible_truncation, reason = "taken modulo the number of shards")]
        let bits = (self.hasher.hash_one(identity) >> 32) as usize;
        bits & (self.shared_shard() - 1)
    }

    /// The shard for values that many identities share. It is the last, and has no bound: there are to be few of them.
    pub(crate) fn shared_shard(&self) -> usize {
        self.shards.len() - 1
    }

    /// Locks one shard. Whoever locks several does so in ascending order.
    pub(crate) fn view(&self, shard: usize) -> View<'_, V> {
        let shard = &self.shards[shard.min(self.shared_shard())];
        View {
            shard: shard.lock().unwrap_or_else(PoisonError::into_inner),
            capacity: self.shard_capacity,
            reserved: 0,
        }
    }
}

/// One locked shard.
pub(crate) struct View<'a, V> {
    shard: MutexGuard<'a, Shard<V>>,
    capacity: usize,
    /// How many values have been promised room that they have not taken yet.
    reserved: usize,
}

impl<V: Expires> View<'_, V> {
    /// Whether the table keeps values of this identity, or has room for that many, and then holds it free.
    ///
    /// Sweeps the shard where that is due.
    pub(crate) fn reserve(&mut self, identity: u128, values: usize, now: Moment) -> bool {
        if self.get(identity, 0).is_some_and(|value| value.expires_at() > now) {
            return true;
        }
        let needed = self.shard.values.len() + self.reserved + values;
        if needed > self.shard.sweep_at.min(self.capacity) && now >= self.shard.nothing_expires_before {
            self.shard.sweep(now);
        }
        let fits = self.shard.values.len() + self.reserved + values <= self.capacity;
        self.reserved += if fits { values } else { 0 };
        fits
    }

    /// A value of an identity.
    pub(crate) fn get(&self, identity: u128, slot: u8) -> Option<V> {
        self.shard.values.get(&with_slot(identity, slot)).copied()
    }

    /// The first value of an identity, to be set to one that expires no earlier.
    #[inline]
    pub(crate) fn get_mut(&mut self, identity: u128) -> Option<&mut V> {
        self.shard.values.get_mut(&identity)
    }

    /// Sets a value of an identity that has [room](Self::reserve).
    pub(crate) fn set(&mut self, identity: u128, slot: u8, value: V) {
        let shard = &mut *self.shard;
        shard.nothing_expires_before = shard.nothing_expires_before.min(value.expires_at());
        shard.values.insert(with_slot(identity, slot), value);
    }
}

impl<V: Expires> Shard<V> {
    fn sweep(&mut self, now: Moment) {
        let mut earliest = NEVER;
        self.values.retain(|_, value| {
            let expires = value.expires_at();
            let kept = expires > now;
            if kept {
                earliest = earliest.min(expires);
            }
            kept
        });
        self.nothing_expires_before = earliest;
        self.sweep_at = (self.values.len() * 2).max(SMALL);
        self.values.shrink_to(self.sweep_at);
    }
}

#[cfg(test)]
impl<V: Expires> Table<V> {
    /// How many values there are, expired ones included.
    pub(crate) fn len(&self) -> usize {
        (0..self.shards.len()).map(|shard| self.view(shard).shard.values.len()).sum()
    }

    /// For how many values memory is set aside.
    pub(crate) fn allocated(&self) -> usize {
        (0..self.shards.len()).map(|shard| self.view(shard).shard.values.capacity()).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Until(u64);

    impl Expires for Until {
        fn expires_at(self) -> Moment {
            Moment::from_nanos(self.0)
        }
    }

    /// Puts one value, and tells whether there was room.
    fn put(table: &Table<Until>, identity: u128, until: u64, now: u64) -> bool {
        let mut view = table.view(table.shard_of(identity));
        let has_room = view.reserve(identity, 1, Moment::from_nanos(now));
        if has_room {
            view.set(identity, 0, Until(until));
        }
        has_room
    }

    /// Puts values of many identities, and tells how many had room.
    fn put_all(table: &Table<Until>, identities: Range<u128>, until: u64, now: u64) -> usize {
        identities.filter(|identity| put(table, identity << 80, until, now)).count()
    }

    fn get(table: &Table<Until>, identity: u128) -> Option<Until> {
        table.view(table.shard_of(identity)).get(identity, 0)
    }

    #[test]
    fn there_are_as_many_values_as_were_put() {
        let table = Table::with_capacity(1 << 20);
        assert_eq!(put_all(&table, 0..10_000, 1_000, 0), 10_000);
        assert_eq!(put_all(&table, 0..10_000, 1_000, 0), 10_000);
        assert_eq!(table.len(), 10_000);
    }

    #[test]
    fn values_stay_until_they_expire_and_go_when_the_room_is_needed() {
        let table = Table::with_capacity(1 << 20);
        put_all(&table, 0..100_000, 1_000, 0);
        assert_eq!(table.len(), 100_000);
        put_all(&table, 200_000..300_000, 9_000, 1_000);
        assert!(table.len() < 200_000, "{} values: the expired ones went", table.len());
        assert_eq!(get(&table, 200_000 << 80), Some(Until(9_000)));
    }

    #[test]
    fn values_make_room_once_they_expire_although_those_of_the_last_sweep_stay_longer() {
        let table = Table::with_capacity(1 << 20);
        put_all(&table, 0..100_000, 1_000_000, 0);
        put_all(&table, 100_000..200_000, 10, 1);
        put_all(&table, 200_000..300_000, 20, 15);
        assert!(table.len() < 250_000, "{} values: those until 10 went", table.len());
    }

    #[test]
    fn expired_values_give_their_memory_back() {
        let table = Table::with_capacity(1 << 20);
        put_all(&table, 0..500_000, 1_000, 0);
        assert!(table.allocated() >= 500_000);
        put_all(&table, 500_000..600_000, 9_000, 1_000);
        assert!(table.allocated() < 200_000, "memory for {} values", table.allocated());
    }

    #[test]
    fn a_full_table_keeps_what_it_has_and_takes_nothing_more() {
        for capacity in [1, 2, 100, 1_000, 5_000, 100_000] {
            let table = Table::with_capacity(capacity);
            let kept = put_all(&table, 0..2 * capacity as u128, 1_000, 0);
            assert_eq!(table.len(), kept);
            assert!(kept <= capacity && kept >= capacity - capacity / 8, "{kept} of {capacity}");
            assert_eq!(put_all(&table, 0..2 * capacity as u128, 1_000, 999), kept, "the same ones");
        }
    }

    #[test]
    fn a_full_table_takes_new_identities_again_once_values_expired() {
        let table = Table::with_capacity(1_000);
        put_all(&table, 0..10_000, 1_000, 0);
        assert_eq!(put_all(&table, 20_000..20_500, 2_000, 999), 0);
        assert_eq!(put_all(&table, 20_000..20_300, 2_000, 1_000), 300);
    }

    #[test]
    fn room_that_was_promised_is_not_promised_again() {
        let table = Table::<Until>::with_capacity(5);
        let mut view = table.view(0);
        let now = Moment::ORIGIN;
        assert!(view.reserve(1 << 80, 3, now));
        assert!(!view.reserve(2 << 80, 3, now), "more than is left");
        assert!(view.reserve(3 << 80, 2, now));
        assert!(!view.reserve(4 << 80, 1, now));
        drop(view);
        assert!(table.view(0).reserve(4 << 80, 5, now), "unless it was not taken");
    }

    #[test]
    fn an_identity_that_expired_needs_room_as_a_new_one_does() {
        let table = Table::with_capacity(2);
        put_all(&table, 0..2, 1_000, 0);
        let mut view = table.view(0);
        let now = Moment::from_nanos(1_000);
        assert!(view.reserve(7 << 80, 2, now));
        assert!(!view.reserve(0, 1, now), "its value went, and the room is promised");
        assert_eq!(view.get(0, 0), None);
        drop(view);
        put_all(&table, 0..2, 2_000, 1_000);
        let mut view = table.view(0);
        let now = Moment::from_nanos(2_000);
        assert!(view.reserve(0, 1, now));
        assert!(!view.reserve(7 << 80, 2, now), "its room is promised, too");
    }
}
