//! Retries: once more after a failure, later each time, and only as long as most calls succeed.
//!
//! `policy.rs` says how often; `configured.rs` reads what a configuration says instead.

pub(crate) mod configured;
mod policy;

pub use self::policy::Retry;
