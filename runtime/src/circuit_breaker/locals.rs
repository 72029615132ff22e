//! The breakers of this process as a fleet reaches them, and the way from a breaker that changes to the fleet.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use super::breakers::Breakers;
use super::called::Called;
use super::fleet::{Fleet, Locals};
use super::group::{Group, Teller};
use super::remote::{Forced, Remote};
use super::slot::Slot;
use super::state::Mode;
use crate::core::{BreakerState, Cause, Clock, Moment, Registry, SiteId, Transition};

/// From breakers to the fleet, which is made after them. Clones are one.
#[derive(Clone, Default)]
pub(crate) struct Wire(Arc<OnceLock<Ends>>);

struct Ends {
    /// The fleet keeps the breakers, and they tell it.
    fleet: Weak<Fleet>,
    /// By the names of sites that tell of changes.
    names: HashMap<&'static str, Called>,
}

/// The breakers of a process by their names.
#[derive(Debug)]
struct Directory {
    breakers: Arc<Breakers>,
    clock: Arc<dyn Clock>,
    /// One of the sites that have it.
    by_name: HashMap<Called, SiteId>,
}

impl Wire {
    /// The same teller, which tells the fleet besides.
    pub(crate) fn through(&self, teller: Teller) -> Teller {
        let wire = self.clone();
        Arc::new(move |transition| {
            teller(transition);
            wire.tell(transition);
        })
    }

    /// Beside a store. Without any breaker there is nothing to tell, and nobody listens.
    pub(crate) fn connect(
        &self,
        breakers: &Arc<Breakers>,
        clock: &Arc<dyn Clock>,
        remote: Arc<dyn Remote>,
        hints: Option<NonZeroU32>,
    ) -> Option<Arc<Fleet>> {
        let groups: Vec<_> =
            groups(breakers).map(|(site, group)| (site, group.site(), group.called())).collect();
        if groups.is_empty() {
            return None;
        }
        let names = groups.iter().map(|(_, site, called)| (*site, called.clone())).collect();
        let by_name = groups.into_iter().map(|(site, _, called)| (called, site)).collect();
        let directory = Directory { breakers: Arc::clone(breakers), clock: Arc::clone(clock), by_name };
        let make = |fleet: &Arc<Fleet>| {
            let _ = self.0.set(Ends { fleet: Arc::downgrade(fleet), names });
        };
        let fleet = Fleet::new(remote, Arc::new(directory), Arc::clone(clock), hints);
        make(&fleet);
        Some(fleet)
    }

    fn tell(&self, Transition { site, key, to, why, .. }: &Transition) {
        let Some(Ends { fleet, names }) = self.0.get() else { return };
        let (Some(fleet), Some(called)) = (fleet.upgrade(), names.get(site)) else { return };
        let of_key = key.as_ref().map(|key| called.with_key(key));
        let called = of_key.as_ref().unwrap_or(called);
        match (to, why) {
            (_, Cause::Hint) => fleet.was_hinted(called),
            // Its time is over, elsewhere as well.
            (BreakerState::HalfOpen | BreakerState::MetricsOnly, _) => {}
            _ => fleet.changed(called),
        }
    }
}

fn groups(breakers: &Breakers) -> impl Iterator<Item = (SiteId, &Group)> {
    let sites = Registry::get().sites().iter().map(|site| site.id());
    sites.filter_map(|site| Some((site, breakers.group(site)?)))
}

impl Directory {
    fn group(&self, called: &Called) -> Option<&Group> {
        // A name without its key is what it is looked up by.
        let site = self.by_name.get(&Called::read(called.of_all())?)?;
        self.breakers.group(*site)
    }

    fn slot(&self, called: &Called) -> Option<&Slot> {
        let group = self.group(called)?;
        if !called.has_key() {
            return Some(group.common());
        }
        let is_it = |slot: &&Slot| slot.key().is_some_and(|key| called.with_key(&key) == *called);
        group.slots().find(is_it)
    }
}

impl Locals for Directory {
    fn pre_open(&self, called: &Called, until: Moment) {
        if let Some(slot) = self.slot(called) {
            slot.breaker().pre_open(until, self.clock.now());
        }
    }

    fn force(&self, called: &Called, forced: Forced) {
        let mode = match forced {
            Forced::Open => Some(Mode::ForcedOpen),
            Forced::Closed => Some(Mode::ForcedClosed),
            Forced::Not => None,
        };
        if let Some(group) = self.group(called).filter(|_| !called.has_key()) {
            group.hold(mode, self.clock.now());
        }
    }

    fn names(&self) -> Vec<Called> {
        self.by_name.keys().cloned().collect()
    }

    fn open_for(&self, called: &Called) -> Option<Duration> {
        self.slot(called)?.snapshot(self.clock.now()).open_for.filter(|left| !left.is_zero())
    }
}
