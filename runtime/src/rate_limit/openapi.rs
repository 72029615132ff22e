//! Limits in the OpenAPI document: the refusal, and the fields of every answer.

use serde_json::json;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{Header, RefOr, Response, ResponseBuilder};

use super::http::{QUOTA_EXCEEDED, QUOTA_EXCEEDED_TITLE, policy_field};
use super::policy::{KeySource, Limit, Missing, Rate};
use crate::http::openapi::{add_response, header, problem_content};

/// Documents what the limits answer. Those in shadow mode answer nothing.
pub(crate) fn document(limits: &'static [Limit], operation: &mut Operation) {
    let announced: Vec<_> = limits.iter().filter(|limit| !limit.is_shadow()).collect();
    let Some(first) = announced.first().and_then(|limit| limit.rates().first()) else { return };
    add_response(operation, "429", too_many_requests(first));
    if let Some(limit) = announced.iter().find(|limit| limit.on_missing() == Missing::Reject) {
        add_response(operation, "400", key_missing(limit));
    }
    let policy = policy_field(limits);
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            for (name, header) in fields(policy.as_str(), first) {
                response.headers.entry(name.to_owned()).or_insert_with(|| header.into());
            }
        }
    }
}

fn too_many_requests(rate: &Rate) -> Response {
    let (media_type, content) = problem_content(json!({
        "type": QUOTA_EXCEEDED,
        "title": QUOTA_EXCEEDED_TITLE,
        "status": 429,
        "detail": format!("the policy \"{}\" admits {rate}: wait 1 second", rate.name()),
        "violated-policies": [rate.name()],
    }));
    ResponseBuilder::new()
        .description("Too many requests: a rate limit is used up.")
        .content(media_type, content)
        .header(
            "Retry-After",
            header(
                Type::Integer,
                "Seconds until this request would be admitted; absent where it never would.",
                1,
            ),
        )
        .build()
}

fn key_missing(limit: &Limit) -> Response {
    let detail = match limit.key() {
        KeySource::Header(name) => format!("the request needs the header field {}", name()),
        _ => "the request lacks what its rate limit counts by".to_owned(),
    };
    let (media_type, content) = problem_content(json!({
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": detail,
    }));
    ResponseBuilder::new()
        .description("The request lacks what its rate limit counts by.")
        .content(media_type, content)
        .build()
}

fn fields(policy: &str, rate: &Rate) -> [(&'static str, Header); 2] {
    let standing = format!("\"{}\";r={};t=1", rate.name(), rate.capacity().saturating_sub(1));
    [
        (
            "RateLimit",
            header(
                Type::String,
                "How each rate stands: `r` requests may be sent now, and `t` seconds later more \
                 (draft-ietf-httpapi-ratelimit-headers-10).",
                standing,
            ),
        ),
        (
            "RateLimit-Policy",
            header(
                Type::String,
                "The rates in force: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers-10).",
                policy,
            ),
        ),
    ]
}
