//! The policies of one function, as generated code declares them.

use crate::authorize::Authorize;
use crate::bulkhead::Bulkhead;
use crate::cache::{Cached, Invalidates};
use crate::circuit_breaker::CircuitBreaker;
use crate::core::{PolicyEntry, Site};
use crate::fallback::Fallback;
use crate::metrics::WithMetrics;
use crate::rate_limit::Limit;
use crate::timeout::Timeout;
use crate::versioning::Versioned;

/// An annotated function, as its gate sees it.
pub trait Guarded: 'static {
    /// Its policies.
    const POLICIES: Policies;

    /// Its site.
    fn site() -> &'static Site;
}

/// The policies of one function, each at its place in the order.
#[derive(Clone, Copy, Debug)]
pub struct Policies {
    with_metrics: Option<WithMetrics>,
    versioned: Option<&'static Versioned>,
    /// Those at the door first, then those behind `authorize`.
    rate_limits: &'static [Limit],
    authorize: Option<Authorize>,
    fallback: Option<&'static Fallback>,
    invalidates: Option<&'static Invalidates>,
    cached: Option<&'static Cached>,
    circuit_breaker: Option<&'static CircuitBreaker>,
    bulkhead: Option<&'static Bulkhead>,
    timeout: Option<&'static Timeout>,
}

impl Policies {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            with_metrics: None,
            versioned: None,
            rate_limits: &[],
            authorize: None,
            fallback: None,
            invalidates: None,
            cached: None,
            circuit_breaker: None,
            bulkhead: None,
            timeout: None,
        }
    }

    /// With metrics.
    #[must_use]
    pub const fn with_metrics(mut self, policy: WithMetrics) -> Self {
        self.with_metrics = Some(policy);
        self
    }

    /// With the versions that it answers.
    #[must_use]
    pub const fn versioned(mut self, policy: &'static Versioned) -> Self {
        self.versioned = Some(policy);
        self
    }

    /// With limits: those at the door first, then those behind `authorize`. Each of the two groups is checked together.
    ///
    /// # Panics
    /// At compile time, where they stand in another order.
    #[must_use]
    pub const fn rate_limited(mut self, limits: &'static [Limit]) -> Self {
        self.rate_limits = limits;
        let mut place = self.limits_at_the_door();
        while place < limits.len() {
            assert!(limits[place].stands_behind(), "limits at the door come first");
            place += 1;
        }
        self
    }

    /// With a principal who may.
    #[must_use]
    pub const fn authorize(mut self, policy: Authorize) -> Self {
        self.authorize = Some(policy);
        self
    }

    /// With an answer in the place of a failure.
    #[must_use]
    pub const fn fallback(mut self, policy: &'static Fallback) -> Self {
        self.fallback = Some(policy);
        self
    }

    /// With what it throws away after a success.
    #[must_use]
    pub const fn invalidates(mut self, policy: &'static Invalidates) -> Self {
        self.invalidates = Some(policy);
        self
    }

    /// With answers that are kept.
    #[must_use]
    pub const fn cached(mut self, policy: &'static Cached) -> Self {
        self.cached = Some(policy);
        self
    }

    /// With a circuit breaker.
    #[must_use]
    pub const fn circuit_breaker(mut self, policy: &'static CircuitBreaker) -> Self {
        self.circuit_breaker = Some(policy);
        self
    }

    /// With so many at a time.
    #[must_use]
    pub const fn bulkhead(mut self, policy: &'static Bulkhead) -> Self {
        self.bulkhead = Some(policy);
        self
    }

    /// With so much time for an answer.
    #[must_use]
    pub const fn timeout(mut self, policy: &'static Timeout) -> Self {
        self.timeout = Some(policy);
        self
    }

    /// Whether there are metrics.
    #[must_use]
    pub const fn metrics(&self) -> Option<WithMetrics> {
        self.with_metrics
    }

    /// Which versions it answers.
    #[must_use]
    pub const fn version(&self) -> Option<&'static Versioned> {
        self.versioned
    }

    /// All limits.
    #[must_use]
    pub const fn rate_limits(&self) -> &'static [Limit] {
        self.rate_limits
    }

    /// The limits at the door, and those behind `authorize`.
    #[must_use]
    pub const fn limits(&self) -> (&'static [Limit], &'static [Limit]) {
        self.rate_limits.split_at(self.limits_at_the_door())
    }

    /// Who may.
    #[must_use]
    pub const fn authorization(&self) -> Option<Authorize> {
        self.authorize
    }

    /// What it throws away after a success.
    #[must_use]
    pub const fn invalidation(&self) -> Option<&'static Invalidates> {
        self.invalidates
    }

    /// How answers are kept.
    #[must_use]
    pub const fn cache(&self) -> Option<&'static Cached> {
        self.cached
    }

    /// What answers in the place of a failure.
    #[must_use]
    pub const fn replacement(&self) -> Option<&'static Fallback> {
        self.fallback
    }

    /// When it is left alone.
    #[must_use]
    pub const fn breaker(&self) -> Option<&'static CircuitBreaker> {
        self.circuit_breaker
    }

    /// How many run at a time.
    #[must_use]
    pub const fn compartment(&self) -> Option<&'static Bulkhead> {
        self.bulkhead
    }

    /// How much time there is.
    #[must_use]
    pub const fn time_limit(&self) -> Option<&'static Timeout> {
        self.timeout
    }

    /// Whether anything stands between the function and whoever keeps its answers.
    #[must_use]
    pub const fn guards_function(&self) -> bool {
        self.circuit_breaker.is_some() || self.bulkhead.is_some() || self.timeout.is_some()
    }

    /// Whether what is kept is for the one who asks, so that whoever tells is asked where there is one.
    #[must_use]
    pub const fn caches_for_principals(&self) -> bool {
        match self.cached {
            Some(cached) => !cached.is_public,
            None => false,
        }
    }

    /// Whether anything needs to know who asks.
    #[must_use]
    pub const fn needs_principal(&self) -> bool {
        self.authorize.is_some() || self.limits_at_the_door() < self.rate_limits.len()
    }

    /// Whether what a limit charges may be given back once the answer is there.
    #[must_use]
    pub const fn may_give_back(&self) -> bool {
        let mut place = 0;
        while place < self.rate_limits.len() {
            if !self.rate_limits[place].charged_statuses().is_empty() {
                return true;
            }
            place += 1;
        }
        false
    }

    /// The place of `versioned` among the [entries](Self::entries).
    #[must_use]
    pub const fn version_slot(&self) -> usize {
        self.with_metrics.is_some() as usize
    }

    /// The place of the first limit.
    #[must_use]
    pub const fn first_limit_slot(&self) -> usize {
        let versions = match self.versioned {
            Some(versioned) => versioned.slots(),
            None => 0,
        };
        self.version_slot() + versions
    }

    /// The place of `authorize`.
    #[must_use]
    pub const fn authorize_slot(&self) -> usize {
        self.first_limit_slot() + self.limits_at_the_door()
    }

    /// The place of the first limit behind it.
    #[must_use]
    pub const fn first_slot_behind(&self) -> usize {
        self.authorize_slot() + self.authorize.is_some() as usize
    }

    /// The place of `fallback`.
    #[must_use]
    pub const fn fallback_slot(&self) -> usize {
        self.first_slot_behind() + (self.rate_limits.len() - self.limits_at_the_door())
    }

    /// The place of `invalidates`.
    #[must_use]
    pub const fn invalidates_slot(&self) -> usize {
        self.fallback_slot() + self.fallback.is_some() as usize
    }

    /// The place of `cached`.
    #[must_use]
    pub const fn cached_slot(&self) -> usize {
        self.invalidates_slot() + self.invalidates.is_some() as usize
    }

    /// The place of `circuit_breaker`.
    #[must_use]
    pub const fn breaker_slot(&self) -> usize {
        self.cached_slot() + self.cached.is_some() as usize
    }

    /// The place of `bulkhead`.
    #[must_use]
    pub const fn bulkhead_slot(&self) -> usize {
        self.breaker_slot() + self.circuit_breaker.is_some() as usize
    }

    /// The place of `timeout`.
    #[must_use]
    pub const fn timeout_slot(&self) -> usize {
        self.bulkhead_slot() + self.bulkhead.is_some() as usize
    }

    const fn limits_at_the_door(&self) -> usize {
        let mut place = 0;
        while place < self.rate_limits.len() && !self.rate_limits[place].stands_behind() {
            place += 1;
        }
        place
    }

    /// How an inventory lists them, outermost first.
    #[must_use]
    pub fn entries(&self) -> Vec<PolicyEntry> {
        let (at_the_door, behind) = self.limits();
        let metrics = self.with_metrics.map(WithMetrics::entry).into_iter();
        let authorize = self.authorize.map(|policy| policy.entry());
        metrics
            .chain(self.versioned.map(Versioned::entries).into_iter().flatten())
            .chain(at_the_door.iter().map(Limit::entry))
            .chain(authorize)
            .chain(behind.iter().map(Limit::entry))
            .chain(self.fallback.map(Fallback::entry))
            .chain(self.invalidates.map(Invalidates::entry))
            .chain(self.cached.map(Cached::entry))
            .chain(self.circuit_breaker.map(CircuitBreaker::entry))
            .chain(self.bulkhead.map(Bulkhead::entry))
            .chain(self.timeout.map(Timeout::entry))
            .collect()
    }
}

impl Default for Policies {
    fn default() -> Self {
        Self::new()
    }
}

/// The policies of `P`, for its site.
#[must_use]
pub fn describe<P: Guarded>() -> Vec<PolicyEntry> {
    P::POLICIES.entries()
}
