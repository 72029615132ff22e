//! The retry budgets of a `Tollgate`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::budget::Budget;
use super::dice::Dice;
use super::policy::Retry;
use crate::core::{Clock, Funded, Registry, Site, SiteId};

/// Those of all sites, by site and shared name, and the chance that all waits are made of.
#[derive(Debug)]
pub(crate) struct Budgets {
    of_sites: Box<[OnceLock<Arc<Budget>>]>,
    /// As many as there are names in the program.
    shared: Mutex<HashMap<&'static str, Arc<Budget>>>,
    dice: Dice,
}

impl Budgets {
    /// All with their reserves.
    pub(crate) fn new() -> Self {
        let sites = Registry::get().sites();
        Self {
            of_sites: sites.iter().map(|_| OnceLock::new()).collect(),
            shared: Mutex::default(),
            dice: Dice::new(),
        }
    }

    /// That of a site; `None` where its retries have none.
    #[inline]
    pub(crate) fn of(&self, site: SiteId, policy: &Retry) -> Option<&Budget> {
        policy.budget?;
        let budget = self.of_sites.get(site.index())?;
        Some(budget.get_or_init(|| self.make(policy.share)))
    }

    /// A number by chance.
    pub(crate) fn chance(&self) -> u64 {
        self.dice.throw()
    }

    #[cold]
    fn make(&self, share: Option<&'static str>) -> Arc<Budget> {
        let new = || Arc::new(Budget::new());
        let Some(name) = share else { return new() };
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(shared.entry(name).or_insert_with(new))
    }
}

/// What is left of them at a time, for whoever scrapes.
#[derive(Debug)]
pub(crate) struct Funds {
    pub(crate) budgets: Arc<Budgets>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Funded for Funds {
    fn funds(&self) -> Vec<(&'static str, f64)> {
        let now = self.clock.now();
        let left = |site: &'static Site| {
            let policy = site.policies().iter().find_map(|entry| entry.declared::<Retry>())?;
            let left = u32::try_from(self.budgets.of(site.id(), policy)?.left(now)).unwrap_or(u32::MAX);
            Some((site.name(), f64::from(left)))
        };
        Registry::get().sites().iter().copied().filter_map(left).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::Moment;

    fn budgets(sites: usize) -> Budgets {
        Budgets {
            of_sites: (0..sites).map(|_| OnceLock::new()).collect(),
            shared: Mutex::default(),
            dice: Dice::seeded(1),
        }
    }

    #[test]
    fn those_that_share_a_name_share_a_budget() {
        let budgets = budgets(1);
        let (one, other) = (budgets.make(Some("weather")), budgets.make(Some("weather")));
        assert!(one.spend(Moment::ORIGIN));
        assert_eq!(other.left(Moment::ORIGIN), 9);
        assert_eq!(budgets.make(Some("fuel")).left(Moment::ORIGIN), 10);
        assert_eq!(budgets.make(None).left(Moment::ORIGIN), 10);
    }
}
