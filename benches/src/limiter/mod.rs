//! How the limiter is measured without a request around it, beside governor.
//!
//! * Nanoseconds (`speed`): both decide about the same addresses in the same order and read their own clocks, in short rounds
//!   that interleave them, so that a change in the machine's load meets both. To be read as ratios: the median of those
//!   of the rounds.
//! * Bytes of a key (`memory`): what the process grows by, as the kernel sees it, in a process of its own for each, and at
//!   every fill up to the largest.
//! * The longest decision (`pauses`): in CPU time of its thread, so that other programs do not count.
//! * What a full limiter still knows (`bound`).
//!
//! Every size is in [`Sizes`], so that the tests are quick.

mod bound;
mod memory;
mod pauses;
mod speed;
mod subject;
mod targets;

use std::net::{IpAddr, Ipv4Addr};

pub use bound::{Bound, bound};
pub use memory::{Fill, fill, measure_memory, memory_table};
pub use pauses::{Pauses, pauses};
pub use speed::{Timing, measure_speed, speed_table};
pub use targets::report;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// The numbers of clients between which the decisions of one measurement go to and fro.
    pub clients: [u32; 3],
    /// The decisions of one thread in one round.
    pub decisions: usize,
    /// The rounds.
    pub rounds: usize,
    /// The number of clients of a large limiter, whose memory and pauses are measured.
    pub many: u32,
}

impl Sizes {
    /// What is printed.
    pub const REAL: Self =
        Self { clients: [1, 10_000, 1_000_000], decisions: 200_000, rounds: 75, many: 10_000_000 };
}

/// The address of a client: a different one for each, and in no order.
fn address(client: u32) -> IpAddr {
    Ipv4Addr::from_bits(client.wrapping_mul(0x9e37_79b1)).into()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Small enough for a test.
    pub(super) const SMALL: Sizes = Sizes { clients: [1, 10, 100], decisions: 200, rounds: 3, many: 20_000 };

    #[test]
    fn no_two_clients_have_one_address() {
        assert_eq!((0..100_000).map(address).collect::<HashSet<_>>().len(), 100_000);
    }
}
