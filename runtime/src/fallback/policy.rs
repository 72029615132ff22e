//! What `#[fallback]` and `#[call::fallback]` say, as a constant.

use crate::core::{Outcome, Policy, PolicyEntry};

/// The function that answers in the place of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// Its path, as it was written.
    pub(crate) path: &'static str,
}

impl Fallback {
    /// That function.
    #[must_use]
    pub const fn to(path: &'static str) -> Self {
        Self { path }
    }

    /// How an inventory lists it.
    #[must_use]
    pub(crate) fn entry(&'static self) -> PolicyEntry {
        let label = Policy::Fallback.attribute();
        PolicyEntry::new(Policy::Fallback, label, self.path, &[Outcome::FellBack]).declared_as(self)
    }
}
