//! Numbers by chance, for waits alone: nobody who guesses them gains anything.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// Where they come from: one count, stirred, so that nobody waits for anybody (splitmix64).
#[derive(Debug)]
pub(super) struct Dice(AtomicU64);

impl Dice {
    /// Others in each process.
    pub(super) fn new() -> Self {
        Self::seeded(RandomState::new().hash_one(0_u8))
    }

    /// The same for the same seed.
    pub(super) const fn seeded(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// The next one.
    pub(super) fn throw(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut number = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_row() {
        let (one, other) = (Dice::seeded(7), Dice::seeded(7));
        assert!((0..100).all(|_| one.throw() == other.throw()));
        assert_ne!(Dice::new().throw(), Dice::new().throw());
    }

    #[test]
    fn every_part_of_the_range_is_thrown_about_as_often() {
        let dice = Dice::seeded(1);
        let mut counts = [0_u32; 16];
        for _ in 0..16_000 {
            counts[(dice.throw() >> 60) as usize] += 1;
        }
        assert!(counts.iter().all(|count| (850..1_150).contains(count)), "{counts:?}");
    }
}
