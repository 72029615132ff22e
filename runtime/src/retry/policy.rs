//! What `#[call::retry]` says, as a constant.

use std::fmt;

use crate::core::{Outcome, Policy, PolicyEntry, TimeText};

/// How often a call is made, and what is waited for in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// The first among them.
    pub(crate) attempts: u32,
    /// The shortest wait, and the longest, in nanoseconds.
    pub(crate) backoff: (u64, u64),
    /// The share of calls that may be retries, in parts per million; `None` without a budget.
    pub(crate) budget: Option<u32>,
    pub(crate) share: Option<&'static str>,
}

impl Retry {
    /// So many attempts, the first among them.
    ///
    /// # Panics
    /// At compile time, where there is none beside the first.
    #[must_use]
    pub const fn new(attempts: u32) -> Self {
        assert!(attempts > 1, "the first attempt is one of them: a retry takes at least two");
        Self { attempts, backoff: (100_000_000, 2_000_000_000), budget: Some(100_000), share: None }
    }

    /// The shortest wait, and the longest, in nanoseconds.
    ///
    /// # Panics
    /// At compile time, where the longest is shorter.
    #[must_use]
    pub const fn backoff(mut self, shortest: u64, longest: u64) -> Self {
        assert!(shortest <= longest, "the longest wait is no shorter than the first");
        self.backoff = (shortest, longest);
        self
    }

    /// The share of calls that may be retries, in parts per million.
    ///
    /// # Panics
    /// At compile time, where that is nothing, or more than ten for each call.
    #[must_use]
    pub const fn budget(mut self, parts: u32) -> Self {
        assert!(parts > 0 && parts <= 10_000_000, "a retry budget is a share of calls");
        self.budget = Some(parts);
        self
    }

    /// All sites that say this name have one budget.
    #[must_use]
    pub const fn share(mut self, name: &'static str) -> Self {
        self.share = Some(name);
        self
    }

    /// How an inventory lists it.
    #[must_use]
    pub(crate) fn entry(&'static self) -> PolicyEntry {
        const OUTCOMES: &[Outcome] = &[Outcome::Retried, Outcome::Exhausted, Outcome::Unfunded];
        let label = Policy::Retry.attribute();
        PolicyEntry::new(Policy::Retry, label, self.to_string(), OUTCOMES).declared_as(self)
    }
}

impl fmt::Display for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shortest, longest) = self.backoff;
        write!(f, "{} attempts, {}..{} apart", self.attempts, TimeText(shortest), TimeText(longest))?;
        match self.budget {
            Some(parts) => write!(f, ", budget {}%", f64::from(parts) / 10_000.0),
            None => Ok(()),
        }
    }
}
