//! The sections of all sources together, and what each of them is about.

use std::collections::BTreeMap;

use super::document::Section;
use crate::core::{PolicyEntry, Registry, SettingFault, Settings, Site, closest, quoted, spelled};

/// A policy of a site, and all that is said of it.
pub(super) struct Found {
    pub(super) site: &'static Site,
    pub(super) entry: PolicyEntry,
    pub(super) settings: Settings,
}

/// Puts sections of one policy together. A key stands in one source alone, so nobody has to know which one would win.
pub(super) fn merge(sections: Vec<Section>, faults: &mut Vec<SettingFault>) -> Vec<Found> {
    let mut merged = BTreeMap::<(String, String), Settings>::new();
    for Section { site, label, place, settings } in sections {
        let path = format!("sites.{}.{}", spelled(&site), spelled(&label));
        let known = merged.entry((site, label)).or_insert(Settings { path, place, entries: Vec::new() });
        for setting in settings {
            match known.get(&setting.key) {
                Some(other) => {
                    let what = format!("{} says this already: write it in one place", other.place);
                    faults.push(known.fault(&setting, what));
                }
                None => known.entries.push(setting),
            }
        }
    }
    let found = merged.into_iter().map(|((site, label), settings)| find(&site, &label, settings));
    let found: Vec<_> = found.collect();
    found.into_iter().filter_map(|found| found.map_err(|fault| faults.push(fault)).ok()).collect()
}

fn find(name: &str, label: &str, settings: Settings) -> Result<Found, SettingFault> {
    let fault = |path: String, what| SettingFault { place: Some(settings.place.clone()), path, what };
    let Some(site) = Registry::get().sites().iter().copied().find(|site| site.name() == name) else {
        return Err(fault(format!("sites.{}", spelled(name)), no_site(name)));
    };
    let entries = site.policies();
    match entries.iter().find(|entry| entry.label == label) {
        Some(entry) => Ok(Found { site, entry: entry.clone(), settings }),
        None => Err(fault(settings.path.clone(), no_policy(label, &entries))),
    }
}

fn no_site(name: &str) -> String {
    let names = || Registry::get().sites().iter().map(|site| site.name());
    // Whoever leaves a module out, or moves a function to another, still knows what it is called.
    let function = name.rsplit("::").next().unwrap_or(name);
    let mut namesakes = names().filter(|other| other.rsplit("::").next() == Some(function));
    let near = match (namesakes.next(), namesakes.next()) {
        (Some(one), None) => Some(one),
        _ => closest(name, names()),
    };
    match near {
        // Several functions of the module have that name, so a line tells them apart.
        Some(near) if near.contains('@') => format!(
            "there is no such site: did you mean `{}`? That name changes with its line: `name = \"{function}\"` on one of its attributes \
             gives it one that stays",
            spelled(near)
        ),
        Some(near) => format!("there is no such site: did you mean `{}`?", spelled(near)),
        None => "there is no such site: `tollgate.inventory()` shows those there are".to_owned(),
    }
}

fn no_policy(label: &str, entries: &[PolicyEntry]) -> String {
    let labels: Vec<_> = entries.iter().map(|entry| entry.label).collect();
    match closest(label, labels.iter().copied()) {
        Some(near) => format!("the function has no such policy: did you mean `{}`?", spelled(near)),
        None => format!("the function has no such policy: it has {}", quoted(&labels)),
    }
}
