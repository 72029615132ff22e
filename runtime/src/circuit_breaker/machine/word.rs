//! The state of a breaker in one word: what it is, and for the how-manieth time it has become something.

use super::super::state::BreakerState;

/// How many bits say what it is.
const STATE_BITS: u32 = 8;

/// A state and the number of the change that led to it. No two changes of a breaker have one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word(u64);

impl Word {
    /// The first one.
    pub(super) const fn first(state: BreakerState) -> Self {
        Self(state as u64 | 1 << STATE_BITS)
    }

    #[inline]
    pub(super) const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    pub(super) const fn bits(self) -> u64 {
        self.0
    }

    /// The one that follows.
    pub(super) const fn next(self, state: BreakerState) -> Self {
        Self(((self.0 >> STATE_BITS).wrapping_add(1) << STATE_BITS) | state as u64)
    }

    /// What counters bear that count for it.
    #[inline]
    pub(super) const fn generation(self) -> u64 {
        self.0 >> STATE_BITS
    }

    #[inline]
    pub(super) const fn state(self) -> BreakerState {
        const OPEN: u64 = BreakerState::Open as u64;
        const HALF_OPEN: u64 = BreakerState::HalfOpen as u64;
        const FORCED_OPEN: u64 = BreakerState::ForcedOpen as u64;
        const FORCED_CLOSED: u64 = BreakerState::ForcedClosed as u64;
        const METRICS_ONLY: u64 = BreakerState::MetricsOnly as u64;
        const DISABLED: u64 = BreakerState::Disabled as u64;
        match self.0 & ((1 << STATE_BITS) - 1) {
            OPEN => BreakerState::Open,
            HALF_OPEN => BreakerState::HalfOpen,
            FORCED_OPEN => BreakerState::ForcedOpen,
            FORCED_CLOSED => BreakerState::ForcedClosed,
            METRICS_ONLY => BreakerState::MetricsOnly,
            DISABLED => BreakerState::Disabled,
            _ => BreakerState::Closed,
        }
    }
}
