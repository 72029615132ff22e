//! What `#[with_metrics]` declares.

use crate::core::{Outcome, Policy, PolicyEntry};

/// One `#[with_metrics]`.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct WithMetrics;

impl WithMetrics {
    /// With the defaults.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }

    /// How an inventory lists it.
    #[must_use]
    pub fn entry(self) -> PolicyEntry {
        const OUTCOMES: &[Outcome] =
            &[Outcome::Completed, Outcome::Cancelled, Outcome::Failed, Outcome::Panicked];
        PolicyEntry::new(Policy::Metrics, Policy::Metrics.attribute(), "", OUTCOMES)
    }
}
