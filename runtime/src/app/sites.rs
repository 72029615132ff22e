//! Functions by the names that operators write.

use std::fmt;

use crate::core::{Registry, Site, closest};

/// No function has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UnknownSite {
    nearest: Option<&'static str>,
}

impl UnknownSite {
    /// The one that was most likely meant.
    pub(super) const fn nearest(self) -> Option<&'static str> {
        self.nearest
    }

    /// Tells it, of functions of that kind.
    pub(super) fn told(self, f: &mut fmt::Formatter<'_>, kind: &str) -> fmt::Result {
        write!(f, "no {kind} has this name: ")?;
        match self.nearest {
            Some(near) => write!(f, "did you mean `{near}`?"),
            None => f.write_str("the inventory lists those that there are"),
        }
    }
}

/// The function of that name among those that this holds for.
pub(super) fn site_named(name: &str, is_meant: impl Fn(&Site) -> bool) -> Result<&'static Site, UnknownSite> {
    let sites = || Registry::get().sites().iter().filter(|site| is_meant(site));
    sites().find(|site| site.name() == name).copied().ok_or_else(|| {
        let names = || sites().map(|site| site.name());
        // Most people write the end of a path.
        let ends_so = |known: &&str| known.rsplit("::").next() == Some(name);
        UnknownSite { nearest: names().find(ends_so).or_else(|| closest(name, names())) }
    })
}
