//! What garde found, as faults of fields.

use garde::Report;
use garde::error::{Kind, Path};

use super::field_error::FieldError;

/// The most faults that are told at once: a report grows with what the client sends.
pub(crate) const MOST_FAULTS: usize = 32;

/// The faults of a report, each at its path.
pub(crate) fn faults(report: &Report) -> impl Iterator<Item = (Vec<String>, String)> {
    report.iter().take(MOST_FAULTS).map(|(path, error)| (steps(path), error.message().to_owned()))
}

/// The same as entries of a problem's `errors`: the fields are those that garde names, which are the struct's.
pub(crate) fn field_errors(report: &Report) -> Vec<FieldError> {
    faults(report).map(|(path, message)| FieldError::at(path, message)).collect()
}

/// Says how much of the data is wrong.
pub(crate) fn summary(report: &Report) -> String {
    match report.iter().count() {
        1 => "one value is not valid: see `errors`".to_owned(),
        count if count <= MOST_FAULTS => format!("{count} values are not valid: see `errors`"),
        count => format!("{count} values are not valid: `errors` has the first {MOST_FAULTS}"),
    }
}

/// The parts of a path, from the whole to the field. What has no name of its own, the inside of a newtype, is no part.
///
/// garde writes paths as text with dots, which may stand in names, too; `select!`, which expands in its users' crates, reads
/// them by this same method.
fn steps(path: &Path) -> Vec<String> {
    let steps = path.__iter().rev().filter(|(kind, _)| *kind != Kind::None);
    steps.map(|(_, step)| step.to_string()).collect()
}
