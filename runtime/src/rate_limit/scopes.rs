//! Which limit is which: a number for each, and for those that share their budgets one in common; and a name that is the same in
//! every process of the service.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use super::policy::{Limit, MAX_RATES};
use super::shared::differences;
use super::store::Scope;
use crate::core::{Registry, Site, SiteId, VERSION_ITEMS, VersionItem};

/// A limit of a site, and the place that tells it from the others of that site.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Declared {
    pub(crate) site: &'static Site,
    /// Among the limits of the site, in their order.
    pub(crate) place: usize,
    pub(crate) limit: &'static Limit,
}

/// The limits of a site, in their order.
pub(crate) fn limits_of(site: &'static Site) -> impl Iterator<Item = Declared> {
    let limits = site.policies().into_iter().filter_map(|entry| entry.declared::<Limit>());
    limits.enumerate().map(move |(place, limit)| Declared { site, place, limit })
}

/// All limits of the program.
pub(crate) fn all_limits() -> impl Iterator<Item = Declared> {
    Registry::get().sites().iter().copied().flat_map(limits_of)
}

impl Declared {
    /// Which one it is.
    pub(crate) fn id(&self) -> (SiteId, usize) {
        (self.site.id(), self.place)
    }

    /// What tells its budgets from those of all others.
    pub(crate) fn scope(&self) -> Scope {
        scope(self.site.id(), self.place, self.limit)
    }
}

/// What tells the budgets of that limit, the one at that place of its site, from those of all others.
#[inline]
pub(crate) fn scope(site: SiteId, place: usize, limit: &Limit) -> Scope {
    match limit.shared_as() {
        None if VERSION_ITEMS.is_empty() => Scope::new(number(site, place)),
        None => Scope::new(one_for_all(number(site, place))),
        Some(share) => shared(share),
    }
}

#[inline]
#[allow(clippy::cast_possible_truncation, reason = "a function has at most MAX_RATES limits")]
const fn number(site: SiteId, place: usize) -> u32 {
    site.number().wrapping_mul(MAX_RATES as u32).wrapping_add(place as u32)
}

/// The handlers of one item are one operation in several versions: a client that changes its version has no second budget.
#[inline]
fn one_for_all(number: u32) -> u32 {
    static FIRSTS: LazyLock<HashMap<u32, u32>> =
        LazyLock::new(|| VERSION_ITEMS.iter().flat_map(shared_within).collect());
    FIRSTS.get(&number).copied().unwrap_or(number)
}

/// The limits of an item's handlers that count as an earlier one does, each with the number of the first that does.
fn shared_within(item: &'static VersionItem) -> Vec<(u32, u32)> {
    let limits: Vec<_> = (item.members)().into_iter().flat_map(limits_of).collect();
    let own = |declared: &Declared| number(declared.site.id(), declared.place);
    let mut shared = Vec::new();
    for (index, declared) in
        limits.iter().enumerate().filter(|(_, declared)| declared.limit.shared_as().is_none())
    {
        let is_alike = |other: &&Declared| {
            other.site.id() != declared.site.id()
                && other.limit.shared_as().is_none()
                && differences(other.limit, declared.limit).is_empty()
        };
        if let Some(first) = limits[..index].iter().find(is_alike) {
            shared.push((own(declared), own(first)));
        }
    }
    shared
}

/// Numbers from the far end, so that they never meet those of sites.
#[cold]
fn shared(share: &str) -> Scope {
    let place = SHARES.iter().position(|known| *known == share).unwrap_or(SHARES.len());
    Scope::new(u32::MAX - u32::try_from(place).unwrap_or_default())
}

static SHARES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let shares: BTreeSet<_> = all_limits().filter_map(|declared| declared.limit.shared_as()).collect();
    shares.into_iter().collect()
});
