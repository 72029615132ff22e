//! What a cached handler documents: the fields of its answers, the 304, and what is kept for programs to read.

use std::time::Duration;

use serde_json::{Map, Value, json};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{Header, RefOr, ResponseBuilder};

use super::policy::{Cached, Freshness};
use crate::http::openapi::{add_response, header};

/// The extension by which an operation tells what is kept of its answers.
const CACHE_EXTENSION: &str = "x-cache";

/// Documents how answers are kept, on the methods that are answered from a cache.
pub(crate) fn document(policy: &Cached, methods: &[HttpMethod], operation: &mut Operation) {
    if !methods.iter().any(|method| matches!(method, HttpMethod::Get | HttpMethod::Head)) {
        return;
    }
    let fields = fields(policy);
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        for (name, header) in &fields {
            if may_be_kept(policy, status) && (*name != ETAG || is_tagged(status)) {
                response.headers.entry((*name).to_owned()).or_insert_with(|| header.clone().into());
            }
        }
    }
    let not_modified = ResponseBuilder::new().description("What the client has still holds.");
    let not_modified =
        fields.into_iter().fold(not_modified, |response, (name, field)| response.header(name, field));
    add_response(operation, "304", not_modified.build());
    let extensions = operation.extensions.get_or_insert_with(Extensions::default);
    extensions.insert(CACHE_EXTENSION.to_owned(), told(policy));
}

/// Whether an answer of this status may be kept.
fn may_be_kept(policy: &Cached, status: &str) -> bool {
    match policy.freshness {
        Freshness::Ttl(_) => matches!(status, "200" | "203" | "204" | "300" | "301" | "308" | "2XX"),
        // Whatever the answer itself allows; a part of it is never kept.
        Freshness::FromResponse => status.starts_with(['2', '3']) && !matches!(status, "206" | "304"),
    }
}

/// Whether an `ETag` is made for it: a 304 stands for a 200 alone.
fn is_tagged(status: &str) -> bool {
    matches!(status, "200" | "2XX")
}

const ETAG: &str = "ETag";

fn fields(policy: &Cached) -> Vec<(&'static str, Header)> {
    let text = |description, example: String| header(Type::String, description, example);
    let mut fields = vec![
        (
            ETAG,
            text(
                "Tells this answer from others; send it as `If-None-Match` (RFC 9110).",
                "\"47DEQpj8HBSa-_TImW-5JA\"".to_owned(),
            ),
        ),
        (
            "Age",
            header(
                Type::Integer,
                "Seconds since the answer was made; absent where it was made just now (RFC 9111).",
                12,
            ),
        ),
        (
            "Cache-Control",
            text("How long, and by whom, the answer may be kept (RFC 9111).", directives(policy)),
        ),
        (
            "Cache-Status",
            text(
                "Whether the answer had been kept, and if not, why (RFC 9211).",
                "tollgate; hit; ttl=48".to_owned(),
            ),
        ),
    ];
    if !policy.vary.is_empty() {
        let names = policy.vary.join(", ");
        fields
            .push(("Vary", text("The fields of the request that the answer depends on (RFC 9110).", names)));
    }
    fields
}

/// As a policy with a time of its own sends them.
fn directives(policy: &Cached) -> String {
    let Freshness::Ttl(ttl) = policy.freshness else { return "max-age=60".to_owned() };
    let whose = if policy.is_public { "public" } else { "private" };
    let mut directives = format!("{whose}, max-age={}", whole_seconds(ttl));
    for (name, nanos) in
        [("stale-while-revalidate", policy.stale_while_revalidate), ("stale-if-error", policy.stale_if_error)]
    {
        if nanos > 0 {
            directives = format!("{directives}, {name}={}", whole_seconds(nanos));
        }
    }
    directives
}

const fn whole_seconds(nanos: u64) -> u64 {
    nanos / 1_000_000_000
}

/// What is kept, for programs: gateways, generators of clients, tests. Times in seconds.
fn told(policy: &Cached) -> Value {
    let mut told = Map::new();
    match policy.freshness {
        Freshness::Ttl(nanos) => told.insert("ttl".to_owned(), seconds(nanos)),
        Freshness::FromResponse => told.insert("from-response".to_owned(), json!(true)),
    };
    told.insert("public".to_owned(), json!(policy.is_public));
    told.insert("vary".to_owned(), json!(policy.vary));
    for (name, nanos) in
        [("stale-while-revalidate", policy.stale_while_revalidate), ("stale-if-error", policy.stale_if_error)]
    {
        if nanos > 0 {
            told.insert(name.to_owned(), seconds(nanos));
        }
    }
    Value::Object(told)
}

fn seconds(nanos: u64) -> Value {
    if nanos.is_multiple_of(1_000_000_000) {
        json!(whole_seconds(nanos))
    } else {
        json!(Duration::from_nanos(nanos).as_secs_f64())
    }
}
