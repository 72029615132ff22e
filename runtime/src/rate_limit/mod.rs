//! `#[rate_limited]`: no more than a client is entitled to, and an answer that says how much that is.
//!
//! | file | what |
//! | --- | --- |
//! | `policy/` | [`Rate`], [`Limit`]: what the attribute declares, checked while the constant is built |
//! | `role_rates.rs` | [`RoleRates`]: which rates whose role has |
//! | `engine/` | the algorithms: rate, state and time in, verdict out; no clock, no lock |
//! | `store.rs` | [`Store`]: what keeps budgets, in terms of decisions |
//! | `memory/` | [`Memory`]: the store in this process |
//! | `remote.rs` | [`Remote`](remote::Remote): what is asked of a store that processes share |
//! | `denials.rs` | what the shared store refused, remembered for a while |
//! | `leases.rs` | permits taken from it in blocks, and how much more that admits |
//! | `fleet/` | [`Limits`](fleet::Limits): what a `Tollgate` has, with a shared store or without one |
//! | `limiter.rs`, `shared_limiter.rs` | [`Limiter`] and the same on a shared store: a limit without HTTP, for benchmarks |
//! | `wire.rs` | the fields of the answer |
//! | `refusal.rs` | the 429 and its problem |
//! | `http.rs` | from a request to a charge or a refusal |
//! | `inspect.rs` | how the budgets of a key stand; `tiers.rs` knows which rates functions have chosen |
//! | `openapi.rs` | the same, documented |
//! | `configured.rs` | what a configuration says in the place of the attribute, read by `rate_text.rs`, kept by `interned.rs` |
//! | `in_force.rs` | [`InForce`](in_force::InForce): the same, for whoever asks per request |
//! | `shared.rs` | limits that share their budgets declare the same |
//!
//! A request is charged to all limits of its function or to none. Several rates of one limit are several budgets
//! under one key; several limits have keys of their own. The fields follow
//! draft-ietf-httpapi-ratelimit-headers-10: `q` is the quota, `r` what may be sent now, which is more than `q` where
//! a burst is, and `t` the seconds until `r` grows, on a refusal until this very request would fit.

pub(crate) mod configured;
#[cfg(test)]
mod contract;
mod denials;
mod engine;
mod fleet;
pub(crate) mod http;
pub(crate) mod in_force;
pub(crate) mod inspect;
mod interned;
mod leases;
mod limiter;
mod memory;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
mod policy;
mod rate_text;
#[cfg(feature = "redis")]
pub(crate) mod redis;
mod refusal;
#[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "without a shared store nobody implements it"))]
mod remote;
mod role_rates;
pub(crate) mod scopes;
pub(crate) mod shared;
#[cfg(feature = "redis")]
mod shared_limiter;
mod store;
mod tiers;
pub(crate) mod wire;

pub(crate) use self::engine::Verdict;
pub(crate) use self::fleet::{How, Limits, Settled};
pub use self::inspect::{LimitState, RateState};
pub use self::limiter::Limiter;
pub use self::policy::{Algorithm, Cost, KeySource, Limit, Missing, OnStoreError, Rate, RateLimitKey, Rates};
pub use self::role_rates::RoleRates;
#[cfg(feature = "redis")]
pub use self::shared_limiter::SharedLimiter;
pub(crate) use self::store::{Ask, Scope};
