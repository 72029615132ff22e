//! A sharded table of small values that expire, bounded by construction.

use std::hash::BuildHasher;
use std::hint;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use foldhash::quality::RandomState;

use super::fingerprint::with_slot;
use super::slots::{Expires, Slots};
use crate::core::Moment;

/// Values by 128-bit identity, one or a few for each, in shards with a lock each.
///
/// * Values that expired are dropped when their shard needs memory, which it then takes by what is left; and where it is
///   full, a few at a time by whoever needs their room. No thread of its own, and the cost is spread over the insertions
///   that caused it.
/// * A value that has not expired is never dropped. Whoever gets no room for a new identity keeps its values under an
///   identity of many in the [shared shard](Self::shared), so new identities can neither grow the table nor push
///   anybody's state out.
pub(crate) struct Table<V> {
    /// A power of two of them, and the shared one.
    shards: Box<[Shard<V>]>,
    hasher: RandomState,
    shard_capacity: usize,
}

/// In a cache line of its own, so that neighbours do not slow each other down.
#[repr(align(64))]
struct Shard<V>(Mutex<Slots<V>>);

impl<V> Shard<V> {
    #[inline]
    fn lock(&self) -> MutexGuard<'_, Slots<V>> {
        match self.0.try_lock() {
            Ok(slots) => slots,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => self.lock_later(),
        }
    }

    /// Whoever comes at the wrong moment looks away for a while, in which the other may decide several times. With one hot
    /// key that is faster for both than to pass the cache line to and fro, and than to sleep.
    #[cold]
    #[inline(never)]
    fn lock_later(&self) -> MutexGuard<'_, Slots<V>> {
        for pauses in PAUSES {
            for _ in 0..pauses {
                hint::spin_loop();
            }
            if let Ok(slots) = self.0.try_lock() {
                return slots;
            }
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Enough that two cores rarely meet in one, and that rebuilding one of ten million values takes no millisecond.
const MOST_SHARDS: usize = 4096;
/// How long whoever does not get a lock looks away, time after time, before it sleeps: a few microseconds in all.
const PAUSES: [u32; 4] = [32, 64, 128, 128];
/// Shards of fewer values would differ too much in how full they are.
const SMALLEST_SHARD: usize = 512;

/// An identity, and where its values are.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// All values of an identity are in one shard.
    pub(crate) shard: usize,
    identity: u128,
    hash: u64,
}

/// How far a shard may fill up with values of identities that it does not keep yet.
#[derive(Clone, Copy)]
pub(crate) enum Room {
    /// To the last one.
    Whole,
    /// To three quarters, which leaves the last one to others.
    ThreeQuarters,
}

impl Room {
    const fn of(self, capacity: usize) -> usize {
        match self {
            Self::Whole => capacity,
            Self::ThreeQuarters => capacity - capacity / 4,
        }
    }
}

impl<V: Expires> Table<V> {
    /// A table of values that weigh at most `capacity`, besides those in the shared shard.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self::with_shards_of(SMALLEST_SHARD, capacity)
    }

    /// The same in shards that have room for so much each, where there is as much.
    pub(crate) fn with_shards_of(room: usize, capacity: usize) -> Self {
        let shards = (1 << (capacity / room.max(1)).max(1).ilog2()).min(MOST_SHARDS);
        Self {
            shards: (0..=shards).map(|_| Shard(Mutex::new(Slots::new()))).collect(),
            hasher: RandomState::default(),
            shard_capacity: capacity / shards,
        }
    }

    /// Where the values of an identity are.
    #[inline]
    pub(crate) fn place(&self, identity: u128) -> Place {
        let hash = self.hasher.hash_one(identity);
        // The lower half says where in its shard a value is.
        #[allow(clippy::cast_possible_truncation, reason = "taken modulo the number of shards")]
        let bits = (hash >> 32) as usize;
        Place { shard: bits & (self.shared_shard() - 1), identity, hash }
    }

    /// The place of values that many identities share: in the last shard, which has no bound, because there are to be few
    /// of them.
    pub(crate) fn shared(&self, identity: u128) -> Place {
        Place { shard: self.shared_shard(), ..self.place(identity) }
    }

    /// The last shard.
    pub(crate) fn shared_shard(&self) -> usize {
        self.shards.len() - 1
    }

    /// Locks one shard. Whoever locks several does so in ascending order.
    #[inline]
    pub(crate) fn view(&self, shard: usize, now: Moment) -> View<'_, V> {
        let shard = shard.min(self.shared_shard());
        View {
            slots: self.shards[shard].lock(),
            hasher: &self.hasher,
            capacity: if shard == self.shared_shard() { usize::MAX } else { self.shard_capacity },
            reserved: 0,
            now,
        }
    }
}

/// One locked shard, at one moment.
pub(crate) struct View<'a, V> {
    slots: MutexGuard<'a, Slots<V>>,
    hasher: &'a RandomState,
    capacity: usize,
    /// How many values have been promised room that they may not have taken yet.
    reserved: usize,
    now: Moment,
}

impl<V: Expires> View<'_, V> {
    /// Whether the table keeps all these values of an identity, or has room for those that it lacks, and then holds it
    /// free.
    ///
    /// Whoever has values that expired needs no more room for them, but a promise: another reservation may sweep them.
    pub(crate) fn reserve(&mut self, place: Place, values: u8, room: Room) -> bool {
        let (mut absent, mut expired) = (0, 0);
        for slot in 0..values {
            match self.get(place, slot) {
                None => absent += 1,
                Some(value) if value.expires_at() > self.now => {}
                Some(_) => expired += 1,
            }
        }
        let has_room = absent == 0 || self.makes_room(place, absent + expired, room);
        self.reserved += if has_room { absent + expired } else { 0 };
        has_room
    }

    /// Whether so many new values fit, or a value may grow by so much, after a sweep if need be.
    pub(crate) fn makes_room(&mut self, place: Place, values: usize, room: Room) -> bool {
        let Some(most) = room.of(self.capacity).checked_sub(self.reserved + values) else { return false };
        if self.slots.weight() > most {
            let hash = |identity| self.hasher.hash_one(identity);
            if self.slots.is_mostly_expired(place.identity, place.hash, self.now) {
                self.slots.rebuild(self.capacity, self.now, hash);
            }
            // Leaves alone what has room by now.
            self.slots.sweep(place.identity, most, self.now, hash);
        }
        self.slots.weight() <= most
    }

    /// A value of an identity.
    #[inline]
    pub(crate) fn get(&self, place: Place, slot: u8) -> Option<&V> {
        self.slots.get(with_slot(place.identity, slot), place.hash)
    }

    /// The first value of an identity, to be changed.
    #[inline]
    pub(crate) fn get_mut(&mut self, place: Place) -> Option<&mut V> {
        self.slots.get_mut(place.identity, place.hash)
    }

    /// Changes a value of an identity, whatever it weighs, and tells whether it is there.
    pub(crate) fn update(&mut self, place: Place, slot: u8, change: impl FnOnce(&mut V)) -> bool {
        self.slots.update(with_slot(place.identity, slot), place.hash, change)
    }

    /// Drops a value of an identity.
    pub(crate) fn remove(&mut self, place: Place, slot: u8) {
        self.slots.remove(with_slot(place.identity, slot), |identity| self.hasher.hash_one(identity));
    }

    /// Sets a value of an identity that has [room](Self::reserve).
    pub(crate) fn set(&mut self, place: Place, slot: u8, value: V) {
        let identity = with_slot(place.identity, slot);
        if self.slots.get(identity, place.hash).is_some() {
            self.slots.update(identity, place.hash, |there| *there = value);
            return;
        }
        if self.slots.is_crowded() {
            self.slots.rebuild(self.capacity, self.now, |identity| self.hasher.hash_one(identity));
        }
        self.slots.insert(identity, place.hash, value);
    }
}

#[cfg(test)]
impl<V: Expires> Table<V> {
    /// How many values there are, expired ones included.
    pub(crate) fn len(&self) -> usize {
        (0..self.shards.len()).map(|shard| self.view(shard, Moment::ORIGIN).slots.taken()).sum()
    }

    /// What all values weigh together, expired ones included.
    pub(crate) fn weight(&self) -> usize {
        (0..self.shards.len()).map(|shard| self.view(shard, Moment::ORIGIN).slots.weight()).sum()
    }

    /// How many bytes are set aside for values.
    pub(crate) fn allocated(&self) -> usize {
        (0..self.shards.len()).map(|shard| self.view(shard, Moment::ORIGIN).slots.allocated()).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    #[derive(Clone, Copy, Debug, Default, PartialEq)]
    struct Until(u64);

    impl Expires for Until {
        fn expires_at(&self) -> Moment {
            Moment::from_nanos(self.0)
        }
    }

    impl Table<Until> {
        fn locked(&self, number: u128, now: u64) -> (View<'_, Until>, Place) {
            let place = self.place(identity(number));
            (self.view(place.shard, Moment::from_nanos(now)), place)
        }

        /// Puts one value, and tells whether there was room.
        fn put(&self, number: u128, until: u64, now: u64, room: Room) -> bool {
            let (mut view, place) = self.locked(number, now);
            let has_room = view.reserve(place, 1, room);
            if has_room {
                view.set(place, 0, Until(until));
            }
            has_room
        }

        /// Puts values of many identities, and tells how many had room.
        fn put_all(&self, numbers: Range<u128>, until: u64, now: u64) -> usize {
            numbers.filter(|number| self.put(*number, until, now, Room::Whole)).count()
        }

        fn get(&self, number: u128) -> Option<Until> {
            let (view, place) = self.locked(number, 0);
            view.get(place, 0).copied()
        }
    }

    fn identity(number: u128) -> u128 {
        (number + 1) << 80
    }

    #[test]
    fn there_are_as_many_values_as_were_put() {
        let table = Table::with_capacity(1 << 20);
        assert_eq!(table.put_all(0..10_000, 1_000, 0), 10_000);
        assert_eq!(table.put_all(0..10_000, 1_000, 0), 10_000);
        assert_eq!(table.len(), 10_000);
    }

    #[test]
    fn values_stay_until_they_expire_and_go_when_the_room_is_needed() {
        let table = Table::with_capacity(1 << 20);
        table.put_all(0..100_000, 1_000, 0);
        assert_eq!(table.len(), 100_000);
        table.put_all(200_000..300_000, 9_000, 1_000);
        assert!(table.len() < 200_000, "{} values: the expired ones went", table.len());
        assert_eq!(table.get(200_000), Some(Until(9_000)));
    }

    #[test]
    fn values_make_room_once_they_expire_although_those_of_the_last_sweep_stay_longer() {
        let table = Table::with_capacity(1 << 20);
        table.put_all(0..100_000, 1_000_000, 0);
        table.put_all(100_000..200_000, 10, 1);
        table.put_all(200_000..300_000, 20, 15);
        assert!(table.len() < 250_000, "{} values: those until 10 went", table.len());
    }

    #[test]
    fn expired_values_give_their_memory_back() {
        let table = Table::with_capacity(1 << 20);
        table.put_all(0..500_000, 1_000, 0);
        let before = table.allocated();
        assert!(before >= 500_000 * size_of::<Until>(), "{before} bytes");
        table.put_all(500_000..800_000, 9_000, 1_000);
        assert!(table.allocated() < before, "{} bytes after {before}", table.allocated());
    }

    #[test]
    fn a_full_table_keeps_what_it_has_and_takes_nothing_more() {
        for capacity in [1, 2, 100, 1_000, 5_000, 100_000] {
            let table = Table::with_capacity(capacity);
            let kept = table.put_all(0..2 * capacity as u128, 1_000, 0);
            assert_eq!(table.len(), kept);
            assert!(kept <= capacity && kept >= capacity - capacity / 8, "{kept} of {capacity}");
            assert_eq!(table.put_all(0..2 * capacity as u128, 1_000, 999), kept, "the same ones");
        }
    }

    #[test]
    fn a_full_table_takes_new_identities_again_once_values_expired() {
        let table = Table::with_capacity(1_000);
        table.put_all(0..10_000, 1_000, 0);
        assert_eq!(table.put_all(20_000..20_500, 2_000, 999), 0);
        assert_eq!(table.put_all(20_000..20_300, 2_000, 1_000), 300);
    }

    #[test]
    fn a_shard_that_is_three_quarters_full_has_room_for_some() {
        let table = Table::with_capacity(1_000);
        let put =
            |numbers: Range<u128>, room| numbers.filter(|number| table.put(*number, 1_000, 0, room)).count();
        assert_eq!(put(0..10_000, Room::ThreeQuarters), 750);
        assert_eq!(put(0..10_000, Room::ThreeQuarters), 750, "those that are there stay");
        assert_eq!(put(10_000..20_000, Room::Whole), 250);
        assert_eq!(put(0..10_000, Room::ThreeQuarters), 750, "nobody was pushed out");
    }

    #[test]
    fn whoever_has_room_needs_no_more_when_its_values_expired() {
        let table = Table::with_capacity(100);
        let (mut view, place) = table.locked(1, 0);
        assert!(view.reserve(place, 2, Room::ThreeQuarters));
        view.set(place, 0, Until(10));
        view.set(place, 1, Until(20));
        drop(view);
        assert_eq!(table.put_all(100..1_000, 1_000, 0), 98);
        let (mut view, place) = table.locked(1, 15);
        assert!(view.reserve(place, 2, Room::ThreeQuarters), "although it is full beyond");
        assert!(!view.reserve(table.place(identity(7)), 1, Room::Whole), "its room is promised");
    }

    #[test]
    fn room_that_was_promised_is_not_promised_again() {
        let table = Table::<Until>::with_capacity(5);
        let place = |number| table.place(identity(number));
        let mut view = table.view(0, Moment::ORIGIN);
        assert!(view.reserve(place(1), 3, Room::Whole));
        assert!(!view.reserve(place(2), 3, Room::Whole), "more than is left");
        assert!(view.reserve(place(3), 2, Room::Whole));
        assert!(!view.reserve(place(4), 1, Room::Whole));
        drop(view);
        assert!(table.view(0, Moment::ORIGIN).reserve(place(4), 5, Room::Whole), "unless it was not taken");
    }

    /// A value that takes so much of the room.
    #[derive(Default)]
    struct Heavy(usize);

    impl Expires for Heavy {
        fn expires_at(&self) -> Moment {
            Moment::from_nanos(1_000)
        }

        fn weight(&self) -> usize {
            self.0
        }
    }

    #[test]
    fn a_value_that_grows_leaves_less_room_and_one_that_shrinks_more() {
        let table = Table::with_capacity(10);
        let place = |number| table.place(identity(number));
        let mut view = table.view(0, Moment::ORIGIN);
        for number in 0..2 {
            assert!(view.reserve(place(number), 1, Room::Whole));
            view.set(place(number), 0, Heavy(1));
        }
        drop(view);
        let mut view = table.view(0, Moment::ORIGIN);
        assert!(view.makes_room(place(0), 8, Room::Whole));
        assert!(!view.makes_room(place(0), 9, Room::Whole));
        assert!(view.update(place(0), 0, |heavy| heavy.0 = 9));
        assert!(!view.reserve(place(7), 1, Room::Whole), "{} are taken", view.slots.weight());
        view.set(place(0), 0, Heavy(3));
        assert!(view.reserve(place(7), 1, Room::Whole));
        assert!(!view.update(place(8), 0, |heavy| heavy.0 = 9), "it is not there");
        drop(view);
        assert_eq!(table.weight(), 4);
        table.view(0, Moment::ORIGIN).remove(place(0), 0);
        assert_eq!(table.weight(), 1);
        table.view(0, Moment::ORIGIN).remove(place(0), 0);
        assert_eq!((table.weight(), table.len()), (1, 1), "once is enough");
    }

    #[test]
    fn what_expired_gives_back_all_that_it_weighs() {
        let table = Table::with_capacity(100);
        let place = |number| table.place(identity(number));
        let mut view = table.view(0, Moment::ORIGIN);
        for number in 0..10 {
            view.set(place(number), 0, Heavy(10));
        }
        assert!(!view.reserve(place(77), 1, Room::Whole));
        drop(view);
        let mut view = table.view(0, Moment::from_nanos(1_000));
        assert!(view.reserve(place(77), 1, Room::Whole));
        drop(view);
        assert!(table.weight() < 100, "{}", table.weight());
    }

    #[test]
    fn an_identity_that_expired_needs_room_as_a_new_one_does() {
        let table = Table::with_capacity(2);
        let place = |number| table.place(identity(number));
        table.put_all(0..2, 1_000, 0);
        let mut view = table.view(0, Moment::from_nanos(1_000));
        assert!(view.reserve(place(7), 2, Room::Whole));
        assert!(!view.reserve(place(0), 1, Room::Whole), "its value went, and the room is promised");
        assert_eq!(view.get(place(0), 0), None);
        drop(view);
        table.put_all(0..2, 2_000, 1_000);
        let mut view = table.view(0, Moment::from_nanos(2_000));
        assert!(view.reserve(place(0), 1, Room::Whole));
        assert!(!view.reserve(place(7), 2, Room::Whole), "its room is promised, too");
    }
}
