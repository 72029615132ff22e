//! Nanoseconds of one call.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use super::{
    Sizes,
    subject::{RECLOSER, Subject, all, runtime},
};
use crate::{Failure, markdown::Table, quartiles::Quartiles, stopwatch};

/// The threads that call at once.
const THREADS: [usize; 2] = [1, 2];

/// How long a call took, from so many threads at once.
#[derive(Clone, Debug)]
pub struct Timing {
    /// Of what.
    pub subject: &'static str,
    /// How many threads called at once.
    pub threads: usize,
    /// Nanoseconds of one call, as one thread sees it, round by round.
    nanoseconds: Vec<f64>,
}

impl Timing {
    /// Its time as a multiple of another's: the median of the rounds.
    #[must_use]
    pub fn ratio_to(&self, other: &Self) -> Option<f64> {
        let ratios = self.nanoseconds.iter().zip(&other.nanoseconds).map(|(own, others)| own / others);
        Some(Quartiles::of(ratios.collect())?.median)
    }

    /// Nanoseconds of one call: the median of the rounds.
    #[must_use]
    pub fn median(&self) -> Option<f64> {
        Some(Quartiles::of(self.nanoseconds.clone())?.median)
    }

    #[cfg(test)]
    pub(super) fn of(subject: &'static str, threads: usize, nanoseconds: f64) -> Self {
        Self { subject, threads, nanoseconds: vec![nanoseconds] }
    }

    fn cells(&self, recloser: Option<&Self>) -> [String; 4] {
        let Quartiles { lower, median, upper } = Quartiles::of(self.nanoseconds.clone())
            .unwrap_or(Quartiles { lower: 0.0, median: 0.0, upper: 0.0 });
        let ratio = recloser.and_then(|recloser| self.ratio_to(recloser));
        [
            self.threads.to_string(),
            self.subject.to_owned(),
            format!("{median:.1} ({lower:.1}..{upper:.1})"),
            ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")),
        ]
    }
}

/// All of them, from one thread and from two.
pub fn measure_speed(sizes: Sizes) -> Result<Vec<Timing>, Failure> {
    let subjects = all()?;
    let timing = |threads, subject: &dyn Subject| Timing {
        subject: subject.name(),
        threads,
        nanoseconds: Vec::with_capacity(sizes.rounds),
    };
    let mut timings: Vec<_> = THREADS
        .iter()
        .flat_map(|threads| subjects.iter().map(|subject| timing(*threads, &**subject)))
        .collect();
    for _ in 0..sizes.rounds {
        for (timing, subject) in timings.iter_mut().zip(subjects.iter().cycle()) {
            timing.nanoseconds.push(time(&**subject, sizes.calls, timing.threads)?);
        }
    }
    Ok(timings)
}

/// The nanoseconds of one call where so many threads call at once.
fn time(subject: &dyn Subject, calls: u32, threads: usize) -> Result<f64, Failure> {
    let (called, time) = match threads {
        // Whatever else runs on the machine does not count. Of two threads it has to: one may wait for the other.
        1 => {
            let runtime = runtime()?;
            stopwatch::thread_cpu_time_of(|| subject.call(&runtime, calls))
        }
        _ => time_of_two(subject, calls)?,
    };
    called.map(|()| time.as_secs_f64() * 1e9 / f64::from(calls))
}

/// How long one thread takes while another one calls all the time, from before it begins until after it has ended.
fn time_of_two(subject: &dyn Subject, calls: u32) -> Result<(Result<(), Failure>, Duration), Failure> {
    /// So few calls that the other one ends soon.
    const AT_A_TIME: u32 = 100;
    let (own, others) = (runtime()?, runtime()?);
    let (has_begun, is_over) = (AtomicBool::new(false), AtomicBool::new(false));
    thread::scope(|scope| {
        let second = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                subject.call(&others, AT_A_TIME).map_err(|e| format!("{e:?}"))?;
                has_begun.store(true, Ordering::Relaxed);
            }
            Ok::<_, String>(())
        });
        while !has_begun.load(Ordering::Relaxed) && !second.is_finished() {
            thread::yield_now();
        }
        let (called, time) = stopwatch::time(|| subject.call(&own, calls));
        is_over.store(true, Ordering::Relaxed);
        second.join().unwrap_or_else(|_| Err("a thread panicked".to_owned()))?;
        Ok((called, time))
    })
}

/// The table that is printed.
#[must_use]
pub fn speed_table(timings: &[Timing]) -> Table<4> {
    let mut table = Table::new(["threads", "", "ns of a call (quartiles)", "of recloser's"]);
    for timing in timings {
        table.push(timing.cells(find(timings, RECLOSER, timing.threads)));
    }
    table
}

/// What was measured of one.
pub(super) fn find<'t>(timings: &'t [Timing], subject: &str, threads: usize) -> Option<&'t Timing> {
    timings.iter().find(|one| (one.subject, one.threads) == (subject, threads))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{subject::STACK, tests::SMALL},
        *,
    };

    #[test]
    fn all_are_timed_from_one_thread_and_from_two() {
        let timings = measure_speed(SMALL).unwrap();
        assert_eq!(timings.len(), all().unwrap().len() * 2);
        assert!(timings.iter().all(|timing| timing.nanoseconds.len() == SMALL.rounds));
        assert!(find(&timings, STACK, 2).is_some() && find(&timings, RECLOSER, 1).is_some());
    }

    #[test]
    fn a_timing_is_a_row() {
        let (own, recloser) = (Timing::of("a", 2, 5.0), Timing::of(RECLOSER, 2, 20.0));
        assert_eq!(own.cells(Some(&recloser)), ["2", "a", "5.0 (5.0..5.0)", "0.25"]);
    }
}
