//! The numbers in force that are read without a lock.

use super::super::engine::{Limits, Terms, TrialLimits};
use super::super::sync::{AtomicU32, AtomicU64, Ordering};
use super::tally::Tally;

/// What decides. Those numbers that matter at a change alone are behind the lock that changes take.
#[derive(Debug)]
pub(super) struct InForce {
    /// 0 where nobody looks at how long calls take.
    slow_call: AtomicU64,
    slow_rate: AtomicU32,
    failure_rate: AtomicU32,
    /// Of a row: how long it may be.
    minimum_calls: AtomicU32,
    half_open_calls: AtomicU32,
    /// 0 where the first failure opens.
    half_open_rate: AtomicU32,
}

impl InForce {
    pub(super) fn new(terms: &Terms, tally: &Tally) -> Self {
        let numbers = Self {
            slow_call: AtomicU64::new(0),
            slow_rate: AtomicU32::new(0),
            failure_rate: AtomicU32::new(0),
            minimum_calls: AtomicU32::new(0),
            half_open_calls: AtomicU32::new(0),
            half_open_rate: AtomicU32::new(0),
        };
        numbers.put(terms, tally);
        numbers
    }

    /// Of failures in a row none is slow, and so many of so many fail. A window of calls is full before more are asked for.
    pub(super) fn put(&self, terms: &Terms, tally: &Tally) {
        let row = tally.is_row();
        let store = |number: &AtomicU32, value| number.store(value, Ordering::SeqCst);
        self.slow_call.store(if row { 0 } else { terms.slow_call.unwrap_or(0) }, Ordering::SeqCst);
        store(&self.slow_rate, terms.slow_rate);
        store(&self.failure_rate, if row { 1 } else { terms.failure_rate });
        let fewest = if row { terms.consecutive_failures } else { terms.minimum_calls };
        store(&self.minimum_calls, fewest.min(tally.size()));
        store(&self.half_open_calls, terms.half_open_calls);
        let as_ruled = if row { 0 } else { terms.failure_rate };
        store(&self.half_open_rate, terms.half_open_rate.unwrap_or(as_ruled));
    }

    /// From how many nanoseconds on a call is slow, where somebody looks.
    #[inline]
    pub(super) fn slow_call(&self) -> Option<u64> {
        match self.slow_call.load(Ordering::Relaxed) {
            0 => None,
            from => Some(from),
        }
    }

    pub(super) fn half_open_calls(&self) -> u32 {
        self.half_open_calls.load(Ordering::SeqCst)
    }

    pub(super) fn limits(&self) -> Limits {
        Limits {
            failure_rate: self.failure_rate.load(Ordering::SeqCst),
            minimum_calls: self.minimum_calls.load(Ordering::SeqCst),
            slow_rate: self.slow_rate(),
        }
    }

    pub(super) fn trial_limits(&self) -> TrialLimits {
        let rate = self.half_open_rate.load(Ordering::SeqCst);
        TrialLimits {
            calls: self.half_open_calls(),
            rate: (rate > 0).then_some(rate),
            slow_rate: self.slow_rate(),
        }
    }

    fn slow_rate(&self) -> Option<u32> {
        self.slow_call().map(|_| self.slow_rate.load(Ordering::SeqCst))
    }
}
