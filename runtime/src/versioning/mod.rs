//! Versions of an API: which one a request asks for, who answers it, and what answers say of it.
//!
//! | file | what |
//! | --- | --- |
//! | `policy.rs` | [`Versioned`]: the versions that a handler answers |
//! | `readers.rs` | [`VersionReaders`]: where clients write the version |
//! | `found.rs` | what of a request is a version, reader by reader |
//! | `media_type.rs` | versions in `Accept` and `Content-Type` |
//! | `scheme.rs` | the readers of one API, ready: from the head of a request to a version or a refusal |
//! | `refusal.rs` | the problems |
//! | `stamp.rs` | what answers say of their version |
//! | `path.rs` | the version in front of a path |
//! | `openapi.rs` | documents: one for each version |
//! | `bodies.rs` | the bodies of converted versions in documents |
//! | `coverage.rs` | items that leave a version out without saying so |

#[cfg(feature = "openapi")]
pub(crate) mod bodies;
pub(crate) mod coverage;
mod found;
mod media_type;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
mod path;
mod policy;
mod readers;
mod refusal;
mod scheme;
mod stamp;

pub use self::policy::Versioned;
pub use self::readers::{OnHole, VersionReaders};

pub(crate) use self::path::{InPath, taken_off};
pub(crate) use self::refusal::{Refused, unsupported_in_path};
pub(crate) use self::scheme::{Scheme, Schemes};
pub(crate) use self::stamp::Stamp;
