//! A circuit breaker in the OpenAPI document: the 503 while it is open.

use utoipa::openapi::schema::Type;

use super::policy::CircuitBreaker;
use crate::http::documented::DocumentedProblem;
use crate::http::openapi::header;
use crate::http::{Rejected, kinds};

/// What it answers. One that only tells answers nothing.
pub(crate) fn problem(policy: &CircuitBreaker) -> Option<DocumentedProblem> {
    let seconds = policy.open_for.div_ceil(1_000_000_000);
    let retry_after =
        header(Type::Integer, "Seconds until it is tried again; absent while it is being tried.", seconds);
    let example = Rejected::by_open_circuit("", None).to_problem();
    let problem = DocumentedProblem::new(kinds::CIRCUIT_OPEN, example).header("Retry-After", retry_after);
    (!policy.metrics_only).then_some(problem)
}
