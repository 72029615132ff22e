//! The one place of this package that reads a clock of the machine.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// How long `work` took, beside what it returned.
#[expect(
    clippy::disallowed_methods,
    reason = "wall time is what a benchmark measures; there is no policy here to test"
)]
pub(crate) fn time<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// How long `work` was on a CPU, beside what it returned: whatever else runs on the machine does not count.
pub(crate) fn thread_cpu_time_of<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = thread_cpu_time();
    let result = work();
    (result, thread_cpu_time().saturating_sub(start))
}

/// The time that this thread has spent on a CPU.
pub(crate) fn thread_cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// The middle of several measurements of one thing, and how far they lie apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    /// The upper one of the two in the middle, if their number is even.
    pub(crate) median: Duration,
    /// The shortest.
    pub(crate) min: Duration,
    /// The longest.
    pub(crate) max: Duration,
}

impl Spread {
    /// `None` if nothing was measured.
    pub(crate) fn of(mut measured: Vec<Duration>) -> Option<Self> {
        measured.sort_unstable();
        Some(Self {
            median: *measured.get(measured.len() / 2)?,
            min: *measured.first()?,
            max: *measured.last()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_not_moved_by_an_outlier() {
        let spread = Spread::of([5, 1, 900].map(Duration::from_millis).to_vec()).unwrap();
        assert_eq!([spread.min, spread.median, spread.max], [1, 5, 900].map(Duration::from_millis));
    }

    #[test]
    fn nothing_measured_has_no_median() {
        assert_eq!(Spread::of(Vec::new()), None);
    }
}
