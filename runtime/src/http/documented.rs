//! One documented response for all problems of one status: their codes, their members, their fields, an example of each.

use serde_json::Value;
use utoipa::openapi::example::{Example, ExampleBuilder};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Content, ContentBuilder, Header, RefOr, Response, ResponseBuilder};

use super::components::Schemas;
use super::openapi::PROBLEM;
use super::problem::Problem;
use super::problem_schemas::{Member, name_of, one_of, reference, schema_of};
use crate::core::ErrorKind;

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

    /// Adds the component that it is.
    pub(crate) fn add_schema(&self, schemas: &mut Schemas) {
        schemas.push((name_of(self.code()), schema_of(self.code(), &self.members)));
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
fn schema(problems: &[DocumentedProblem]) -> RefOr<Schema> {
    one_of(problems.iter().map(|problem| reference(problem.code(), &problem.members)).collect())
}

/// An example under the code that it shows.
pub(super) fn named(example: Value) -> Option<(String, Example)> {
    let text = |member: &str| Some(example.get(member)?.as_str()?.to_owned());
    let (code, title) = (text("code")?, text("title").unwrap_or_default());
    Some((code, ExampleBuilder::new().summary(title).value(Some(example)).build()))
}
