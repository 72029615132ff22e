//! What entries are thrown away by, and what was thrown away when.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};
use smallvec::SmallVec;

/// Something that entries have in common and are thrown away by. The same in all processes of a service.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Mark(pub(crate) [u8; 16]);

/// The marks of one entry.
pub(crate) type Marks = SmallVec<[Mark; 4]>;

impl Mark {
    /// Every entry has it.
    pub(crate) const ALL: Self = Self([0; 16]);

    /// Everything with this tag.
    pub(crate) fn tag(tag: &str) -> Self {
        Self::of(b'T', tag.as_bytes())
    }

    /// Everything of the site with this name.
    pub(crate) fn site(name: &str) -> Self {
        Self::of(b'S', name.as_bytes())
    }

    /// All variants of the entry whose key reads so.
    pub(crate) fn key(text: &str) -> Self {
        Self::of(b'K', text.as_bytes())
    }

    /// The one entry of a site with this key.
    pub(crate) fn entry(site: &str, key: &[u8]) -> Self {
        Self::of(b'E', &[&(site.len() as u64).to_le_bytes()[..], site.as_bytes(), key].concat())
    }

    fn of(kind: u8, text: &[u8]) -> Self {
        let digest = Sha256::new().chain_update([kind]).chain_update(text).finalize();
        let mut mark = [0; 16];
        mark.copy_from_slice(&digest[..16]);
        Self(mark)
    }
}

impl fmt::Debug for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mark(..)")
    }
}

/// How many invalidations there had been.
pub(crate) type Epoch = u64;

/// How many single marks are remembered. Of more, the eldest are remembered as one: what is older than it is gone.
const REMEMBERED: usize = 65_536;

/// What was thrown away in this process, and when: an entry is valid where none of its marks was thrown away since it began to be made.
pub(crate) struct Invalidations {
    epoch: AtomicU64,
    /// How often something may have been missed of what other processes throw away.
    doubts: AtomicU64,
    recent: Mutex<Recent>,
}

#[derive(Default)]
struct Recent {
    /// When each was thrown away last, and its place in that order.
    last: HashMap<Mark, (Epoch, u64)>,
    /// Each of them once, the eldest first.
    order: BTreeMap<u64, Mark>,
    next: u64,
    /// What began before is gone.
    floor: Epoch,
}

impl Invalidations {
    pub(crate) fn new() -> Self {
        Self { epoch: AtomicU64::new(0), doubts: AtomicU64::new(0), recent: Mutex::default() }
    }

    /// Now: what begins to be made now is thrown away by whatever is invalidated after this call.
    #[inline]
    pub(crate) fn epoch(&self) -> Epoch {
        self.epoch.load(Ordering::Acquire)
    }

    /// How often something may have been missed: what a shared store said before the last time has to be asked again.
    #[inline]
    pub(crate) fn doubts(&self) -> u64 {
        self.doubts.load(Ordering::Acquire)
    }

    /// Something may have been missed of what other processes throw away.
    pub(crate) fn doubt(&self) {
        self.doubts.fetch_add(1, Ordering::AcqRel);
    }

    /// Throws away what has any of these marks.
    pub(crate) fn invalidate(&self, marks: &[Mark]) {
        if marks.is_empty() {
            return;
        }
        let mut recent = self.recent();
        let epoch = self.epoch.load(Ordering::Relaxed) + 1;
        if marks.contains(&Mark::ALL) {
            recent.clear(epoch);
        } else {
            for mark in marks {
                recent.add(*mark, epoch);
            }
        }
        self.epoch.store(epoch, Ordering::Release);
    }

    /// Whether nothing with these marks was thrown away since then.
    pub(crate) fn holds(&self, marks: &[Mark], since: Epoch) -> bool {
        let recent = self.recent();
        let gone = |mark: &Mark| recent.last.get(mark).is_some_and(|(epoch, _)| *epoch > since);
        recent.floor <= since && !marks.iter().any(gone)
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recent {
    fn add(&mut self, mark: Mark, epoch: Epoch) {
        let place = self.next;
        self.next += 1;
        // One that is thrown away again and again takes one place, and pushes nothing else out.
        if let Some((_, former)) = self.last.insert(mark, (epoch, place)) {
            self.order.remove(&former);
        }
        self.order.insert(place, mark);
        while self.order.len() > REMEMBERED {
            let Some((_, eldest)) = self.order.pop_first() else { break };
            if let Some((epoch, _)) = self.last.remove(&eldest) {
                self.floor = self.floor.max(epoch);
            }
        }
    }

    /// Everything that began before is gone, whatever its marks.
    fn clear(&mut self, epoch: Epoch) {
        self.last.clear();
        self.order.clear();
        self.floor = epoch;
    }
}

impl fmt::Debug for Invalidations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invalidations").field("epoch", &self.epoch()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use proptest::prelude::*;

    use super::*;

    /// Marks, `0` standing for all.
    fn marks(numbers: &[u8]) -> Vec<Mark> {
        let mark = |number: &u8| if *number == 0 { Mark::ALL } else { Mark::tag(&number.to_string()) };
        numbers.iter().map(mark).collect()
    }

    proptest! {
        #[test]
        fn an_entry_holds_where_none_of_its_marks_was_thrown_away_since_it_began(
            thrown in prop::collection::vec(prop::collection::vec(0_u8..6, 0..4), 0..24),
            own in prop::collection::vec(1_u8..6, 0..4),
            begun in 0_usize..24,
        ) {
            let invalidations = Invalidations::new();
            let begun = begun.min(thrown.len());
            thrown[..begun].iter().for_each(|numbers| invalidations.invalidate(&marks(numbers)));
            let born = invalidations.epoch();
            thrown[begun..].iter().for_each(|numbers| invalidations.invalidate(&marks(numbers)));
            let takes = |number: &u8| *number == 0 || own.contains(number);
            let expected = !thrown[begun..].iter().flatten().any(takes);
            prop_assert_eq!(invalidations.holds(&marks(&own), born), expected);
        }
    }

    #[test]
    fn what_is_forgotten_takes_the_elder_along_and_never_lets_anything_back() {
        let invalidations = Invalidations::new();
        let born = invalidations.epoch();
        invalidations.invalidate(&[Mark::tag("first")]);
        let later = invalidations.epoch();
        for number in 0..REMEMBERED {
            invalidations.invalidate(&[Mark::tag(&number.to_string())]);
        }
        let recent = invalidations.recent();
        assert_eq!((recent.last.len(), recent.order.len()), (REMEMBERED, REMEMBERED));
        drop(recent);
        assert!(!invalidations.holds(&[Mark::tag("first")], born));
        assert!(!invalidations.holds(&[Mark::tag("other")], born), "it is not known any more");
        assert!(invalidations.holds(&[Mark::tag("other")], later));
    }

    #[test]
    fn one_mark_again_and_again_takes_nothing_else_along() {
        let invalidations = Invalidations::new();
        invalidations.invalidate(&[Mark::tag("rare")]);
        let born = invalidations.epoch();
        for _ in 0..REMEMBERED + 10 {
            invalidations.invalidate(&[Mark::tag("often")]);
        }
        let recent = invalidations.recent();
        assert_eq!((recent.last.len(), recent.order.len(), recent.floor), (2, 2, 0));
        drop(recent);
        assert!(invalidations.holds(&[Mark::tag("rare")], born));
        assert!(!invalidations.holds(&[Mark::tag("rare")], 0));
    }

    #[test]
    fn no_reader_sees_an_epoch_before_what_was_thrown_away_in_it() {
        let invalidations = Arc::new(Invalidations::new());
        let mark = Mark::tag("a");
        let writer = {
            let invalidations = Arc::clone(&invalidations);
            thread::spawn(move || {
                for _ in 0..2_000 {
                    invalidations.invalidate(&[mark]);
                }
            })
        };
        let readers: Vec<_> = (0..2)
            .map(|_| {
                let invalidations = Arc::clone(&invalidations);
                thread::spawn(move || {
                    let mut born = invalidations.epoch();
                    while born < 2_000 {
                        let seen = invalidations.epoch();
                        assert!(seen == born || !invalidations.holds(&[mark], born));
                        born = seen;
                    }
                })
            })
            .collect();
        writer.join().unwrap();
        for reader in readers {
            reader.join().unwrap();
        }
    }

    #[test]
    fn kinds_of_marks_do_not_meet() {
        let marks =
            [Mark::tag("a"), Mark::site("a"), Mark::key("a"), Mark::entry("a", b""), Mark::entry("", b"a")];
        for (place, mark) in marks.iter().enumerate() {
            assert!(!marks[place + 1..].contains(mark) && *mark != Mark::ALL);
        }
    }
}
