//! A bulkhead in the OpenAPI document: the 503 while it is full.

use utoipa::openapi::path::Operation;

use crate::http::Rejected;
use crate::http::openapi::add_refusal;

/// Documents what it answers.
pub(crate) fn document(operation: &mut Operation) {
    let full = Rejected::by_crowd("").to_problem();
    add_refusal(operation, "503", "As many of these are under way as may be.", &full, []);
}
