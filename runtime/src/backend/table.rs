//! A sharded table of small values that expire, bounded by construction.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::quality::RandomState;

use super::fingerprint::with_slot;
use crate::core::Moment;

/// A value that says when forgetting it changes nothing.
pub(crate) trait Expires: Copy + Send {
    /// From this moment on the value means what a missing one means.
    fn expires_at(self) -> Moment;
}

/// Values by 128-bit identity, in shards with a lock each.
///
/// * An expired value is dropped by a sweep of its shard, which runs when the shard has doubled since its last
///   sweep or is full: no thread of its own, and the cost is spread over the insertions that caused it.
/// * A value that has not expired is never dropped. An identity that no longer fits shares one entry per scope with
///   all others that do not fit, so new keys can neither grow the table nor push anybody's state out.
pub(crate) struct Table<V> {
    shards: Box<[Mutex<Shard<V>>]>,
    overflow: Mutex<HashMap<u128, V, RandomState>>,
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
const SHARDS: usize = 1024;
/// A shard below this size is not worth a sweep.
const SMALL: usize = 64;

impl<V: Expires> Table<V> {
    /// A table of at most `capacity` values, and a few more where that is no multiple of the number of shards.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        let hasher = RandomState::default();
        let shard = || Shard {
            values: HashMap::with_hasher(hasher.clone()),
            sweep_at: SMALL,
            nothing_expires_before: Moment::ORIGIN,
        };
        Self {
            shards: (0..SHARDS).map(|_| Mutex::new(shard())).collect(),
            overflow: Mutex::new(HashMap::with_hasher(hasher.clone())),
            shard_capacity: capacity.div_ceil(SHARDS).max(1),
            hasher,
        }
    }

    /// The shard that holds all slots of an identity.
    pub(crate) fn shard_of(&self, identity: u128) -> usize {
        // The bits that a hash map looks at first are the lowest and the highest: take others.
        #[allow(clippy::cast_possible_truncation, reason = "taken modulo the number of shards")]
        let bits = (self.hasher.hash_one(identity) >> 32) as usize;
        bits % SHARDS
    }

    /// Locks one shard. Whoever locks several does so in ascending order.
    pub(crate) fn view(&self, shard: usize) -> View<'_, V> {
        let shard = self.shards[shard % SHARDS].lock().unwrap_or_else(PoisonError::into_inner);
        View { table: self, shard }
    }

    fn lock_overflow(&self) -> MutexGuard<'_, HashMap<u128, V, RandomState>> {
        self.overflow.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One locked shard.
pub(crate) struct View<'a, V> {
    table: &'a Table<V>,
    shard: MutexGuard<'a, Shard<V>>,
}

impl<V: Expires> View<'_, V> {
    /// The value of a slot of an identity; of the entry that `scope` shares where the identity did not fit.
    pub(crate) fn get(&mut self, identity: u128, scope: u128, slot: u8, now: Moment) -> Option<V> {
        let found = self.shard.values.get(&with_slot(identity, slot)).copied();
        if found.is_some() || self.has_room(now) {
            return found;
        }
        self.table.lock_overflow().get(&with_slot(scope, slot)).copied()
    }

    /// The value of the first slot of an identity that has one of its own.
    #[inline]
    pub(crate) fn get_mut(&mut self, identity: u128) -> Option<&mut V> {
        self.shard.values.get_mut(&identity)
    }

    /// Sets what [`get`](Self::get) has just read.
    pub(crate) fn set(&mut self, identity: u128, scope: u128, slot: u8, value: V) {
        self.shard.nothing_expires_before = self.shard.nothing_expires_before.min(value.expires_at());
        let full = self.shard.values.len() >= self.table.shard_capacity;
        let identity = with_slot(identity, slot);
        if !full || self.shard.values.contains_key(&identity) {
            self.shard.values.insert(identity, value);
        } else {
            self.table.lock_overflow().insert(with_slot(scope, slot), value);
        }
    }

    /// Whether a new value fits, after a sweep where one is due.
    fn has_room(&mut self, now: Moment) -> bool {
        let capacity = self.table.shard_capacity;
        let shard = &mut *self.shard;
        if shard.values.len() >= shard.sweep_at.min(capacity) && now >= shard.nothing_expires_before {
            shard.sweep(now);
        }
        shard.values.len() < capacity
    }
}

impl<V: Expires> Shard<V> {
    fn sweep(&mut self, now: Moment) {
        let mut earliest = Moment::from_nanos(u64::MAX);
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
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Until(u64);

    impl Expires for Until {
        fn expires_at(self) -> Moment {
            Moment::from_nanos(self.0)
        }
    }

    fn at(nanos: u64) -> Moment {
        Moment::from_nanos(nanos)
    }

    /// How many values there are, expired ones included.
    fn len(table: &Table<Until>) -> usize {
        let shards: usize = (0..SHARDS).map(|shard| table.view(shard).shard.values.len()).sum();
        shards + table.lock_overflow().len()
    }

    fn put(table: &Table<Until>, identity: u128, value: u64, now: Moment) -> Option<Until> {
        let mut view = table.view(table.shard_of(identity));
        let before = view.get(identity, u128::MAX, 0, now);
        view.set(identity, u128::MAX, 0, Until(value));
        before
    }

    #[test]
    fn values_stay_until_they_expire_and_go_when_the_room_is_needed() {
        let table = Table::with_capacity(1 << 20);
        for identity in 0..100_000 {
            put(&table, identity << 80, 1_000, at(0));
        }
        assert_eq!(len(&table), 100_000);
        for identity in 200_000..300_000 {
            put(&table, identity << 80, 9_000, at(1_000));
        }
        assert!(len(&table) < 200_000, "{} values: the expired ones went", len(&table));
        assert_eq!(put(&table, 200_000 << 80, 9_000, at(1_000)), Some(Until(9_000)));
    }

    #[test]
    fn a_full_table_keeps_its_values_and_lets_new_identities_share_one_entry() {
        let table = Table::with_capacity(4 * SHARDS);
        for identity in 0..100_000 {
            put(&table, identity << 80, 1_000, at(0));
        }
        assert!(len(&table) <= 4 * SHARDS + 1, "{} values", len(&table));
        assert_eq!(
            put(&table, 500_000 << 80, 2_000, at(1)),
            Some(Until(1_000)),
            "shares with those before it"
        );
        assert_eq!(put(&table, 600_000 << 80, 3_000, at(1)), Some(Until(2_000)));
    }

    #[test]
    fn values_make_room_once_they_expire_although_those_of_the_last_sweep_stay_longer() {
        let table = Table::with_capacity(1 << 20);
        let put_all = |identities: std::ops::Range<u128>, until, now| {
            for identity in identities {
                put(&table, identity << 80, until, at(now));
            }
        };
        put_all(0..100_000, 1_000_000, 0);
        put_all(100_000..200_000, 10, 1);
        put_all(200_000..300_000, 20, 15);
        assert!(len(&table) < 250_000, "{} values: those until 10 went", len(&table));
    }

    #[test]
    fn a_full_table_takes_new_identities_again_once_values_expired() {
        let table = Table::with_capacity(SHARDS);
        for identity in 0..100_000 {
            put(&table, identity << 80, 1_000, at(0));
        }
        assert_eq!(put(&table, 500_000 << 80, 2_000, at(1_000)), None);
        assert_eq!(put(&table, 500_000 << 80, 2_500, at(1_000)), Some(Until(2_000)));
    }
}
