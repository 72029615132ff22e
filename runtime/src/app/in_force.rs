//! What a configuration says in the place of attributes, of all rooms that can be configured.

use super::Tollgate;
use crate::bulkhead::Bulkhead;
use crate::circuit_breaker::CircuitBreaker;
use crate::core::{self, PolicyEntry, Site};
use crate::rate_limit::in_force::InForce;
use crate::retry::Retry;
use crate::timeout::Timeout;

/// A field for each room.
#[derive(Debug, Default)]
pub(super) struct AllInForce {
    pub(super) limits: InForce,
    pub(super) breakers: core::InForce<CircuitBreaker>,
    pub(super) timeouts: core::InForce<Timeout>,
    pub(super) bulkheads: core::InForce<Bulkhead>,
    pub(super) retries: core::InForce<Retry>,
}

impl AllInForce {
    /// The policies of a site as they are in force, outermost first, without those that are disabled.
    pub(super) fn entries(&self, site: &'static Site) -> Vec<PolicyEntry> {
        let entries = self.limits.entries(site).into_iter();
        let entries = entries.filter_map(|entry| self.breaker(site, entry));
        let entries = entries.filter_map(|entry| self.timeouts.entry(site, entry));
        let entries = entries.filter_map(|entry| self.bulkheads.entry(site, entry));
        entries.filter_map(|entry| self.retries.entry(site, entry)).collect()
    }

    /// A breaker that cannot open protects nothing.
    fn breaker(&self, site: &'static Site, entry: PolicyEntry) -> Option<PolicyEntry> {
        let Some(declared) = entry.declared::<CircuitBreaker>() else { return Some(entry) };
        let policy = self.breakers.applied(site.id(), declared)?;
        Some(self.breakers.entry(site, entry)?.reporting_only(!policy.can_open()))
    }
}

impl Tollgate {
    /// What a configuration says in the place of attributes, of limits.
    pub(crate) fn in_force(&self) -> &InForce {
        &self.inner.in_force.limits
    }

    /// The same of timeouts.
    #[inline]
    pub(crate) fn timeouts_in_force(&self) -> &core::InForce<Timeout> {
        &self.inner.in_force.timeouts
    }

    /// The same of bulkheads.
    #[inline]
    pub(crate) fn bulkheads_in_force(&self) -> &core::InForce<Bulkhead> {
        &self.inner.in_force.bulkheads
    }

    /// The same of retries.
    #[inline]
    #[allow(dead_code, reason = "the rooms ask as soon as they are furnished")]
    pub(crate) fn retries_in_force(&self) -> &core::InForce<Retry> {
        &self.inner.in_force.retries
    }
}
