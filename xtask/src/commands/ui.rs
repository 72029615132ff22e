//! `cargo xtask ui`: the tests that compare with reviewed files, and how those files are renewed.
//!
//! These are the compiler's messages (`*.stderr`, by trybuild) and the expansions (`*.snap`, by insta).

use std::process::Command;

use crate::{
    failure::Outcome,
    process::{cargo, program, run as run_program},
};

const OVERWRITE: &str = "--overwrite";

pub(super) fn run(arguments: &[String]) -> Outcome {
    super::known_arguments(arguments, &[OVERWRITE])?;
    if arguments.is_empty() {
        return run_program(tests());
    }
    let outcome = run_program(overwriting(tests()));
    show_changes()?; // also when a test failed for another reason: the files are written by then
    outcome
}

/// The UI tests are among them.
fn tests() -> Command {
    cargo("test -p tollgate-tests -p tollgate-macros --all-features --no-fail-fast --lib --tests")
}

fn overwriting(mut tests: Command) -> Command {
    tests.env("TRYBUILD", "overwrite").env("INSTA_UPDATE", "always");
    tests
}

fn show_changes() -> Outcome {
    println!("\nReview what changed:");
    run_program(program("git", "--no-pager diff --stat -- *.stderr *.snap"))?;
    println!("New files:");
    run_program(program("git", "ls-files --others --exclude-standard -- *.stderr *.snap"))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn both_libraries_are_told_to_overwrite() {
        let command = overwriting(tests());
        let told: Vec<&OsStr> = command.get_envs().map(|(name, _)| name).collect();
        assert_eq!(told, ["INSTA_UPDATE", "TRYBUILD"]);
    }
}
