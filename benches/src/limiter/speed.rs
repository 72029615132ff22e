//! Nanoseconds of one decision.

use std::{hint, net::IpAddr, thread};

use super::{
    Sizes, address,
    subject::{Governor, Subject, Tollgate},
};
use crate::{Failure, markdown::Table, quartiles::Quartiles, stopwatch};

/// The threads that decide at once.
const THREADS: [usize; 2] = [1, 2];

/// How long the decisions about so many clients took, from so many threads at once.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Between how many clients they went to and fro.
    pub clients: u32,
    /// How many threads decided at once.
    pub threads: usize,
    /// Nanoseconds of one decision, as one thread sees it.
    tollgate: Quartiles,
    governor: Quartiles,
    /// Of the first to the second in one round.
    ratio: Quartiles,
}

impl Timing {
    /// Tollgate's time as a multiple of governor's.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.ratio.median
    }

    fn of(clients: u32, threads: usize, rounds: &[[f64; 2]]) -> Option<Self> {
        let quartiles = |of: fn(&[f64; 2]) -> f64| Quartiles::of(rounds.iter().map(of).collect::<Vec<_>>());
        let (tollgate, governor) =
            (quartiles(|[tollgate, _]| *tollgate)?, quartiles(|[_, governor]| *governor)?);
        let ratio = quartiles(|[tollgate, governor]| tollgate / governor)?;
        Some(Self { clients, threads, tollgate, governor, ratio })
    }

    fn cells(&self) -> [String; 5] {
        let nanoseconds = |of: Quartiles| format!("{:.1} ({:.1}..{:.1})", of.median, of.lower, of.upper);
        [
            self.clients.to_string(),
            self.threads.to_string(),
            nanoseconds(self.tollgate),
            nanoseconds(self.governor),
            format!("{:.2} ({:.2}..{:.2})", self.ratio.median, self.ratio.lower, self.ratio.upper),
        ]
    }
}

/// All numbers of clients, from one thread and from two.
pub fn measure_speed(sizes: Sizes) -> Result<Vec<Timing>, Failure> {
    let mut timings = Vec::new();
    for clients in sizes.clients {
        timings.extend(timings_of(clients, sizes)?);
    }
    Ok(timings)
}

fn timings_of(clients: u32, sizes: Sizes) -> Result<Vec<Timing>, Failure> {
    let visits = visits(clients, sizes.decisions * CHUNKS);
    let (tollgate, governor) = (filled::<Tollgate>(clients)?, filled::<Governor>(clients)?);
    let mut rounds = [const { Vec::new() }; THREADS.len()];
    for chunk in visits.chunks(sizes.decisions).cycle().take(sizes.rounds) {
        for (threads, rounds) in THREADS.into_iter().zip(&mut rounds) {
            rounds.push([time(&tollgate, chunk, threads)?, time(&governor, chunk, threads)?]);
        }
    }
    let timings =
        THREADS.into_iter().zip(&rounds).map(|(threads, rounds)| Timing::of(clients, threads, rounds));
    timings.collect::<Option<_>>().ok_or_else(|| "no round was measured".into())
}

/// After so many rounds the same clients come again in the same order.
const CHUNKS: usize = 5;

/// The clients of all decisions, at random.
fn visits(clients: u32, decisions: usize) -> Vec<IpAddr> {
    let random = |decision: usize| {
        let bits = (decision as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (bits ^ bits >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32
    };
    #[expect(clippy::cast_possible_truncation, reason = "below the number of clients")]
    (0..decisions).map(|decision| address((random(decision) % u64::from(clients)) as u32)).collect()
}

/// A limiter that knows all of the clients and is far from full, with no less room than it has if nobody says anything.
fn filled<S: Subject>(clients: u32) -> Result<S, Failure> {
    let subject = S::new((clients as usize * 4).max(1_000_000));
    let everybody: Vec<_> = (0..clients).map(address).collect();
    visit(&subject, &everybody)?;
    Ok(subject)
}

/// The nanoseconds of one decision where so many threads take all of them each.
fn time<S: Subject>(subject: &S, visits: &[IpAddr], threads: usize) -> Result<f64, Failure> {
    let (visited, time) = match threads {
        // Whatever else runs on the machine does not count. Of two threads it has to: one may wait for the other.
        1 => stopwatch::thread_cpu_time_of(|| visit(subject, visits)),
        _ => stopwatch::time(|| visit_from_two(subject, visits)),
    };
    #[expect(clippy::cast_precision_loss, reason = "far fewer decisions than 2^52")]
    visited.map(|()| time.as_secs_f64() * 1e9 / visits.len() as f64)
}

/// The second thread begins in the middle, so that it does not follow the first from client to client.
fn visit_from_two<S: Subject>(subject: &S, visits: &[IpAddr]) -> Result<(), Failure> {
    let (early, late) = visits.split_at(visits.len() / 2);
    thread::scope(|scope| {
        let second = scope.spawn(|| {
            visit(subject, late).and_then(|()| visit(subject, early)).map_err(|e| format!("{e:?}"))
        });
        visit(subject, visits)?;
        Ok(second.join().unwrap_or_else(|_| Err("a thread panicked".to_owned()))?)
    })
}

/// Fails if anybody is refused, since that would be another's cost.
#[inline(never)]
fn visit<S: Subject>(subject: &S, visits: &[IpAddr]) -> Result<(), Failure> {
    let refused = visits.iter().filter(|address| !subject.admit(hint::black_box(**address))).count();
    if refused == 0 { Ok(()) } else { Err(format!("{} refused {refused} decisions", S::NAME).into()) }
}

/// The table that is printed.
#[must_use]
pub fn speed_table(timings: &[Timing]) -> Table<5> {
    let mut table = Table::new([
        "clients",
        "threads",
        "tollgate, ns (quartiles)",
        "governor, ns (quartiles)",
        "ratio (quartiles)",
    ]);
    for timing in timings {
        table.push(timing.cells());
    }
    table
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::HashSet;

    use super::{super::tests::SMALL, *};

    /// A timing of a given ratio.
    pub(in super::super) fn timing(clients: u32, threads: usize, ratio: f64) -> Timing {
        Timing::of(clients, threads, &[[100.0 * ratio, 100.0]]).unwrap()
    }

    #[test]
    fn every_number_of_clients_is_measured_from_one_thread_and_from_two() {
        let timings = measure_speed(SMALL).unwrap();
        let cases: Vec<_> = timings.iter().map(|timing| (timing.clients, timing.threads)).collect();
        assert_eq!(cases, [(1, 1), (1, 2), (10, 1), (10, 2), (100, 1), (100, 2)]);
        assert!(timings.iter().all(|timing| timing.ratio() > 0.0));
    }

    #[test]
    fn visits_go_to_all_clients() {
        assert_eq!(visits(10, 1_000).iter().collect::<HashSet<_>>().len(), 10);
    }

    #[test]
    fn a_timing_is_a_row() {
        let row = ["1", "2", "70.0 (70.0..70.0)", "100.0 (100.0..100.0)", "0.70 (0.70..0.70)"];
        assert_eq!(timing(1, 2, 0.7).cells(), row);
    }
}
