//! A timeout in the OpenAPI document: the 504.

use crate::http::documented::DocumentedProblem;
use crate::http::{Rejected, kinds};

/// What it answers.
pub(crate) fn problem() -> DocumentedProblem {
    DocumentedProblem::new(kinds::TIMED_OUT, Rejected::by_timeout("").to_problem())
}
