//! Timeouts: an answer in time, or none.
//!
//! `policy.rs` says how much time there is; `configured.rs` reads what a configuration says instead.

pub(crate) mod configured;
mod policy;

pub use self::policy::Timeout;
