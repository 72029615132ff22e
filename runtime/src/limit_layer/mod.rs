//! `RateLimitLayer`: the limits of `#[rate_limited]` around a router, or around what lies below a path.
//!
//! | file | what |
//! | --- | --- |
//! | `limit_set.rs` | [`LimitSet`]: what `limits!` declares |
//! | `coverage.rs` | which requests are covered: paths, preflights |
//! | `admission.rs` | from a request to a charge or a refusal, and the fields of the answer |
//! | `layer.rs` | the layer, its service and its future |

mod admission;
mod coverage;
mod layer;
mod limit_set;

pub use self::layer::{RateLimitFuture, RateLimitLayer, RateLimitService};
pub use self::limit_set::{LimitSet, limit_entries};
