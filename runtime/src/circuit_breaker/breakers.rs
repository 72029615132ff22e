//! The breakers of a `Tollgate`.

use super::breaker::Breaker;
use super::policy::CircuitBreaker;
use crate::core::{Circuit, Circuits, Key, Site};

/// The breakers of all sites, by site, shared name and key.
#[derive(Debug)]
pub(crate) struct Breakers {
    only: Breaker,
}

impl Breakers {
    /// All closed.
    pub(crate) fn new() -> Self {
        Self { only: Breaker::new(&CircuitBreaker::new()) }
    }

    /// That of a call.
    #[inline]
    pub(crate) fn of(&self, _site: &Site, _policy: &'static CircuitBreaker, _key: Option<Key>) -> &Breaker {
        &self.only
    }
}

impl Circuits for Breakers {
    fn circuits(&self) -> Vec<Circuit> {
        Vec::new()
    }
}
