//! What a cache is asked, and what it says.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::cache::entry::{Entry, Value};
use crate::cache::life::Terms;
use crate::cache::marks::Marks;
use crate::cache::policy::OnCacheError;
use crate::cache::remote::Codec;

/// Names of types, which are asked for where a shared store is.
pub(crate) type TypeNames = SmallVec<[fn() -> &'static str; 8]>;

/// What somebody wants to know.
pub(crate) struct Question {
    /// What the entry goes by in memory: everything that tells it apart, in full.
    pub(crate) key: Arc<[u8]>,
    /// So many bytes at its beginning mean something in this process alone, as the number of a site does.
    pub(crate) local: usize,
    /// The name of the site, which is the same in all processes.
    pub(crate) site: &'static str,
    /// The types of its key and its value, as far as nothing else tells them.
    pub(crate) types: TypeNames,
    /// What it is thrown away by, beside [`Mark::ALL`](crate::cache::Mark::ALL).
    pub(crate) marks: Marks,
    /// How its value is written for a shared store; `None` where it stays in this process.
    pub(crate) codec: Option<&'static dyn Codec>,
    pub(crate) on_store_error: OnCacheError,
    /// How long one process may make it while the others wait; zero where they do not. Nanoseconds.
    pub(crate) lease: u64,
    /// What memory has, where it is of no use as it is. It is what is given where making it anew fails, if its terms allow it then.
    pub(crate) present: Option<Arc<Entry>>,
    /// Whether nothing but that is given where it fails: an entry may be kept for longer than it may be sent.
    pub(crate) is_strict: bool,
}

/// What came of making something.
pub(crate) enum Made<O> {
    /// May be kept, and is everybody's who waits.
    Kept(Draft),
    /// May not be kept, and is everybody's who waits. `failed`: something stale is better, where it may be used.
    Passed { value: Value, failed: bool },
    /// Is for the one who made it: those who wait make their own.
    Own { own: O, failed: bool },
}

/// An entry to be.
pub(crate) struct Draft {
    pub(crate) value: Value,
    pub(crate) terms: Terms,
    pub(crate) bytes: u32,
}

/// What is given to whoever asked.
pub(crate) enum Fetched<O> {
    /// An entry, and how it came about.
    Entry(Arc<Entry>, How),
    /// What somebody made, and nobody may keep.
    Passed(Value, How),
    /// The same, made for this one alone.
    Own(O),
}

/// How something came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// It was kept: in memory, or by the shared store.
    Hit,
    /// It was kept and is stale; somebody makes it anew.
    Stale,
    /// It was kept and is stale, and making it anew failed.
    StaleOnError,
    /// It was made for this one.
    Made,
    /// It was made for somebody else, and this one waited.
    Collapsed,
}

impl How {
    /// The same for one that waited while it came about.
    pub(super) const fn waited_for(self) -> Self {
        match self {
            Self::Made => Self::Collapsed,
            other => other,
        }
    }
}
