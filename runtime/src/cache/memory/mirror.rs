//! What is asked for again and again, in front of a store whose reading is dear.
//!
//! A store that goes by the least recent use wants to be told of uses, and that is most of what it costs to read it. To be told again
//! of what it was told last changes nothing, and little of what it was told a few uses ago: the mirror answers these.
//!
//! It shows nothing that the store does not have. Whoever takes something out of the store has the mirror forget it, and whoever wants to show
//! something says what it saw of the place before it asked the store: if anything was forgotten there since, it is not shown.

use std::hash::BuildHasher;
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use foldhash::quality::RandomState;

use crate::cache::entry::Entry;

/// How many it shows at most.
const PLACES: usize = 256;
/// Longer keys are not shown: the mirror is so small that nobody has to count it.
const LONGEST_KEY: usize = 256;
/// An entry may be so many uses behind its place in the order of the store, or this part of all, whichever is less.
const MOST_BEHIND: u64 = 64;
const PART_BEHIND: u64 = 32;

/// A few of the entries of a store.
pub(super) struct Mirror {
    places: Box<[RwLock<Place>]>,
    hasher: RandomState,
    /// How many uses the store was told of.
    told: AtomicU64,
}

#[derive(Default)]
struct Place {
    /// How often something was forgotten here.
    forgotten: u64,
    shown: Option<Shown>,
    /// What was asked for here last, of all that is not shown.
    asked: AtomicU64,
}

struct Shown {
    hash: u64,
    key: Box<[u8]>,
    entry: Arc<Entry>,
    /// How many uses the store had been told of when it was told of this one's last.
    told: AtomicU64,
}

/// What came of looking.
pub(super) enum Looked {
    Shown(Arc<Entry>),
    /// Ask the store, and say with this what it had.
    Absent(Option<Seen>),
}

/// What somebody saw of a place before asking the store.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    hash: u64,
    forgotten: u64,
}

impl Mirror {
    pub(super) fn new(hasher: RandomState) -> Self {
        Self { places: (0..PLACES).map(|_| RwLock::default()).collect(), hasher, told: AtomicU64::new(0) }
    }

    /// What is shown under a key, if the store, which has so many entries, need not be told of its use.
    #[inline]
    pub(super) fn look(&self, key: &[u8], entries: u64) -> Looked {
        let hash = self.hasher.hash_one(key);
        // Who does not get in at once does not wait.
        let Ok(place) = self.place(hash).try_read() else { return Looked::Absent(None) };
        if let Some(shown) = &place.shown
            && shown.hash == hash
            && *shown.key == *key
        {
            let behind = self.told.load(Ordering::Relaxed).wrapping_sub(shown.told.load(Ordering::Relaxed));
            if behind <= MOST_BEHIND.min(entries / PART_BEHIND) {
                return Looked::Shown(Arc::clone(&shown.entry));
            }
        }
        Looked::Absent(Some(Seen { hash, forgotten: place.forgotten }))
    }

    /// The store had this, and was told thereby that it is used. What is asked for twice running is shown from now on.
    pub(super) fn show(&self, seen: Option<Seen>, key: &[u8], entry: &Arc<Entry>) {
        let told = self.tell();
        let Some(Seen { hash, forgotten }) = seen.filter(|_| key.len() <= LONGEST_KEY) else { return };
        let Ok(place) = self.place(hash).try_read() else { return };
        if let Some(shown) = place.shown.as_ref().filter(|shown| Arc::ptr_eq(&shown.entry, entry)) {
            shown.told.store(told, Ordering::Relaxed);
            return;
        }
        if place.asked.swap(hash, Ordering::Relaxed) != hash {
            return;
        }
        drop(place);
        let shown = Shown { hash, key: key.into(), entry: Arc::clone(entry), told: AtomicU64::new(told) };
        let mut place = self.change(hash);
        if place.forgotten == forgotten {
            let former = place.shown.replace(shown);
            drop(place);
            drop(former);
        }
    }

    /// The store was told of a use.
    pub(super) fn tell(&self) -> u64 {
        self.told.fetch_add(1, Ordering::Relaxed).wrapping_add(1)
    }

    /// Something has left the store, or another one has come in its place.
    pub(super) fn forget(&self, key: &[u8]) {
        let hash = self.hasher.hash_one(key);
        let mut place = self.change(hash);
        place.forgotten += 1;
        let former = place.shown.take_if(|shown| shown.hash == hash);
        // Dropping a value may be anybody's code, which may ask the store.
        drop(place);
        drop(former);
    }

    /// Everything has left the store.
    pub(super) fn clear(&self) {
        for place in &self.places {
            let mut place = place.write().unwrap_or_else(PoisonError::into_inner);
            place.forgotten += 1;
            let former = mem::take(&mut place.shown);
            drop(place);
            drop(former);
        }
    }

    #[inline]
    fn place(&self, hash: u64) -> &RwLock<Place> {
        #[allow(clippy::cast_possible_truncation, reason = "below the number of places")]
        let number = (hash % PLACES as u64) as usize;
        &self.places[number]
    }

    fn change(&self, hash: u64) -> RwLockWriteGuard<'_, Place> {
        self.place(hash).write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::life::{Life, Terms};
    use crate::cache::marks::Marks;
    use crate::core::Moment;

    fn entry() -> Arc<Entry> {
        let life = Life::new(Terms { fresh: 1, ..Terms::default() }, Moment::ORIGIN, 0);
        Arc::new(Entry::new(Arc::new(0_u8), life, Marks::new(), 0, 0))
    }

    fn mirror() -> Mirror {
        Mirror::new(RandomState::default())
    }

    fn seen(mirror: &Mirror, key: &[u8]) -> Option<Seen> {
        match mirror.look(key, 0) {
            Looked::Shown(_) => None,
            Looked::Absent(seen) => seen,
        }
    }

    fn is_shown(mirror: &Mirror, key: &[u8], entries: u64) -> bool {
        matches!(mirror.look(key, entries), Looked::Shown(_))
    }

    /// As a store does that has it.
    fn ask(mirror: &Mirror, key: &[u8], entry: &Arc<Entry>) {
        mirror.show(seen(mirror, key), key, entry);
    }

    #[test]
    fn what_is_asked_for_twice_running_is_shown_until_it_is_forgotten() {
        let (mirror, entry) = (mirror(), entry());
        ask(&mirror, b"key", &entry);
        assert!(!is_shown(&mirror, b"key", 0));
        ask(&mirror, b"key", &entry);
        assert!(is_shown(&mirror, b"key", 0) && !is_shown(&mirror, b"other", 0));
        mirror.forget(b"key");
        assert!(!is_shown(&mirror, b"key", 0));
        assert_eq!(Arc::strong_count(&entry), 1);
        ask(&mirror, b"key", &entry);
        assert!(is_shown(&mirror, b"key", 0));
        mirror.clear();
        assert!(!is_shown(&mirror, b"key", 0));
        assert_eq!(Arc::strong_count(&entry), 1);
    }

    #[test]
    fn what_left_the_store_after_somebody_found_it_there_is_not_shown() {
        for leave in [|mirror: &Mirror| mirror.forget(b"key"), Mirror::clear] {
            let (mirror, entry) = (mirror(), entry());
            ask(&mirror, b"key", &entry);
            let seen = seen(&mirror, b"key");
            assert!(seen.is_some());
            leave(&mirror);
            mirror.show(seen, b"key", &entry);
            assert!(!is_shown(&mirror, b"key", 0));
            assert_eq!(Arc::strong_count(&entry), 1);
        }
    }

    #[test]
    fn the_store_is_told_again_when_others_have_been_used_since() {
        let (mirror, entry) = (mirror(), entry());
        ask(&mirror, b"key", &entry);
        ask(&mirror, b"key", &entry);
        mirror.tell();
        assert!(!is_shown(&mirror, b"key", 31), "of a few the order is exact");
        assert!(is_shown(&mirror, b"key", 32));
        ask(&mirror, b"key", &entry);
        assert!(is_shown(&mirror, b"key", 0));
        for _ in 0..=MOST_BEHIND {
            mirror.tell();
        }
        assert!(!is_shown(&mirror, b"key", u64::MAX));
    }

    #[test]
    fn long_keys_are_not_shown() {
        let (mirror, entry, key) = (mirror(), entry(), [b'k'; LONGEST_KEY + 1]);
        ask(&mirror, &key, &entry);
        ask(&mirror, &key, &entry);
        assert!(!is_shown(&mirror, &key, 0));
    }
}
