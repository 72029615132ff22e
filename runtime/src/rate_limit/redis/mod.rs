//! Budgets on a Redis server, which all processes of a service share. The server's clock counts, to a microsecond.
//!
//! | file | what |
//! | --- | --- |
//! | `store.rs` | [`RedisStore`]: one call of one script for each decision |
//! | `gcra.lua` | one budget by GCRA or a token bucket, on one number: the usual case |
//! | `shared.rs`, `gcra_shared.lua` | the same for many decisions of a process at once, in one call |
//! | `apart.rs` | limits that a cluster keeps in several places |
//! | `limits.lua` | everything else: all algorithms, all rates of all limits of a request |
//! | `terms.rs` | a rate as the scripts count it, and their answers |
//! | `names.rs` | what budgets are called |
//!
//! A permit is lost where an answer is, and none is granted twice: nothing is sent again. After a failover to a server whose
//! clock runs ahead, budgets have earned as much as that makes.

mod apart;
mod names;
mod shared;
mod store;
mod terms;

#[cfg(test)]
mod tests;

pub(crate) use self::store::{RedisStore, Sharing};
