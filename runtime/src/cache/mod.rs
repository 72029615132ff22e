//! Caches: answers of handlers and routers, and values of functions, by one engine.
//!
//! ```text
//! policy          what an attribute says, as a constant
//! life, rfc/      pure: how long something may be used, and what the standards say about it
//! marks           what an entry can be thrown away by: its tags, its site, its key, everything
//! entry, store    what is kept, and where: memory/ in this process, redis/ for all of them
//! levels/, flight/ the two levels, and one run for all who wait
//! http/           answers: what may be kept of one, and what is sent in its place
//! ```

mod caches;
pub(crate) mod codec;
#[cfg(test)]
pub(crate) mod contract;
mod entry;
mod flight;
pub(crate) mod http;
mod levels;
mod life;
mod marks;
mod memory;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
mod policy;
#[cfg(feature = "redis")]
pub(crate) mod redis;
mod remote;
pub(crate) mod rfc;
mod store;
#[cfg(feature = "redis")]
mod wire;

pub(crate) use self::caches::Caches;
pub(crate) use self::entry::{Entry, Value};
pub(crate) use self::levels::{Cache, Draft, Fetched, How, Made, Question, TypeNames};
pub(crate) use self::life::{Life, Standing, Terms};
pub(crate) use self::marks::{Mark, Marks};
pub use self::memory::Shelf;
pub use self::policy::{Cached, CachedCall, Freshness, Invalidates, OnCacheError};
pub(crate) use self::remote::{Codec, Remote};
