//! The 403, and what it tells the client. The 401 belongs to everybody who needs a principal: `http/unauthorized.rs`.

use std::borrow::Cow;

use ::http::StatusCode;

use super::engine::Verdict;
use super::policy::Authorize;
use crate::http::Problem;

/// The answer to a principal that may not.
pub(super) fn forbidden(policy: &Authorize, verdict: Verdict) -> Problem {
    Problem::new(StatusCode::FORBIDDEN).detail(detail(policy, verdict))
}

/// What is asked for stands in the OpenAPI document, too; what a check of the user's looks at is nobody's business.
fn detail(policy: &Authorize, verdict: Verdict) -> Cow<'static, str> {
    match (verdict, policy.needed_scope()) {
        (Verdict::NoRole, _) => format!("this needs the role {}", quoted(policy.needed_roles())).into(),
        (Verdict::NoScope, Some(scope)) => format!("this needs the scope \"{scope}\"").into(),
        (Verdict::NoScope | Verdict::Admitted, _) => Cow::Borrowed("these credentials do not allow this"),
    }
}

/// A 403 as documents show it.
#[cfg(feature = "openapi")]
pub(super) fn example(policy: &Authorize) -> Problem {
    let verdict = match (policy.needed_roles(), policy.needed_scope()) {
        ([_, ..], _) => Verdict::NoRole,
        ([], Some(_)) => Verdict::NoScope,
        ([], None) => Verdict::Admitted,
    };
    forbidden(policy, verdict)
}

/// `"reader" or "editor"`
fn quoted(roles: &[&str]) -> String {
    roles.iter().map(|role| format!("\"{role}\"")).collect::<Vec<_>>().join(" or ")
}
