//! A circuit breaker in the OpenAPI document: the 503 while it is open.

use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::Type;

use super::policy::CircuitBreaker;
use crate::http::Rejected;
use crate::http::openapi::{add_refusal, header};

/// Documents what it answers. One that only tells answers nothing.
pub(crate) fn document(policy: &CircuitBreaker, operation: &mut Operation) {
    if policy.metrics_only {
        return;
    }
    let retry_after = header(
        Type::Integer,
        "Seconds until what fails is tried again; absent while it is being tried.",
        policy.open_for.div_ceil(1_000_000_000),
    );
    let open = Rejected::by_open_circuit("", None).to_problem();
    let description = "What this depends on fails, and is left alone for a while.";
    add_refusal(operation, "503", description, &open, [("Retry-After", retry_after)]);
}
