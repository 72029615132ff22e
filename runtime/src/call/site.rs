//! An annotated function, and one call of it.

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use crate::bulkhead::Bulkhead;
use crate::cache::{CachedCall, Invalidates};
use crate::circuit_breaker::CircuitBreaker;
use crate::core::{Key, Policy, PolicyEntry, Site};
use crate::fallback::Fallback;
use crate::metrics::WithMetrics;
use crate::rate_limit::Limit;
use crate::retry::Retry;
use crate::timeout::Timeout;

/// An annotated function with its policies, as generated code declares it.
#[derive(Debug)]
pub struct CallSite {
    site: &'static Site,
    with_metrics: Option<WithMetrics>,
    rate_limited: Option<Limited>,
    fallback: Option<Fallback>,
    invalidates: Option<Invalidates>,
    cached: Option<CachedCall>,
    retry: Option<Retry>,
    circuit_breaker: Option<CircuitBreaker>,
    bulkhead: Option<Bulkhead>,
    timeout: Option<Timeout>,
    /// The place of each kind of policy among those that there are.
    slots: [u8; Policy::ALL.len()],
    has_handle: bool,
    /// How many calls are under way that make anew what is kept.
    renewals: AtomicU32,
    /// Whether it was told that its values stay in this process.
    is_told: AtomicBool,
}

impl CallSite {
    /// Without policies.
    #[must_use]
    pub const fn new(site: &'static Site) -> Self {
        Self {
            site,
            with_metrics: None,
            rate_limited: None,
            fallback: None,
            invalidates: None,
            cached: None,
            retry: None,
            circuit_breaker: None,
            bulkhead: None,
            timeout: None,
            slots: [0; Policy::ALL.len()],
            has_handle: false,
            renewals: AtomicU32::new(0),
            is_told: AtomicBool::new(false),
        }
    }

    /// With metrics.
    #[must_use]
    pub const fn with_metrics(mut self, policy: WithMetrics) -> Self {
        self.with_metrics = Some(policy);
        self.having(Policy::Metrics)
    }

    /// With a limit.
    #[must_use]
    pub const fn rate_limited(mut self, limited: Limited) -> Self {
        self.rate_limited = Some(limited);
        self.having(Policy::RateLimit)
    }

    /// With an answer in the place of a failure.
    #[must_use]
    pub const fn fallback(mut self, policy: Fallback) -> Self {
        self.fallback = Some(policy);
        self.having(Policy::Fallback)
    }

    /// Throwing away what was kept.
    #[must_use]
    pub const fn invalidates(mut self, invalidates: Invalidates) -> Self {
        self.invalidates = Some(invalidates);
        self.having(Policy::Invalidate)
    }

    /// With a cache.
    #[must_use]
    pub const fn cached(mut self, cached: CachedCall) -> Self {
        self.cached = Some(cached);
        self.having(Policy::Cache)
    }

    /// Made once more after a failure.
    #[must_use]
    pub const fn retry(mut self, policy: Retry) -> Self {
        self.retry = Some(policy);
        self.having(Policy::Retry)
    }

    /// With a circuit breaker.
    #[must_use]
    pub const fn circuit_breaker(mut self, policy: CircuitBreaker) -> Self {
        self.circuit_breaker = Some(policy);
        self.having(Policy::CircuitBreaker)
    }

    /// With so many at a time.
    #[must_use]
    pub const fn bulkhead(mut self, policy: Bulkhead) -> Self {
        self.bulkhead = Some(policy);
        self.having(Policy::Bulkhead)
    }

    /// With so much time for an answer.
    #[must_use]
    pub const fn timeout(mut self, policy: Timeout) -> Self {
        self.timeout = Some(policy);
        self.having(Policy::Timeout)
    }

    /// With a handle, by which single values are thrown away.
    #[must_use]
    pub const fn controlled(mut self) -> Self {
        self.has_handle = true;
        self
    }

    /// How an inventory lists its policies, outermost first.
    #[must_use]
    pub fn entries(&'static self) -> Vec<PolicyEntry> {
        let mut entries = Vec::new();
        entries.extend(self.with_metrics.map(WithMetrics::entry_of_calls));
        entries.extend(self.rate_limited.as_ref().map(Limited::entry));
        entries.extend(self.fallback.as_ref().map(Fallback::entry));
        entries.extend(self.invalidates.as_ref().map(Invalidates::entry));
        entries.extend(self.cached.as_ref().map(CachedCall::entry));
        entries.extend(self.retry.as_ref().map(Retry::entry));
        entries.extend(self.circuit_breaker.as_ref().map(CircuitBreaker::entry));
        entries.extend(self.bulkhead.as_ref().map(Bulkhead::entry));
        entries.extend(self.timeout.as_ref().map(Timeout::entry));
        entries
    }

    /// The place of a policy among the [entries](Self::entries), outermost first.
    #[inline]
    pub(super) const fn slot_of(&self, policy: Policy) -> usize {
        self.slots[policy as usize] as usize
    }

    /// With a policy of that kind: those within it have their places one further.
    const fn having(mut self, policy: Policy) -> Self {
        let mut within = policy as usize + 1;
        while within < self.slots.len() {
            self.slots[within] += 1;
            within += 1;
        }
        self
    }

    /// Where it stands, and what it is called.
    #[inline]
    pub(super) const fn site(&self) -> &'static Site {
        self.site
    }

    /// Its limit.
    #[inline]
    pub(super) const fn limit(&self) -> Option<&Limited> {
        self.rate_limited.as_ref()
    }

    /// What it throws away whatever its arguments are.
    pub(super) const fn invalidation(&self) -> Option<&Invalidates> {
        self.invalidates.as_ref()
    }

    /// Its cache.
    #[inline]
    pub(super) const fn cache(&self) -> Option<&CachedCall> {
        self.cached.as_ref()
    }

    /// How often it is tried.
    #[inline]
    pub(super) const fn retries(&self) -> Option<&Retry> {
        self.retry.as_ref()
    }

    /// When it is left alone.
    #[inline]
    pub(super) const fn breaker(&'static self) -> Option<&'static CircuitBreaker> {
        self.circuit_breaker.as_ref()
    }

    /// How many run at a time.
    #[inline]
    pub(super) const fn compartment(&'static self) -> Option<&'static Bulkhead> {
        self.bulkhead.as_ref()
    }

    /// How much time there is.
    #[inline]
    pub(super) const fn time_limit(&self) -> Option<&Timeout> {
        self.timeout.as_ref()
    }

    /// That nobody shares its values, although there is a store that processes share. Once.
    #[cold]
    pub(super) fn tell_that_it_stays_here(&self) {
        if !self.is_told.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                site = self.site.name(),
                "the values of this function stay in this process: what is shared is `serde::Serialize` and `serde::Deserialize`"
            );
        }
    }

    /// Whether single values are thrown away by their keys.
    pub(super) const fn has_handle(&self) -> bool {
        self.has_handle
    }

    /// How many calls are under way that make anew what is kept.
    #[inline]
    pub(super) const fn renewals(&self) -> &AtomicU32 {
        &self.renewals
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
    #[inline]
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

    pub(super) fn into_key(self) -> Key {
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
