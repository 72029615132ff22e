//! A part of what is kept, in order of how little it is used: S3-FIFO (Yang et al., SOSP 2023).
//!
//! What comes in is young. Once the young ones take more than their part, the first of them goes, unless it was used meanwhile: then it is old.
//! The first of the old ones goes, unless it was used: then it goes to the end of them, and has one use less. What went while it was
//! young is remembered for a while, without its value: where it comes again it is old at once.
//!
//! A use is a counter that is no lock and is not written once it is full, so that reading a hot key writes nothing.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use std::mem;
use std::sync::atomic::{AtomicU8, Ordering};

use super::queue::{Link, Linked, Queue};
use crate::core::Moment;

/// The part of the whole that young ones take.
const YOUNG: u64 = 32;
/// Uses that are counted.
const USES: u8 = 3;
/// How many are looked at in passing by whoever puts something.
const LOOKS: usize = 2;

/// A part of what is kept. Keys come with their hash, always the same one.
pub(super) struct Shard<V> {
    places: HashMap<u64, u32, BuildHasherDefault<Given>>,
    slots: Vec<Slot<V>>,
    free: Vec<u32>,
    young: Queue,
    old: Queue,
    gone: Remembered,
    /// Where somebody looks next for what has expired.
    look: usize,
}

/// Something that is put.
pub(super) struct Put<'k, V> {
    pub(super) hash: u64,
    pub(super) key: &'k [u8],
    pub(super) value: V,
    pub(super) weight: u32,
    /// From then on it is of no use.
    pub(super) until: Moment,
}

struct Slot<V> {
    hash: u64,
    key: Box<[u8]>,
    /// `None` where the slot is free.
    value: Option<V>,
    until: Moment,
    weight: u32,
    link: Link,
    uses: AtomicU8,
    is_old: bool,
}

impl<V> Shard<V> {
    pub(super) fn new() -> Self {
        Self {
            places: HashMap::default(),
            slots: Vec::new(),
            free: Vec::new(),
            young: Queue::EMPTY,
            old: Queue::EMPTY,
            gone: Remembered::default(),
            look: 0,
        }
    }

    /// What a key takes beside itself and what its value weighs.
    pub(super) const OVERHEAD: usize =
        size_of::<Slot<V>>() + 2 * size_of::<(u64, u32)>() + size_of::<u64>() * 2;

    pub(super) fn weight(&self) -> u64 {
        self.young.weight + self.old.weight
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// A value, which is used thereby.
    #[inline]
    pub(super) fn get(&self, hash: u64, key: &[u8]) -> Option<&V> {
        let slot = self.slot(hash, key)?;
        let uses = slot.uses.load(Ordering::Relaxed);
        if uses < USES {
            slot.uses.store(uses + 1, Ordering::Relaxed);
        }
        slot.value.as_ref()
    }

    /// A value, which is not used thereby.
    pub(super) fn peek(&self, hash: u64, key: &[u8]) -> Option<&V> {
        self.slot(hash, key)?.value.as_ref()
    }

    /// What a key's value weighs; nothing where there is none.
    pub(super) fn weight_of(&self, hash: u64, key: &[u8]) -> u32 {
        self.slot(hash, key).map_or(0, |slot| slot.weight)
    }

    /// Puts a value, and gives back the one that it takes the place of.
    pub(super) fn put(&mut self, put: Put<'_, V>) -> Option<V> {
        match self.places.get(&put.hash) {
            Some(&place) if *self.slots[place as usize].key == *put.key => self.replace(place, put),
            Some(&place) => {
                // Two keys of one hash: the later one stays.
                let value = self.take(place);
                self.insert(put);
                value
            }
            None => {
                self.insert(put);
                None
            }
        }
    }

    fn replace(&mut self, place: u32, put: Put<'_, V>) -> Option<V> {
        let slot = &mut self.slots[place as usize];
        let queue = if slot.is_old { &mut self.old } else { &mut self.young };
        queue.weight = queue.weight - u64::from(slot.weight) + u64::from(put.weight);
        (slot.weight, slot.until) = (put.weight, put.until);
        slot.value.replace(put.value)
    }

    fn insert(&mut self, put: Put<'_, V>) {
        let is_old = self.gone.forget(put.hash);
        let slot = Slot {
            hash: put.hash,
            key: put.key.into(),
            value: Some(put.value),
            until: put.until,
            weight: put.weight,
            link: Link::NONE,
            uses: AtomicU8::new(0),
            is_old,
        };
        let place = if let Some(place) = self.free.pop() {
            self.slots[place as usize] = slot;
            place
        } else {
            // There is no memory for more than 2^32 of them.
            let Ok(place) = u32::try_from(self.slots.len()) else { return };
            self.slots.push(slot);
            place
        };
        self.places.insert(put.hash, place);
        let queue = if is_old { &mut self.old } else { &mut self.young };
        queue.enter(&mut self.slots, place, put.weight);
    }

    /// Drops a value.
    pub(super) fn remove(&mut self, hash: u64, key: &[u8]) -> Option<V> {
        let place = *self.places.get(&hash)?;
        if *self.slots[place as usize].key == *key { self.take(place) } else { None }
    }

    /// Drops everything, and gives it back.
    pub(super) fn clear(&mut self) -> Self {
        mem::replace(self, Self::new())
    }

    /// Drops what is used least, or one that has expired, and tells which it was.
    pub(super) fn evict(&mut self, now: Moment) -> Option<Evicted<V>> {
        loop {
            let is_crowded = self.young.weight * YOUNG > self.weight();
            let first = if is_crowded { self.young.first() } else { self.old.first() };
            let place = first.or_else(|| self.young.first()).or_else(|| self.old.first())?;
            let slot = &mut self.slots[place as usize];
            let (uses, has_expired) = (slot.uses.get_mut(), slot.until <= now);
            if has_expired {
                return self.take(place).map(Evicted::Expired);
            }
            if *uses == 0 {
                if !slot.is_old {
                    let hash = slot.hash;
                    self.gone.remember(hash, self.places.len() / 2);
                }
                return self.take(place).map(Evicted::LeastUsed);
            }
            let weight = slot.weight;
            *uses = if slot.is_old { *uses - 1 } else { 0 };
            let was_old = mem::replace(&mut slot.is_old, true);
            let queue = if was_old { &mut self.old } else { &mut self.young };
            queue.leave(&mut self.slots, place, weight);
            self.old.enter(&mut self.slots, place, weight);
        }
    }

    /// Looks at a few, and drops those that have expired.
    pub(super) fn look_around(&mut self, now: Moment, gone: &mut Vec<V>) {
        self.look_at(LOOKS, now, gone);
    }

    /// Drops all that have expired.
    pub(super) fn settle(&mut self, now: Moment, gone: &mut Vec<V>) {
        self.look_at(self.slots.len(), now, gone);
    }

    fn look_at(&mut self, number: usize, now: Moment, gone: &mut Vec<V>) {
        for _ in 0..number.min(self.slots.len()) {
            self.look = if self.look + 1 < self.slots.len() { self.look + 1 } else { 0 };
            let slot = &self.slots[self.look];
            if slot.value.is_some() && slot.until <= now {
                gone.extend(u32::try_from(self.look).ok().and_then(|place| self.take(place)));
            }
        }
    }

    #[inline]
    fn slot(&self, hash: u64, key: &[u8]) -> Option<&Slot<V>> {
        let slot = &self.slots[*self.places.get(&hash)? as usize];
        (*slot.key == *key).then_some(slot)
    }

    fn take(&mut self, place: u32) -> Option<V> {
        let slot = &mut self.slots[place as usize];
        let (value, weight, is_old) = (slot.value.take(), slot.weight, slot.is_old);
        slot.key = Box::default();
        self.places.remove(&slot.hash);
        let queue = if is_old { &mut self.old } else { &mut self.young };
        queue.leave(&mut self.slots, place, weight);
        self.free.push(place);
        value
    }
}

#[cfg(test)]
impl<V> Shard<V> {
    /// How many slots there are, taken or free.
    pub(super) fn slots(&self) -> usize {
        self.slots.len()
    }
}

/// What had to go.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Evicted<V> {
    /// It was of no use any more.
    Expired(V),
    /// It was used least.
    LeastUsed(V),
}

impl<V> Linked for Slot<V> {
    #[inline]
    fn link(&mut self) -> &mut Link {
        &mut self.link
    }
}

/// Hashes of what went while it was young.
#[derive(Default)]
struct Remembered {
    all: HashSet<u64, BuildHasherDefault<Given>>,
    /// In the order in which they are forgotten. One that came again is still among them.
    order: VecDeque<u64>,
}

impl Remembered {
    fn remember(&mut self, hash: u64, most: usize) {
        if self.all.insert(hash) {
            self.order.push_back(hash);
        }
        while self.all.len() > most || self.order.len() > 2 * most {
            let Some(eldest) = self.order.pop_front() else { break };
            self.all.remove(&eldest);
        }
    }

    /// Whether it was remembered.
    fn forget(&mut self, hash: u64) -> bool {
        !self.all.is_empty() && self.all.remove(&hash)
    }
}

/// Takes a number as its own hash.
#[derive(Default)]
struct Given(u64);

impl Hasher for Given {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    /// Nothing but a `u64` is hashed here; this keeps the contract for what is not.
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
}
