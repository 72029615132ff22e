//! Limits in the OpenAPI document: the refusal, and the fields of every answer.

use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{Header, RefOr, Response, ResponseBuilder};

use super::policy::{Limit, Missing, Rate};
use super::refusal;
use super::wire::{policy_field, seconds};
use crate::http::openapi::{add_response, header, problem_content, unauthorized_response};

/// Documents what the limits answer. Those in shadow mode answer nothing.
pub(crate) fn document(limits: &'static [Limit], operation: &mut Operation) {
    let announced: Vec<_> = limits.iter().filter(|limit| !limit.is_shadow()).collect();
    let Some(first) = announced.first().and_then(|limit| limit.rates().first()) else { return };
    add_response(operation, "429", too_many_requests(first));
    let policy = policy_field(limits);
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            for (name, header) in fields(policy.as_str(), first) {
                response.headers.entry(name.to_owned()).or_insert_with(|| header.into());
            }
        }
    }
    // Where the key is missing there is no budget to tell of.
    for limit in announced.iter().filter(|limit| limit.on_missing() == Missing::Reject) {
        if limit.key().needs_principal() {
            add_response(operation, "401", unauthorized_response());
        }
        if limit.key().needs_more_than_principal() {
            add_response(operation, "400", key_missing(limit));
        }
    }
}

fn too_many_requests(rate: &Rate) -> Response {
    let (problem, wait) = refusal::example(rate);
    let (media_type, content) = problem_content(&problem);
    ResponseBuilder::new()
        .description("Too many requests: a rate limit is used up.")
        .content(media_type, content)
        .header(
            "Retry-After",
            header(
                Type::Integer,
                "Seconds until this request would be admitted; absent where it never would.",
                wait,
            ),
        )
        .build()
}

fn key_missing(limit: &Limit) -> Response {
    let (media_type, content) = problem_content(&refusal::lacking(limit));
    ResponseBuilder::new()
        .description("The request lacks what its rate limit counts by.")
        .content(media_type, content)
        .build()
}

fn fields(policy: &str, rate: &Rate) -> [(&'static str, Header); 2] {
    let (name, left, wait) = (rate.name(), rate.capacity() - 1, seconds(rate.emission_nanos()));
    let standing = format!("\"{name}\";r={left};t={wait}");
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
