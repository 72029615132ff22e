//! Circuit breakers: whoever fails too often is left alone for a while, and then tried with a few calls.
//!
//! `policy.rs` says what that means for a function. `breaker.rs` is one breaker; `breakers.rs` has those of a `Tollgate`, by site, shared name
//! and key; `passage.rs` is a call on its way through one.

mod breaker;
mod breakers;
pub(crate) mod configured;
mod passage;
mod policy;

pub use self::policy::{CircuitBreaker, Judge, Rule, Window};

pub(crate) use self::breakers::Breakers;
pub(crate) use self::passage::{Door, Passage};
