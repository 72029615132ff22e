//! An annotated function, and one call of it.

use std::fmt::{self, Write as _};
use std::time::Duration;

use crate::core::{Key, PolicyEntry, Site};
use crate::rate_limit::Limit;

/// An annotated function with its policies, as generated code declares it.
#[derive(Debug)]
pub struct CallSite {
    site: &'static Site,
    rate_limited: Option<Limited>,
}

impl CallSite {
    /// Without policies.
    #[must_use]
    pub const fn new(site: &'static Site) -> Self {
        Self { site, rate_limited: None }
    }

    /// With a limit.
    #[must_use]
    pub const fn rate_limited(mut self, limited: Limited) -> Self {
        self.rate_limited = Some(limited);
        self
    }

    /// How an inventory lists its policies, outermost first.
    #[must_use]
    pub fn entries(&'static self) -> Vec<PolicyEntry> {
        self.rate_limited.iter().map(Limited::entry).collect()
    }

    /// Where it stands, and what it is called.
    pub(super) const fn site(&self) -> &'static Site {
        self.site
    }

    /// Its limit.
    pub(super) const fn limit(&self) -> Option<&Limited> {
        self.rate_limited.as_ref()
    }

    /// The place of its limit among the [entries](Self::entries).
    pub(super) const fn limit_slot() -> usize {
        0
    }
}

/// One `#[call::rate_limited]`.
#[derive(Clone, Copy, Debug)]
pub struct Limited {
    limit: Limit,
    wait: Duration,
}

impl Limited {
    /// A limit that refuses at once. Its key is given with each call.
    #[must_use]
    pub const fn new(limit: Limit) -> Self {
        Self { limit: limit.of_calls(), wait: Duration::ZERO }
    }

    /// One that lets calls wait for so many nanoseconds.
    ///
    /// # Panics
    /// At compile time, where the limit is in shadow mode, and so refuses nothing.
    #[must_use]
    pub const fn wait(mut self, nanos: u64) -> Self {
        assert!(!self.limit.is_shadow(), "a limit in shadow mode refuses nothing, so nobody waits");
        self.wait = Duration::from_nanos(nanos);
        self
    }

    /// What it admits.
    pub(super) const fn limit(&self) -> &Limit {
        &self.limit
    }

    /// How long a call waits at most; zero where it does not.
    pub(super) const fn patience(&self) -> Duration {
        self.wait
    }

    fn entry(&'static self) -> PolicyEntry {
        let mut entry = self.limit.entry();
        if !self.wait.is_zero() {
            // Writing into a string cannot fail.
            let _ = write!(entry.summary, ", waiting up to {:?}", self.wait);
        }
        entry
    }
}

/// One call of an annotated function.
#[derive(Debug)]
#[must_use = "a call runs when its future is awaited"]
pub struct Call {
    pub(super) site: &'static CallSite,
    pub(super) limit_key: Key,
}

impl Call {
    /// Of that function; all calls of it share one budget.
    pub const fn of(site: &'static CallSite) -> Self {
        Self { site, limit_key: Key::EVERYONE }
    }

    /// The same, with a budget for each key.
    pub fn limited_by(mut self, parts: impl FnOnce(KeyParts) -> KeyParts) -> Self {
        self.limit_key = parts(KeyParts::default()).into_key();
        self
    }
}

/// The parts of a key, as its template names them.
#[derive(Debug, Default)]
pub struct KeyParts(Vec<Key>);

impl KeyParts {
    /// With one more. Each is kept apart from the others, so `"{a}{b}"` never mixes up where one ends and the next begins.
    #[must_use]
    pub fn part(mut self, value: fmt::Arguments<'_>) -> Self {
        self.0.push(value.to_string().into());
        self
    }

    fn into_key(self) -> Key {
        Key::join(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_key_are_kept_apart() {
        let key = |a: &str, b: &str| {
            KeyParts::default().part(format_args!("{a}")).part(format_args!("{b}")).into_key()
        };
        assert_ne!(key("ab", "c"), key("a", "bc"));
        assert_ne!(key("", "a"), key("a", ""));
        assert_eq!(key("a", "b"), key("a", "b"));
    }

    #[test]
    fn debug_output_hides_the_key() {
        let parts = KeyParts::default().part(format_args!("sk_live_secret"));
        assert!(!format!("{parts:?}").contains("secret"));
    }
}
