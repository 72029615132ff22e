//! Where budgets and what is cached are kept: in the memory of this process, or besides in a store that all processes of the service share.

#[cfg(feature = "redis")]
mod redis;

use std::sync::Arc;

use super::config_error::Fault;
use crate::core::Clock;
use crate::rate_limit::Limits;

/// The store, as it was written: the memory of this process where none was.
#[derive(Clone, Debug, Default)]
pub(super) struct WrittenStore {
    #[cfg(feature = "redis")]
    redis: redis::WrittenRedis,
}

impl WrittenStore {
    /// Its budgets; what is wrong with it goes to the faults.
    #[cfg_attr(
        not(feature = "redis"),
        allow(unused_variables, clippy::unused_self, reason = "memory has no faults")
    )]
    pub(super) fn limits(&self, max_keys: usize, clock: &Arc<dyn Clock>, faults: &mut Vec<Fault>) -> Limits {
        #[cfg(feature = "redis")]
        if let Some(store) = self.redis.open(clock, faults) {
            return Limits::shared(max_keys, Arc::clone(clock), Arc::new(store));
        }
        Limits::new(max_keys)
    }
}
