//! What `#[bulkhead]` and `#[call::bulkhead]` say, as a constant.

use std::fmt;

use crate::core::{Outcome, Policy, PolicyEntry, TimeText};

/// How many may run at a time, and how many wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bulkhead {
    pub(crate) max_concurrent: u32,
    /// How many wait at most.
    pub(crate) queue: u32,
    /// For so many nanoseconds at most.
    pub(crate) wait: u64,
    /// Sites of one such name have one bulkhead.
    pub(crate) share: Option<&'static str>,
}

impl Bulkhead {
    /// So many at a time; everybody else is refused at once.
    ///
    /// # Panics
    /// At compile time, where nobody could run.
    #[must_use]
    pub const fn new(max_concurrent: u32) -> Self {
        assert!(max_concurrent > 0, "a bulkhead lets at least one run");
        Self { max_concurrent, queue: 0, wait: 0, share: None }
    }

    /// So many wait, for so many nanoseconds at most.
    ///
    /// # Panics
    /// At compile time, where nobody could wait.
    #[must_use]
    pub const fn queue(mut self, queue: u32, wait: u64) -> Self {
        assert!(queue > 0 && wait > 0, "whoever waits has a place and some time");
        self.queue = queue;
        self.wait = wait;
        self
    }

    /// All sites that say this name have one bulkhead.
    #[must_use]
    pub const fn share(mut self, name: &'static str) -> Self {
        self.share = Some(name);
        self
    }

    /// How an inventory lists it.
    #[must_use]
    pub(crate) fn entry(&'static self) -> PolicyEntry {
        const OUTCOMES: &[Outcome] = &[Outcome::Admitted, Outcome::Refused, Outcome::Cancelled];
        let label = Policy::Bulkhead.attribute();
        PolicyEntry::new(Policy::Bulkhead, label, self.to_string(), OUTCOMES).declared_as(self)
    }
}

impl fmt::Display for Bulkhead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at a time", self.max_concurrent)?;
        if self.queue > 0 {
            write!(f, ", {} waiting up to {}", self.queue, TimeText(self.wait))?;
        }
        Ok(())
    }
}
