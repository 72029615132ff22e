//! The same decisions as in memory, by every algorithm.

use super::*;
use crate::rate_limit::contract::{Budgets, contract};
use crate::rate_limit::engine::Standing;

/// The store as one that is not waited for.
pub(super) struct Waited {
    pub(super) store: RedisStore,
    /// Whether tests move the time, or the server's clock counts.
    pub(super) is_timed: bool,
}

impl Waited {
    fn set(&self, now: Moment) {
        /// Keeps the present above zero, which would be the server's.
        const EPOCH_MICROS: u64 = 1_000_000_000;
        if self.is_timed {
            self.store.time.set(EPOCH_MICROS + now.as_nanos() / 1_000);
        }
    }
}

impl Store for Waited {
    fn decide(&self, asks: &[Ask<'_>], now: Moment) -> Result<Decision, Unavailable> {
        self.set(now);
        Ok(RUNTIME.block_on(self.store.decide(asks))?.rulings)
    }
}

impl Budgets for Waited {
    fn read(&self, asks: &[Ask<'_>], now: Moment) -> Vec<Standing> {
        self.set(now);
        RUNTIME.block_on(self.store.read(asks)).unwrap()
    }

    fn reset(&self, asks: &[Ask<'_>]) {
        RUNTIME.block_on(self.store.reset(asks)).unwrap();
    }

    fn give_back(&self, asks: &[Ask<'_>], charged_at: Moment, now: Moment) {
        // Ages are never negative: where the clock has stepped back, it is as if it had not.
        self.set(now.max(charged_at));
        RUNTIME.block_on(self.store.give_back(asks, now.nanos_since(charged_at))).unwrap();
    }
}

contract!(timeless || Waited { store: store(Sharing::On), is_timed: false });
contract!(timed || Waited { store: store(Sharing::Off), is_timed: true });
