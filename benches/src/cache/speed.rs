//! Nanoseconds of one hit.

use std::thread;

use super::{
    Sizes,
    subject::{Subject, timed},
    zipf::even,
};
use crate::{Failure, markdown::Table, quartiles::Quartiles, stopwatch};

/// The threads that look at once.
const THREADS: [usize; 2] = [1, 2];
/// After so many rounds the same keys come again in the same order.
const CHUNKS: usize = 5;

/// How long a hit among so many keys took, from so many threads at once.
#[derive(Clone, Debug)]
pub struct Timing {
    /// Of what.
    pub subject: &'static str,
    /// Between how many keys it went to and fro.
    pub keys: u32,
    /// How many threads looked at once.
    pub threads: usize,
    /// Nanoseconds of one hit, as one thread sees it, round by round.
    nanoseconds: Vec<f64>,
}

impl Timing {
    /// Its time as a multiple of another's: the median of the rounds.
    #[must_use]
    pub fn ratio_to(&self, other: &Self) -> Option<f64> {
        let ratios = self.nanoseconds.iter().zip(&other.nanoseconds).map(|(own, others)| own / others);
        Some(Quartiles::of(ratios.collect())?.median)
    }

    #[cfg(test)]
    pub(super) fn of(subject: &'static str, keys: u32, threads: usize, nanoseconds: f64) -> Self {
        Self { subject, keys, threads, nanoseconds: vec![nanoseconds] }
    }

    fn cells(&self, moka: Option<&Self>) -> [String; 5] {
        let Quartiles { lower, median, upper } = Quartiles::of(self.nanoseconds.clone())
            .unwrap_or(Quartiles { lower: 0.0, median: 0.0, upper: 0.0 });
        let ratio = moka.and_then(|moka| self.ratio_to(moka));
        [
            self.keys.to_string(),
            self.threads.to_string(),
            self.subject.to_owned(),
            format!("{median:.1} ({lower:.1}..{upper:.1})"),
            ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")),
        ]
    }
}

/// All numbers of keys, from one thread and from two.
pub fn measure_speed(sizes: Sizes) -> Result<Vec<Timing>, Failure> {
    let subjects = timed();
    let mut timings = Vec::new();
    for keys in sizes.keys {
        subjects.iter().try_for_each(|subject| subject.fill(keys))?;
        timings.extend(timings_of(&subjects, keys, sizes)?);
    }
    Ok(timings)
}

fn timings_of(subjects: &[Box<dyn Subject>], keys: u32, sizes: Sizes) -> Result<Vec<Timing>, Failure> {
    let visits = even(keys, sizes.hits * CHUNKS);
    let timing = |threads, subject: &dyn Subject| Timing {
        subject: subject.name(),
        keys,
        threads,
        nanoseconds: Vec::with_capacity(sizes.rounds),
    };
    let mut timings: Vec<_> = THREADS
        .iter()
        .flat_map(|threads| subjects.iter().map(|subject| timing(*threads, &**subject)))
        .collect();
    for chunk in visits.chunks(sizes.hits).cycle().take(sizes.rounds) {
        for (timing, subject) in timings.iter_mut().zip(subjects.iter().cycle()) {
            timing.nanoseconds.push(time(&**subject, chunk, timing.threads)?);
        }
    }
    Ok(timings)
}

/// The nanoseconds of one hit where so many threads take all of them each.
fn time(subject: &dyn Subject, visits: &[u32], threads: usize) -> Result<f64, Failure> {
    let (visited, time) = match threads {
        // Whatever else runs on the machine does not count. Of two threads it has to: one may wait for the other.
        1 => stopwatch::thread_cpu_time_of(|| visit(subject, visits)),
        _ => stopwatch::time(|| visit_from_two(subject, visits)),
    };
    #[expect(clippy::cast_precision_loss, reason = "far fewer hits than 2^52")]
    visited.map(|()| time.as_secs_f64() * 1e9 / visits.len() as f64)
}

/// The second thread begins in the middle, so that it does not follow the first from key to key.
fn visit_from_two(subject: &dyn Subject, visits: &[u32]) -> Result<(), Failure> {
    let (early, late) = visits.split_at(visits.len() / 2);
    thread::scope(|scope| {
        let second = scope.spawn(|| {
            visit(subject, late).and_then(|()| visit(subject, early)).map_err(|e| format!("{e:?}"))
        });
        visit(subject, visits)?;
        Ok(second.join().unwrap_or_else(|_| Err("a thread panicked".to_owned()))?)
    })
}

/// Fails if anything is not found, since that would be another's cost.
fn visit(subject: &dyn Subject, visits: &[u32]) -> Result<(), Failure> {
    let missed = visits.len() - subject.visit(visits)?;
    if missed == 0 { Ok(()) } else { Err(format!("{} missed {missed}", subject.name()).into()) }
}

/// The table that is printed.
#[must_use]
pub fn speed_table(timings: &[Timing]) -> Table<5> {
    let mut table = Table::new(["keys", "threads", "", "ns of a hit (quartiles)", "of moka's"]);
    for timing in timings {
        table.push(timing.cells(find(timings, "moka", timing.keys, timing.threads)));
    }
    table
}

/// What was measured of one.
pub(super) fn find<'t>(
    timings: &'t [Timing],
    subject: &str,
    keys: u32,
    threads: usize,
) -> Option<&'t Timing> {
    timings.iter().find(|one| (one.subject, one.keys, one.threads) == (subject, keys, threads))
}

#[cfg(test)]
mod tests {
    use super::{super::tests::SMALL, *};

    #[test]
    fn all_are_timed_in_all_ways() {
        let timings = measure_speed(SMALL).unwrap();
        assert_eq!(timings.len(), timed().len() * 4);
        assert!(timings.iter().all(|timing| timing.nanoseconds.len() == SMALL.rounds));
        assert!(find(&timings, "call::cached", 10, 2).is_some());
    }

    #[test]
    fn a_timing_is_a_row() {
        let (own, moka) = (Timing::of("a", 10, 2, 50.0), Timing::of("moka", 10, 2, 200.0));
        assert_eq!(own.cells(Some(&moka)), ["10", "2", "a", "50.0 (50.0..50.0)", "0.25"]);
    }
}
