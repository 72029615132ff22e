//! What a handler answers before and after it runs, as documents show it: per status one response, with an example of each
//! code.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::example::{Example, ExampleBuilder};
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{AllOfBuilder, AnyOfBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Content, ContentBuilder, Header, Ref, RefOr, Response, ResponseBuilder};

use super::openapi::{PROBLEM, add_response};
use super::problem::Problem;
use crate::core::ErrorKind;

/// One answer of an extractor that refuses.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "the header fields of utoipa have none")]
pub struct ArgumentAnswer {
    kind: ErrorKind,
    example: Problem,
    header: Option<(&'static str, Header)>,
}

impl ArgumentAnswer {
    /// A problem of a kind, and what one of them looks like.
    pub(crate) const fn new(kind: ErrorKind, example: Problem) -> Self {
        Self { kind, example, header: None }
    }

    /// With a header field.
    pub(crate) fn header(mut self, name: &'static str, header: Header) -> Self {
        self.header = Some((name, header));
        self
    }
}

/// An extractor that says what it answers when it refuses.
pub trait ArgumentAnswers {
    /// All of its answers.
    fn answers() -> Vec<ArgumentAnswer>;

    /// Documents what else it brings along: its parameters, fields on what the handler answers. Nothing by default.
    fn describe(_: &mut Operation) {}
}

impl<A: ArgumentAnswers> ArgumentAnswers for Option<A> {
    fn answers() -> Vec<ArgumentAnswer> {
        A::answers()
    }

    fn describe(operation: &mut Operation) {
        A::describe(operation);
    }
}

/// The answers of one handler, collected before they are documented.
#[derive(Default)]
#[allow(missing_debug_implementations, reason = "the responses of utoipa have none")]
pub struct Answers {
    of_arguments: BTreeMap<u16, Vec<ArgumentAnswer>>,
    of_errors: BTreeMap<String, RefOr<Response>>,
    descriptions: Vec<fn(&mut Operation)>,
}

impl Answers {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Those of an argument; each kind once.
    pub(crate) fn add_argument<A: ArgumentAnswers>(&mut self) {
        self.descriptions.push(A::describe);
        for answer in A::answers() {
            let equals = self.of_arguments.entry(answer.kind.status()).or_default();
            if equals.iter().all(|known| known.kind.code() != answer.kind.code()) {
                equals.push(answer);
            }
        }
    }

    /// Those that an error is.
    pub(crate) fn add_errors(&mut self, responses: BTreeMap<String, RefOr<Response>>) {
        self.of_errors.extend(responses);
    }

    /// Documents them. What the user wrote about a status stays.
    #[must_use]
    pub fn document(mut self, mut operation: Operation) -> Operation {
        for (status, answers) in self.of_arguments {
            let (status, response) = (status.to_string(), response(answers));
            match self.of_errors.remove(&status) {
                Some(RefOr::T(error)) => add_response(&mut operation, &status, merged(response, error)),
                Some(reference @ RefOr::Ref(_)) => add_reference(&mut operation, status, reference),
                None => add_response(&mut operation, &status, response),
            }
        }
        for (status, response) in self.of_errors {
            match response {
                RefOr::T(response) => add_response(&mut operation, &status, response),
                reference @ RefOr::Ref(_) => add_reference(&mut operation, status, reference),
            }
        }
        self.descriptions.iter().for_each(|describe| describe(&mut operation));
        operation
    }
}

fn add_reference(operation: &mut Operation, status: String, reference: RefOr<Response>) {
    operation.responses.responses.entry(status).or_insert(reference);
}

/// One response for all answers of one status.
fn response(answers: Vec<ArgumentAnswer>) -> Response {
    let mut response =
        ResponseBuilder::new().description(description(&answers)).content(PROBLEM, content(&answers));
    for (name, header) in answers.into_iter().filter_map(|answer| answer.header) {
        response = response.header(name, header);
    }
    response.build()
}

fn description(answers: &[ArgumentAnswer]) -> String {
    match answers {
        [only] => only.kind.described().to_owned(),
        several => {
            let lines = several.iter().map(|answer| line(answer.kind.code(), answer.kind.described()));
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

fn line(code: &str, description: &str) -> String {
    format!("- `{code}`: {}", description.trim_end_matches('.'))
}

fn content(answers: &[ArgumentAnswer]) -> Content {
    let codes = answers.iter().map(|answer| answer.kind.code());
    let code = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes));
    let own = ObjectBuilder::new().property("code", code).required("code");
    let schema = AllOfBuilder::new().item(Ref::from_schema_name(Problem::name())).item(own).build();
    let content = ContentBuilder::new().schema(Some(Schema::AllOf(schema)));
    match answers {
        [only] => content.example(serde_json::to_value(&only.example).ok()).build(),
        several => {
            let examples = several.iter().filter_map(|answer| serde_json::to_value(&answer.example).ok());
            content.examples_from_iter(examples.filter_map(named)).build()
        }
    }
}

/// An example under the code that it shows.
fn named(example: Value) -> Option<(String, Example)> {
    let text = |member: &str| Some(example.get(member)?.as_str()?.to_owned());
    let (code, title) = (text("code")?, text("title").unwrap_or_default());
    Some((code, ExampleBuilder::new().summary(title).value(Some(example)).build()))
}

/// A response that is one or the other.
fn merged(mut one: Response, other: Response) -> Response {
    one.description = merged_descriptions(&one, &other);
    for (name, header) in other.headers {
        one.headers.entry(name).or_insert(header);
    }
    for (media_type, content) in other.content {
        let content = match (one.content.shift_remove(&media_type), content) {
            (Some(RefOr::T(known)), RefOr::T(content)) => merged_contents(known, content).into(),
            (_, content) => content,
        };
        one.content.insert(media_type, content);
    }
    one
}

/// Lists, if both are some; else one after the other.
fn merged_descriptions(one: &Response, other: &Response) -> String {
    let [one, other] = [one, other].map(|response| match only_code(response) {
        Some(code) => line(&code, &response.description),
        None => response.description.clone(),
    });
    let between = if one.starts_with("- ") && other.starts_with("- ") { "\n" } else { "\n\n" };
    let is_new = !one.lines().any(|line| line == other) && !other.is_empty();
    if is_new { format!("{one}{between}{other}") } else { one }
}

/// The code of a response that has one example.
fn only_code(response: &Response) -> Option<String> {
    let Some(RefOr::T(content)) = response.content.get(PROBLEM) else { return None };
    Some(content.example.as_ref()?.get("code")?.as_str()?.to_owned())
}

fn merged_contents(one: Content, other: Content) -> Content {
    let schema = match (one.schema.clone(), other.schema.clone()) {
        (Some(one), Some(other)) if one != other => {
            Some(Schema::AnyOf(AnyOfBuilder::new().item(one).item(other).build()).into())
        }
        (one, other) => one.or(other),
    };
    let examples: BTreeMap<_, _> = examples(one).chain(examples(other)).collect();
    ContentBuilder::new().schema::<RefOr<Schema>>(schema).examples_from_iter(examples).build()
}

/// All examples under their names.
fn examples(content: Content) -> impl Iterator<Item = (String, RefOr<Example>)> {
    let single = content.example.and_then(named).map(|(name, example)| (name, example.into()));
    content.examples.into_iter().chain(single)
}
