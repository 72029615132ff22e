//! Versions of an API: what `derive(ApiVersion)` declares, and how what a client writes is found among them.

mod chosen;
mod item;
mod number;
mod table;

use std::fmt;

pub use self::item::{VERSION_ITEMS, VersionItem};
pub use self::table::{VersionInfo, VersionTable};

pub(crate) use self::chosen::Chosen;
pub(crate) use self::table::Lookup;

/// The versions of an API: an enum of the user's, made by [`derive(ApiVersion)`](derive@crate::ApiVersion), oldest version first.
///
/// A value is an extractor: in a handler it is the version that the request asks for.
pub trait ApiVersion: Copy + Eq + fmt::Debug + Send + Sync + 'static {
    /// All versions with their names, oldest first, and the one that a request without a version asks for.
    const TABLE: &'static VersionTable;

    /// Its place among the versions, from zero.
    fn place(self) -> usize;

    /// The version at a place; `None` where there are not as many.
    fn at(place: usize) -> Option<Self>;

    /// What is declared of it; `None` where an implementation by hand contradicts itself.
    fn info(self) -> Option<&'static VersionInfo> {
        Self::TABLE.versions().get(self.place())
    }

    /// Its name, as answers write it: `"v2"`.
    fn name(self) -> &'static str {
        self.info().map_or("", VersionInfo::name)
    }
}
