//! Timeouts: an answer in time, or none.
//!
//! `policy.rs` says how much time there is; `configured.rs` reads what a configuration says instead; `door.rs` is a call that has no more.

pub(crate) mod configured;
mod door;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
mod policy;

pub use self::policy::Timeout;

pub(crate) use self::door::Door;
