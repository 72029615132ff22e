//! Circuit breakers: whoever fails too often is left alone for a while, and then tried with a few calls.
//!
//! `policy.rs` says what that means for a function, `configured.rs` what a configuration says instead. `breaker.rs` is one breaker: `engine.rs`
//! decides, `machine/` counts and changes. `breakers.rs` has those of a `Tollgate`: a `group.rs` for each site or shared name, in it a
//! `slot.rs` for all calls, and for each key (`keyed.rs`). `shared.rs` compares what shares. `passage.rs` is a call on its way through one,
//! `http.rs` reads answers of handlers.
//!
//! Every process counts for itself. Beside a store that processes share, `fleet/` hears where else a breaker has opened and what was
//! ordered for all; `remote.rs` says what is asked of such a store, `called.rs` what a breaker is called there, `redis/` is one.

mod breaker;
mod breakers;
mod called;
pub(crate) mod configured;
#[cfg(test)]
mod contract;
mod engine;
mod fleet;
mod group;
pub(crate) mod http;
mod keyed;
mod locals;
mod machine;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
mod passage;
mod policy;
#[cfg(feature = "redis")]
pub(crate) mod redis;
mod remote;
pub(crate) mod shared;
mod slot;
mod state;
mod sync;
mod terms;

pub use self::policy::{CircuitBreaker, Judge, Rule, Window};

pub(crate) use self::breaker::Refused;
pub(crate) use self::breakers::Breakers;
pub(crate) use self::fleet::Fleet;
pub(crate) use self::group::{Group, Teller};
pub(crate) use self::locals::Wire;
pub(crate) use self::passage::{Door, Passage};
#[cfg(feature = "redis")]
pub(crate) use self::remote::MOST_NODES;
pub(crate) use self::remote::{Forced, Remote, Unavailable};
pub(crate) use self::slot::Slot;
pub(crate) use self::state::{Mode, Snapshot};

#[cfg(test)]
mod tests;
