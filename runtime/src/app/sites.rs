//! Functions by the names that operators write.

use crate::core::{Registry, Site, closest};

/// The function of that name among those that this holds for, or the name that was most likely meant.
pub(super) fn site_named(
    name: &str,
    is_meant: impl Fn(&Site) -> bool,
) -> Result<&'static Site, Option<&'static str>> {
    let sites = || Registry::get().sites().iter().filter(|site| is_meant(site));
    sites().find(|site| site.name() == name).copied().ok_or_else(|| {
        let names = || sites().map(|site| site.name());
        // Most people write the end of a path.
        let ends_so = |known: &&str| known.rsplit("::").next() == Some(name);
        names().find(ends_so).or_else(|| closest(name, names()))
    })
}
