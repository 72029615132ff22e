//! Policies in front of any async function: `#[tollgate::call::..]`.
//!
//! ```text
//! rate_limited > the function
//! ```
//!
//! | file | what |
//! | --- | --- |
//! | `site.rs` | [`CallSite`]: an annotated function and its policies, as generated code declares them; [`Call`]: one call of it |
//! | `run.rs` | [`once`]: the policies around one call, in their one order |
//! | `limit.rs` | whether a budget admits a call, now or within the time that it may wait |
//! | `rejection.rs` | [`FromRejected`]: what the error of such a function has to be |
//!
//! The function's signature stays what it is: its block becomes a future, and [`once`] decides whether that is ever polled. What a
//! call waits for, it waits for in the line of its key ([`Turnstiles`](crate::backend::Turnstiles)), and may be dropped there at any time.

mod limit;
mod rejection;
mod run;
mod site;

pub use self::rejection::FromRejected;
pub use self::run::{hint, once};
pub use self::site::{Call, CallSite, KeyParts, Limited};

#[doc = include_str!("../docs/call_rate_limited.md")]
pub use tollgate_macros::call_rate_limited as rate_limited;
