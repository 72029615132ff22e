//! A window of calls: the last so many results, two bits each.
//!
//! A result takes the next place of a ring, and swaps its bits for those that are there: what the swap took out and what it put in moves the
//! totals. So these are the sum of the ring, however many results come at once. Moved in another order than the ring they may be below zero for
//! a moment, which counts as nothing.

use super::super::engine::Counts;
use super::super::sync::in_one_order;
use super::tagged::Tagged;

/// How many results a word of the ring holds. Their bits and a tag are 64.
const RESULTS: usize = 20;
const RESULT_BITS: u32 = 40;

const FAILED: u64 = 0b01;
const SLOW: u64 = 0b10;

/// The last so many results.
#[derive(Debug)]
pub(super) struct Calls {
    size: u16,
    /// How many places are taken, and which one is next: 16 bits each.
    cursor: Tagged<32>,
    /// How many failed, and how many were slow: 16 bits each.
    totals: Tagged<32>,
    ring: Box<[Tagged<RESULT_BITS>]>,
}

impl Calls {
    /// Holds nothing yet, and at most 10 000.
    pub(super) fn new(size: u32) -> Self {
        let size = u16::try_from(size).unwrap_or(u16::MAX).clamp(1, 10_000);
        let ring = (0..usize::from(size).div_ceil(RESULTS)).map(|_| Tagged::new()).collect();
        Self { size, cursor: Tagged::new(), totals: Tagged::new(), ring }
    }

    pub(super) fn size(&self) -> u32 {
        u32::from(self.size)
    }

    /// Whether it is full of successes, so that a further one changes nothing.
    #[inline]
    pub(super) fn is_untroubled(&self, generation: u64) -> bool {
        halves(self.cursor.of(generation)).0 == self.size && self.totals.of(generation) == 0
    }

    /// What it holds with this result; nothing where the call is of a former generation.
    pub(super) fn record(
        &self,
        generation: u64,
        failed: bool,
        slow: bool,
        is_current: &impl Fn() -> bool,
    ) -> Option<Counts> {
        let bits = if failed { FAILED } else { 0 } | if slow { SLOW } else { 0 };
        if bits == 0 && self.is_untroubled(generation) {
            return Some(self.counts(generation));
        }
        let (before, _) = self.cursor.step(generation, is_current, |cursor| {
            let (taken, next) = halves(cursor);
            Some(whole((taken + 1).min(self.size), (next + 1) % self.size))
        })?;
        let place = usize::from(halves(before).1);
        let shift = 2 * (place % RESULTS);
        let put = |results: u64| Some(results & !(0b11 << shift) | bits << shift);
        let (old, _) = self.ring.get(place / RESULTS)?.step(generation, is_current, put)?;
        let old = old >> shift & 0b11;
        if old != bits {
            self.totals.step(generation, is_current, |totals| {
                let (failures, slow) = halves(totals);
                Some(whole(moved(failures, FAILED, old, bits), moved(slow, SLOW, old, bits)))
            })?;
        }
        in_one_order();
        Some(self.counts(generation))
    }

    pub(super) fn counts(&self, generation: u64) -> Counts {
        let (failures, slow) = halves(self.totals.of(generation));
        let calls = u32::from(halves(self.cursor.of(generation)).0);
        Counts { calls, failures: positive(failures).min(calls), slow: positive(slow).min(calls) }
    }
}

/// A total, after results with these bits have come and gone.
fn moved(total: u16, bit: u64, old: u64, new: u64) -> u16 {
    match (old & bit != 0, new & bit != 0) {
        (false, true) => total.wrapping_add(1),
        (true, false) => total.wrapping_sub(1),
        _ => total,
    }
}

fn positive(total: u16) -> u32 {
    if total > u16::MAX / 2 { 0 } else { u32::from(total) }
}

#[inline]
fn halves(word: u64) -> (u16, u16) {
    let half = |word: u64| u16::try_from(word & 0xffff).unwrap_or(u16::MAX);
    (half(word >> 16), half(word))
}

fn whole(upper: u16, lower: u16) -> u64 {
    u64::from(upper) << 16 | u64::from(lower)
}
