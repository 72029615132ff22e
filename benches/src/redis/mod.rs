//! How limiters are measured that share a Redis server, beside plain commands and other limiters.
//!
//! Server and client are on one machine. Each row has one connection, 64 tasks on it that decide and give way to each other,
//! and tokio with two workers. Rows are measured in short rounds that interleave them, so that a change in the machine's load
//! meets all of them; a ratio is the median of those of the rounds.
//!
//! * Decisions a second, as the tasks see them.
//! * The server's time of one decision: what `INFO commandstats` says that the calls took, by the decisions of the round.
//! * Calls of one decision, from there too.
//!
//! [`ROWS`] says what each row is. Where nothing else is said there, decisions go round [`Sizes::clients`] clients, all limiters
//! admit a request a minute and bursts of 65 535 at once, and everything is admitted. So budgets are always in use: that is
//! a server under load. A client that comes for the first time in a while is a row of its own, since it costs another
//! command.

mod measure;
mod peers;
mod rows;
mod server;
mod subject;
mod table;
mod targets;

pub use measure::{Measured, measure};
pub use rows::{ROWS, Row};
pub use table::table;
pub use targets::report;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// The clients that decisions are about, in turn.
    pub clients: usize,
    /// The tasks that decide at the same time.
    pub tasks: usize,
    /// The decisions of a task in one round; more where they are quick.
    pub decisions: usize,
    /// The rounds.
    pub rounds: usize,
}

impl Sizes {
    /// What is printed.
    pub const REAL: Self = Self { clients: 10_000, tasks: 64, decisions: 250, rounds: 41 };
}

/// Small enough for a test.
#[cfg(test)]
const SMALL: Sizes = Sizes { clients: 20, tasks: 8, decisions: 10, rounds: 2 };
