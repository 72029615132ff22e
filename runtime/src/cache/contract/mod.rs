//! What every shared store and every arrangement of levels has to do.
//!
//! ```text
//! remote    what any `Remote` does: `remote::all(&place)`, for the fake here and for a real server in its own tests
//! caches    what any `Cache` does: on memory alone, on a shared store alone, and on both
//! fake      a shared store in this process, which can be away
//! kit       a cache with a clock that is moved by hand, and work that is counted
//! ```

pub(crate) mod caches;
pub(crate) mod fake;
pub(crate) mod kit;
pub(crate) mod remote;
