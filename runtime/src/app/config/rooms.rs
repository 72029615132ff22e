//! The rooms that can be configured, and what they make of it.

use std::collections::HashMap;

use super::changed::{Changed, ChangedPolicy};
use super::sections::Found;
use crate::app::in_force::AllInForce;
use crate::core::{Policy, PolicyEntry, SettingFault};
use crate::rate_limit::Limit;
use crate::rate_limit::configured::Configured;
use crate::rate_limit::in_force::{LimitId, Override};
use crate::rate_limit::scopes::limits_of;

/// What a room reads: the sections of the policies of its kind.
struct Room {
    policy: Policy,
    read: fn(Found, &mut AsRead, &mut Vec<SettingFault>),
}

/// A line for each room.
const ROOMS: &[Room] = &[Room { policy: Policy::RateLimit, read: read_limit }];

/// What the rooms have read so far; a field for each.
#[derive(Default)]
struct AsRead {
    limits: Configured,
}

/// What is to be in force; a field for each room.
#[derive(Debug, Default)]
pub(in crate::app) struct Overrides {
    limits: HashMap<LimitId, Override>,
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
    Overrides { limits: read.limits.settle(faults) }
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
    pub(in crate::app) fn put_into_force(self, all: &AllInForce) -> Changed {
        let policies = all.limits.replace_telling(self.limits).into_iter().map(|change| ChangedPolicy {
            site: change.declared.site.name(),
            policy: change.declared.limit.label(),
            before: change.before,
            now: change.now,
        });
        let changed = Changed { policies: policies.collect() };
        changed.log();
        changed
    }
}
