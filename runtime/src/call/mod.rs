//! Policies in front of any async function: outbound calls, jobs, methods of a service.
//!
//! | attribute | what |
//! | --- | --- |
//! | [`call::with_metrics`](macro@with_metrics) | counts its calls by how they end, and measures them |
//! | [`call::rate_limited`](macro@rate_limited) | calls it no more often than a rate allows, or waits in turn |
//! | [`call::fallback`](macro@fallback) | answers by another function where it fails |
//! | [`call::invalidates`](macro@invalidates) | throws away what was kept, after a success |
//! | [`call::cached`](macro@cached) | keeps its values, and makes each once for all who want it |
//! | [`call::timeout`](macro@timeout) | gives up what takes too long |
//! | [`call::retry`](macro@retry) | calls it once more after a failure |
//! | [`call::circuit_breaker`](macro@circuit_breaker) | leaves it alone while it keeps failing |
//! | [`call::bulkhead`](macro@bulkhead) | lets so many calls run at a time |
//!
//! ```
//! use tollgate::{Rejected, call};
//!
//! #[call::rate_limited("50/second", key = "{tenant}", wait = "2s")]
//! async fn observation(tenant: &str) -> Result<String, Rejected> {
//!     Ok(format!("rain over {tenant}"))
//! }
//! ```
//!
//! The function's signature stays what it is. What refuses a call makes the function's error from a [`Rejected`](crate::Rejected).
//! They nest in the order of this table, whatever the order in which they are written: the first one is the outermost. The `total` of
//! [`call::timeout`](macro@timeout) is around all attempts, and its other time is for each of them.

// site.rs: an annotated function and its policies, as generated code declares them, and one call of it. run.rs: the policies around one
// call. limit.rs: whether a budget admits it, now or in time. rejection.rs: what the error of such a function has to be.
// keys.rs: what tells calls apart. shape.rs: what of an answer is kept. cached.rs: a call that is answered from what is kept, or makes it.
// attempts.rs: all attempts of a call, and what they share. attempt.rs: one of them. retries.rs: what stands between them. fallback.rs: who answers in the place of a failure.
// measured.rs: how calls end. handle.rs: how other code reaches that. marks.rs, invalidates.rs: what it is thrown away by, and by whom. Generated code finds all that
// in `__private`.
pub(crate) mod attempt;
pub(crate) mod attempts;
pub(crate) mod cached;
pub(crate) mod fallback;
pub(crate) mod handle;
pub(crate) mod invalidates;
pub(crate) mod keys;
mod limit;
pub(crate) mod marks;
pub(crate) mod measured;
pub(crate) mod rejection;
pub(crate) mod retries;
pub(crate) mod run;
pub(crate) mod shape;
pub(crate) mod site;

pub use self::handle::CacheHandle;
pub use self::keys::{CacheKey, CacheKeys};
#[doc = include_str!("../docs/call_bulkhead.md")]
pub use tollgate_macros::call_bulkhead as bulkhead;
#[doc = include_str!("../docs/call_cached.md")]
pub use tollgate_macros::call_cached as cached;
#[doc = include_str!("../docs/call_circuit_breaker.md")]
pub use tollgate_macros::call_circuit_breaker as circuit_breaker;
#[doc = include_str!("../docs/call_fallback.md")]
pub use tollgate_macros::call_fallback as fallback;
#[doc = include_str!("../docs/call_invalidates.md")]
pub use tollgate_macros::call_invalidates as invalidates;
#[doc = include_str!("../docs/call_rate_limited.md")]
pub use tollgate_macros::call_rate_limited as rate_limited;
#[doc = include_str!("../docs/call_retry.md")]
pub use tollgate_macros::call_retry as retry;
#[doc = include_str!("../docs/call_timeout.md")]
pub use tollgate_macros::call_timeout as timeout;
#[doc = include_str!("../docs/call_with_metrics.md")]
pub use tollgate_macros::call_with_metrics as with_metrics;
