//! The rooms that can be configured, and what they make of it.

use std::collections::HashMap;

use super::changed::{Changed, ChangedPolicy};
use super::sections::Found;
use super::single::{Reading, Single};
use crate::app::in_force::AllInForce;
use crate::bulkhead::{self, Bulkhead};
use crate::circuit_breaker::{self, Breakers, CircuitBreaker};
use crate::core::{Over, Policy, PolicyEntry, Replaced, SettingFault, SiteId};
use crate::rate_limit::Limit;
use crate::rate_limit::configured::Configured;
use crate::rate_limit::in_force::{Change, LimitId, Override};
use crate::rate_limit::scopes::limits_of;
use crate::retry::{self, Retry};
use crate::timeout::{self, Timeout};

/// What a room reads: the sections of the policies of its kind.
struct Room {
    policy: Policy,
    read: fn(Found, &mut AsRead, &mut Vec<SettingFault>),
}

/// A line for each room.
const ROOMS: &[Room] = &[
    Room { policy: Policy::RateLimit, read: read_limit },
    Room { policy: Policy::Retry, read: |found, into, faults| into.retries.read(&found, &RETRIES, faults) },
    Room {
        policy: Policy::CircuitBreaker,
        read: |found, into, faults| into.breakers.read(&found, &BREAKERS, faults),
    },
    Room {
        policy: Policy::Bulkhead,
        read: |found, into, faults| into.bulkheads.read(&found, &BULKHEADS, faults),
    },
    Room {
        policy: Policy::Timeout,
        read: |found, into, faults| into.timeouts.read(&found, &TIMEOUTS, faults),
    },
];

const RETRIES: Reading<Retry> = Reading {
    read: retry::configured::read,
    share: retry::configured::share,
    is_common: retry::configured::is_common,
};
const BREAKERS: Reading<CircuitBreaker> = Reading {
    read: circuit_breaker::configured::read,
    share: circuit_breaker::configured::share,
    is_common: |_| true,
};
const BULKHEADS: Reading<Bulkhead> =
    Reading { read: bulkhead::configured::read, share: bulkhead::configured::share, is_common: |_| true };
const TIMEOUTS: Reading<Timeout> =
    Reading { read: timeout::configured::read, share: |_| None, is_common: |_| false };

/// What the rooms have read so far; a field for each.
#[derive(Default)]
struct AsRead {
    limits: Configured,
    retries: Single<Retry>,
    breakers: Single<CircuitBreaker>,
    bulkheads: Single<Bulkhead>,
    timeouts: Single<Timeout>,
}

/// What is to be in force; a field for each room.
#[derive(Debug, Default)]
pub(in crate::app) struct Overrides {
    limits: HashMap<LimitId, Override>,
    retries: HashMap<SiteId, Over<Retry>>,
    breakers: HashMap<SiteId, Over<CircuitBreaker>>,
    bulkheads: HashMap<SiteId, Over<Bulkhead>>,
    timeouts: HashMap<SiteId, Over<Timeout>>,
}

/// Has every section read by its room, and then checked against all others.
pub(super) fn read(sections: Vec<Found>, faults: &mut Vec<SettingFault>) -> Overrides {
    let mut read = AsRead::default();
    for found in sections {
        match ROOMS.iter().find(|room| room.policy == found.entry.policy) {
            Some(room) => (room.read)(found, &mut read, faults),
            None => faults.push(no_room(&found)),
        }
    }
    Overrides {
        limits: read.limits.settle(faults),
        retries: read.retries.settle(),
        breakers: read.breakers.settle(),
        bulkheads: read.bulkheads.settle(),
        timeouts: read.timeouts.settle(),
    }
}

fn no_room(found: &Found) -> SettingFault {
    let label = found.entry.label;
    let what = format!("`{label}` has nothing that a configuration could change: take this away");
    SettingFault { place: Some(found.settings.place.clone()), path: found.settings.path.clone(), what }
}

fn read_limit(found: Found, read: &mut AsRead, faults: &mut Vec<SettingFault>) {
    let is_meant = |limit: &Limit, entry: &PolicyEntry| limit.label() == entry.label;
    if let Some(declared) = limits_of(found.site).find(|declared| is_meant(declared.limit, &found.entry)) {
        read.limits.read(declared, found.settings, faults);
    }
}

impl Overrides {
    /// Puts all of it into force, and tells what that changes.
    pub(in crate::app) fn put_into_force(self, all: &AllInForce, breakers: &Breakers) -> Changed {
        let mut changed: Vec<_> = all.limits.replace_telling(self.limits).into_iter().map(of_limit).collect();
        let singles = [
            all.retries.replace_telling(self.retries),
            all.breakers.replace_telling(self.breakers),
            all.bulkheads.replace_telling(self.bulkheads),
            all.timeouts.replace_telling(self.timeouts),
        ];
        breakers.put_into_force(&all.breakers);
        changed.extend(singles.into_iter().flatten().map(of_single));
        // In the order of the inventory: of sites, and within them as each of these goes from the outermost to the innermost.
        changed.sort_by_key(|(site, _)| *site);
        let changed = Changed { policies: changed.into_iter().map(|(_, policy)| policy).collect() };
        changed.log();
        changed
    }
}

fn of_limit(change: Change) -> (SiteId, ChangedPolicy) {
    let Change { declared, before, now } = change;
    let (site, policy) = (declared.site.name(), declared.limit.label());
    (declared.site.id(), ChangedPolicy { site, policy, before, now })
}

fn of_single(replaced: Replaced) -> (SiteId, ChangedPolicy) {
    let Replaced { site, label, before, now } = replaced;
    (site.id(), ChangedPolicy { site: site.name(), policy: label, before, now })
}
