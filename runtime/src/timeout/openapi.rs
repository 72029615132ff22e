//! A timeout in the OpenAPI document: the 504.

use utoipa::openapi::path::Operation;

use crate::http::Rejected;
use crate::http::openapi::add_refusal;

/// Documents what it answers.
pub(crate) fn document(operation: &mut Operation) {
    let late = Rejected::by_timeout("").to_problem();
    add_refusal(operation, "504", "There was no answer in time.", &late, []);
}
