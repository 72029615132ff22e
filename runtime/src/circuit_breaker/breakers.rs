//! The breakers of a `Tollgate`: of each site, of sites that share, of each key.

use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::breaker::Breaker;
use super::group::{Group, Teller};
use super::policy::CircuitBreaker;
use super::slot::Slot;
use crate::core::{Circuit, Circuits, Clock, InForce, Key, PolicyEntry, Registry, Site, SiteId};

/// How many sites that the linker does not know have a breaker of their own. Only tests have such.
const STRAYS: usize = 16;

/// The breakers of all sites, by site, shared name and key.
pub(crate) struct Breakers {
    clock: Arc<dyn Clock>,
    teller: Teller,
    /// By the places of sites. Those that share have the same.
    by_site: Box<[Option<Arc<Group>>]>,
    /// By the addresses of sites.
    strays: [OnceLock<Stray>; STRAYS],
}

/// A breaker, for as long as somebody looks at it.
#[derive(Clone, Copy)]
pub(crate) struct BreakerRef<'a> {
    breaker: &'a Breaker,
    /// Whose it was when it was found, where it may become another key's.
    tenancy: Option<(&'a Slot, u64)>,
}

impl Breakers {
    /// All closed, or as their attributes say. Whatever changes is told.
    pub(crate) fn new(clock: &Arc<dyn Clock>, teller: &Teller) -> Self {
        let mut shared = HashMap::new();
        let group = |site: &&'static Site| {
            let policy = declared(site)?;
            let make = || Arc::new(Group::new(site.name(), policy, teller));
            // Where they differ no `Tollgate` is built, unless nobody asked for one: then the first counts.
            Some(policy.share.map_or_else(make, |share| Arc::clone(shared.entry(share).or_insert_with(make))))
        };
        Self {
            by_site: Registry::get().sites().iter().map(group).collect(),
            strays: [const { OnceLock::new() }; STRAYS],
            clock: Arc::clone(clock),
            teller: Arc::clone(teller),
        }
    }

    /// That of a call.
    #[inline]
    pub(crate) fn of(
        &self,
        site: &'static Site,
        policy: &'static CircuitBreaker,
        key: Option<&Key>,
    ) -> BreakerRef<'_> {
        let group = match self.by_site.get(site.id().index()) {
            Some(Some(group)) => &**group,
            _ => self.stray(site, policy),
        };
        match key {
            None => BreakerRef::one(group.one()),
            Some(key) => group.of(key, &*self.clock),
        }
    }

    /// What a site has; `None` where it has no breaker.
    pub(crate) fn group(&self, site: SiteId) -> Option<&Group> {
        self.by_site.get(site.index())?.as_deref()
    }

    /// Each once, in the order of sites.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Group> {
        let places = self.by_site.iter().enumerate();
        places.filter_map(|(place, group)| {
            let group = group.as_ref()?;
            let is_known =
                |other: &Option<Arc<Group>>| other.as_ref().is_some_and(|other| Arc::ptr_eq(other, group));
            (!self.by_site.iter().take(place).any(is_known)).then_some(&**group)
        })
    }

    /// Goes by what a configuration says.
    pub(crate) fn put_into_force(&self, in_force: &InForce<CircuitBreaker>) {
        for (site, group) in Registry::get().sites().iter().zip(&self.by_site) {
            if let Some(group) = group {
                group.configure(in_force.of(site.id()), self.clock.now());
            }
        }
    }

    #[cold]
    fn stray(&self, site: &'static Site, policy: &'static CircuitBreaker) -> &Group {
        let address = std::ptr::from_ref(site).addr();
        let make = || Stray { address, group: Group::new(site.public_name(), policy, &self.teller) };
        let [first, others @ ..] = &self.strays;
        let (mut owner, mut group) = first.get_or_init(make).parts();
        for other in others {
            if owner != address {
                (owner, group) = other.get_or_init(make).parts();
            }
        }
        // Where none of them is this site's it has the last one together with others.
        group
    }
}

/// The breakers of a site that the linker does not know.
struct Stray {
    address: usize,
    group: Group,
}

impl Stray {
    const fn parts(&self) -> (usize, &Group) {
        (self.address, &self.group)
    }
}

/// What a site declares, if anything.
pub(super) fn declared(site: &Site) -> Option<&'static CircuitBreaker> {
    site.policies().iter().find_map(PolicyEntry::declared::<CircuitBreaker>)
}

impl<'a> BreakerRef<'a> {
    #[inline]
    pub(super) const fn one(breaker: &'a Breaker) -> Self {
        Self { breaker, tenancy: None }
    }

    pub(super) const fn tenant(slot: &'a Slot, tenancy: u64) -> Self {
        Self { breaker: slot.breaker(), tenancy: Some((slot, tenancy)) }
    }

    /// The breaker, for as long as the `Tollgate` lives.
    #[inline]
    pub(crate) const fn breaker(self) -> &'a Breaker {
        self.breaker
    }

    /// Whether it is still that of the key for which it was found.
    #[inline]
    pub(crate) fn is_current(&self) -> bool {
        self.tenancy.is_none_or(|(slot, tenancy)| slot.tenancy() == tenancy)
    }
}

impl Deref for BreakerRef<'_> {
    type Target = Breaker;

    #[inline]
    fn deref(&self) -> &Breaker {
        self.breaker
    }
}

impl Circuits for Breakers {
    fn circuits(&self) -> Vec<Circuit> {
        let sites = Registry::get().sites().iter().zip(&self.by_site);
        sites.filter_map(|(site, group)| Some(group.as_ref()?.circuit(site.name()))).collect()
    }
}

impl fmt::Debug for Breakers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breakers").field("sites", &self.by_site.len()).finish_non_exhaustive()
    }
}
