//! What a handler answers before and after it runs, as documents show it: per status one response, with an example of each
//! code.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use utoipa::IntoResponses;
use utoipa::openapi::example::Example;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{AnyOfBuilder, Schema};
use utoipa::openapi::{Content, ContentBuilder, Header, RefOr, Response};

use super::components::Schemas;
use super::documented::{DocumentedProblem, line, named, response};
use super::openapi::{PROBLEM, add_response};
use super::problem::Problem;
use super::problem_schemas::{alternatives, code_of, one_of};
use crate::core::ErrorKind;

/// One answer of an extractor that refuses.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "the header fields of utoipa have none")]
pub struct ArgumentAnswer(DocumentedProblem);

impl ArgumentAnswer {
    /// A problem of a kind, and what one of them looks like.
    #[must_use]
    pub const fn new(kind: ErrorKind, example: Problem) -> Self {
        Self(DocumentedProblem::new(kind, example))
    }

    /// With a header field.
    pub(crate) fn header(self, name: &'static str, header: Header) -> Self {
        Self(self.0.header(name, header))
    }
}

/// An extractor that says what it answers when it refuses: those of [`extract`](crate::extract), and yours, if you implement it.
/// The attributes of this crate document it on handlers that take the extractor.
///
/// ```
/// use axum::http::StatusCode;
/// use tollgate::openapi::{ArgumentAnswer, ArgumentAnswers};
/// use tollgate::{ErrorKind, Problem};
///
/// const NO_TENANT: ErrorKind = ErrorKind::new(400, "no_tenant", "No tenant").description("The tenant is missing.");
///
/// struct Tenant(String);
///
/// impl ArgumentAnswers for Tenant {
///     fn answers() -> Vec<ArgumentAnswer> {
///         vec![ArgumentAnswer::new(NO_TENANT, Problem::of_kind(&NO_TENANT))]
///     }
/// }
/// ```
pub trait ArgumentAnswers {
    /// All of its answers, for all reasons.
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

macro_rules! tuples {
    ($(($($argument:ident)+))*) => {$(
        impl<$($argument: ArgumentAnswers),+> ArgumentAnswers for ($($argument,)+) {
            fn answers() -> Vec<ArgumentAnswer> {
                let mut answers = Vec::new();
                $(answers.extend($argument::answers());)+
                answers
            }

            fn describe(operation: &mut Operation) {
                $($argument::describe(operation);)+
            }
        }
    )*};
}

tuples! { (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) }

/// What extractors answer when they refuse, for a handler without any attribute of ours: those with one document it by
/// themselves.
///
/// ```
/// use tollgate::extract::{Json, Path};
/// use tollgate::openapi::{Components, Refusals};
///
/// #[utoipa::path(
///     put,
///     path = "/users/{id}/name",
///     responses((status = 204), Refusals<(Path<u32>, Json<String>)>)
/// )]
/// async fn rename(Path(id): Path<u32>, Json(name): Json<String>) {}
///
/// #[derive(utoipa::OpenApi)]
/// #[openapi(paths(rename), modifiers(&Components))]
/// struct Api;
/// # let document = serde_json::to_value(<Api as utoipa::OpenApi>::openapi()).unwrap();
/// # let responses = &document["paths"]["/users/{id}/name"]["put"]["responses"];
/// # assert_eq!(responses.as_object().unwrap().len(), 5, "{responses}");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Refusals<A>(PhantomData<fn() -> A>);

impl<A: ArgumentAnswers> IntoResponses for Refusals<A> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut answers = Answers::new();
        answers.add_argument::<A>();
        let of_status = |(status, answers): (u16, _)| (status.to_string(), response(answers).into());
        answers.of_arguments.into_iter().map(of_status).collect()
    }
}

/// The answers of one handler, collected before they are documented.
#[derive(Default)]
#[allow(missing_debug_implementations, reason = "the responses of utoipa have none")]
pub struct Answers {
    of_arguments: BTreeMap<u16, Vec<DocumentedProblem>>,
    of_errors: BTreeMap<String, RefOr<Response>>,
    success: Option<fn(&mut Operation)>,
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
        for ArgumentAnswer(answer) in A::answers() {
            let equals = self.of_arguments.entry(answer.status()).or_default();
            if equals.iter().all(|known| known.code() != answer.code()) {
                equals.push(answer);
            }
        }
    }

    /// What it answers when all is well, and what stands on that whoever documented it.
    pub(crate) fn add_success(&mut self, success: fn(&mut Operation), describe: fn(&mut Operation)) {
        self.success = Some(success);
        self.descriptions.push(describe);
    }

    /// What else is known of the operation.
    pub(crate) fn add_description(&mut self, describe: fn(&mut Operation)) {
        self.descriptions.push(describe);
    }

    /// The components that those of an argument are.
    pub(crate) fn add_schemas_of<A: ArgumentAnswers>(schemas: &mut Schemas) {
        for ArgumentAnswer(answer) in A::answers() {
            answer.add_schema(schemas);
        }
    }

    /// Those that an error is.
    pub(crate) fn add_errors(&mut self, responses: BTreeMap<String, RefOr<Response>>) {
        self.of_errors.extend(responses);
    }

    /// Documents them. What the user wrote about a status stays.
    #[must_use]
    pub fn document(mut self, mut operation: Operation) -> Operation {
        if let Some(success) = self.success {
            success(&mut operation);
        }
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

/// Documents problems that policies answer with, all of one status together. A response that tells problems apart by their codes tells these,
/// too; what the user wrote about a status in another way stays.
pub(crate) fn add_problems(operation: &mut Operation, problems: impl IntoIterator<Item = DocumentedProblem>) {
    let mut by_status = BTreeMap::<u16, Vec<DocumentedProblem>>::new();
    for problem in problems {
        by_status.entry(problem.status()).or_default().push(problem);
    }
    for (status, problems) in by_status {
        let (status, ours) = (status.to_string(), response(problems));
        match operation.responses.responses.get_mut(&status) {
            Some(RefOr::T(known)) if tells_codes(known) => *known = merged(known.clone(), ours),
            _ => add_response(operation, &status, ours),
        }
    }
}

fn tells_codes(response: &Response) -> bool {
    let Some(RefOr::T(content)) = response.content.get(PROBLEM) else { return false };
    content.schema.as_ref().and_then(alternatives).is_some()
}

fn add_reference(operation: &mut Operation, status: String, reference: RefOr<Response>) {
    operation.responses.responses.entry(status).or_insert(reference);
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

/// Lists, if both are some; else one after the other. What both say is said once.
fn merged_descriptions(one: &Response, other: &Response) -> String {
    let [one, other] = [one, other].map(|response| match only_code(response) {
        Some(code) => line(&code, &response.description),
        None => response.description.clone(),
    });
    let between = if one.starts_with("- ") && other.starts_with("- ") { "\n" } else { "\n\n" };
    let is_new = |line: &&str| !one.lines().any(|known| known == *line);
    let new: Vec<_> = other.lines().filter(is_new).collect();
    if new.is_empty() { one } else { format!("{one}{between}{}", new.join("\n")) }
}

/// The code of a response that has one example.
fn only_code(response: &Response) -> Option<String> {
    let Some(RefOr::T(content)) = response.content.get(PROBLEM) else { return None };
    Some(content.example.as_ref()?.get("code")?.as_str()?.to_owned())
}

fn merged_contents(one: Content, other: Content) -> Content {
    let schema = match (one.schema.clone(), other.schema.clone()) {
        (Some(one), Some(other)) => Some(merged_schemas(one, other)),
        (one, other) => one.or(other),
    };
    let examples: BTreeMap<_, _> = examples(one).chain(examples(other)).collect();
    ContentBuilder::new().schema::<RefOr<Schema>>(schema).examples_from_iter(examples).build()
}

/// Each problem once; what is not ours is another possibility.
fn merged_schemas(one: RefOr<Schema>, other: RefOr<Schema>) -> RefOr<Schema> {
    if one == other {
        return one;
    }
    let (Some(mut problems), Some(others)) = (alternatives(&one), alternatives(&other)) else {
        return Schema::AnyOf(AnyOfBuilder::new().item(one).item(other).build()).into();
    };
    for other in others {
        if problems.iter().all(|problem| code_of(problem) != code_of(&other)) {
            problems.push(other);
        }
    }
    one_of(problems)
}

/// All examples under their names.
fn examples(content: Content) -> impl Iterator<Item = (String, RefOr<Example>)> {
    let single = content.example.and_then(named).map(|(name, example)| (name, example.into()));
    content.examples.into_iter().chain(single)
}
