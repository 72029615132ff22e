//! The version that a request asks for, once somebody has found out.

use super::{ApiVersion, VersionInfo, VersionTable};

/// One version of one API. It travels in the extensions of a request, where everybody who needs the version looks for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chosen {
    table: &'static VersionTable,
    place: usize,
}

impl Chosen {
    /// The version at a place.
    #[inline]
    pub(crate) const fn new(table: &'static VersionTable, place: usize) -> Self {
        Self { table, place }
    }

    /// Its place among the versions of its API.
    #[inline]
    pub(crate) const fn place(&self) -> usize {
        self.place
    }

    /// What is declared of it.
    #[inline]
    pub(crate) fn info(&self) -> Option<&'static VersionInfo> {
        self.table.versions().get(self.place)
    }

    /// Its name.
    pub(crate) fn name(&self) -> &'static str {
        self.info().map_or("", VersionInfo::name)
    }

    /// Whether it is a version of that API. A table is a static, so its address tells it from others.
    #[inline]
    pub(crate) fn is_of(&self, table: &'static VersionTable) -> bool {
        std::ptr::eq(self.table, table)
    }

    /// As the type that declares it; `None` where that is another API's.
    pub(crate) fn as_version<V: ApiVersion>(&self) -> Option<V> {
        if self.is_of(V::TABLE) { V::at(self.place) } else { None }
    }
}
