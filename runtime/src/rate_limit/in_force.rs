//! Stand-in: replaced by what configuration says.

use super::policy::Rates;
use crate::core::SiteId;

pub(crate) type LimitId = (SiteId, usize);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Override {
    pub(crate) rates: Option<Rates>,
    pub(crate) shadow: Option<bool>,
    pub(crate) disabled: bool,
}

#[derive(Debug, Default)]
pub(crate) struct InForce;

impl InForce {
    #[inline]
    pub(crate) fn of(&self, _: LimitId) -> Option<Override> {
        None
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        true
    }
}
