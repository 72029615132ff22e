//! Starting other programs: seen on the terminal, captured, or both at once.

use std::{
    env,
    ffi::OsStr,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

use crate::{
    failure::{Failure, Outcome},
    json::Value,
    libtest::{Counter, Tally},
};

/// The top of the repository.
pub(crate) fn root() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own)
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> Result<PathBuf, Failure> {
    let metadata = capture(cargo("metadata --no-deps --format-version 1"))?;
    let metadata = Value::parse(&metadata).map_err(Failure::broken)?;
    let target = metadata.member("target_directory").and_then(Value::text).map(PathBuf::from);
    target.ok_or_else(|| Failure::broken("cargo metadata names no target directory"))
}

/// A program with its arguments as one would type them (none of ours holds a blank), at the top of the
/// repository and without standard input: nothing that is run here may wait for an answer.
pub(crate) fn program(name: impl AsRef<OsStr>, arguments: &str) -> Command {
    let mut command = Command::new(name);
    command.args(arguments.split_whitespace()).current_dir(root()).stdin(Stdio::null());
    command
}

/// The same cargo that started us, so that `cargo +1.88 xtask test` keeps its toolchain.
pub(crate) fn cargo(arguments: &str) -> Command {
    program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), arguments)
}

/// Runs a program whose output goes straight to the terminal.
pub(crate) fn run(mut command: Command) -> Outcome {
    let status = command.status().map_err(|error| cannot_start(&command, &error))?;
    check(&command, status)
}

/// Whether a program can be started and succeeds; its output is of no interest.
pub(crate) fn succeeds(mut command: Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Runs a program and returns what it wrote to standard output.
pub(crate) fn capture(mut command: Command) -> Result<String, Failure> {
    command.stderr(Stdio::inherit());
    let output = command.output().map_err(|error| cannot_start(&command, &error))?;
    check(&command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program whose exit code means more than success or failure: gives the code and all that it said. There is
/// no code where a signal ended it.
pub(crate) fn hear(mut command: Command) -> Result<(Option<i32>, String), Failure> {
    let output = command.output().map_err(|error| cannot_start(&command, &error))?;
    let said = [output.stdout, output.stderr].concat();
    Ok((output.status.code(), String::from_utf8_lossy(&said).into_owned()))
}

/// Runs tests: what they write appears at once, and their result lines are added up. The tally is worth
/// having when the run failed, too.
pub(crate) fn count(mut command: Command) -> (Tally, Outcome) {
    let mut counter = Counter::default();
    let outcome = stream(&mut command, |piece| counter.feed(piece));
    (counter.finish(), outcome)
}

fn stream(command: &mut Command, see: impl FnMut(&[u8])) -> Outcome {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| cannot_start(command, &error))?;
    let copied = child.stdout.take().map_or(Ok(()), |output| copy(output, io::stdout(), see));
    let status = child.wait().map_err(|error| cannot_start(command, &error))?;
    copied.map_err(|error| Failure::broken(format!("the output of `{}`: {error}", typed(command))))?;
    check(command, status)
}

/// Passes everything on as it comes, not line by line: a hanging test shows its name.
fn copy(mut from: impl Read, mut to: impl Write, mut see: impl FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = [0; 8192];
    loop {
        let piece = match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => &buffer[..length],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        see(piece);
        to.write_all(piece)?;
        to.flush()?;
    }
}

fn check(command: &Command, status: ExitStatus) -> Outcome {
    if status.success() {
        return Ok(());
    }
    Err(Failure::broken(format!("`{}` failed ({status})", typed(command))))
}

fn cannot_start(command: &Command, error: &io::Error) -> Failure {
    Failure::broken(format!("`{}` cannot be run: {error}", typed(command)))
}

/// The command as one would type it, without the folder that the program is in.
pub(crate) fn typed(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words: Vec<_> = std::iter::once(name).chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_typed() {
        assert_eq!(typed(&program("/usr/bin/cargo", "fmt  --all")), "cargo fmt --all");
    }

    #[test]
    fn everything_is_passed_on_and_seen() {
        let (mut shown, mut seen) = (Vec::new(), Vec::new());
        let text = vec![b'x'; 20_000];
        copy(text.as_slice(), &mut shown, |piece| seen.extend_from_slice(piece)).unwrap();
        assert_eq!(shown, text);
        assert_eq!(seen, text);
    }

    #[test]
    fn what_a_program_said_is_heard_whatever_its_code() {
        let (code, said) = hear(cargo("--version")).unwrap();
        assert!(code == Some(0) && said.starts_with("cargo "), "{said}");
        let (code, said) = hear(cargo("--no-such-flag")).unwrap();
        assert!(code.is_some_and(|code| code != 0) && said.contains("--no-such-flag"), "{said}");
    }

    #[test]
    fn a_program_that_does_not_exist_is_a_failure_with_its_name() {
        let failure = run(program("no-such-program", "--flag")).unwrap_err();
        assert!(failure.message().unwrap().starts_with("`no-such-program --flag` cannot be run"));
        assert!(!succeeds(program("no-such-program", "")));
    }
}
