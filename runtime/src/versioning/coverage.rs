//! Items that leave a version out without saying so, or say so and do not.

use super::policy::Versioned;
use crate::core::{PolicyEntry, SettingFault, Site, VERSION_ITEMS, VersionItem};

/// What is wrong with the items of this program.
pub(crate) fn faults() -> Vec<SettingFault> {
    VERSION_ITEMS.iter().flat_map(faults_of).collect()
}

fn faults_of(item: &'static VersionItem) -> Vec<SettingFault> {
    let site = (item.site)();
    let members: Vec<_> = (item.members)().into_iter().filter_map(versions_of).collect();
    let Some(table) = members.first().map(|versions| versions.table()) else { return Vec::new() };
    let mut faults = Vec::new();
    for (place, version) in table.versions().iter().enumerate() {
        let is_answered =
            members.iter().any(|versions| versions.answers(place)) || item.converted.contains(&place);
        let is_hole = item.holes.contains(&place);
        if is_answered != is_hole {
            continue;
        }
        let (name, origin, version) = (site.name(), site.origin(), version.name());
        let what = if is_hole {
            format!("says that it does not answer {version}, and a handler does: take it out of `holes`")
        } else {
            format!(
                "answers nobody who asks for {version}: add a handler for it, or say so by `holes = [..]` in `versions!`"
            )
        };
        let what = format!("`{name}` ({}:{}) {what}", origin.file, origin.line);
        faults.push(SettingFault { place: None, path: String::new(), what });
    }
    faults
}

fn versions_of(site: &'static Site) -> Option<&'static Versioned> {
    site.policies().iter().find_map(PolicyEntry::declared::<Versioned>)
}
