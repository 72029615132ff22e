//! What `#[with_metrics]` declares.

use crate::core::{Outcome, Policy, PolicyEntry};

/// One `#[with_metrics]`.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct WithMetrics;

/// Tells a function that other code calls from a handler.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calls;

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

    /// The same of a function that other code calls: the durations of its calls are measured.
    #[must_use]
    pub(crate) fn entry_of_calls(self) -> PolicyEntry {
        self.entry().declared_as(&Calls)
    }
}
