//! What entries are thrown away by, and what was thrown away when.

use std::collections::{HashMap, VecDeque};
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
    recent: Mutex<Recent>,
}

#[derive(Default)]
struct Recent {
    last: HashMap<Mark, Epoch>,
    order: VecDeque<(Epoch, Mark)>,
    /// What began before is gone.
    floor: Epoch,
}

impl Invalidations {
    pub(crate) fn new() -> Self {
        Self { epoch: AtomicU64::new(0), recent: Mutex::default() }
    }

    /// Now: what begins to be made now is thrown away by whatever is invalidated after this call.
    #[inline]
    pub(crate) fn epoch(&self) -> Epoch {
        self.epoch.load(Ordering::Acquire)
    }

    /// Throws away what has any of these marks.
    pub(crate) fn invalidate(&self, marks: &[Mark]) {
        let mut recent = self.recent();
        let epoch = self.epoch.load(Ordering::Relaxed) + 1;
        for mark in marks {
            recent.last.insert(*mark, epoch);
            recent.order.push_back((epoch, *mark));
        }
        while recent.order.len() > REMEMBERED {
            let Some((eldest, mark)) = recent.order.pop_front() else { break };
            recent.floor = recent.floor.max(eldest);
            if recent.last.get(&mark) == Some(&eldest) {
                recent.last.remove(&mark);
            }
        }
        self.epoch.store(epoch, Ordering::Release);
    }

    /// Whether nothing with these marks was thrown away since then.
    pub(crate) fn holds(&self, marks: &[Mark], since: Epoch) -> bool {
        let recent = self.recent();
        let gone = |mark: &Mark| recent.last.get(mark).is_some_and(|epoch| *epoch > since);
        recent.floor <= since && !gone(&Mark::ALL) && !marks.iter().any(gone)
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Invalidations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invalidations").field("epoch", &self.epoch()).finish_non_exhaustive()
    }
}
