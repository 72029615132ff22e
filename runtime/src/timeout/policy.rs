//! What `#[timeout]` and `#[call::timeout]` say, as a constant.

use std::fmt;

use crate::core::{Outcome, Policy, PolicyEntry, TimeText};

/// How many nanoseconds there are for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeout {
    /// For each attempt.
    pub(crate) each: Option<u64>,
    /// For all attempts together, and what is waited for between them.
    pub(crate) total: Option<u64>,
}

impl Timeout {
    /// So many nanoseconds for each attempt.
    ///
    /// # Panics
    /// At compile time, where there is none.
    #[must_use]
    pub const fn each(nanos: u64) -> Self {
        assert!(nanos > 0, "an answer takes time");
        Self { each: Some(nanos), total: None }
    }

    /// So many for all attempts together.
    ///
    /// # Panics
    /// As [`each`](Self::each).
    #[must_use]
    pub const fn total(nanos: u64) -> Self {
        assert!(nanos > 0, "an answer takes time");
        Self { each: None, total: Some(nanos) }
    }

    /// Both.
    ///
    /// # Panics
    /// At compile time, where one attempt has more time than all of them.
    #[must_use]
    pub const fn within_total(mut self, nanos: u64) -> Self {
        if let Some(each) = self.each {
            assert!(each <= nanos, "one attempt has no more time than all of them");
        }
        self.total = Some(nanos);
        self
    }

    /// How many nanoseconds one attempt has: a handler's only one, too.
    #[must_use]
    pub(crate) const fn for_one(&self) -> Option<u64> {
        match self.each {
            Some(each) => Some(each),
            None => self.total,
        }
    }

    /// How an inventory lists it.
    #[must_use]
    pub(crate) fn entry(&'static self) -> PolicyEntry {
        const OUTCOMES: &[Outcome] = &[Outcome::Completed, Outcome::TimedOut];
        let label = Policy::Timeout.attribute();
        PolicyEntry::new(Policy::Timeout, label, self.to_string(), OUTCOMES).declared_as(self)
    }
}

impl fmt::Display for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.each, self.total) {
            (Some(each), Some(total)) => {
                write!(f, "{} each, {} in total", TimeText(each), TimeText(total))
            }
            (Some(each), None) => write!(f, "{}", TimeText(each)),
            (None, Some(total)) => write!(f, "{} in total", TimeText(total)),
            (None, None) => Ok(()),
        }
    }
}
