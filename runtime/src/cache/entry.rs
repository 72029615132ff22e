//! What is kept.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::life::Life;
use super::marks::{Epoch, Invalidations, Marks};

/// An answer, or a value of a function: whoever keeps it knows its type.
pub(crate) type Value = Arc<dyn Any + Send + Sync>;

/// Something that is kept, with all that says how long.
pub(crate) struct Entry {
    pub(crate) value: Value,
    pub(crate) life: Life,
    pub(crate) marks: Marks,
    /// When making it began: what was thrown away since takes it along.
    pub(crate) born: Epoch,
    /// What it takes in memory, about.
    pub(crate) bytes: u32,
    /// The last epoch at which it was found valid.
    checked: AtomicU64,
}

impl Entry {
    pub(crate) fn new(value: Value, life: Life, marks: Marks, born: Epoch, bytes: u32) -> Self {
        Self { value, life, marks, born, bytes, checked: AtomicU64::new(born) }
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

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("life", &self.life).field("bytes", &self.bytes).finish_non_exhaustive()
    }
}
