//! Timeouts: an answer in time, or none.
//!
//! `policy.rs` says how much time there is.

mod policy;

pub use self::policy::Timeout;
