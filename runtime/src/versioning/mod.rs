//! Versions of an API: which one a request asks for, who answers it, and what answers say of it.

mod policy;

pub use self::policy::Versioned;
