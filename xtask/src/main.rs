//! The project's own chores, as `cargo xtask COMMAND`: one file in `commands/` for each, and beside them the
//! parts that they share. Only the standard library is used, so that it builds in seconds on a fresh clone.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of the command line: its terminal output is its result"
)]

mod commands;
mod failure;
mod json;
mod libtest;
mod package_files;
mod process;
mod step;
mod suggest;
mod tools;
mod tree;

use std::{env, process::ExitCode};

use commands::COMMANDS;
use failure::{Failure, Outcome};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(message) = failure.message() {
                eprintln!("error: {message}");
            }
            failure.exit_code()
        }
    }
}

fn dispatch(arguments: &[String]) -> Outcome {
    let Some((name, rest)) = arguments.split_first() else {
        print_commands();
        return Ok(());
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print_commands();
        return Ok(());
    }
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => (command.run)(rest),
        None => Err(unknown_command(name)),
    }
}

fn unknown_command(name: &str) -> Failure {
    let known: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
    Failure::Usage(suggest::unknown("command", name, &known))
}

fn print_commands() {
    println!("cargo xtask COMMAND\n");
    for command in COMMANDS {
        println!("  {:<21} {}", command.usage, command.about);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_command_is_a_usage_error_that_names_the_nearest_one() {
        let failure = dispatch(&["fetures".to_owned()]).unwrap_err();
        assert!(matches!(failure, Failure::Usage(_)));
        assert!(failure.message().unwrap().contains("did you mean `features`?"));
    }

    #[test]
    fn every_usage_begins_with_its_name() {
        for command in COMMANDS {
            assert!(command.usage.starts_with(command.name), "{}", command.name);
        }
    }
}
