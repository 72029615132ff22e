//! Small values that expire, by 128-bit identity, side by side in one allocation.
//!
//! Open addressing with linear probing: a value lies in the first free slot from its home on, so finding it is one jump
//! into memory and a short walk. At most three quarters of the slots are taken, and after a rebuild no fewer than half:
//! a value of nine bytes takes up to 50, its identity included.

use std::mem;

use super::fingerprint::{slot_of, without_slot};
use crate::core::Moment;

/// A value that says when forgetting it changes nothing.
///
/// One without alignment keeps the slots dense.
pub(crate) trait Expires: Default + Send {
    /// From this moment on the value means what a missing one means.
    fn expires_at(&self) -> Moment;

    /// How much of the room it takes.
    fn weight(&self) -> usize {
        1
    }
}

/// The values of one shard. `hash` is given an identity without its slot, and the same one each time.
pub(super) struct Slots<V> {
    all: Box<[Slot<V>]>,
    taken: usize,
    /// What all values weigh together.
    weight: usize,
}

struct Slot<V> {
    /// As bytes, which need no alignment.
    identity: [u8; 16],
    value: V,
}

/// No identity is zero.
const FREE: u128 = 0;
/// A shard has this many slots as soon as it has a value.
const FEWEST: usize = 4;
/// Fewer values are not worth forgetting any: a clock that steps back finds them all.
const FEW: usize = 64;
/// How many values a sweep looks at in vain: one in twenty that expired is enough to be found nearly always.
const LOOKS: usize = 64;
/// How many slots tell whether most of them mean nothing any more.
const SAMPLE: usize = 16;

impl<V: Expires> Slots<V> {
    pub(super) fn new() -> Self {
        Self { all: Box::default(), taken: 0, weight: 0 }
    }

    /// What all values weigh together, expired ones included.
    pub(super) fn weight(&self) -> usize {
        self.weight
    }

    /// A value by its identity.
    #[inline]
    pub(super) fn get(&self, identity: u128, hash: u64) -> Option<&V> {
        self.find(identity, hash).map(|place| &self.all[place].value)
    }

    /// The same, to be changed into one of the same weight.
    #[inline]
    pub(super) fn get_mut(&mut self, identity: u128, hash: u64) -> Option<&mut V> {
        self.find(identity, hash).map(|place| &mut self.all[place].value)
    }

    /// Changes a value into one of any weight, and tells whether it is there.
    pub(super) fn update(&mut self, identity: u128, hash: u64, change: impl FnOnce(&mut V)) -> bool {
        let Some(place) = self.find(identity, hash) else { return false };
        let value = &mut self.all[place].value;
        let before = value.weight();
        change(value);
        self.weight = self.weight - before + value.weight();
        true
    }

    /// Drops a value.
    pub(super) fn remove(&mut self, identity: u128, hash: impl Fn(u128) -> u64) {
        if let Some(place) = self.find(identity, hash(without_slot(identity))) {
            self.free(place, hash);
        }
    }

    /// Whether a rebuild is due before another value comes in.
    pub(super) fn is_crowded(&self) -> bool {
        self.taken + 1 > self.all.len() - self.all.len().div_ceil(4)
    }

    /// Puts a value that is not there yet. Not for [crowded](Self::is_crowded) slots.
    pub(super) fn insert(&mut self, identity: u128, hash: u64, value: V) {
        let mut place = self.home(identity, hash);
        while let Some(slot) = self.all.get_mut(place) {
            if slot.is_free() {
                self.weight += value.weight();
                self.taken += 1;
                *slot = Slot { identity: identity.to_ne_bytes(), value };
                return;
            }
            place = self.after(place);
        }
    }

    /// Frees slots whose values expired, from the home of an identity on, until they weigh no more than `most` or enough
    /// others were seen.
    ///
    /// Whoever asks will come to lie there, so values stay spread evenly: sweeping from one end to the other would crowd
    /// them before it.
    pub(super) fn sweep(&mut self, identity: u128, most: usize, now: Moment, hash: impl Fn(u128) -> u64) {
        let mut place = self.home(identity, hash(without_slot(identity)));
        let mut looks = 0;
        while self.weight > most && looks < LOOKS {
            if self.all[place].is_expired(now) {
                // Another value may move here, so this is not left yet.
                self.free(place, &hash);
            } else {
                looks += usize::from(!self.all[place].is_free());
                place = self.after(place);
            }
        }
    }

    /// Whether most values mean nothing any more, judged by the slots from the home of an identity on: a rebuild then pays,
    /// and gives back memory that sweeping a few at a time never would.
    pub(super) fn is_mostly_expired(&self, identity: u128, hash: u64, now: Moment) -> bool {
        let home = self.home(identity, hash);
        let (before, from_home) = self.all.split_at(home);
        let sample = from_home.iter().chain(before).take(SAMPLE);
        let (mut taken, mut expired) = (0, 0);
        for slot in sample {
            taken += usize::from(!slot.is_free());
            expired += usize::from(slot.is_expired(now));
        }
        taken >= SAMPLE / 2 && expired * 4 >= taken * 3
    }

    /// Drops what expired, and takes as much memory as pays: twice what the rest needs, but for no more than `capacity`
    /// values where that suffices.
    pub(super) fn rebuild(&mut self, capacity: usize, now: Moment, hash: impl Fn(u128) -> u64) {
        let keeps_all = self.taken < FEW;
        let kept = |slot: &Slot<V>| !slot.is_free() && (keeps_all || !slot.is_expired(now));
        let number = self.all.iter().filter(|slot| kept(slot)).count();
        let length = (number * 2).min(slots_for(capacity)).max(slots_for(number + 1)).max(FEWEST);
        let empty = (0..length).map(|_| Slot { identity: FREE.to_ne_bytes(), value: V::default() });
        let mut rebuilt = Self { all: empty.collect(), taken: 0, weight: 0 };
        for slot in mem::take(&mut self.all).into_iter().filter(kept) {
            rebuilt.insert(slot.identity(), hash(without_slot(slot.identity())), slot.value);
        }
        *self = rebuilt;
    }

    #[inline]
    fn find(&self, identity: u128, hash: u64) -> Option<usize> {
        let mut place = self.home(identity, hash);
        loop {
            // A quarter of the slots is free, if there are any.
            match self.all.get(place)?.identity() {
                found if found == identity => return Some(place),
                FREE => return None,
                _ => place = self.after(place),
            }
        }
    }

    /// Where a value is looked for first: those of one identity side by side.
    #[inline]
    fn home(&self, identity: u128, hash: u64) -> usize {
        let length = self.all.len();
        #[allow(clippy::cast_possible_truncation, reason = "below the number of slots")]
        let home = (((hash & 0xffff_ffff) * length as u64) >> 32) as usize;
        match usize::from(slot_of(identity)) {
            0 => home,
            slot => (home + slot) % length.max(1),
        }
    }

    #[inline]
    fn after(&self, place: usize) -> usize {
        if place + 1 < self.all.len() { place + 1 } else { 0 }
    }

    /// Frees a slot. What lies behind it, up to the next free slot, moves up as far as its home allows, so that no search
    /// ends too early.
    fn free(&mut self, mut gap: usize, hash: impl Fn(u128) -> u64) {
        self.weight -= self.all[gap].value.weight();
        self.taken -= 1;
        let mut place = self.after(gap);
        while !self.all[place].is_free() {
            let identity = self.all[place].identity();
            let home = self.home(identity, hash(without_slot(identity)));
            if self.distance(home, place) >= self.distance(gap, place) {
                self.all.swap(gap, place);
                gap = place;
            }
            place = self.after(place);
        }
        self.all[gap] = Slot { identity: FREE.to_ne_bytes(), value: V::default() };
    }

    /// How many steps it is from one slot to another.
    fn distance(&self, from: usize, to: usize) -> usize {
        if to >= from { to - from } else { to + self.all.len() - from }
    }
}

/// How many slots that many values need.
const fn slots_for(values: usize) -> usize {
    values.saturating_add(values.div_ceil(3)).saturating_add(1)
}

impl<V: Expires> Slot<V> {
    #[inline]
    fn identity(&self) -> u128 {
        u128::from_ne_bytes(self.identity)
    }

    fn is_free(&self) -> bool {
        self.identity() == FREE
    }

    /// Whether there is a value that means nothing any more.
    fn is_expired(&self, now: Moment) -> bool {
        !self.is_free() && self.value.expires_at() <= now
    }
}

#[cfg(test)]
impl<V> Slots<V> {
    /// How many bytes are set aside.
    pub(super) fn allocated(&self) -> usize {
        size_of_val(&*self.all)
    }

    /// How many values there are, expired ones included.
    pub(super) fn taken(&self) -> usize {
        self.taken
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::super::fingerprint::with_slot;
    use super::*;

    #[derive(Clone, Copy, Debug, Default, PartialEq)]
    struct Until([u8; 9]);

    impl Until {
        fn new(moment: u64) -> Self {
            let mut bytes = [0; 9];
            bytes[..8].copy_from_slice(&moment.to_ne_bytes());
            Self(bytes)
        }
    }

    impl Expires for Until {
        fn expires_at(&self) -> Moment {
            Moment::from_nanos(u64::from_ne_bytes(self.0[..8].try_into().unwrap()))
        }
    }

    /// Spreads identities evenly.
    fn even(identity: u128) -> u64 {
        u64::try_from(identity % (1 << 64)).unwrap().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16
    }

    /// Sends all identities to three homes, one of which is the last slot, so that they pile up and go round the end.
    fn crowded(identity: u128) -> u64 {
        [0, 0x8000_0000, 0xffff_ffff][identity as usize % 3]
    }

    fn set(slots: &mut Slots<Until>, identity: u128, until: u64, now: u64, hash: fn(u128) -> u64) {
        let at_home = hash(without_slot(identity));
        if let Some(value) = slots.get_mut(identity, at_home) {
            *value = Until::new(until);
            return;
        }
        if slots.is_crowded() {
            slots.rebuild(usize::MAX, Moment::from_nanos(now), hash);
        }
        slots.insert(identity, at_home, Until::new(until));
    }

    #[test]
    fn a_value_takes_at_most_fifty_bytes_however_many_there_are() {
        let mut slots = Slots::new();
        for identity in 1..50_000 {
            set(&mut slots, identity, 1, 0, even);
            assert!(
                slots.allocated() <= 50 * slots.taken() + 200,
                "{} bytes for {identity}",
                slots.allocated()
            );
        }
    }

    #[test]
    fn memory_for_more_than_the_capacity_is_not_taken() {
        for capacity in [1, 2, 3, 4, 100, 976, 9_765] {
            let mut slots = Slots::new();
            for identity in 1..=capacity {
                if slots.is_crowded() {
                    slots.rebuild(capacity, Moment::ORIGIN, even);
                }
                slots.insert(identity as u128, even(identity as u128), Until::new(1));
            }
            assert!(slots.all.len() <= (capacity * 4).div_ceil(3) + 3, "{capacity}: {}", slots.all.len());
        }
    }

    #[test]
    fn a_sweep_frees_no_more_than_was_asked_for() {
        let mut slots = Slots::new();
        for identity in 1..=40 {
            set(&mut slots, identity, 10, 0, even);
        }
        slots.sweep(1, 37, Moment::from_nanos(10), even);
        assert_eq!(slots.taken(), 37);
        slots.sweep(1, 0, Moment::from_nanos(9), even);
        assert_eq!(slots.taken(), 37, "nothing has expired");
        slots.sweep(1, 0, Moment::from_nanos(10), even);
        assert_eq!(slots.taken(), 0);
    }

    #[test]
    fn values_stay_spread_while_new_ones_take_the_places_of_old_ones() {
        const MANY: usize = 9_765;
        let (mut slots, mut placed) = (Slots::new(), 0);
        let farthest = |slots: &Slots<Until>| {
            let there = slots.all.iter().enumerate().filter(|(_, slot)| !slot.is_free());
            let distance = |(place, slot): (usize, &Slot<Until>)| {
                slots.distance(slots.home(slot.identity(), even(slot.identity())), place)
            };
            there.map(distance).max()
        };
        for identity in 1..=4 * MANY as u128 {
            let round = u64::try_from(identity).unwrap() / MANY as u64;
            slots.sweep(identity, MANY - 1, Moment::from_nanos(round), even);
            if slots.taken() < MANY {
                set(&mut slots, identity, round + 1, round, even);
                placed += 1;
            }
            let seen = identity.is_multiple_of(100).then(|| farthest(&slots)).flatten();
            assert!(seen < Some(150), "{seen:?} steps for {identity}");
        }
        assert!(placed > 39 * MANY / 10, "{placed} found a place");
    }

    /// What is done to slots and to a plain map.
    #[derive(Clone, Debug)]
    enum Step {
        Set(u128, u64),
        Sweep(u128, usize),
        Remove(u128),
        Rebuild,
        Wait(u64),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let identity = || (1_u128..40, 0_u8..3).prop_map(|(identity, slot)| with_slot(identity, slot));
        let step = prop_oneof![
            12 => (identity(), 0_u64..50).prop_map(|(identity, life)| Step::Set(identity, life)),
            2 => (identity(), 0_usize..60).prop_map(|(identity, most)| Step::Sweep(identity, most)),
            2 => identity().prop_map(Step::Remove),
            1 => Just(Step::Rebuild),
            4 => (0_u64..5).prop_map(Step::Wait),
        ];
        prop::collection::vec(step, 1..200)
    }

    fn holds_what_a_map_holds(steps: Vec<Step>, hash: fn(u128) -> u64) {
        let (mut slots, mut map, mut now) = (Slots::new(), HashMap::new(), 0);
        for step in steps {
            match step {
                Step::Set(identity, life) => {
                    set(&mut slots, identity, now + life, now, hash);
                    map.insert(identity, now + life);
                }
                Step::Sweep(identity, most) => slots.sweep(identity, most, Moment::from_nanos(now), hash),
                Step::Remove(identity) => {
                    slots.remove(identity, hash);
                    map.remove(&identity);
                    assert_eq!(slots.get(identity, hash(without_slot(identity))), None);
                }
                Step::Rebuild => slots.rebuild(usize::MAX, Moment::from_nanos(now), hash),
                Step::Wait(nanos) => now += nanos,
            }
            for (identity, until) in &map {
                let found = slots.get(*identity, hash(without_slot(*identity)));
                let may_be_gone = *until <= now;
                assert!(found == Some(&Until::new(*until)) || found.is_none() && may_be_gone, "{identity:x}");
            }
            let there = slots.all.iter().filter(|slot| !slot.is_free());
            assert!(there.clone().all(|slot| map.contains_key(&slot.identity())));
            assert_eq!(there.count(), slots.taken());
            assert_eq!(slots.weight(), slots.taken());
        }
    }

    proptest! {
        #[test]
        fn only_what_expired_is_ever_missing(steps in steps()) {
            holds_what_a_map_holds(steps.clone(), even);
            holds_what_a_map_holds(steps, crowded);
        }
    }
}
