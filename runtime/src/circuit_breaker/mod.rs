//! Circuit breakers: whoever fails too often is left alone for a while, and then tried with a few calls.
//!
//! `policy.rs` says what that means for a function. `breaker.rs` is one breaker; `breakers.rs` has those of a `Tollgate`, by site, shared name
//! and key; `passage.rs` is a call on its way through one; `http.rs` reads answers of handlers.
//!
//! Every process counts for itself. Beside a store that processes share, `fleet/` hears where else a breaker has opened and what was
//! ordered for all; `remote.rs` says what is asked of such a store, `called.rs` what a breaker is called there, `redis/` is one.

mod breaker;
mod breakers;
mod called;
pub(crate) mod configured;
#[cfg(test)]
mod contract;
mod fleet;
pub(crate) mod http;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
mod passage;
mod policy;
#[cfg(feature = "redis")]
pub(crate) mod redis;
mod remote;

pub use self::policy::{CircuitBreaker, Judge, Rule, Window};

pub(crate) use self::breakers::Breakers;
pub(crate) use self::passage::{Door, Passage};
#[cfg(feature = "redis")]
pub(crate) use self::remote::MOST_NODES;
pub(crate) use self::remote::Remote;
