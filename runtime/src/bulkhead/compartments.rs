//! The bulkheads of a `Tollgate`.

use super::policy::Bulkhead;
use crate::core::{Clock, Crowded, Site};

/// Those of all sites, by site and shared name.
#[derive(Debug, Default)]
pub(crate) struct Bulkheads {}

/// As many run, and wait, as may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

/// A place, given back when it is dropped.
#[must_use = "a place is taken as long as this lives"]
#[derive(Debug)]
pub(crate) struct Place<'a> {
    #[allow(dead_code)]
    bulkheads: &'a Bulkheads,
}

impl Bulkheads {
    /// Takes a place, after waiting for one where that is allowed.
    pub(crate) async fn enter(
        &self,
        _site: &'static Site,
        _policy: &'static Bulkhead,
        _clock: &dyn Clock,
    ) -> Result<Place<'_>, Full> {
        Ok(Place { bulkheads: self })
    }
}

impl Crowded for Bulkheads {
    fn crowd(&self) -> Vec<(&'static str, u64, u64)> {
        Vec::new()
    }
}
