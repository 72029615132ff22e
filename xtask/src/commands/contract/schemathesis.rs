//! Schemathesis: sends what a document allows, and what it forbids, and holds each answer to the document.

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::judges::Judges;
use super::tally::Tally;
use crate::{
    failure::{Failure, Outcome},
    json::Value,
    process::hear,
};

const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance";
/// What it remembers of earlier runs.
const MEMORY: &str = ".schemathesis";
const RUN: &str = "run.json";
const EVENTS: &str = "events.ndjson";

/// How much it is to try; an operation may have fewer different cases than it could get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// Whole lives of resources, too. Each round makes other cases.
    Round(usize),
    /// Enough to meet every refusal.
    Glance,
    /// Until something is found.
    FirstFailure,
}

impl Effort {
    fn arguments(self) -> String {
        match self {
            Self::Round(seed) => format!("--seed {seed} --max-examples 150 --continue-on-failure"),
            Self::Glance => {
                "--seed 1 --max-examples 25 --phases examples,coverage,fuzzing --continue-on-failure"
                    .to_owned()
            }
            Self::FirstFailure => "--seed 1 --max-examples 25 --max-failures 1 --no-shrink".to_owned(),
        }
    }
}

/// Who calls which service.
pub(super) struct Schemathesis<'a> {
    judges: &'a Judges,
    address: SocketAddr,
    /// A header field, or nothing.
    caller: &'a str,
    folder: PathBuf,
}

impl<'a> Schemathesis<'a> {
    /// What it writes goes to a folder of the service's name.
    pub(super) fn of(name: &str, address: SocketAddr, judges: &'a Judges) -> Result<Self, Failure> {
        let folder = judges.folder.join("documents").join(name);
        fs::create_dir_all(&folder).map_err(|error| cannot(&folder, &error))?;
        let schemathesis = Self { judges, address, caller: "", folder };
        // It looks for settings in all folders above, and takes the first.
        schemathesis.write("schemathesis.toml", "")?;
        Ok(schemathesis)
    }

    pub(super) fn calling_as(&self, caller: &'a str) -> Self {
        Self { caller, folder: self.folder.clone(), ..*self }
    }

    /// In whose name it calls, in words.
    pub(super) fn caller(&self) -> String {
        if self.caller.is_empty() { "as nobody".to_owned() } else { format!("with `{}`", self.caller) }
    }

    /// Holds the service to a document, which goes into that file.
    pub(super) fn run(&self, document: &Value, file: &str, effort: Effort) -> Result<Report, Failure> {
        self.write(file, &document.to_string())?;
        self.forget();
        let mut command = self.judges.schemathesis(&self.arguments(file, effort));
        command.current_dir(&self.folder);
        if !self.caller.is_empty() {
            command.args(["--header", self.caller]);
        }
        let (code, said) = hear(command)?;
        self.report(code, &said)
    }

    /// Whatever is there afterwards is of the next run, and every run is like the first.
    fn forget(&self) {
        let _ = fs::remove_dir_all(self.folder.join(MEMORY));
        for report in [RUN, EVENTS] {
            let _ = fs::remove_file(self.folder.join(report));
        }
    }

    fn arguments(&self, file: &str, effort: Effort) -> String {
        let (address, effort) = (self.address, effort.arguments());
        let target = format!("{file} --url http://{address} --checks {CHECKS}");
        let data = format!("--mode all --generation-unique-inputs {effort}");
        let repeatable = "--generation-database none --suppress-health-check all";
        let reports = format!("--report json,ndjson --report-json-path {RUN} --report-ndjson-path {EVENTS}");
        format!("--no-color run {target} {data} {repeatable} {reports}")
    }

    /// 0: nothing found, 1: something found; else it could not do its work.
    fn report(&self, code: Option<i32>, said: &str) -> Result<Report, Failure> {
        if !matches!(code, Some(0 | 1)) {
            return Err(Failure::broken(format!("schemathesis could not do its work ({code:?})\n{said}")));
        }
        let run = Value::parse(&self.read(RUN)?).map_err(Failure::broken)?;
        let tally = tally(&self.read(EVENTS)?).map_err(Failure::broken)?;
        Ok(Report { is_clean: code == Some(0), run, tally, said: said.to_owned() })
    }

    fn read(&self, file: &str) -> Result<String, Failure> {
        let path = self.folder.join(file);
        fs::read_to_string(&path).map_err(|error| cannot(&path, &error))
    }

    fn write(&self, file: &str, text: &str) -> Outcome {
        let path = self.folder.join(file);
        fs::write(&path, text).map_err(|error| cannot(&path, &error))
    }
}

fn cannot(path: &Path, error: &std::io::Error) -> Failure {
    Failure::broken(format!("{}: {error}", path.display()))
}

/// What came of a run.
#[derive(Debug)]
pub(super) struct Report {
    is_clean: bool,
    run: Value,
    /// By operation, statuses.
    pub(super) tally: Tally,
    said: String,
}

impl Report {
    /// Fails if anything was found, or if not every operation was called.
    pub(super) fn check_clean(&self, operations: &BTreeSet<String>) -> Outcome {
        if !self.is_clean || !self.failures().is_empty() || !self.list("errors").is_empty() {
            return Err(self.broken("found something"));
        }
        if self.tally.count_where(|_, status| status.starts_with('5')) > 0 {
            return Err(self.broken(&format!("saw the service fail:\n{}", self.tally.lines().join("\n"))));
        }
        let tested = self.run.below(&["operations", "tested"]).and_then(Value::count);
        let is_complete = self.run.member("complete") == Some(&Value::Bool(true));
        if tested != Some(operations.len()) || !is_complete {
            return Err(self.broken(&format!("did not call all {} operations", operations.len())));
        }
        Ok(())
    }

    /// Each kind of failure with each operation where it was found.
    pub(super) fn failures(&self) -> BTreeSet<(&str, &str)> {
        let failures = self.list("failures").iter();
        let pairs = failures.filter_map(|failure| {
            let kind = failure.member("type").and_then(Value::text)?;
            let operations = failure.member("operations").map(Value::items).unwrap_or_default();
            Some(operations.iter().filter_map(Value::text).map(move |operation| (kind, operation)))
        });
        pairs.flatten().collect()
    }

    /// What it does not take for failures, but dislikes.
    pub(super) fn warnings(&self) -> Vec<String> {
        let all = self.run.member("warnings").into_iter().flat_map(Value::members);
        let some = all.filter(|(_, places)| !places.items().is_empty() || places.members().next().is_some());
        some.map(|(kind, places)| format!("{kind}: {places}")).collect()
    }

    fn list(&self, name: &str) -> &[Value] {
        self.run.member(name).map(Value::items).unwrap_or_default()
    }

    pub(super) fn broken(&self, what: &str) -> Failure {
        Failure::broken(format!("schemathesis {what}\n{}", self.said))
    }
}

/// Counts all answers by operation and status. Each line is one event of the run.
fn tally(events: &str) -> Result<Tally, String> {
    let mut tally = Tally::default();
    for line in events.lines() {
        let event = Value::parse(line)?;
        let Some(recorder) = event.below(&["ScenarioFinished", "recorder"]) else { continue };
        let interactions = recorder.member("interactions").into_iter().flat_map(Value::members);
        for (id, interaction) in interactions {
            let operation = recorder.below(&["cases", id, "value"]).and_then(operation);
            let status = interaction.below(&["response", "status_code"]).and_then(Value::count);
            let (Some(operation), Some(status)) = (operation, status) else {
                return Err(format!("a case without operation or status: {interaction}"));
            };
            tally.add(&operation, status.to_string(), 1);
        }
    }
    Ok(tally)
}

fn operation(case: &Value) -> Option<String> {
    Some(format!("{} {}", case.member("method")?.text()?, case.member("path")?.text()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: &str = r#"{"Initialize":{"seed":1}}
{"ScenarioFinished":{"recorder":{"cases":{"x":{"value":{"method":"GET","path":"/a"}},"y":{"value":{"method":"TRACE","path":"/a"}}},"interactions":{"x":{"response":{"status_code":200}},"y":{"response":{"status_code":405}}}}}}
{"ScenarioFinished":{"recorder":{"cases":{"z":{"value":{"method":"GET","path":"/a"}}},"interactions":{"z":{"response":{"status_code":200}}}}}}
"#;

    fn operations() -> BTreeSet<String> {
        BTreeSet::from(["GET /a".to_owned()])
    }

    fn report(run: &str, ends: &[(&str, &str, usize)]) -> Report {
        let (run, tally) = (Value::parse(run).unwrap(), Tally::of(ends));
        Report { is_clean: true, run, tally, said: "what it said".to_owned() }
    }

    fn message(outcome: Outcome) -> String {
        outcome.unwrap_err().message().unwrap().to_owned()
    }

    #[test]
    fn answers_are_counted_by_operation_and_status() {
        let tally = tally(EVENTS).unwrap();
        assert_eq!((tally.count("GET /a", "200"), tally.count("TRACE /a", "405"), tally.total()), (2, 1, 3));
        assert!(super::tally("{").is_err());
        assert!(super::tally(&EVENTS.replace("status_code", "code")).is_err());
    }

    #[test]
    fn only_a_whole_run_without_failures_is_clean() {
        const CLEAN: &str = r#"{"complete":true,"operations":{"tested":1},"failures":[],"errors":[]}"#;
        let seen = [("GET /a", "200", 1)];
        assert!(report(CLEAN, &seen).check_clean(&operations()).is_ok());
        let dirty = Report { is_clean: false, ..report(CLEAN, &seen) };
        assert_eq!(message(dirty.check_clean(&operations())), "schemathesis found something\nwhat it said");
        for (from, to) in
            [("true", "false"), ("\"tested\":1", "\"tested\":0"), ("\"errors\":[]", "\"errors\":[1]")]
        {
            let run = CLEAN.replace(from, to);
            assert!(report(&run, &seen).check_clean(&operations()).is_err(), "{run}");
        }
        let failed = report(CLEAN, &[("TRACE /a", "500", 1)]).check_clean(&operations());
        assert!(message(failed).starts_with("schemathesis saw the service fail"));
    }

    #[test]
    fn failures_and_warnings_are_read() {
        let report = report(
            r#"{"failures":[{"type":"A","operations":["GET /a","GET /b"]}],"warnings":{"x":[],"y":["GET /a"]}}"#,
            &[],
        );
        assert_eq!(report.failures(), BTreeSet::from([("A", "GET /a"), ("A", "GET /b")]));
        assert_eq!(report.warnings(), [r#"y: ["GET /a"]"#]);
    }
}
