//! The same decisions as in memory.

use super::*;
use crate::rate_limit::contract::contract;

/// The store as one that is not waited for, at a time that tests move.
struct Waited(RedisStore);

/// Keeps the present above zero, which would be the server's.
const EPOCH_MICROS: u64 = 1_000_000_000;

impl Store for Waited {
    fn decide(&self, asks: &[Ask<'_>], now: Moment) -> Result<Decision, Unavailable> {
        self.0.time.set(EPOCH_MICROS + now.as_nanos() / 1_000);
        Ok(RUNTIME.block_on(self.0.decide(asks))?.rulings)
    }
}

contract!(|| Waited(store(Sharing::Off)));
