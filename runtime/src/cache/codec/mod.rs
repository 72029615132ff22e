//! Values of functions as bytes, and what they weigh.
//!
//! | file | what |
//! | --- | --- |
//! | `probe.rs` | [`Probe`]: whether a type can be written at all, asked of the compiler |
//! | `walk.rs` | a serializer that writes nothing and tells what it meets |
//! | `weigh.rs` | what a value takes in memory, about |
//! | `rmp.rs` | `MessagePack`; `none.rs` where no store is built in that takes bytes |
//! | `shape/` | what a type looks like to a deserializer, so that bytes of another type are not read |

mod probe;
#[cfg(feature = "redis")]
mod rmp;
#[cfg(not(feature = "redis"))]
#[path = "none.rs"]
mod rmp;
#[cfg(feature = "redis")]
mod shape;
mod walk;
mod weigh;

#[cfg(all(test, feature = "redis"))]
mod tests;

pub use self::probe::{Bare, Weighed, Written};
pub(crate) use self::probe::{Kept, Probe};
