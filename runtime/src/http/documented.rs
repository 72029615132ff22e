//! One documented response for all problems of one status: their codes, their members, their fields, an example of each.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::example::{Example, ExampleBuilder};
use utoipa::openapi::schema::{AllOfBuilder, AnyOfBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Content, ContentBuilder, Header, Ref, RefOr, Response, ResponseBuilder};

use super::openapi::PROBLEM;
use super::problem::Problem;
use crate::core::ErrorKind;

/// A member of a problem's own, with its schema if that is known.
pub(crate) type Member = (&'static str, Option<RefOr<Schema>>);

/// A problem of a kind, as documents show it.
#[derive(Clone)]
pub(crate) struct DocumentedProblem {
    kind: ErrorKind,
    example: Problem,
    members: Vec<Member>,
    headers: Vec<(String, Header)>,
}

impl DocumentedProblem {
    /// A problem of a kind, and what one of them looks like.
    pub(crate) const fn new(kind: ErrorKind, example: Problem) -> Self {
        Self { kind, example, members: Vec::new(), headers: Vec::new() }
    }

    /// With members of its own.
    pub(crate) fn members(mut self, members: Vec<Member>) -> Self {
        self.members = members;
        self
    }

    /// With a header field.
    pub(crate) fn header(mut self, name: impl Into<String>, header: Header) -> Self {
        self.headers.push((name.into(), header));
        self
    }

    /// The status that it is answered with.
    pub(crate) const fn status(&self) -> u16 {
        self.kind.status()
    }

    /// The code that tells it from others.
    pub(crate) const fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// What it means, in one line.
    fn meaning(&self) -> &'static str {
        let first = self.kind.described().trim().lines().next().unwrap_or_default();
        if first.is_empty() { self.kind.title() } else { first }
    }
}

/// One response for all problems of one status.
pub(crate) fn response(problems: Vec<DocumentedProblem>) -> Response {
    let mut response =
        ResponseBuilder::new().description(description(&problems)).content(PROBLEM, content(&problems));
    for (name, header) in problems.into_iter().flat_map(|problem| problem.headers) {
        response = response.header(name, header);
    }
    response.build()
}

fn description(problems: &[DocumentedProblem]) -> String {
    match problems {
        [only] => format!("{}.", only.meaning().trim_end_matches('.')),
        several => {
            let lines: Vec<_> =
                several.iter().map(|problem| line(problem.code(), problem.meaning())).collect();
            lines.join("\n")
        }
    }
}

/// One of several meanings.
pub(super) fn line(code: &str, meaning: &str) -> String {
    format!("- `{code}`: {}", meaning.trim_end_matches('.'))
}

fn content(problems: &[DocumentedProblem]) -> Content {
    let content = ContentBuilder::new().schema(Some(schema(problems)));
    let example = |problem: &DocumentedProblem| serde_json::to_value(&problem.example).ok();
    match problems {
        [only] => content.example(example(only)).build(),
        several => content.examples_from_iter(several.iter().filter_map(example).filter_map(named)).build(),
    }
}

/// Problem details with one of these codes, and the members that come with it.
fn schema(problems: &[DocumentedProblem]) -> Schema {
    let codes = problems.iter().map(DocumentedProblem::code);
    let code = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes));
    let mut own = ObjectBuilder::new().property("code", code).required("code");
    for (name, schemas) in members(problems) {
        own = own.property(name, any_of(schemas));
    }
    let details = Ref::from_schema_name(<Problem as ToSchema>::name());
    Schema::AllOf(AllOfBuilder::new().item(details).item(own).build())
}

/// All members by name: what one problem writes as a number another may write as a text.
fn members(problems: &[DocumentedProblem]) -> BTreeMap<&'static str, Vec<RefOr<Schema>>> {
    let mut members = BTreeMap::<_, Vec<_>>::new();
    for (name, schema) in problems.iter().flat_map(|problem| &problem.members) {
        let (schema, schemas) = (schema.clone().unwrap_or_else(anything), members.entry(*name).or_default());
        if !schemas.contains(&schema) {
            schemas.push(schema);
        }
    }
    members
}

fn any_of(mut schemas: Vec<RefOr<Schema>>) -> RefOr<Schema> {
    match schemas.pop() {
        Some(only) if schemas.is_empty() => only,
        last => {
            let any = schemas.into_iter().chain(last).fold(AnyOfBuilder::new(), AnyOfBuilder::item);
            Schema::AnyOf(any.build()).into()
        }
    }
}

fn anything() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(SchemaType::AnyValue).into()
}

/// An example under the code that it shows.
pub(super) fn named(example: Value) -> Option<(String, Example)> {
    let text = |member: &str| Some(example.get(member)?.as_str()?.to_owned());
    let (code, title) = (text("code")?, text("title").unwrap_or_default());
    Some((code, ExampleBuilder::new().summary(title).value(Some(example)).build()))
}
