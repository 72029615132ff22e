//! Policies of which a function has one of a kind: what sources say of each, and of all that share.

use std::collections::HashMap;

use super::sections::Found;
use crate::core::{Over, PolicyEntry, Registry, SettingFault, Settings, Site, SiteId};

/// What has been read of the policies of a kind.
#[derive(Debug)]
pub(super) struct Single<T>(HashMap<SiteId, (Over<T>, Settings)>);

/// How a room reads what is said of one of its policies.
pub(super) struct Reading<T: 'static> {
    pub(super) read: fn(&'static T, &Settings, &mut Vec<SettingFault>) -> Over<T>,
    /// The name under which several sites have one.
    pub(super) share: fn(&T) -> Option<&'static str>,
}

impl<T> Default for Single<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Copy + Send + Sync + 'static> Single<T> {
    /// Reads what is said of one. It holds for all that share with it.
    pub(super) fn read(&mut self, found: &Found, reading: &Reading<T>, faults: &mut Vec<SettingFault>) {
        let Some(declared) = found.entry.declared::<T>() else { return };
        let over = (reading.read)(declared, &found.settings, faults);
        for site in sharers(found.site, (reading.share)(declared), reading.share) {
            match self.0.get(&site.id()) {
                Some((_, other)) if !says_the_same(other, &found.settings) => {
                    faults.push(contradiction(&found.settings, other));
                    break;
                }
                Some(_) => {}
                None => {
                    self.0.insert(site.id(), (over, found.settings.clone()));
                }
            }
        }
    }

    /// What is to be in force.
    pub(super) fn settle(self) -> HashMap<SiteId, Over<T>> {
        self.0.into_iter().map(|(site, (over, _))| (site, over)).collect()
    }
}

fn sharers<T: Send + Sync + 'static>(
    site: &'static Site,
    share: Option<&'static str>,
    share_of: fn(&T) -> Option<&'static str>,
) -> Vec<&'static Site> {
    let Some(share) = share else { return vec![site] };
    let shares = |other: &&&'static Site| {
        let policies = other.policies();
        let mut declared = policies.iter().filter_map(PolicyEntry::declared::<T>);
        declared.any(|declared| share_of(declared) == Some(share))
    };
    Registry::get().sites().iter().filter(shares).copied().collect()
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
