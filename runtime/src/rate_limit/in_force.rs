//! What holds in the place of what the attribute says, for whoever asks with every request.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use super::policy::{Limit, Rates};
use super::scopes::{Declared, all_limits, limits_of};
use crate::core::{PolicyEntry, Site, SiteId};

/// A limit: its site, and its place among the limits of that site.
pub(crate) type LimitId = (SiteId, usize);

/// What a configuration says of one limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Override {
    /// Other rates.
    pub(crate) rates: Option<Rates>,
    /// Whether it only counts and reports.
    pub(crate) shadow: Option<bool>,
    /// Whether it does not apply at all.
    pub(crate) disabled: bool,
}

/// A limit that decides otherwise now.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) declared: Declared,
    /// As the inventory listed it, or `disabled`.
    pub(crate) before: String,
    pub(crate) now: String,
}

/// What a configuration says of all limits.
#[derive(Debug, Default)]
pub(crate) struct InForce {
    /// Asked first, so that services without a configuration pay one load.
    is_any: AtomicBool,
    overrides: RwLock<HashMap<LimitId, Override>>,
}

impl InForce {
    /// Whether all limits are as declared.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        !self.is_any.load(Ordering::Relaxed)
    }

    /// What it says of a limit; `None` where the limit is as declared.
    #[inline]
    pub(crate) fn of(&self, limit: LimitId) -> Option<Override> {
        if self.is_any.load(Ordering::Relaxed) { self.look_up(limit) } else { None }
    }

    #[cold]
    fn look_up(&self, limit: LimitId) -> Option<Override> {
        self.overrides.read().unwrap_or_else(PoisonError::into_inner).get(&limit).copied()
    }

    /// From now on these hold, and no others. A request that is being decided sees the former or these for each of its limits.
    pub(crate) fn replace(&self, all: HashMap<LimitId, Override>) {
        let mut overrides = self.overrides.write().unwrap_or_else(PoisonError::into_inner);
        self.is_any.store(!all.is_empty(), Ordering::Relaxed);
        *overrides = all;
    }

    /// The same, and what it changes, in the order of sites.
    pub(crate) fn replace_telling(&self, all: HashMap<LimitId, Override>) -> Vec<Change> {
        let changes = all_limits().filter_map(|declared| {
            let before = self.of(declared.id()).unwrap_or_default().told(declared.limit);
            let now = all.get(&declared.id()).copied().unwrap_or_default().told(declared.limit);
            (before != now).then_some(Change { declared, before, now })
        });
        let changes = changes.collect();
        self.replace(all);
        changes
    }

    /// A limit as it is in force; `None` where it is disabled.
    pub(crate) fn limit(&self, declared: Declared) -> Option<Limit> {
        let over = self.of(declared.id()).unwrap_or_default();
        (!over.disabled).then(|| over.applied_to(declared.limit))
    }

    /// The policies of a site as they are in force, outermost first, without limits that are disabled.
    pub(crate) fn entries(&self, site: &'static Site) -> Vec<PolicyEntry> {
        let mut limits = limits_of(site);
        let entries = site.policies().into_iter();
        entries
            .filter_map(|entry| match entry.declared::<Limit>() {
                Some(_) => self.entry(entry, limits.next()?),
                None => Some(entry),
            })
            .collect()
    }

    fn entry(&self, mut entry: PolicyEntry, declared: Declared) -> Option<PolicyEntry> {
        let limit = self.limit(declared)?;
        // What a call says besides stays: how long it waits.
        entry.summary = entry.summary.replacen(&declared.limit.to_string(), &limit.to_string(), 1);
        Some(entry.reporting_only(limit.is_shadow()))
    }
}

impl Override {
    fn told(self, limit: &Limit) -> String {
        if self.disabled { "disabled".to_owned() } else { self.applied_to(limit).to_string() }
    }

    /// The limit with what is said otherwise.
    pub(crate) fn applied_to(self, limit: &Limit) -> Limit {
        let rates = self.rates.map_or(limit.rates(), Rates::as_slice);
        limit.configured(rates, self.shadow.unwrap_or_else(|| limit.is_shadow()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::{Origin, Outcome, Policy};
    use crate::rate_limit::{KeySource, Rate};

    const SECOND: u64 = 1_000_000_000;
    const ONE: &Limit =
        &Limit::new("rate_limited", "ip", KeySource::Address, &[Rate::new("ip-second", 5, SECOND)]);
    const MINUTE: &[Rate] = &[Rate::new("ip-minute", 7, 60 * SECOND)];
    const OTHER: &Limit = &Limit::new(
        "rate_limited:global",
        "global",
        KeySource::Everyone,
        &[Rate::new("global-second", 9, SECOND).burst(20)],
    );

    /// One that the linker does not know, which is told from no other.
    static SITE: Site = Site::new(
        Origin { file: "in_force.rs", line: 1, column: 1, module: "in_force", function: "site" },
        None,
        || vec![PolicyEntry::new(Policy::Metrics, "with_metrics", "", &[]), ONE.entry(), OTHER.entry()],
    );

    fn summaries(in_force: &InForce) -> Vec<String> {
        let entries = in_force.entries(&SITE);
        entries.iter().map(|entry| format!("{} {}", entry.label, entry.summary)).collect()
    }

    #[test]
    fn nothing_is_overridden_until_something_is_and_again_when_it_no_longer_is() {
        let in_force = InForce::default();
        let id = (SITE.id(), 1);
        assert_eq!(in_force.of(id), None);
        let over = Override { shadow: Some(true), ..Override::default() };
        in_force.replace(HashMap::from([(id, over)]));
        assert_eq!((in_force.of(id), in_force.of((SITE.id(), 0))), (Some(over), None));
        in_force.replace(HashMap::new());
        assert_eq!(in_force.of(id), None);
    }

    #[test]
    fn policies_are_listed_as_they_are_in_force() {
        let in_force = InForce::default();
        let declared = [
            "with_metrics ",
            "rate_limited 5 per second by ip",
            "rate_limited:global 9 per second, burst 20, by global",
        ];
        assert_eq!(summaries(&in_force), declared);
        let rates = Some(Rates::new(MINUTE));
        let shadow = Override { rates, shadow: Some(true), ..Override::default() };
        let disabled = Override { disabled: true, ..Override::default() };
        in_force.replace(HashMap::from([((SITE.id(), 0), shadow), ((SITE.id(), 1), disabled)]));
        assert_eq!(summaries(&in_force), ["with_metrics ", "rate_limited 7 per minute by ip, shadow"]);
        let [_, limit] = &in_force.entries(&SITE)[..] else { panic!("two entries") };
        assert!(limit.outcomes.contains(&Outcome::ShadowRefused) && !limit.protects());
        assert!(limit.declared::<Limit>().is_some_and(|declared| declared.rates() == ONE.rates()));
    }
}
