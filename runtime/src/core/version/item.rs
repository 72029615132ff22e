//! Items that stand for several handlers, one for each range of versions, registered at link time.

use crate::core::Site;

/// Every item of `versions!` that the linker put into this program.
#[linkme::distributed_slice]
pub static VERSION_ITEMS: [VersionItem];

/// One item of `versions!`: a handler that chooses among others.
#[derive(Debug)]
pub struct VersionItem {
    /// The item's own site, under whose name what it refuses is counted.
    pub site: fn() -> &'static Site,
    /// The sites of its handlers, in the order in which they are written.
    pub members: fn() -> Vec<&'static Site>,
    /// The places of the versions that it says it does not answer.
    pub holes: &'static [usize],
    /// The places of the versions that are answered by conversion.
    pub converted: &'static [usize],
}
