//! A bulkhead in the OpenAPI document: the 503 while it is full.

use crate::http::documented::DocumentedProblem;
use crate::http::{Rejected, kinds};

/// What it answers.
pub(crate) fn problem() -> DocumentedProblem {
    DocumentedProblem::new(kinds::OVERLOADED, Rejected::by_crowd("").to_problem())
}
