//! Failures in a row.

use super::tagged::Tagged;

/// How many calls have failed since the last one that did not.
#[derive(Debug)]
pub(super) struct Row {
    failures: Tagged<32>,
}

impl Row {
    pub(super) fn new() -> Self {
        Self { failures: Tagged::new() }
    }

    /// Whether a success changes nothing.
    #[inline]
    pub(super) fn is_empty(&self, generation: u64) -> bool {
        self.failures.of(generation) == 0
    }

    /// How long the row is with this one; nothing where the call is of a former generation.
    pub(super) fn record(
        &self,
        generation: u64,
        failed: bool,
        is_current: &impl Fn() -> bool,
    ) -> Option<u32> {
        let longer = |row: u64| Some(if failed { (row + 1).min(u64::from(u32::MAX)) } else { 0 });
        let (_, row) = self.failures.step(generation, is_current, longer)?;
        Some(low(row))
    }

    pub(super) fn len(&self, generation: u64) -> u32 {
        low(self.failures.of(generation))
    }
}

fn low(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
