//! `cargo xtask test`: everything that must hold before a change is accepted, in one command.
//!
//! The last line is `N passed, N failed`. Tests that run a second time with other features count only where
//! they fail; a step that fails without a failed test (formatting, a lint, a crash) counts as one failure, so
//! that "0 failed" always means that all is well.

use std::{process::Command, time::Duration};

use crate::{
    failure::{Failure, Outcome},
    libtest::Tally,
    package_files, process,
    process::{cargo, count},
    step::{seconds, step, timed},
    tools, tree,
};

pub(super) fn run(arguments: &[String]) -> Outcome {
    super::no_arguments(arguments)?;
    let mut tally = Tally::default();
    let (outcome, duration) = timed(|| all_steps(&mut tally));
    conclude(tally, outcome, duration)
}

fn all_steps(tally: &mut Tally) -> Outcome {
    step("tools", || tools::ensure("test").and_then(|()| tools::ensure_components()))?;
    step("format", || process::run(cargo("fmt --all -- --check")))?;
    step("lints", || process::run(cargo("clippy --workspace --all-targets --all-features -- -D warnings")))?;
    test_steps(tally)?;
    step("docs", || process::run(strict_docs()))?;
    step("package files", package_files::check_all)?;
    step("duplicates", tree::check)
}

fn test_steps(tally: &mut Tally) -> Outcome {
    step("tests", || {
        let kinds = "--lib --bins --tests --examples"; // all but doctests, which come next
        add(tally, cargo(&format!("test --workspace --all-features --no-fail-fast {kinds}")))
    })?;
    step("doctests", || add(tally, cargo("test --workspace --all-features --no-fail-fast --doc")))?;
    step("tests with default features", || add_failures(tally, cargo("test -p tollgate --no-fail-fast")))
}

fn add(tally: &mut Tally, tests: Command) -> Outcome {
    let (counted, outcome) = count(tests);
    *tally += counted;
    outcome
}

fn add_failures(tally: &mut Tally, tests: Command) -> Outcome {
    let (counted, outcome) = count(tests);
    tally.failed += counted.failed;
    outcome
}

fn strict_docs() -> Command {
    let mut command = cargo("doc --workspace --no-deps --all-features");
    command.env("RUSTDOCFLAGS", "-D warnings");
    command
}

fn conclude(tally: Tally, outcome: Outcome, duration: Duration) -> Outcome {
    let outcome = if tally.passed == 0 { outcome.and(Err(Failure::broken("no test ran"))) } else { outcome };
    println!("\n{}", verdict(tally, &outcome, duration));
    println!("{}", last_line(tally, &outcome));
    outcome.map_err(|_| Failure::Reported)
}

fn verdict(tally: Tally, outcome: &Outcome, duration: Duration) -> String {
    let (ignored, took) = (tally.ignored, seconds(duration));
    match outcome {
        Ok(()) => format!("All steps passed in {took}; {ignored} tests were ignored."),
        Err(failure) => format!("Stopped after {took}: {}", failure.message().unwrap_or_default()),
    }
}

fn last_line(tally: Tally, outcome: &Outcome) -> String {
    let failed = if outcome.is_err() { tally.failed.max(1) } else { tally.failed };
    format!("{} passed, {failed} failed", tally.passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken() -> Outcome {
        Err(Failure::broken("step `lints`: bad"))
    }

    #[test]
    fn the_last_line_counts() {
        let tally = Tally { passed: 412, failed: 0, ignored: 3 };
        assert_eq!(last_line(tally, &Ok(())), "412 passed, 0 failed");
        assert_eq!(last_line(Tally { failed: 7, ..tally }, &broken()), "412 passed, 7 failed");
    }

    #[test]
    fn a_broken_step_without_a_failed_test_is_a_failure() {
        assert_eq!(last_line(Tally::default(), &broken()), "0 passed, 1 failed");
    }

    #[test]
    fn the_verdict_names_the_step() {
        let line = verdict(Tally::default(), &broken(), Duration::from_millis(1_250));
        assert_eq!(line, "Stopped after 1.2 s: step `lints`: bad");
    }

    #[test]
    fn no_test_at_all_is_a_failure() {
        assert!(conclude(Tally::default(), Ok(()), Duration::ZERO).is_err());
    }
}
