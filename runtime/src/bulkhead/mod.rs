//! Bulkheads: so many at a time, so many in a queue, and nobody in it for longer than this.
//!
//! `policy.rs` says how many. `compartment.rs` is one bulkhead; `compartments.rs` has those of a `Tollgate`, by site and shared name;
//! `door.rs` is a call on its way in; `configured.rs` reads what a configuration says instead; `shared.rs` finds those of one name that differ.

mod compartment;
mod compartments;
pub(crate) mod configured;
mod door;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
mod policy;
pub(crate) mod shared;
#[cfg(test)]
mod tests;

pub use self::policy::Bulkhead;

pub(crate) use self::compartment::{Place, Terms};
pub(crate) use self::compartments::Bulkheads;
pub(crate) use self::door::{Door, Entered, Queueing};
