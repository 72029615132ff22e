//! Fallbacks: an answer in the place of a failure.

mod policy;

pub use self::policy::Fallback;
