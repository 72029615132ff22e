//! The store against a server that each test starts.

use std::sync::atomic::{AtomicU64, Ordering};

/// A time that stands still in the place of the server's clock, in microseconds; none unless it is set.
#[derive(Debug, Default)]
pub(super) struct TestTime(AtomicU64);

impl TestTime {
    pub(super) fn micros(&self) -> Option<u64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|micros| *micros > 0)
    }

    pub(super) fn set(&self, micros: u64) {
        self.0.store(micros, Ordering::Relaxed);
    }
}
