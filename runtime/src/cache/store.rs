//! Where entries are kept in this process.

use std::fmt;
use std::sync::Arc;

use super::entry::Entry;
use crate::core::Moment;

/// Keeps entries in memory, bounded by bytes.
///
/// # Contract
/// * What is found is what was put last under exactly that key, or nothing: entries may go at any time.
/// * `bytes()`, with keys and what keeping them takes, stays at or below the bound once pending work is done; what was used longest ago
///   or least goes first, and is counted once. An entry that takes a large part of the bound is not kept at all.
/// * It knows no clock of policies: whether an entry is of any use is its reader's business. It may drop one at any time, and does so
///   some time after [`Terms::total`](super::Terms::total) has passed, or when it is told the time.
/// * Values are dropped outside of its locks. `keep` is called inside, and touches no store.
pub(crate) trait Store: Send + Sync + fmt::Debug {
    /// The entry of this key.
    fn get(&self, key: &[u8]) -> Option<Arc<Entry>>;

    /// The same without counting as a use, where the store can tell them apart.
    fn peek(&self, key: &[u8]) -> Option<Arc<Entry>>;

    /// Keeps an entry, in the place of whatever that key had: unless `keep(present)` says that this one stays.
    fn put(&self, key: &[u8], entry: Arc<Entry>, keep: &dyn Fn(&Entry) -> bool);

    /// Drops an entry, if it is this one.
    fn remove(&self, key: &[u8], entry: &Arc<Entry>);

    /// Drops everything.
    fn clear(&self);

    /// Does what is pending, and drops what is of no use at this moment. Looks at everything: for those who look at the whole.
    fn settle(&self, now: Moment);

    /// How many entries there are, about.
    fn entries(&self) -> u64;

    /// How many bytes they take, about.
    fn bytes(&self) -> u64;

    /// How many had to go to make room, since there is this store. What has expired or was thrown away does not count.
    fn evicted(&self) -> u64;
}
