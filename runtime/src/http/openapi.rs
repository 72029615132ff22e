//! What OpenAPI documents need besides the operations: the schema of problem details.
//!
//! An operation also bears a mark by which it tells which annotated function answers it.

use std::borrow::Cow;
use std::hash::Hasher;

use http::StatusCode;
use serde_json::json;
use siphasher::sip::SipHasher13;
use utoipa::openapi::extensions::{Extensions, ExtensionsBuilder};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::{Object, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{
    Components as ComponentSchemas, Content, ContentBuilder, Header, HeaderBuilder, OpenApi, Ref, RefOr,
    Response, ResponseBuilder,
};
use utoipa::{Modify, PartialSchema, ToSchema};

pub use super::answers::{ArgumentAnswer, ArgumentAnswers, Refusals};
pub(crate) use super::fields::PROBLEM_MEDIA_TYPE as PROBLEM;
use super::unauthorized::unauthorized_example;
use super::{AuthScheme, ErrorShape, Problem, ProblemDetails, components};
use crate::core::{Registry, Site};

/// The extension by which an operation tells the site that answers it. Its value is a fingerprint, so that a public
/// document shows no names of modules.
const SITE_EXTENSION: &str = "x-tollgate-site";

/// Adds the component schemas that documented policies, errors and handlers refer to, and the phrase of its status to a response
/// that nobody described.
///
/// `utoipa_axum`'s `routes!` collects them by itself; `derive(OpenApi)` takes them as a modifier:
///
/// ```
/// use tollgate::openapi::Components;
///
/// #[derive(utoipa::OpenApi)]
/// #[openapi(modifiers(&Components))]
/// struct Api;
/// # let document = <Api as utoipa::OpenApi>::openapi();
/// # assert!(document.components.unwrap().schemas.contains_key("ProblemDetails"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Components;

impl Modify for Components {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_with(ComponentSchemas::new);
        for (name, schema) in schemas() {
            components.schemas.entry(name).or_insert(schema);
        }
        components::add_missing(document);
        add_descriptions(document);
    }
}

/// All component schemas of ours.
pub(crate) fn schemas() -> impl Iterator<Item = (String, RefOr<Schema>)> {
    std::iter::once((Problem::name().into_owned(), Problem::schema()))
}

/// So that an operation can name it: `#[utoipa::path(.., responses((status = 404, body = tollgate::Problem)))]`.
impl ToSchema for Problem {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("ProblemDetails")
    }
}

/// The members that RFC 9457 names, and those that this crate adds.
impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        schema_of(&ProblemDetails).1
    }
}

/// The component that a shape is documented by.
pub(super) fn schema_of(shape: &dyn ErrorShape) -> (String, RefOr<Schema>) {
    let (name, schema) = shape.schema();
    let schema = serde_json::from_value(schema).unwrap_or_else(|_| Object::new().into());
    (name.to_owned(), schema)
}

/// The documented content of a refusal: the problem's schema with an example.
pub(crate) fn problem_content(example: &Problem) -> (&'static str, Content) {
    let schema = Ref::from_schema_name(Problem::name());
    let example = serde_json::to_value(example).ok();
    (PROBLEM, ContentBuilder::new().schema(Some(schema)).example(example).build())
}

/// A documented header field of a type.
pub(crate) fn header(kind: Type, description: &str, example: impl Into<serde_json::Value>) -> Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(SchemaType::Type(kind))))
        .description(Some(description))
        .example(Some(example.into()))
        .build()
}

/// The 401 of whoever has not proven who it is.
pub(crate) fn unauthorized_response() -> Response {
    let (media_type, content) = problem_content(&unauthorized_example());
    let challenge = challenge_of(&AuthScheme::Bearer);
    ResponseBuilder::new()
        .description("The request has no valid credentials.")
        .content(media_type, content)
        .header(CHALLENGE, challenge)
        .build()
}

const CHALLENGE: &str = "WWW-Authenticate";

fn challenge_of(scheme: &AuthScheme) -> Header {
    let example = scheme.challenge(false);
    let description = "The scheme by which to authenticate (RFC 9110).";
    header(Type::String, description, example.to_str().unwrap_or_default())
}

/// Documents which scheme a 401 of ours asks for, now that it is known. One that the user wrote stays.
pub(crate) fn announce(operation: &mut Operation, scheme: &AuthScheme) {
    if let Some(RefOr::T(unauthorized)) = operation.responses.responses.get_mut("401")
        && let Some(RefOr::T(challenge)) = unauthorized.headers.get_mut(CHALLENGE)
        && *challenge == challenge_of(&AuthScheme::Bearer)
    {
        *challenge = challenge_of(scheme);
    }
}

/// Documents an answer of ours. What the user wrote for that status stays; its missing header fields and content are
/// added.
pub(crate) fn add_response(operation: &mut Operation, status: &str, response: Response) {
    match operation.responses.responses.get_mut(status) {
        None => {
            operation.responses.responses.insert(status.to_owned(), response.into());
        }
        Some(RefOr::T(written)) => {
            for (name, header) in response.headers {
                written.headers.entry(name).or_insert(header);
            }
            if written.content.is_empty() {
                written.content = response.content;
                if written.description.is_empty() {
                    written.description = response.description;
                }
            }
        }
        Some(RefOr::Ref(_)) => {}
    }
}

/// Says of each response what it is, where nobody did: without a description it would be none.
fn add_descriptions(document: &mut OpenApi) {
    operations_mut(document).for_each(describe_responses);
    for (name, response) in document.components.iter_mut().flat_map(|components| &mut components.responses) {
        describe(response, name);
    }
}

/// The same for one operation.
pub(crate) fn describe_responses(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        describe(response, phrase(status));
    }
}

fn describe(response: &mut RefOr<Response>, words: &str) {
    if let RefOr::T(response) = response
        && response.description.is_empty()
    {
        words.clone_into(&mut response.description);
    }
}

/// The phrase of a status, or of a class of them.
fn phrase(status: &str) -> &'static str {
    let reason = status.parse().ok().and_then(|status: StatusCode| status.canonical_reason());
    reason.unwrap_or_else(|| match status.as_bytes().first() {
        Some(b'1') => "Informational",
        Some(b'2') => "Success",
        Some(b'3') => "Redirection",
        Some(b'4') => "Client Error",
        Some(b'5') => "Server Error",
        _ => "Any other answer",
    })
}

/// The operations of a document, to be completed.
pub(crate) fn operations_mut(document: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    document.paths.paths.values_mut().flat_map(|item| {
        let PathItem { get, put, post, delete, options, head, patch, trace, query, .. } = item;
        let named = [get, put, post, delete, options, head, patch, trace, query];
        named.into_iter().filter_map(Option::as_mut).chain(item.additional_operations.values_mut())
    })
}

/// Looks at every operation of a document, and takes those off that are not to stay, with the paths that are left without any.
pub(crate) fn operations_where(document: &mut OpenApi, mut stays: impl FnMut(&mut Operation) -> bool) {
    document.paths.paths.retain(|_, item| {
        let PathItem { get, put, post, delete, options, head, patch, trace, query, .. } = item;
        let named = [get, put, post, delete, options, head, patch, trace, query];
        let (mut was_there, mut is_left) = (false, false);
        for place in named {
            was_there |= place.is_some();
            if place.as_mut().is_some_and(|operation| !stays(operation)) {
                *place = None;
            }
            is_left |= place.is_some();
        }
        was_there |= !item.additional_operations.is_empty();
        item.additional_operations.retain(|_, operation| stays(operation));
        is_left || !was_there || !item.additional_operations.is_empty()
    });
}

/// Puts a site's mark onto its operation.
pub(crate) fn mark(operation: &mut Operation, site: &'static Site) {
    let mark = ExtensionsBuilder::new().add(SITE_EXTENSION, json!(fingerprint(site))).build();
    operation.extensions.get_or_insert_with(Extensions::default).merge(mark);
}

/// The site whose mark an operation bears.
pub(crate) fn site_of(operation: &Operation, sites: &[&'static Site]) -> Option<&'static Site> {
    let mark = operation.extensions.as_ref()?.get(SITE_EXTENSION)?.as_str()?;
    sites.iter().find(|site| fingerprint(site) == mark).copied()
}

/// Different for different sites whatever names were written on them, and the same while code moves around them, so that
/// a document which is kept under version control changes with the service alone.
fn fingerprint(site: &'static Site) -> String {
    let (origin, ordinal) = (site.origin(), Registry::get().ordinal(site));
    let mut hasher = SipHasher13::new();
    hasher.write(format!("{}\n{}\n{ordinal}", origin.module, origin.function).as_bytes());
    format!("{:016x}", hasher.finish())
}
