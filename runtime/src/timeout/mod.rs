//! Timeouts: an answer in time, or none.
//!
//! `policy.rs` says how much time there is; `configured.rs` reads what a configuration says instead. Who has it runs in `guard/`.

pub(crate) mod configured;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
mod policy;

pub use self::policy::Timeout;
