//! Handles of functions: statics of the user's that name what one annotated function keeps, registered at link time.

use std::any::Any;
use std::fmt;
use std::ptr;

use super::site::{Origin, Site};

/// Every handle that an attribute names.
#[linkme::distributed_slice]
pub static CONTROLS: [Control];

/// A handle, and the function that it is the handle of.
pub struct Control {
    handle: &'static (dyn Any + Send + Sync),
    site: &'static Site,
    function: &'static (dyn Any + Send + Sync),
}

impl Control {
    /// A handle as generated code declares it; `function` is the site with its policies.
    #[must_use]
    pub const fn new(
        handle: &'static (dyn Any + Send + Sync),
        site: &'static Site,
        function: &'static (dyn Any + Send + Sync),
    ) -> Self {
        Self { handle, site, function }
    }

    /// What the handle is the handle of, for whoever knows its type.
    pub(crate) fn function_of<T: 'static>(handle: &(dyn Any + Send + Sync)) -> Option<&'static T> {
        let own = CONTROLS.iter().find(|control| ptr::addr_eq(control.handle, handle))?;
        own.function.downcast_ref()
    }

    /// The functions that name a handle which another one names, too.
    pub(crate) fn collisions() -> Vec<Vec<Origin>> {
        let is_same = |one: &Self, other: &Self| ptr::addr_eq(one.handle, other.handle);
        let mut collisions = Vec::new();
        for (place, control) in CONTROLS.iter().enumerate() {
            let is_first = !CONTROLS.iter().take(place).any(|other| is_same(control, other));
            let mut origins: Vec<_> = CONTROLS
                .iter()
                .filter(|other| is_same(control, other))
                .map(|other| *other.site.origin())
                .collect();
            if is_first && origins.len() > 1 {
                origins.sort();
                collisions.push(origins);
            }
        }
        collisions
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("site", &self.site).finish_non_exhaustive()
    }
}
