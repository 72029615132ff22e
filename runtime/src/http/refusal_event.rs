//! What is told of a refused request: of whom as far as it tells nothing, and its trace.

use http::HeaderMap;

use super::traceparent::trace_id;
use crate::core::{Outcome, RefusedKey, log_refusal};

/// What is told of somebody who was refused.
pub(crate) fn refused_key(key_class: &'static str, headers: &HeaderMap) -> RefusedKey {
    RefusedKey { key_class, trace_id: trace_id(headers) }
}

/// Tells of a refusal by an extractor, which belongs to no site.
pub(crate) fn log_refused(
    policy: &'static str,
    key_class: &'static str,
    outcome: Outcome,
    headers: &HeaderMap,
) {
    log_refusal(None, policy, outcome, Some(refused_key(key_class, headers)));
}
