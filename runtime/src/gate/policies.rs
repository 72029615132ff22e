//! The policies of one function, as generated code declares them.

use crate::core::{PolicyEntry, Site};
use crate::metrics::WithMetrics;
use crate::rate_limit::Limit;

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
    rate_limits: &'static [Limit],
}

impl Policies {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self { with_metrics: None, rate_limits: &[] }
    }

    /// With metrics.
    #[must_use]
    pub const fn with_metrics(mut self, policy: WithMetrics) -> Self {
        self.with_metrics = Some(policy);
        self
    }

    /// With limits, which are checked together.
    #[must_use]
    pub const fn rate_limited(mut self, limits: &'static [Limit]) -> Self {
        self.rate_limits = limits;
        self
    }

    /// Whether there are metrics.
    #[must_use]
    pub const fn metrics(&self) -> Option<WithMetrics> {
        self.with_metrics
    }

    /// The limits.
    #[must_use]
    pub const fn rate_limits(&self) -> &'static [Limit] {
        self.rate_limits
    }

    /// The place of the first limit among the [entries](Self::entries).
    #[must_use]
    pub const fn first_limit_slot(&self) -> usize {
        self.with_metrics.is_some() as usize
    }

    /// How an inventory lists them, outermost first.
    #[must_use]
    pub fn entries(&self) -> Vec<PolicyEntry> {
        let metrics = self.with_metrics.map(WithMetrics::entry);
        metrics.into_iter().chain(self.rate_limits.iter().map(Limit::entry)).collect()
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
