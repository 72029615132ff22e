//! What `limits!` declares: limits and the site that they belong to.

use http::HeaderValue;

use crate::core::{PolicyEntry, Site, Text};
use crate::rate_limit::Limit;
use crate::rate_limit::wire::{FIELD_BYTES, policy_field};

/// The limits of a [`RateLimitLayer`](crate::RateLimitLayer), with a site of their own; made by [`limits!`](crate::limits).
///
/// The site is there from the start, as that of an annotated function is: its counters at zero, its line in the inventory, its name in
/// configurations.
#[derive(Debug)]
pub struct LimitSet {
    /// Those at the door first, then those by principal.
    limits: &'static [Limit],
    site: &'static Site,
    policy: Text<FIELD_BYTES>,
}

impl LimitSet {
    /// As generated code declares it.
    ///
    /// # Panics
    /// At compile time, where limits by principal stand in front of others, or the fields of the answer would be too long.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(limits: &'static [Limit], site: &'static Site) -> Self {
        let mut place = at_the_door(limits);
        while place < limits.len() {
            assert!(limits[place].stands_behind(), "limits at the door come first");
            place += 1;
        }
        Self { limits, site, policy: policy_field(limits) }
    }

    /// The name that people see.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.site.name()
    }

    pub(super) const fn site(&self) -> &'static Site {
        self.site
    }

    pub(super) const fn all(&self) -> &'static [Limit] {
        self.limits
    }

    /// The limits that need the head of the request alone, and those that need to know who asks.
    pub(super) const fn limits(&self) -> (&'static [Limit], &'static [Limit]) {
        self.limits.split_at(at_the_door(self.limits))
    }

    /// What `RateLimit-Policy` says of them.
    pub(super) fn policy(&'static self) -> HeaderValue {
        HeaderValue::from_static(self.policy.as_str())
    }
}

const fn at_the_door(limits: &[Limit]) -> usize {
    let mut place = 0;
    while place < limits.len() && !limits[place].stands_behind() {
        place += 1;
    }
    place
}

/// How an inventory lists them.
#[must_use]
pub fn limit_entries(limits: &'static [Limit]) -> Vec<PolicyEntry> {
    limits.iter().map(Limit::entry).collect()
}
