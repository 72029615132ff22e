//! Counters that belong to one generation of a breaker.
//!
//! A counter's word bears the lowest bits of the generation that it counts for. Whoever counts writes by compare-and-swap:
//!
//! * a word of its own generation is counted up;
//! * any other is what a former one left, and begins anew, if the breaker is still in the generation of whoever counts. That is asked *after*
//!   the word was read, so a word that a later generation has written is either seen, and then the breaker's later state is seen, too, or
//!   lets the swap fail.
//!
//! So a change of state makes all counters empty by itself, and a call that was admitted before it never touches those that count after it.

use super::super::sync::{AtomicU64, Ordering};

/// A word whose upper bits say what it counts for.
#[derive(Debug)]
pub(super) struct Tagged<const COUNT_BITS: u32> {
    word: AtomicU64,
}

impl<const COUNT_BITS: u32> Tagged<COUNT_BITS> {
    const COUNTS: u64 = (1 << COUNT_BITS) - 1;

    /// One that counts for nobody.
    pub(super) fn new() -> Self {
        Self { word: AtomicU64::new(0) }
    }

    /// What it has counted for that tag.
    #[inline]
    pub(super) fn of(&self, tag: u64) -> u64 {
        let word = self.word.load(Ordering::SeqCst);
        if word >> COUNT_BITS == Self::clipped(tag) { word & Self::COUNTS } else { 0 }
    }

    /// Counts one more where it has counted for that tag before, and nobody else counts just now; false where it takes a [step](Self::step).
    #[inline]
    pub(super) fn count_one(&self, tag: u64) -> bool {
        let word = self.word.load(Ordering::SeqCst);
        let has_begun = word >> COUNT_BITS == Self::clipped(tag) && word & Self::COUNTS < Self::COUNTS;
        has_begun && self.word.compare_exchange(word, word + 1, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    /// Puts something else in the place of what it has counted. Gives both, or nothing where `step` has nothing to put there or it counts
    /// for somebody later.
    pub(super) fn step(
        &self,
        tag: u64,
        is_current: &impl Fn() -> bool,
        step: impl Fn(u64) -> Option<u64>,
    ) -> Option<(u64, u64)> {
        let tag = Self::clipped(tag);
        let mut word = self.word.load(Ordering::SeqCst);
        loop {
            let mine = word >> COUNT_BITS == tag;
            if !mine && !is_current() {
                return None;
            }
            let before = if mine { word & Self::COUNTS } else { 0 };
            let after = step(before)?;
            if after == before && (mine || after == 0) {
                return Some((before, after));
            }
            let next = tag << COUNT_BITS | after & Self::COUNTS;
            match self.word.compare_exchange_weak(word, next, Ordering::SeqCst, Ordering::SeqCst) {
                Ok(_) => return Some((before, after)),
                Err(seen) => word = seen,
            }
        }
    }

    #[inline]
    const fn clipped(tag: u64) -> u64 {
        tag & (u64::MAX >> COUNT_BITS)
    }
}
