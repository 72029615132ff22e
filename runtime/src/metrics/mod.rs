//! What happened: `#[with_metrics]` and the counters of decisions.
//!
//! Rooms tell an [`Observer`](crate::core::Observer) what they decided; [`Decisions`] is the one that counts. Every
//! counter of every site exists from the start, so a rate over a counter is never missing its zero.

mod decisions;
mod policy;

pub use self::decisions::DecisionCount;
pub use self::policy::WithMetrics;

pub(crate) use self::decisions::Decisions;
