//! Steps: a line when one begins, a line with its duration when it ends.

use std::time::{Duration, Instant};

use crate::failure::Failure;

/// Runs one named step; a failure carries the step's name from here on.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    println!("==> {name}");
    let (result, duration) = timed(work);
    let verdict = if result.is_ok() { "ok in" } else { "failed after" };
    println!("<== {name}: {verdict} {}", seconds(duration));
    result.map_err(|failure| failure.in_step(name))
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a build took is for the reader of the log; no test depends on it"
)]
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_its_step() {
        let failure = step("fmt", || Err::<(), _>(Failure::broken("not formatted"))).unwrap_err();
        assert_eq!(failure.message(), Some("step `fmt`: not formatted"));
    }
}
