//! Limits in the OpenAPI document: the refusal, the fields of every answer, and the rates for programs to read.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Map, Value, json};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{Header, RefOr, Response, ResponseBuilder};

use super::in_force::InForce;
use super::policy::{KeySource, Limit, Missing, OnStoreError, Rate};
use super::refusal;
use super::scopes::limits_of;
use super::wire::{policy_value, seconds};
use crate::core::Site;
use crate::http::openapi::{add_response, header, problem_content, unauthorized_response};

/// The extension by which an operation tells its rates.
const RATES_EXTENSION: &str = "x-rate-limit";

/// Documents what the limits answer. Those in shadow mode answer nothing.
pub(crate) fn document(limits: &[Limit], operation: &mut Operation) {
    let statuses: Vec<_> = operation.responses.responses.keys().cloned().collect();
    Told::of(limits).add(operation, &statuses);
}

/// Documents the limits of a site as they are in force, where they were documented as they are declared.
pub(crate) fn document_in_force(operation: &mut Operation, site: &'static Site, in_force: &InForce) {
    if limits_of(site).all(|declared| in_force.of(declared.id()).is_none()) {
        return;
    }
    let declared: Vec<_> = limits_of(site).map(|declared| *declared.limit).collect();
    let now: Vec<_> = limits_of(site).filter_map(|declared| in_force.limit(declared)).collect();
    let statuses = Told::of(&declared).take_back(operation);
    Told::of(&now).add(operation, &statuses);
}

/// What a document tells of limits.
struct Told<'a> {
    /// Those that are not in shadow mode.
    limits: Vec<&'a Limit>,
    /// The fields of every answer; none where nothing is announced.
    fields: Vec<(&'static str, Header)>,
}

impl<'a> Told<'a> {
    fn of(limits: &'a [Limit]) -> Self {
        let limits: Vec<_> = limits.iter().filter(|limit| !limit.is_shadow()).collect();
        let fields = fields(&limits).into_iter().flatten().collect();
        Self { limits, fields }
    }

    /// The answers of ours, each with its status, without those that other policies give as well.
    fn answers(&self) -> Vec<(&'static str, Response)> {
        let Some(first) = self.limits.first().and_then(|limit| limit.rates().first()) else {
            return Vec::new();
        };
        let mut answers = vec![("429", too_many_requests(&self.limits, first))];
        for limit in &self.limits {
            // Where the key is missing there is no budget to tell of.
            if limit.on_missing() == Missing::Reject && limit.key().needs_more_than_principal() {
                answers.push(("400", key_missing(limit)));
            }
            if limit.store_error() == OnStoreError::Closed {
                answers.push(("503", store_away()));
            }
        }
        answers
    }

    /// Tells it, with the fields on the answers of these statuses.
    fn add(&self, operation: &mut Operation, statuses: &[String]) {
        let answers = self.answers();
        let mut answers = answers.into_iter();
        for (status, refusal) in answers.by_ref().take(1) {
            add_response(operation, status, refusal);
        }
        for (status, response) in &mut operation.responses.responses {
            if let RefOr::T(response) = response
                && (status == "429" || statuses.contains(status))
            {
                for (name, header) in &self.fields {
                    response.headers.entry((*name).to_owned()).or_insert_with(|| header.clone().into());
                }
            }
        }
        for (status, response) in answers {
            add_response(operation, status, response);
        }
        let asks = |limit: &&Limit| limit.on_missing() == Missing::Reject && limit.key().needs_principal();
        if self.limits.iter().copied().any(|limit| asks(&limit)) {
            add_response(operation, "401", unauthorized_response());
        }
        if !self.limits.is_empty() {
            let extensions = operation.extensions.get_or_insert_with(Extensions::default);
            extensions.insert(RATES_EXTENSION.to_owned(), self.rates());
        }
    }

    /// Takes away what was told, and nothing that the user wrote. Gives the statuses whose answers had the fields.
    fn take_back(&self, operation: &mut Operation) -> Vec<String> {
        let mut statuses = Vec::new();
        for (status, response) in &mut operation.responses.responses {
            let RefOr::T(response) = response else { continue };
            for (name, header) in &self.fields {
                if remove_header(response, name, header) && !statuses.contains(status) {
                    statuses.push(status.clone());
                }
            }
        }
        if self.limits.is_empty() {
            statuses = operation.responses.responses.keys().cloned().collect();
        }
        for (status, answer) in self.answers() {
            remove_response(operation, status, &answer);
        }
        if let Some(extensions) = &mut operation.extensions {
            extensions.remove(RATES_EXTENSION);
        }
        statuses
    }

    /// The rates, for programs: gateways, generators of clients, tests.
    fn rates(&self) -> Value {
        let of_limit =
            |limit: &&'a Limit| limit.rates().iter().map(|rate| told(limit, rate)).collect::<Vec<_>>();
        self.limits.iter().flat_map(of_limit).collect()
    }
}

/// One rate: `window` in seconds, `burst` the most at once.
fn told(limit: &Limit, rate: &Rate) -> Value {
    let mut told = Map::new();
    for (name, value) in [
        ("name", json!(rate.name())),
        ("quota", json!(rate.quota())),
        ("window", window(rate)),
        ("burst", json!(rate.capacity())),
        ("algorithm", json!(limit.counting().as_str())),
        ("key", json!(key_words(limit.key()))),
        ("policy", json!(limit.label())),
    ] {
        told.insert(name.to_owned(), value);
    }
    // The rates are those of whoever has no tier of its own.
    if limit.tiers_of().is_some() {
        told.insert("tiers".to_owned(), json!(true));
    }
    if !limit.charged_statuses().is_empty() {
        told.insert("charge-on".to_owned(), json!(limit.charged_statuses()));
    }
    Value::Object(told)
}

fn window(rate: &Rate) -> Value {
    const SECOND: u64 = 1_000_000_000;
    let nanos = rate.period_nanos();
    if nanos.is_multiple_of(SECOND) {
        json!(nanos / SECOND)
    } else {
        json!(Duration::from_nanos(nanos).as_secs_f64())
    }
}

/// The key in words that name no types: a public document shows no names of modules.
fn key_words(key: &KeySource) -> String {
    match key {
        KeySource::Address => "ip".to_owned(),
        KeySource::Everyone => "global".to_owned(),
        KeySource::Principal => "principal".to_owned(),
        KeySource::Header(name) => format!("header {}", name()),
        KeySource::Custom(_) => "custom".to_owned(),
        KeySource::Joined(keys) => keys.iter().map(key_words).collect::<Vec<_>>().join(" and "),
    }
}

fn remove_header(response: &mut Response, name: &str, ours: &Header) -> bool {
    let is_ours = matches!(response.headers.get(name), Some(RefOr::T(header)) if header == ours);
    is_ours && response.headers.remove(name).is_some()
}

/// The contrary of [`add_response`].
fn remove_response(operation: &mut Operation, status: &str, ours: &Response) {
    let responses = &mut operation.responses.responses;
    let Some(RefOr::T(response)) = responses.get_mut(status) else { return };
    for (name, header) in &ours.headers {
        if let RefOr::T(header) = header {
            remove_header(response, name, header);
        }
    }
    if response.content == ours.content {
        response.content.clear();
    }
    let is_ours = response.description == ours.description;
    if is_ours && response.content.is_empty() && response.headers.is_empty() {
        responses.remove(status);
    }
}

fn too_many_requests(limits: &[&Limit], rate: &Rate) -> Response {
    let (problem, wait) = refusal::example(rate);
    let (media_type, content) = problem_content(&problem);
    ResponseBuilder::new()
        .description(format!("Too many requests: a rate limit is used up.{}", conditions(limits)))
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

/// What the rates in the document do not tell.
fn conditions(limits: &[&Limit]) -> String {
    let mut conditions = String::new();
    if limits.iter().any(|limit| limit.tiers_of().is_some()) {
        conditions
            .push_str(" The rates depend on who asks: those of the request stand in `RateLimit-Policy`.");
    }
    let mut charged: Vec<_> = limits.iter().flat_map(|limit| limit.charged_statuses()).collect();
    if limits.iter().all(|limit| !limit.charged_statuses().is_empty()) {
        charged.sort_unstable();
        charged.dedup();
        let charged: Vec<_> = charged.into_iter().map(u16::to_string).collect();
        let _ = write!(conditions, " Only answers with status {} count.", charged.join(" or "));
    }
    conditions
}

fn store_away() -> Response {
    let (media_type, content) = problem_content(&refusal::store_away());
    ResponseBuilder::new()
        .description("The rate limit cannot be checked at the moment.")
        .content(media_type, content)
        .header("Retry-After", header(Type::Integer, "Seconds until it is worth trying again.", 1))
        .build()
}

fn key_missing(limit: &Limit) -> Response {
    let (media_type, content) = problem_content(&refusal::lacking(limit));
    ResponseBuilder::new()
        .description("The request lacks what its rate limit counts by.")
        .content(media_type, content)
        .build()
}

/// The fields of every answer; `None` where nothing is announced, or more than a field can hold.
fn fields(limits: &[&Limit]) -> Option<[(&'static str, Header); 2]> {
    let rate = limits.first()?.rates().first()?;
    let policy = policy_value(limits.iter().flat_map(|limit| limit.rates()))?;
    let (name, left, wait) = (rate.name(), rate.capacity() - 1, seconds(rate.emission_nanos()));
    let standing = format!("\"{name}\";r={left};t={wait}");
    let standing = header(
        Type::String,
        "How each rate stands: `r` requests may be sent now, and `t` seconds later more \
         (draft-ietf-httpapi-ratelimit-headers-10).",
        standing,
    );
    let policy = header(
        Type::String,
        "The rates in force: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers-10).",
        policy.to_str().unwrap_or_default(),
    );
    Some([("RateLimit", standing), ("RateLimit-Policy", policy)])
}
