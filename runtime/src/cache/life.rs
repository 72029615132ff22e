//! How long an entry may be used, by a clock that only goes forward.

use crate::core::Moment;

/// How long something may be used, from when it was complete. Nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Its age when it was complete: what caches further away said.
    pub(crate) initial_age: u64,
    /// The age until which it is fresh.
    pub(crate) fresh: u64,
    /// How much longer it may be used while it is made anew (RFC 5861, section 3).
    pub(crate) while_revalidating: u64,
    /// How much longer it may be used where making it anew fails (RFC 5861, section 4).
    pub(crate) on_error: u64,
    /// Whether it may never be used stale: `must-revalidate`, `proxy-revalidate`, `s-maxage`.
    pub(crate) is_strict: bool,
}

/// The same, from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Life {
    pub(crate) terms: Terms,
    /// When it was complete.
    pub(crate) since: Moment,
    /// The age from which on a hit has it made anew in the background; `u64::MAX` where none does.
    pub(crate) early: u64,
}

/// What an entry is at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Fresh for so long.
    Fresh { left: u64 },
    /// The same, and it is time to make it anew in the background.
    Early { left: u64 },
    /// Stale for so long, and may be used while it is made anew.
    Stale { by: u64 },
    /// Stale for so long, and may be used only where making it anew fails.
    LastResort { by: u64 },
    /// Stale for so long, and of no use but to ask its origin whether it still holds.
    Spent { by: u64 },
}

impl Terms {
    /// How long from its completion on it is of any use.
    pub(crate) const fn total(&self) -> u64 {
        let longer =
            if self.while_revalidating > self.on_error { self.while_revalidating } else { self.on_error };
        let longer = if self.is_strict { 0 } else { longer };
        self.fresh.saturating_add(longer).saturating_sub(self.initial_age)
    }
}

impl Life {
    /// Its age.
    pub(crate) const fn age(&self, now: Moment) -> u64 {
        now.nanos_since(self.since).saturating_add(self.terms.initial_age)
    }

    /// What it is.
    pub(crate) const fn standing(&self, now: Moment) -> Standing {
        let age = self.age(now);
        if age < self.terms.fresh {
            let left = self.terms.fresh - age;
            return if age >= self.early { Standing::Early { left } } else { Standing::Fresh { left } };
        }
        let by = age - self.terms.fresh;
        if self.terms.is_strict {
            Standing::Spent { by }
        } else if by < self.terms.while_revalidating {
            Standing::Stale { by }
        } else if by < self.terms.on_error {
            Standing::LastResort { by }
        } else {
            Standing::Spent { by }
        }
    }
}
