//! What is kept.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::life::Life;
use super::marks::{Epoch, Invalidations, Marks};
use super::remote::Version;
use crate::core::Moment;

/// An answer, or a value of a function: whoever keeps it knows its type.
pub(crate) type Value = Arc<dyn Any + Send + Sync>;

/// Something that is kept, with all that says how long. What a hit looks at comes first, in two cache lines: of ten thousand
/// entries few are in a cache already, so a hit takes as long as it takes to fetch its lines.
#[repr(C)]
pub(crate) struct Entry {
    pub(crate) value: Value,
    /// The last epoch at which it was found valid.
    checked: AtomicU64,
    /// Until when memory gives it without asking the shared store: nanoseconds of a [`Moment`], or [`ALWAYS`].
    trusted_until: AtomicU64,
    pub(crate) life: Life,
    /// When making it began: what was thrown away since takes it along.
    pub(crate) born: Epoch,
    /// What it takes in memory, about.
    pub(crate) bytes: u32,
    pub(crate) marks: Marks,
    /// Which run made it, where its epoch does not tell: a later one has a higher number.
    turn: u64,
    /// What its marks stood at in the shared store before it was made, [`Mark::ALL`](super::Mark::ALL) first, where that is known.
    versions: Option<Box<[Version]>>,
    /// How many doubts there were when the shared store was asked.
    doubts: AtomicU64,
}

/// No shared store is ever asked.
const ALWAYS: u64 = u64::MAX;

impl Entry {
    /// One that belongs to this process alone.
    pub(crate) fn new(value: Value, life: Life, marks: Marks, born: Epoch, bytes: u32) -> Self {
        Self {
            value,
            life,
            marks,
            born,
            bytes,
            checked: AtomicU64::new(born),
            turn: 0,
            versions: None,
            trusted_until: AtomicU64::new(ALWAYS),
            doubts: AtomicU64::new(0),
        }
    }

    /// The same, made by that run.
    pub(super) fn of_turn(self, turn: u64) -> Self {
        Self { turn, ..self }
    }

    pub(super) fn turn(&self) -> u64 {
        self.turn
    }

    /// The same, which a shared store has, too: memory asks it again when that moment has come.
    pub(super) fn shared(self, versions: Option<Box<[Version]>>, until: Moment, doubts: u64) -> Self {
        let trusted_until = AtomicU64::new(bounded(until));
        Self { versions, trusted_until, doubts: AtomicU64::new(doubts), ..self }
    }

    /// Whether it is the result of a later run than that one.
    pub(super) fn is_later_than(&self, born: Epoch, turn: u64) -> bool {
        (self.born, self.turn) > (born, turn)
    }

    /// Whether the shared store need not be asked, or has just been.
    #[inline]
    pub(super) fn is_trusted(&self, now: Moment, invalidations: &Invalidations) -> bool {
        let until = self.trusted_until.load(Ordering::Relaxed);
        until == ALWAYS
            || (now.as_nanos() < until && self.doubts.load(Ordering::Relaxed) == invalidations.doubts())
    }

    /// The shared store need not be asked until then.
    pub(super) fn trust(&self, until: Moment, doubts: u64) {
        if self.trusted_until.load(Ordering::Relaxed) != ALWAYS {
            self.doubts.store(doubts, Ordering::Relaxed);
            self.trusted_until.store(bounded(until), Ordering::Relaxed);
        }
    }

    /// Whether its marks stand where they stood before it was made: nobody anywhere has thrown it away since.
    pub(super) fn stands_at(&self, versions: &[Version]) -> bool {
        self.versions.as_deref() == Some(versions)
    }

    /// Whether its marks stood elsewhere when it was made; `false` where nobody knows.
    pub(super) fn was_thrown_away(&self, versions: &[Version]) -> bool {
        self.versions.as_deref().is_some_and(|own| own != versions)
    }

    /// Whether nothing has thrown it away.
    #[inline]
    pub(crate) fn holds(&self, invalidations: &Invalidations) -> bool {
        let epoch = invalidations.epoch();
        epoch == self.checked.load(Ordering::Relaxed) || self.still_holds(invalidations, epoch)
    }

    #[cold]
    fn still_holds(&self, invalidations: &Invalidations, epoch: Epoch) -> bool {
        let holds = invalidations.holds(&self.marks, self.born);
        if holds {
            self.checked.fetch_max(epoch, Ordering::Relaxed);
        }
        holds
    }
}

/// A moment that is not [`ALWAYS`].
fn bounded(until: Moment) -> u64 {
    until.as_nanos().min(ALWAYS - 1)
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("life", &self.life).field("bytes", &self.bytes).finish_non_exhaustive()
    }
}
