//! Bulkheads: so many at a time, so many in a queue, and nobody in it for longer than this.
//!
//! `policy.rs` says how many; `configured.rs` reads what a configuration says instead.

mod compartments;
pub(crate) mod configured;
mod policy;

pub use self::policy::Bulkhead;

pub(crate) use self::compartments::{Bulkheads, Full, Place};
