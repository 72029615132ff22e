//! The table of commands; each has its own file.

mod bench;
mod contract;
mod docs;
mod features;
mod package;
mod test;
mod ui;

use crate::{
    failure::{Failure, Outcome},
    suggest,
};

/// One command: what it is called, how it is typed, what it does.
pub(crate) struct Command {
    pub(crate) name: &'static str,
    pub(crate) usage: &'static str,
    pub(crate) about: &'static str,
    pub(crate) run: fn(&[String]) -> Outcome,
}

/// All commands, in the order in which they are listed.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        name: "test",
        usage: "test",
        about: "installs what is missing, runs all checks and tests",
        run: test::run,
    },
    Command {
        name: "ui",
        usage: "ui [--overwrite]",
        about: "runs the UI and snapshot tests; with --overwrite accepts what they now say",
        run: ui::run,
    },
    Command {
        name: "features",
        usage: "features",
        about: "checks tollgate without features, with each alone and with all",
        run: features::run,
    },
    Command {
        name: "docs",
        usage: "docs",
        about: "builds the documentation as docs.rs does",
        run: docs::run,
    },
    Command {
        name: "bench",
        usage: "bench [NAME ..]",
        about: "measures requests, the limiter, the cache and compile times",
        run: bench::run,
    },
    Command {
        name: "contract",
        usage: "contract",
        about: "holds the examples to their documents, and to what they owe hostile clients",
        run: contract::run,
    },
    Command {
        name: "package",
        usage: "package",
        about: "builds the packages that would be published",
        run: package::run,
    },
];

/// For commands that take no arguments.
fn no_arguments(arguments: &[String]) -> Outcome {
    match arguments.first() {
        None => Ok(()),
        Some(argument) => {
            Err(Failure::Usage(format!("unexpected argument `{argument}`: this command takes none")))
        }
    }
}

/// For commands whose arguments are words of a fixed set.
fn known_arguments(arguments: &[String], known: &[&str]) -> Outcome {
    match arguments.iter().find(|argument| !known.contains(&argument.as_str())) {
        None => Ok(()),
        Some(argument) => Err(Failure::Usage(suggest::unknown("argument", argument, known))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_checked() {
        let written = ["--overwrit".to_owned()];
        assert!(no_arguments(&[]).is_ok());
        assert!(no_arguments(&written).is_err());
        assert!(known_arguments(&[], &["--overwrite"]).is_ok());
        let failure = known_arguments(&written, &["--overwrite"]).unwrap_err();
        assert!(failure.message().unwrap().contains("did you mean `--overwrite`?"));
    }
}
