//! Runs this binary's child mode under valgrind, and reads what valgrind counted.

use std::{
    env,
    ffi::OsString,
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::Failure;

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Count {
    Instructions,
    Allocations,
}

impl Count {
    /// How many requests the shorter and the longer run send. Memcheck is slow, and allocations repeat exactly.
    fn requests(self) -> (u32, u32) {
        match self {
            Self::Instructions => (1_000, 3_000),
            Self::Allocations => (100, 300),
        }
    }

    /// The mean of one request of the variant.
    pub(crate) fn per_request(self, variant: &str) -> Result<f64, Failure> {
        let (few, many) = self.requests();
        let more = self.total(variant, many)?.saturating_sub(self.total(variant, few)?);
        Ok(f64::from(u32::try_from(more)?) / f64::from(many - few))
    }

    /// What one run counted.
    fn total(self, variant: &str, requests: u32) -> Result<u64, Failure> {
        let output = output_path(variant, self, requests)?;
        run(self.valgrind(&output), variant, requests)?;
        let text = fs::read_to_string(&output)?;
        self.parse(&text).ok_or_else(|| format!("no {self:?} in valgrind's output for {variant}").into())
    }

    fn valgrind(self, output: &Path) -> Command {
        let mut command = Command::new("valgrind");
        match self {
            Self::Instructions => command
                .args(["--tool=callgrind", "--toggle-collect=*::Driver*::send"])
                .arg(option("--callgrind-out-file=", output)),
            Self::Allocations => command
                .args(["--tool=memcheck", "--undef-value-errors=no"])
                .arg(option("--log-file=", output)),
        };
        command
    }

    fn parse(self, output: &str) -> Option<u64> {
        match self {
            Self::Instructions => output.lines().find_map(|line| number(line.strip_prefix("totals: ")?)),
            Self::Allocations => {
                output.lines().find_map(|line| number(line.split_once("total heap usage: ")?.1))
            }
        }
    }
}

/// The number at the beginning of the text, whose thousands valgrind may part with commas.
fn number(text: &str) -> Option<u64> {
    text.split_whitespace().next()?.replace(',', "").parse().ok()
}

fn option(name: &str, path: &Path) -> OsString {
    let mut option = OsString::from(name);
    option.push(path);
    option
}

/// Beside the binary, so in the target directory. It stays there for `callgrind_annotate`.
fn output_path(variant: &str, count: Count, requests: u32) -> io::Result<PathBuf> {
    let directory = env::current_exe()?.with_file_name("valgrind");
    fs::create_dir_all(&directory)?;
    Ok(directory.join(format!("{variant}.{count:?}.{requests}").to_lowercase()))
}

fn run(mut valgrind: Command, variant: &str, requests: u32) -> Result<(), Failure> {
    let child = valgrind.arg(env::current_exe()?).args(["--run", variant, &requests.to_string()]);
    let output = child.stdin(Stdio::null()).output().map_err(|error| explain(&error))?;
    if output.status.success() {
        return Ok(());
    }
    let messages = String::from_utf8_lossy(&output.stderr);
    Err(format!("{variant} failed under valgrind:\n{messages}").into())
}

fn explain(error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::NotFound => "valgrind is not installed; `cargo xtask bench` installs it".into(),
        _ => format!("valgrind can't be run: {error}").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callgrinds_total_is_read() {
        let output = "events: Ir\n\nfn=(1) main\n16 4000\n\ntotals: 27418890\n";
        assert_eq!(Count::Instructions.parse(output), Some(27_418_890));
    }

    #[test]
    fn memchecks_total_is_read() {
        let output = "==7== HEAP SUMMARY:\n==7==   total heap usage: 10,234 allocs, 10,230 frees, 5,678 bytes allocated\n";
        assert_eq!(Count::Allocations.parse(output), Some(10_234));
    }

    #[test]
    fn an_output_without_a_total_is_none() {
        assert_eq!(Count::Instructions.parse("events: Ir\n"), None);
    }
}
