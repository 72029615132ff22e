//! The bulkheads of a `Tollgate`.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::compartment::{Compartment, Terms};
use super::policy::Bulkhead;
use crate::core::{Crowded, PolicyEntry, Registry, Site};

/// Those of all sites. Sites that say one `share` have one.
#[derive(Debug, Default)]
pub(crate) struct Bulkheads {
    /// By the places of sites, made when somebody asks first: a program without bulkheads has none.
    by_site: OnceLock<Box<[Option<Arc<Compartment>>]>>,
}

impl Bulkheads {
    /// That of a site; `None` where it declares none, and where the linker does not know the site.
    #[inline]
    pub(crate) fn of(&self, site: &Site) -> Option<&Compartment> {
        self.table().get(site.id().index())?.as_deref()
    }

    /// Every site that has one, with it: what metrics show.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'static Site, &Compartment)> {
        let sites = Registry::get().sites().iter().copied();
        sites.zip(self.table()).filter_map(|(site, compartment)| Some((site, compartment.as_deref()?)))
    }

    #[inline]
    fn table(&self) -> &[Option<Arc<Compartment>>] {
        self.by_site.get_or_init(|| table(Registry::get().sites()))
    }
}

impl Crowded for Bulkheads {
    fn crowd(&self) -> Vec<(&'static str, u64, u64)> {
        let told = |(site, compartment): (&'static Site, &Compartment)| {
            (site.name(), compartment.running(), compartment.queued())
        };
        self.all().map(told).collect()
    }
}

/// What a site declares, if anything.
pub(super) fn declared(site: &Site) -> Option<&'static Bulkhead> {
    site.policies().iter().find_map(PolicyEntry::declared::<Bulkhead>)
}

#[cold]
fn table(sites: &[&'static Site]) -> Box<[Option<Arc<Compartment>>]> {
    let mut shared = HashMap::new();
    let compartment = |site: &&'static Site| {
        let policy = declared(site)?;
        let make = || Arc::new(Compartment::new(Terms::from(policy)));
        // Where they differ no `Tollgate` is built, unless nobody asked for one: then the first counts.
        Some(policy.share.map_or_else(make, |share| Arc::clone(shared.entry(share).or_insert_with(make))))
    };
    sites.iter().map(compartment).collect()
}
