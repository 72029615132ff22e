//! Judges that are not ours: Prometheus' `promtool` and the parser of Python's `prometheus_client` for metrics,
//! `openapi-spec-validator` and `schemathesis` for documents.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use crate::{
    failure::{Failure, Outcome},
    process::{program, run, succeeds, target, typed},
    tools,
};

/// From `PyPI`. The cases that schemathesis sends are made by hypothesis.
const PACKAGES: &str = "prometheus_client==0.26.0 openapi-spec-validator==0.9.0 schemathesis==4.32.5 \
    hypothesis==6.170.15";

/// Refuses what breaks the rules of `OpenMetrics` 1.0, and says how many samples there are.
const PARSE: &str = "\
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
print(sum(len(family.samples) for family in parse(sys.stdin.read())))
";

pub(super) struct Judges {
    promtool: PathBuf,
    python: PathBuf,
    /// Where they lie, and what they write.
    pub(super) folder: PathBuf,
}

impl Judges {
    /// Installs them below the target directory, unless they are there.
    pub(super) fn summon() -> Result<Self, Failure> {
        tools::ensure("contract")?;
        let folder = target()?.join("contract");
        // Installed as a package, it would bring a server that starts at once, and on every boot.
        let promtool = tools::unpacked("promtool", "prometheus", &folder.join("prometheus"))?;
        Ok(Self { promtool, python: python(&folder.join("python"))?, folder })
    }

    /// The text form 0.0.4. Promtool also exits with 0 for what it only dislikes, but says so.
    pub(super) fn check_text(&self, text: &str) -> Outcome {
        let (said, _) = judge(program(&self.promtool, "check metrics"), text)?;
        if said.is_empty() { Ok(()) } else { Err(Failure::broken(format!("promtool says:\n{said}"))) }
    }

    /// The form of `OpenMetrics`. Gives the number of samples.
    pub(super) fn check_openmetrics(&self, text: &str) -> Result<String, Failure> {
        let mut command = program(&self.python, "-c");
        command.arg(PARSE);
        let (complaints, count) = judge(command, text)?;
        if complaints.is_empty() {
            return Ok(count.trim().to_owned());
        }
        Err(Failure::broken(format!("prometheus_client says:\n{complaints}")))
    }

    /// An `OpenAPI` document, as JSON.
    pub(super) fn check_document(&self, text: &str) -> Outcome {
        let (complaints, said) = judge(program(&self.python, "-m openapi_spec_validator -"), text)?;
        if complaints.is_empty() && said.trim() == "stdin: OK" {
            return Ok(());
        }
        Err(Failure::broken(format!("openapi-spec-validator says:\n{said}{complaints}")))
    }

    pub(super) fn schemathesis(&self, arguments: &str) -> Command {
        let mut command = program(&self.python, &format!("-m schemathesis.cli {arguments}"));
        // Whatever it found: the terminal of the reader may not be one for UTF-8.
        command.env("PYTHONUTF8", "1");
        command
    }
}

/// What it complained of, or else what it said.
fn judge(mut command: Command, text: &str) -> Result<(String, String), Failure> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let name = typed(&command);
    let name = name.lines().next().unwrap_or_default();
    let cannot = |error| Failure::broken(format!("`{name}` cannot be run: {error}"));
    let mut child = command.spawn().map_err(cannot)?;
    let input = child.stdin.take();
    let output = thread::scope(|scope| {
        // Beside the reading of what it says, or both sides could wait for each other. One that has seen enough
        // does not read on.
        scope.spawn(move || input.map(|mut input| input.write_all(text.as_bytes())));
        child.wait_with_output()
    });
    let output = output.map_err(cannot)?;
    let (said, complaints) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() {
        return Ok((complaints.into_owned(), said.into_owned()));
    }
    Err(Failure::broken(format!("`{name}` failed ({})\n{said}{complaints}", output.status)))
}

/// A Python of its own, with these packages and no others.
fn python(folder: &Path) -> Result<PathBuf, Failure> {
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    // Written when all of them were there.
    let installed = folder.join("packages");
    let is_complete = fs::read_to_string(&installed).is_ok_and(|packages| packages == PACKAGES);
    if is_complete && succeeds(program(&python, "--version")) {
        return Ok(python);
    }
    let mut create = program("python3", "-m venv --clear");
    create.arg(folder);
    run(create)?;
    run(program(&python, &format!("-m pip install --quiet --disable-pip-version-check {PACKAGES}")))?;
    fs::write(&installed, PACKAGES)
        .map_err(|error| Failure::broken(format!("{}: {error}", installed.display())))?;
    Ok(python)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_judge_says_and_what_it_complains_of_are_told_apart() {
        let text = "x".repeat(1_000_000);
        let cargo = || crate::process::cargo("--version");
        let (complaints, said) = judge(cargo(), &text).unwrap();
        assert!(complaints.is_empty() && said.starts_with("cargo "), "{complaints}{said}");
    }

    #[test]
    fn a_judge_that_fails_is_named_with_what_it_said() {
        let failure = judge(crate::process::cargo("--no-such-flag"), "").unwrap_err();
        let message = failure.message().unwrap();
        assert!(message.starts_with("`cargo --no-such-flag` failed"), "{message}");
        assert!(message.lines().count() > 1, "{message}");
    }
}
