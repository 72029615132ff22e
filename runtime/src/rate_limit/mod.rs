//! `#[rate_limited]`: no more than a client is entitled to, and an answer that says how much that is.
//!
//! | file | what |
//! | --- | --- |
//! | `policy.rs` | [`Rate`], [`Limit`]: what the attribute declares, checked while the constant is built |
//! | `role_rates.rs` | [`RoleRates`]: which rates whose role has |
//! | `engine.rs` | the generic cell rate algorithm: rate, state and time in, verdict out; no clock, no lock |
//! | `store.rs` | [`Store`]: what keeps budgets, in terms of decisions |
//! | `memory.rs` | [`Memory`]: the store in this process |
//! | `limiter.rs` | [`Limiter`]: a limit without HTTP, for benchmarks |
//! | `wire.rs` | the fields of the answer |
//! | `refusal.rs` | the 429 and its problem |
//! | `http.rs` | from a request to a charge or a refusal |
//! | `openapi.rs` | the same, documented |
//!
//! A request is charged to all limits of its function or to none. Several rates of one limit are several budgets
//! under one key; several limits have keys of their own. The fields follow
//! draft-ietf-httpapi-ratelimit-headers-10: `q` is the quota, `r` what may be sent now, which is more than `q` where
//! a burst is, and `t` the seconds until `r` grows, on a refusal until this very request would fit.

#[cfg(test)]
mod contract;
mod engine;
pub(crate) mod http;
mod limiter;
mod memory;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
mod policy;
mod refusal;
mod role_rates;
pub(crate) mod scopes;
mod store;
pub(crate) mod wire;

pub(crate) use self::engine::Verdict;
pub use self::limiter::Limiter;
pub(crate) use self::memory::Memory;
pub use self::policy::{Algorithm, Cost, KeySource, Limit, Missing, OnStoreError, Rate, RateLimitKey, Rates};
pub use self::role_rates::RoleRates;
pub(crate) use self::store::{Ask, Decision, Scope, Store, Unavailable};
