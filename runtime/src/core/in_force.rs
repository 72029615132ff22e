//! What a configuration says in the place of what an attribute says, for policies of which a function has one of a kind.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use super::policy::PolicyEntry;
use super::site::{Registry, Site, SiteId};

/// What it says of one policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over<T> {
    /// It does not apply at all.
    Disabled,
    /// It is like this.
    As(T),
}

/// A policy that decides otherwise now.
#[derive(Debug)]
pub(crate) struct Replaced {
    pub(crate) site: &'static Site,
    pub(crate) label: &'static str,
    /// As the inventory listed it, or `disabled`.
    pub(crate) before: String,
    pub(crate) now: String,
}

/// What it says of all policies of a kind, for whoever asks with every call.
#[derive(Debug)]
pub(crate) struct InForce<T> {
    /// Asked first, so that services without a configuration pay one load.
    is_any: AtomicBool,
    overrides: RwLock<HashMap<SiteId, Over<T>>>,
}

impl<T> Default for InForce<T> {
    fn default() -> Self {
        Self { is_any: AtomicBool::new(false), overrides: RwLock::default() }
    }
}

impl<T: Copy> InForce<T> {
    /// What it says of the policy of a site; `None` where that is as declared.
    #[inline]
    pub(crate) fn of(&self, site: SiteId) -> Option<Over<T>> {
        if self.is_any.load(Ordering::Relaxed) { self.look_up(site) } else { None }
    }

    /// The policy of a site as it is in force; `None` where it is disabled.
    #[inline]
    pub(crate) fn applied(&self, site: SiteId, declared: &T) -> Option<T> {
        match self.of(site) {
            None => Some(*declared),
            Some(Over::As(policy)) => Some(policy),
            Some(Over::Disabled) => None,
        }
    }

    #[cold]
    fn look_up(&self, site: SiteId) -> Option<Over<T>> {
        self.overrides.read().unwrap_or_else(PoisonError::into_inner).get(&site).copied()
    }

    /// From now on these hold, and no others.
    pub(crate) fn replace(&self, all: HashMap<SiteId, Over<T>>) {
        let mut overrides = self.overrides.write().unwrap_or_else(PoisonError::into_inner);
        self.is_any.store(!all.is_empty(), Ordering::Relaxed);
        *overrides = all;
    }
}

impl<T: Copy + Display + Send + Sync + 'static> InForce<T> {
    /// The same, and what it changes, in the order of sites.
    pub(crate) fn replace_telling(&self, all: HashMap<SiteId, Over<T>>) -> Vec<Replaced> {
        let mut replaced = Vec::new();
        for site in Registry::get().sites() {
            let id = site.id();
            let (former, next) = (self.of(id), all.get(&id).copied());
            if former.is_none() && next.is_none() {
                continue;
            }
            for entry in site.policies() {
                let Some(declared) = entry.declared::<T>() else { continue };
                let (before, now) = (told(former, declared), told(next, declared));
                if before != now {
                    replaced.push(Replaced { site, label: entry.label, before, now });
                }
            }
        }
        self.replace(all);
        replaced
    }

    /// A policy as an inventory lists it, where it is of this kind: as it is in force, and `None` where it is disabled.
    pub(crate) fn entry(&self, site: &'static Site, mut entry: PolicyEntry) -> Option<PolicyEntry> {
        let Some(declared) = entry.declared::<T>() else { return Some(entry) };
        match self.of(site.id()) {
            None => Some(entry),
            Some(Over::Disabled) => None,
            Some(Over::As(policy)) => {
                entry.summary = entry.summary.replacen(&declared.to_string(), &policy.to_string(), 1);
                Some(entry)
            }
        }
    }
}

fn told<T: Display>(over: Option<Over<T>>, declared: &T) -> String {
    match over {
        None => declared.to_string(),
        Some(Over::As(policy)) => policy.to_string(),
        Some(Over::Disabled) => "disabled".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::{Origin, Policy};

    static DECLARED: u64 = 7;

    /// One that the linker does not know, which is told from no other.
    static SITE: Site = Site::new(
        Origin { file: "in_force.rs", line: 1, column: 1, module: "in_force", function: "site" },
        None,
        || vec![PolicyEntry::new(Policy::Timeout, "timeout", "within 7", &[]).declared_as(&DECLARED)],
    );

    fn said(over: Option<Over<u64>>) -> InForce<u64> {
        let in_force = InForce::default();
        in_force.replace(over.map(|over| (SITE.id(), over)).into_iter().collect());
        in_force
    }

    #[test]
    fn a_policy_is_as_declared_until_something_else_is_said() {
        let cases = [(None, Some(7)), (Some(Over::As(9)), Some(9)), (Some(Over::Disabled), None)];
        for (over, expected) in cases {
            let in_force = said(over);
            assert_eq!(in_force.applied(SITE.id(), &DECLARED), expected);
            in_force.replace(HashMap::new());
            assert_eq!(in_force.applied(SITE.id(), &DECLARED), Some(7));
        }
    }

    #[test]
    fn an_inventory_lists_it_as_it_is_in_force() {
        let cases =
            [(None, Some("within 7")), (Some(Over::As(9)), Some("within 9")), (Some(Over::Disabled), None)];
        for (over, expected) in cases {
            let entry = SITE.policies().into_iter().next().and_then(|entry| said(over).entry(&SITE, entry));
            assert_eq!(entry.map(|entry| entry.summary).as_deref(), expected);
        }
    }
}
