//! The ground floor, as far as it is named.

#[path = "../../../runtime/src/core/clock.rs"]
mod clock;
#[path = "../../../runtime/src/core/verdict.rs"]
mod verdict;

pub(crate) use self::clock::Moment;
pub(crate) use self::verdict::Verdict;
