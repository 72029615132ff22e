//! Where budgets and what is cached are kept: in the memory of this process, or besides in a store that all processes of the service share.
//! Such a store carries what circuit breakers tell each other, too.

#[cfg(feature = "redis")]
mod redis;

use std::num::NonZeroU32;
use std::sync::Arc;

use super::config_error::Fault;
use crate::cache::Remote;
use crate::circuit_breaker::{self, Breakers, Fleet, Teller, Wire};
use crate::core::Clock;
use crate::rate_limit::Limits;

/// What was opened.
#[derive(Debug)]
pub(super) struct Stores {
    pub(super) limits: Limits,
    /// What caches share with other processes: over the same connection.
    pub(super) entries: Option<Arc<dyn Remote>>,
    /// What circuit breakers tell other processes, likewise.
    pub(super) circuits: Option<Circuits>,
}

/// What circuit breakers have to do with those of other processes.
#[derive(Debug)]
pub(super) struct Circuits {
    pub(super) remote: Arc<dyn circuit_breaker::Remote>,
    /// In so many other processes one is open before it opens here; where there is none, nobody is told.
    pub(super) hints: Option<NonZeroU32>,
}

impl Circuits {
    /// The breakers of this process, and what they have to do with those of others where there is a store beside them.
    pub(super) fn breakers(
        circuits: Option<Self>,
        clock: &Arc<dyn Clock>,
        teller: Teller,
    ) -> (Arc<Breakers>, Option<Arc<Fleet>>) {
        let Some(Self { remote, hints }) = circuits else {
            return (Arc::new(Breakers::new(clock, &teller)), None);
        };
        let wire = Wire::default();
        let breakers = Arc::new(Breakers::new(clock, &wire.through(teller)));
        let fleet = wire.connect(&breakers, clock, remote, hints);
        (breakers, fleet)
    }
}

impl Stores {
    /// The memory of this process.
    pub(super) fn memory(max_keys: usize) -> Self {
        Self { limits: Limits::new(max_keys), entries: None, circuits: None }
    }
}

/// The store, as it was written: the memory of this process where none was.
#[derive(Clone, Debug, Default)]
pub(super) struct WrittenStore {
    #[cfg(feature = "redis")]
    redis: redis::WrittenRedis,
}

impl WrittenStore {
    /// Its budgets and entries; what is wrong with it goes to the faults.
    #[cfg_attr(
        not(feature = "redis"),
        allow(unused_variables, clippy::unused_self, clippy::ptr_arg, reason = "memory has no faults")
    )]
    pub(super) fn open(&self, max_keys: usize, clock: &Arc<dyn Clock>, faults: &mut Vec<Fault>) -> Stores {
        #[cfg(feature = "redis")]
        if let Some(redis::Opened { budgets, entries, circuits, hints }) = self.redis.open(clock, faults) {
            let limits = Limits::shared(max_keys, Arc::clone(clock), Arc::new(budgets));
            let circuits = Circuits { remote: Arc::new(circuits), hints };
            return Stores { limits, entries: Some(Arc::new(entries)), circuits: Some(circuits) };
        }
        Stores::memory(max_keys)
    }
}
