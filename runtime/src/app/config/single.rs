//! Policies of which a function has one of a kind: what sources say of each, and of all that share.

use std::collections::HashMap;

use super::sections::Found;
use crate::core::{Over, PolicyEntry, Registry, SettingFault, Settings, Site, SiteId};

/// What has been read of the policies of a kind.
#[derive(Debug)]
pub(super) struct Single<T: 'static>(HashMap<SiteId, Said<T>>);

/// What is said of the policy of one site.
#[derive(Debug)]
struct Said<T: 'static> {
    declared: &'static T,
    read: fn(&'static T, &Settings, &mut Vec<SettingFault>) -> Over<T>,
    own: Option<Settings>,
    /// By whichever site it shares with.
    common: Option<Settings>,
}

/// How a room reads what is said of one of its policies.
pub(super) struct Reading<T: 'static> {
    pub(super) read: fn(&'static T, &Settings, &mut Vec<SettingFault>) -> Over<T>,
    /// The name under which several sites have one.
    pub(super) share: fn(&T) -> Option<&'static str>,
    /// Whether a key is about what these have in common, and so holds for all of them.
    pub(super) is_common: fn(&str) -> bool,
}

impl<T> Default for Single<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Copy + Send + Sync + 'static> Single<T> {
    /// Reads what is said of one. What is about something that sites share holds for all of them.
    pub(super) fn read(&mut self, found: &Found, reading: &Reading<T>, faults: &mut Vec<SettingFault>) {
        let Some(declared) = found.entry.declared::<T>() else { return };
        // Read for its faults; what is in force is known when everything has been read.
        let _ = (reading.read)(declared, &found.settings, faults);
        self.said(found.site, declared, reading).own = Some(found.settings.clone());
        let mut common = found.settings.clone();
        common.entries.retain(|setting| (reading.is_common)(&setting.key));
        let Some(share) = (reading.share)(declared).filter(|_| !common.entries.is_empty()) else { return };
        for (site, declared) in sharers(share, reading.share) {
            let said = self.said(site, declared, reading);
            match &said.common {
                Some(other) if !says_the_same(other, &common) => {
                    faults.push(contradiction(&common, other));
                    break;
                }
                Some(_) => {}
                None => said.common = Some(common.clone()),
            }
        }
    }

    fn said(&mut self, site: &'static Site, declared: &'static T, reading: &Reading<T>) -> &mut Said<T> {
        let new = || Said { declared, read: reading.read, own: None, common: None };
        self.0.entry(site.id()).or_insert_with(new)
    }

    /// What is to be in force.
    pub(super) fn settle(self) -> HashMap<SiteId, Over<T>> {
        let over = |(site, said): (SiteId, Said<T>)| Some((site, said.over()?));
        self.0.into_iter().filter_map(over).collect()
    }
}

impl<T> Said<T> {
    fn over(self) -> Option<Over<T>> {
        let settings = match (self.own, self.common) {
            (Some(mut own), Some(common)) => {
                let further = common.entries.into_iter().filter(|said| own.get(&said.key).is_none());
                let further: Vec<_> = further.collect();
                own.entries.extend(further);
                own
            }
            (own, common) => own.or(common)?,
        };
        // Its faults have been told where it is written.
        Some((self.read)(self.declared, &settings, &mut Vec::new()))
    }
}

/// The sites that share something, and what they declare.
fn sharers<T: Send + Sync + 'static>(
    share: &str,
    share_of: fn(&T) -> Option<&'static str>,
) -> Vec<(&'static Site, &'static T)> {
    let sharing = |site: &&'static Site| {
        let policies = site.policies();
        let mut declared = policies.iter().filter_map(PolicyEntry::declared::<T>);
        Some((*site, declared.find(|declared| share_of(declared) == Some(share))?))
    };
    Registry::get().sites().iter().filter_map(sharing).collect()
}

fn says_the_same(one: &Settings, other: &Settings) -> bool {
    let is_said = |setting: &crate::core::Setting| {
        other.get(&setting.key).is_some_and(|said| said.value == setting.value)
    };
    one.entries.len() == other.entries.len() && one.entries.iter().all(is_said)
}

fn contradiction(said: &Settings, other: &Settings) -> SettingFault {
    let what = format!(
        "this is shared with `{}`, of which {} says something else: write it once, it holds for all of them",
        other.path, other.place
    );
    SettingFault { place: Some(said.place.clone()), path: said.path.clone(), what }
}
