//! `#[authorize]`: who may ask, and the ready-made ways to find out who does.
//!
//! | file | what |
//! | --- | --- |
//! | `policy.rs` | [`Authorize`]: what the attribute declares |
//! | `engine.rs` | requirement and principal in, verdict out |
//! | `refusal.rs` | the 401, the 403 and their problems |
//! | `http.rs` | from what the resolver said to a pass or a refusal |
//! | `resolvers.rs` | [`BearerTokens`], [`ApiKeys`], [`FromExtension`] |
//! | `openapi.rs` | the answers and the security scheme, documented |

mod engine;
pub(crate) mod http;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
mod policy;
mod refusal;
mod resolvers;

pub use self::policy::Authorize;
pub use self::resolvers::{ApiKeys, BearerTokens, FromExtension};
