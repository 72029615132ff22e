//! Counters of decisions, by site, policy and outcome.

use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use super::labels::DecisionLabels;
use super::striped::StripedCounter;
use crate::core::{Outcome, PolicyEntry, Site, Told};

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
#[derive(Debug)]
pub(super) struct Decisions {
    sites: Box<[Box<[Counted]>]>,
}

/// One policy of one site.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) site: &'static str,
    pub(super) policy: &'static str,
    outcomes: &'static [Outcome],
    /// By outcome, where it can happen.
    counters: [Option<StripedCounter>; Outcome::COUNT],
}

impl Decisions {
    /// Registers its counters, each at zero.
    pub(super) fn new(registry: &mut Registry, sites: &[&'static Site]) -> Self {
        let family = Family::<DecisionLabels, StripedCounter>::default();
        registry.register("tollgate_decisions", "Decisions of policies", family.clone());
        let counted = |site: &&'static Site| {
            site.policies().into_iter().map(|entry| Counted::new(&family, site.name(), &entry)).collect()
        };
        Self { sites: sites.iter().map(counted).collect() }
    }

    /// Counts a decision, and names the policy that took it.
    #[inline]
    pub(super) fn count(&self, told: &Told) -> Option<&Counted> {
        let counted = self.sites.get(told.site.index())?.get(told.slot)?;
        if let Some(counter) = &counted.counters[told.outcome as usize] {
            counter.inc();
        }
        Some(counted)
    }

    /// What was counted so far.
    pub(super) fn counts(&self) -> Vec<DecisionCount> {
        self.sites.iter().flatten().flat_map(Counted::counts).collect()
    }
}

impl Counted {
    fn new(family: &Family<DecisionLabels, StripedCounter>, site: &'static str, entry: &PolicyEntry) -> Self {
        let (policy, outcomes) = (entry.label, entry.outcomes);
        let mut counters = [const { None }; Outcome::COUNT];
        for outcome in outcomes {
            let labels = DecisionLabels { site, policy, outcome: outcome.as_str() };
            counters[*outcome as usize] = Some(family.get_or_create_owned(&labels));
        }
        Self { site, policy, outcomes, counters }
    }

    fn counts(&self) -> impl Iterator<Item = DecisionCount> {
        self.outcomes.iter().map(|outcome| DecisionCount {
            site: self.site,
            policy: self.policy,
            outcome: *outcome,
            count: self.counters[*outcome as usize].as_ref().map_or(0, StripedCounter::get),
        })
    }
}
