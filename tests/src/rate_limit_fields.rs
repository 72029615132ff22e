//! What holds for the rate-limit fields of every answer, whatever was asked
//! (draft-ietf-httpapi-ratelimit-headers-10).

use std::collections::HashSet;

use http::StatusCode;

use crate::Answer;
use crate::structured::{Member, list_of_strings};

/// Holds that the fields are well formed, agree with each other and with the problem of a refusal.
///
/// # Panics
/// Where they do not.
pub(crate) fn check(answer: &Answer) {
    let (Some(policies), Some(limits)) = (members(answer, "ratelimit-policy"), members(answer, "ratelimit"))
    else {
        let fields = ["ratelimit-policy", "ratelimit"].map(|name| answer.headers.contains_key(name));
        assert_eq!(fields, [false, false], "one field without the other: {answer:?}");
        return;
    };
    policies.iter().for_each(check_policy);
    limits.iter().for_each(check_limit);
    let mut announced = policies.iter().map(|policy| &policy.name);
    let in_order = limits.iter().all(|limit| announced.any(|name| *name == limit.name));
    assert!(in_order, "limits are policies in their order: {answer:?}");
    let names: HashSet<_> = policies.iter().map(|policy| &policy.name).collect();
    assert_eq!(names.len(), policies.len(), "two policies of one name: {answer:?}");
    if answer.status == StatusCode::TOO_MANY_REQUESTS && answer.body.contains("#quota-exceeded") {
        check_refusal(answer, &limits);
    }
}

/// The one line of a field; `None` where it is missing.
fn members(answer: &Answer, name: &str) -> Option<Vec<Member>> {
    let lines: Vec<_> = answer.headers.get_all(name).iter().map(|line| line.to_str().unwrap()).collect();
    assert!(lines.len() <= 1, "{name} stands on several lines: {lines:?}");
    let line = lines.first()?;
    Some(list_of_strings(line).unwrap_or_else(|error| panic!("{name}: {line}: {error}")))
}

fn check_policy(policy: &Member) {
    has_parameters(policy, &["q", "w"]);
    assert!(policy.integer("q").is_some_and(|quota| quota >= 0), "{policy:?}");
    assert!(
        policy.parameters.len() == 1 || policy.integer("w").is_some_and(|seconds| seconds > 0),
        "{policy:?}"
    );
}

fn check_limit(limit: &Member) {
    has_parameters(limit, &["r", "t"]);
    assert!(limit.integer("r").is_some_and(|remaining| remaining >= 0), "{limit:?}");
    // A `t` of zero would say that more is available already.
    assert!(
        limit.parameters.len() == 1 || limit.integer("t").is_some_and(|seconds| seconds > 0),
        "{limit:?}"
    );
}

/// Those and no others, in that order.
fn has_parameters(member: &Member, known: &[&str]) {
    let mut known = known.iter();
    let in_order = member.parameters.iter().all(|(name, _)| known.any(|known| known == name));
    assert!(in_order, "{member:?}");
}

/// A refusal names who refused, and tells to wait for the last of them.
fn check_refusal(answer: &Answer, limits: &[Member]) {
    let problem = answer.json();
    let violated: Vec<_> = problem["violated-policies"].as_array().unwrap().iter().collect();
    assert!(!violated.is_empty(), "{answer:?}");
    let limit_of = |name: &&serde_json::Value| limits.iter().find(|limit| **name == limit.name.as_str());
    let waits = violated
        .iter()
        .map(|name| limit_of(name).unwrap_or_else(|| panic!("{name}: {answer:?}")).integer("t"));
    let longest = waits.max().flatten();
    if let Some(retry_after) = answer.headers.get("retry-after") {
        let seconds: i64 = retry_after.to_str().unwrap().parse().unwrap();
        assert_eq!(Some(seconds), longest, "{answer:?}");
    }
}
