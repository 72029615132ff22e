//! The items of the program that are asked for in pages.

use super::paging::{PageStyle, Paging};

/// The items of the program that are asked for in pages, collected by the linker. Generic ones are not among them.
#[linkme::distributed_slice]
pub static PAGE_TYPES: [PageType];

/// An item that is asked for in pages, and where it stands.
#[derive(Debug)]
pub struct PageType {
    #[cfg_attr(
        not(feature = "openapi"),
        allow(dead_code, reason = "documents alone ask where an item stands")
    )]
    module: &'static str,
    paging: &'static Paging,
}

impl PageType {
    /// An item of a module.
    #[must_use]
    pub const fn new(module: &'static str, paging: &'static Paging) -> Self {
        Self { module, paging }
    }

    /// How its pages are asked for.
    pub(super) const fn style(&self) -> PageStyle {
        self.paging.page_style()
    }

    /// Whether it is the type of that path.
    #[cfg(feature = "openapi")]
    pub(super) fn is(&self, path: &str) -> bool {
        path.rsplit_once("::") == Some((self.module, self.paging.name()))
    }
}
