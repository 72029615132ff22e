//! How the cache is measured without a request around it, beside its peers.
//!
//! * Nanoseconds of a hit (`speed`): all of them look for the same keys in the same order, in short rounds that interleave them, so
//!   that a change in the machine's load meets all. To be read as ratios: the medians of the rounds.
//! * How much is found where there is not room for everything (`ratio`): on traces in which few keys come often and many seldom.
//! * How often a function runs that many ask for at the same time, who find nothing (`together`).
//!
//! Every size is in [`Sizes`], so that the tests are quick.

mod ratio;
mod speed;
mod subject;
mod targets;
mod together;
mod zipf;

pub use ratio::{Ratios, measure_ratios, ratio_table};
pub use speed::{Timing, measure_speed, speed_table};
pub use targets::report;
pub use together::{Runs, measure_runs, runs_table};

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// The numbers of keys between which the hits of one measurement go to and fro.
    pub keys: [u32; 2],
    /// The hits of one thread in one round.
    pub hits: usize,
    /// The rounds.
    pub rounds: usize,
    /// The keys of a trace.
    pub traced: u32,
    /// What is looked for in a trace.
    pub trace: usize,
    /// How many ask for one thing at the same time.
    pub crowd: usize,
}

impl Sizes {
    /// What is printed.
    pub const REAL: Self =
        Self { keys: [1, 10_000], hits: 20_000, rounds: 21, traced: 10_000, trace: 400_000, crowd: 10_000 };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small enough for a test.
    pub(super) const SMALL: Sizes =
        Sizes { keys: [1, 10], hits: 100, rounds: 3, traced: 1_000, trace: 20_000, crowd: 100 };
}
