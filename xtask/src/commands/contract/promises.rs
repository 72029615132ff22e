//! What an example promises in its document, and whether it keeps it.

use std::collections::BTreeSet;
use std::path::Path;

use super::both;
use super::document::{Document, NEWEST};
use super::examples::Example;
use super::judges::Judges;
use super::reach::{CASES, Reach};
use super::schemathesis::{Effort, Schemathesis};
use super::service::Service;
use super::spoiled;
use super::tally::Tally;
use super::versions;
use crate::failure::{Failure, Outcome};

/// A document that says little has few different cases in one round.
const ROUNDS: usize = 5;
const FILE: &str = "openapi.json";

/// Starts the example, and holds it to its document.
pub(super) fn examine(example: &Example, executable: &Path, judges: &Judges) -> Outcome {
    let mut service = Service::start(example, executable, example.arguments)?;
    let outcome = keep(example, &service, judges);
    both(service.check(), outcome)
}

fn keep(example: &Example, service: &Service, judges: &Judges) -> Outcome {
    let document = Document::fetch(service.address, NEWEST)?;
    judges.check_document(&document.0.to_string())?;
    let (operations, components) = (document.operations(), document.check_components()?);
    let (name, count) = (example.name, operations.len());
    println!("{name}: {count} operations, openapi-spec-validator has no complaint");
    println!("{components} components: something leads to each, and no reference leads nowhere");
    versions::check(&document, example, service.address, judges)?;
    let schemathesis = Schemathesis::of(name, service.address, judges)?;
    let Some((first, others)) = example.callers.split_first() else {
        return Err(Failure::broken(format!("nobody calls {name}")));
    };
    call_often(&document, &operations, &schemathesis.calling_as(first))?;
    others.iter().try_for_each(|caller| glance(&document, &operations, &schemathesis.calling_as(caller)))
}

/// As somebody who may do everything: rounds of cases until there are enough, and mistakes that must be found.
fn call_often(
    document: &Document,
    operations: &BTreeSet<String>,
    schemathesis: &Schemathesis<'_>,
) -> Outcome {
    let mut tally = Tally::default();
    for round in 1..=ROUNDS {
        let report = schemathesis.run(&document.0, FILE, Effort::Round(round))?;
        report.check_clean(operations)?;
        report.warnings().iter().for_each(|warning| println!("  a warning: {warning}"));
        tally.merge(report.tally);
        if tally.total() >= CASES {
            break;
        }
    }
    let reach = Reach { tally: &tally, operations };
    println!("schemathesis, {}: no failure in {}", schemathesis.caller(), reach.lines());
    reach.check()?;
    spoiled::check(document, &tally, schemathesis)
}

/// As somebody who is refused much: the refusals are documented, too.
fn glance(document: &Document, operations: &BTreeSet<String>, schemathesis: &Schemathesis<'_>) -> Outcome {
    let report = schemathesis.run(&document.0, FILE, Effort::Glance)?;
    report.check_clean(operations)?;
    let reach = Reach { tally: &report.tally, operations };
    println!("schemathesis, {}: no failure in {}", schemathesis.caller(), reach.lines());
    Ok(())
}
