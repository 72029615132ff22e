//! The longest decision, among as many as a large limiter has clients.

use std::{hint, time::Duration};

use tollgate::{
    __private::{Limiter, Rate},
    Moment,
};

use super::{
    Sizes, address,
    subject::{Governor, Subject},
};
use crate::{markdown::Table, stopwatch};

/// Each of them a time of a thread on the CPU.
#[derive(Clone, Copy, Debug)]
pub struct Pauses {
    many: u32,
    /// While new clients come and nobody is forgotten.
    growing: Duration,
    /// While new clients come to a full limiter that may forget all of the old ones.
    replacing: Duration,
    /// While new clients come to one that may do so and has room for more.
    shrinking: Duration,
    /// Governor's, while new clients come.
    governor_growing: Duration,
    /// Governor's way to forget, which is a call of its own.
    governor_sweep: Duration,
}

impl Pauses {
    /// Tollgate's longest.
    #[must_use]
    pub fn longest(&self) -> Duration {
        self.growing.max(self.replacing).max(self.shrinking)
    }

    /// The table that is printed.
    #[must_use]
    pub fn table(&self) -> Table<3> {
        let mut table = Table::new(["the longest decision", "tollgate, µs", "governor, µs"]);
        let micros = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1e6);
        let rows = [
            (format!("{} new clients", self.many), self.growing, micros(self.governor_growing)),
            ("as many again, all before them expired, in a full table".into(), self.replacing, "–".into()),
            ("the same, in a table with room".into(), self.shrinking, "–".into()),
        ];
        for (what, tollgate, governor) in rows {
            table.push([what, micros(tollgate), governor]);
        }
        let sweep = "governor's `retain_recent`, called by hand".to_owned();
        table.push([sweep, "–".to_owned(), micros(self.governor_sweep)]);
        table
    }
}

/// Fills limiters and lets their clients expire.
#[must_use]
pub fn pauses(sizes: Sizes) -> Pauses {
    let many = sizes.many;
    let (growing, replacing) = tollgate(many as usize, many);
    let (roomy, shrinking) = tollgate(many as usize * 4, many);
    let (governor_growing, governor_sweep) = governor(many);
    Pauses { many, growing: growing.min(roomy), replacing, shrinking, governor_growing, governor_sweep }
}

const SECOND: u64 = 1_000_000_000;

/// The longest decision while a limiter fills, and while all of its clients are replaced. That is done several times: what
/// the limiter does takes long in all of them, and what the machine does, whose interrupts count as the thread's, in some.
fn tollgate(room: usize, many: u32) -> (Duration, Duration) {
    const RATE: Rate = Rate::new("default", 1, SECOND);
    let limiter = Limiter::new(room, RATE);
    let mut generations = (0..=3_u32).map(|second| {
        let now = Moment::from_nanos(u64::from(second) * SECOND);
        longest(many, |client| limiter.admit(address(second * many + client), now))
    });
    let filling = generations.next().unwrap_or_default();
    (filling, generations.min().unwrap_or_default())
}

fn governor(many: u32) -> (Duration, Duration) {
    let governor = Governor::new(0);
    let growing = longest(many, |client| governor.admit(address(client)));
    let ((), sweep) = stopwatch::thread_cpu_time_of(|| governor.0.retain_recent());
    (growing, sweep)
}

/// The clock is looked at once in so many decisions: reading it takes longer than they do.
const BATCH: u32 = 16;

/// The longest batch of decisions about all clients, and so no less than the longest decision.
fn longest(clients: u32, decide: impl Fn(u32) -> bool) -> Duration {
    let mut longest = Duration::ZERO;
    let mut before = stopwatch::thread_cpu_time();
    for batch in 0..clients.div_ceil(BATCH) {
        for client in batch * BATCH..((batch + 1) * BATCH).min(clients) {
            hint::black_box(decide(client));
        }
        let after = stopwatch::thread_cpu_time();
        longest = longest.max(after.saturating_sub(before));
        before = after;
    }
    longest
}

#[cfg(test)]
pub(super) mod tests {
    use super::{super::tests::SMALL, *};

    /// Pauses of which tollgate's longest is given.
    pub(in super::super) fn pauses_of(longest: Duration) -> Pauses {
        let [growing, replacing] = [Duration::ZERO; 2];
        let [governor_growing, governor_sweep] = [Duration::ZERO; 2];
        Pauses { many: 9, growing, replacing, shrinking: longest, governor_growing, governor_sweep }
    }

    #[test]
    fn every_pause_takes_some_time() {
        let pauses = pauses(SMALL);
        let all = [pauses.growing, pauses.replacing, pauses.shrinking, pauses.governor_growing];
        assert!(all.iter().all(|pause| *pause > Duration::ZERO), "{pauses:?}");
    }

    #[test]
    fn the_table_has_microseconds() {
        let table = pauses_of(Duration::from_nanos(1_250)).table().to_string();
        assert!(table.contains("| 1.2 ") && table.contains("| 9 new clients "), "{table}");
    }
}
