//! What an example promises in its document, and whether it keeps it.

use std::path::Path;

use super::both;
use super::document::Document;
use super::examples::Example;
use super::judges::Judges;
use super::schemathesis::Schemathesis;
use super::service::Service;
use super::spoiled;
use crate::failure::{Failure, Outcome};

/// Starts the example, and holds it to its document.
pub(super) fn examine(example: &Example, executable: &Path, judges: &Judges) -> Outcome {
    let mut service = Service::start(example, executable, example.arguments)?;
    let outcome = keep(example, &service, judges);
    both(service.check(), outcome)
}

fn keep(example: &Example, service: &Service, judges: &Judges) -> Outcome {
    let document = Document::fetch(service.address)?;
    judges.check_document(&document.0.to_string())?;
    let (operations, components) = (document.operations(), document.check_components()?);
    let (name, count) = (example.name, operations.len());
    println!("{name}: {count} operations, openapi-spec-validator has no complaint");
    println!("{components} components: something leads to each, and no reference leads nowhere");
    let schemathesis = Schemathesis::of(name, service.address, judges)?;
    call(example, &document, &schemathesis)
}

fn call(example: &Example, document: &Document, schemathesis: &Schemathesis<'_>) -> Outcome {
    let operations = document.operations();
    for (place, caller) in example.callers.iter().enumerate() {
        let schemathesis = schemathesis.calling_as(caller);
        let report = schemathesis.run(&document.0, "openapi.json", "")?;
        report.check_clean(&operations)?;
        let (total, heard) = (report.tally.total(), report.heard(&operations));
        let who = if caller.is_empty() { "nobody" } else { caller };
        println!("schemathesis, as {who}: {total} cases, {heard} not turned away, no failure");
        println!("{}", report.lines(&operations));
        report.warnings().iter().for_each(|warning| println!("  a warning: {warning}"));
        if place == 0 {
            report.check_reach(&operations)?;
            spoiled::check(document, &report.tally, &schemathesis)?;
        }
    }
    if example.callers.is_empty() { Err(Failure::broken("nobody calls it")) } else { Ok(()) }
}
