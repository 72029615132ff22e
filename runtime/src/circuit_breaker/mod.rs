//! Circuit breakers: whoever fails too often is left alone for a while, and then tried with a few calls.
//!
//! `policy.rs` says what that means for a function, `configured.rs` what a configuration says instead. `breaker.rs` is one breaker: `engine.rs`
//! decides, `machine/` counts and changes. `breakers.rs` has those of a `Tollgate`: a `group.rs` for each site or shared name, in it a
//! `slot.rs` for all calls, and for each key (`keyed.rs`). `shared.rs` compares what shares. `passage.rs` is a call on its way through one.

mod breaker;
mod breakers;
pub(crate) mod configured;
mod engine;
mod group;
mod keyed;
mod machine;
mod passage;
mod policy;
pub(crate) mod shared;
mod slot;
mod state;
mod sync;
mod terms;

pub use self::policy::{CircuitBreaker, Judge, Rule, Window};
pub use self::state::Mode;

pub(crate) use self::breakers::Breakers;
pub(crate) use self::group::{Group, Teller};
pub(crate) use self::passage::{Door, Passage};
pub(crate) use self::slot::Slot;
pub(crate) use self::state::Snapshot;
