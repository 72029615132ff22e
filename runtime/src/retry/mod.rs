//! Retries: once more after a failure, later each time, and only as long as most calls succeed.
//!
//! `policy.rs` says how often.

mod policy;

pub use self::policy::Retry;
