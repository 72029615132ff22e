//! What a circuit breaker that is closed costs, beside its peers.
//!
//! * Nanoseconds of a call (`speed`): a function that has its answer at once is called and awaited, in short rounds that interleave
//!   all, so that a change in the machine's load meets all. To be read as ratios: the medians of the rounds. The runtime that it is awaited
//!   on is there before.
//! * Allocations of a call (`allocations`): under valgrind, of those that stand for a whole stack.
//!
//! Every size is in [`Sizes`], so that the tests are quick.

mod allocations;
mod ours;
mod peers;
mod speed;
mod subject;
mod targets;

pub use allocations::{Allocations, allocations_table, measure_allocations};
pub use speed::{Timing, measure_speed, speed_table};
pub use subject::run;
pub use targets::report;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// The calls of one thread in one round.
    pub calls: u32,
    /// The rounds.
    pub rounds: usize,
}

impl Sizes {
    /// What is printed.
    pub const REAL: Self = Self { calls: 20_000, rounds: 51 };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small enough for a test.
    pub(super) const SMALL: Sizes = Sizes { calls: 100, rounds: 3 };
}
