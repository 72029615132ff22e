//! `CacheLayer`: a shared cache around a router, by the fields of its answers: RFC 9111.
//!
//! | file | what |
//! | --- | --- |
//! | `target.rs` | what a request asks for: its key, its wishes, whether it is for a cache at all |
//! | `kept.rs` | an answer that is kept, with the requests that it is for, and what is sent of it |
//! | `codec.rs` | its bytes for a store that processes share |
//! | `errand.rs` | asking the service behind, and what may be kept of its answer |
//! | `shelf.rs` | looking, having it made once, making it anew |
//! | `writes.rs` | what a write throws away |
//! | `tally.rs` | how often what happened |
//! | `layer.rs` | the layer, its service and its future |
//!
//! An answer that varies is kept under its target, with the fields that it varies by, if it is the first one of that target; those for other
//! requests are kept under the target with their values behind it. What is found is only used where it is for this request.

mod codec;
mod errand;
mod kept;
mod layer;
mod shelf;
mod tally;
mod target;
mod writes;

pub use self::layer::{CacheFuture, CacheLayer, CacheService};
