//! What every room that speaks HTTP shares: the facts of a request, the one writer of refusals, the names of fields.

mod facts;
pub(crate) mod fields;
#[cfg(feature = "openapi")]
pub mod openapi;
mod problem;

pub use self::facts::RequestFacts;
pub use self::problem::Problem;
