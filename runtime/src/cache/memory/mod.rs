//! Entries in the memory of this process, bounded by bytes.
//!
//! | file | |
//! | --- | --- |
//! | `answers.rs` | answers, by moka: least recently used first |
//! | `mirror.rs` | what is asked for again and again, in front of moka |
//! | `values.rs` | values of functions, by a table of our own, whose hits take a fifth of the time |
//! | `shard.rs`, `queue.rs` | a part of that table: who goes first |
//! | `shelf.rs` | [`Shelf`]: a store without a cache, for benchmarks |
//!
//! An entry weighs what it says it takes, its key, and what keeping it takes.

mod answers;
mod mirror;
mod queue;
mod shard;
mod shelf;
#[cfg(test)]
mod tests;
mod values;

use std::sync::Arc;

pub(crate) use self::answers::Answers;
pub use self::shelf::Shelf;
pub(crate) use self::values::Values;
use super::entry::Entry;
use crate::core::Moment;

/// What is larger than this part of the whole is not kept: it would push out too much else.
const PARTS: u64 = 8;

/// The most that an entry may weigh.
const fn largest(max_bytes: u64) -> u64 {
    max_bytes / PARTS
}

/// What an entry weighs where keeping one takes so much.
fn weight_of(key: &[u8], entry: &Entry, overhead: usize) -> u32 {
    let own = size_of::<Entry>() + 2 * size_of::<usize>() + overhead;
    u32::try_from(key.len() + own).unwrap_or(u32::MAX).saturating_add(entry.bytes)
}

/// From then on an entry is of no use.
fn until(entry: &Arc<Entry>) -> Moment {
    entry.life.since.saturating_add_nanos(entry.life.terms.total())
}
