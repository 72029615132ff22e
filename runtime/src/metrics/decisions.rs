//! Counters of decisions, by site, policy and outcome.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::core::{Decided, Observer, Outcome, Registry};

/// How often one policy of one site decided in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecisionCount {
    /// The site's name.
    pub site: &'static str,
    /// The policy's name in metrics.
    pub policy: &'static str,
    /// How it decided.
    pub outcome: Outcome,
    /// How often.
    pub count: u64,
}

/// The counters of one `Tollgate`: a fixed table, because sites, policies and outcomes are known at link time.
pub(crate) struct Decisions {
    sites: Box<[Box<[Outcomes]>]>,
}

/// A counter per outcome.
type Outcomes = [AtomicU64; Outcome::COUNT];

impl Decisions {
    /// All counters at zero.
    pub(crate) fn new() -> Self {
        let sites = Registry::get().sites().iter();
        Self {
            sites: sites.map(|site| site.policies().iter().map(|_| Outcomes::default()).collect()).collect(),
        }
    }

    /// What was counted so far.
    pub(crate) fn counts(&self) -> Vec<DecisionCount> {
        let mut counts = Vec::new();
        for (site, policies) in Registry::get().sites().iter().zip(&self.sites) {
            for (entry, outcomes) in site.policies().iter().zip(policies) {
                counts.extend(entry.outcomes.iter().map(|outcome| DecisionCount {
                    site: site.name(),
                    policy: entry.label,
                    outcome: *outcome,
                    count: outcomes[*outcome as usize].load(Ordering::Relaxed),
                }));
            }
        }
        counts
    }
}

impl Observer for Decisions {
    fn decided(&self, event: Decided) {
        let policies = self.sites.get(event.site.index());
        if let Some(outcomes) = policies.and_then(|policies| policies.get(event.slot)) {
            outcomes[event.outcome as usize].fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl fmt::Debug for Decisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decisions").finish_non_exhaustive()
    }
}
