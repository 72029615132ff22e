//! What every store has to do that carries hints and orders.
//!
//! ```text
//! remote    what any `Remote` does: `Place::all`, for the fake here and for a real server in its own tests
//! fake      a shared store in this process, which can be away
//! ```

pub(crate) mod fake;
pub(crate) mod remote;
