//! Policies in front of any async function: outbound calls, jobs, methods of a service.
//!
//! | attribute | what |
//! | --- | --- |
//! | [`call::rate_limited`](macro@rate_limited) | calls it no more often than a rate allows, or waits in turn |
//! | [`call::invalidates`](macro@invalidates) | throws away what was kept, after a success |
//! | [`call::cached`](macro@cached) | keeps its values, and makes each once for all who want it |
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
//! They nest in one order, whatever the order in which they are written.

// site.rs: an annotated function and its policies, as generated code declares them, and one call of it. run.rs: the policies around one
// call. limit.rs: whether a budget admits it, now or in time. rejection.rs: what the error of such a function has to be.
// keys.rs: what tells calls apart. shape.rs: what of an answer is kept. cached.rs: a call that is answered from what is kept, or makes it.
// attempts.rs: what each attempt goes through. retries.rs: what stands between them. fallback.rs: who answers in the place of a failure.
// measured.rs: how calls end. handle.rs: how other code reaches that. marks.rs, invalidates.rs: what it is thrown away by, and by whom. Generated code finds all that
// in `__private`.
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
#[doc = include_str!("../docs/call_cached.md")]
pub use tollgate_macros::call_cached as cached;
#[doc = include_str!("../docs/call_invalidates.md")]
pub use tollgate_macros::call_invalidates as invalidates;
#[doc = include_str!("../docs/call_rate_limited.md")]
pub use tollgate_macros::call_rate_limited as rate_limited;
