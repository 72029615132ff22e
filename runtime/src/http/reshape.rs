//! Documents in the style of one service: the shape of its errors, and where their types are explained.
//!
//! Whatever documents an error writes it as problem details, because the style is a setting, and operations are documented without
//! any. What has been written as such is written anew here.

use std::time::{Duration, SystemTime};

use http::StatusCode;
use serde_json::{Map, Value, json};
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Components, Content, OpenApi, Ref, RefOr, Response};

use super::components::{named, named_in};
use super::error_style::ErrorStyle;
use super::field_error::FieldError;
use super::occurrence::Occurrence;
use super::openapi::{PROBLEM, operations_mut, schema_of};
use super::problem::Problem;
use super::problem_schemas::{alternatives, code_of};
use super::shape::ErrorShape;

/// Writes the errors of a document in that style.
pub(crate) fn reshape(document: &mut OpenApi, style: &ErrorStyle) {
    let named = named_in(document);
    for operation in operations_mut(document) {
        operation.responses.responses.values_mut().for_each(|response| reshape_response(response, style));
    }
    let components = document.components.get_or_insert_with(Components::new);
    components.responses.values_mut().for_each(|response| reshape_response(response, style));
    if let Some(shape) = style.shape() {
        let (name, schema) = schema_of(shape);
        components.schemas.entry(name).or_insert(schema);
        forget(document, |name| named.contains(name) || name == PROBLEM_DETAILS);
    }
}

fn reshape_response(response: &mut RefOr<Response>, style: &ErrorStyle) {
    let RefOr::T(response) = response else { return };
    if response.content.get(JSON).is_some_and(is_problem)
        && let Some(content) = response.content.shift_remove(JSON)
    {
        response.content.entry(PROBLEM.to_owned()).or_insert(content);
    }
    let Some(RefOr::T(mut content)) = response.content.shift_remove(PROBLEM) else { return };
    content.example = content.example.map(|example| rewritten(example, style));
    for example in content.examples.values_mut() {
        if let RefOr::T(example) = example {
            example.value = example.value.take().map(|value| rewritten(value, style));
        }
    }
    let media_type = style.shape().map_or(PROBLEM, |shape| {
        content.schema = Some(shaped(shape, content.schema.as_ref()));
        shape.media_type()
    });
    response.content.entry(media_type.to_owned()).or_insert(content.into());
}

/// What utoipa takes for the media type of `body = tollgate::Problem`.
const JSON: &str = "application/json";

fn is_problem(content: &RefOr<Content>) -> bool {
    let problem = RefOr::Ref(Ref::from_schema_name(PROBLEM_DETAILS));
    matches!(content, RefOr::T(content) if content.schema.as_ref() == Some(&problem))
}

/// The shape in the place of a problem, with the codes that this could bear.
fn shaped(shape: &dyn ErrorShape, problem: Option<&RefOr<Schema>>) -> RefOr<Schema> {
    let general = Ref::from_schema_name(shape.schema().0);
    let problems = problem.and_then(alternatives).unwrap_or_default();
    let codes: Vec<_> = problems.iter().filter_map(code_of).collect();
    match shape.code_member() {
        Some(member) if !codes.is_empty() => {
            let codes = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes));
            let own = ObjectBuilder::new().property(member, codes);
            Schema::AllOf(AllOfBuilder::new().item(general).item(own).build()).into()
        }
        _ => general.into(),
    }
}

/// Drops components of which that is true and which nothing names any more.
fn forget(document: &mut OpenApi, may_go: impl Fn(&str) -> bool) {
    let Ok(mut rest) = serde_json::to_value(&*document) else { return };
    let Some(Value::Object(schemas)) = rest.pointer_mut("/components/schemas").map(Value::take) else {
        return;
    };
    let stays: Vec<_> = schemas.iter().filter(|(name, _)| !may_go(name)).map(|(_, schema)| schema).collect();
    let named = named(&json!([rest, stays]), |name| schemas.get(name).cloned());
    if let Some(components) = &mut document.components {
        components.schemas.retain(|name, _| named.contains(name) || !may_go(name));
    }
}

/// The component of problem details.
const PROBLEM_DETAILS: &str = "ProblemDetails";

/// An example as the service would write it. What is no problem stays as it is.
fn rewritten(example: Value, style: &ErrorStyle) -> Value {
    /// When the examples of documents happened: 2026-01-01.
    const THEN: Duration = Duration::from_secs(1_767_225_600);
    let Value::Object(members) = &example else { return example };
    let Some(problem) = read(members) else { return example };
    let occurrence = Occurrence::at(SystemTime::UNIX_EPOCH + THEN);
    serde_json::from_slice(&style.write(&problem, &occurrence).1).unwrap_or(example)
}

/// A problem, read back from its members.
fn read(members: &Map<String, Value>) -> Option<Problem> {
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    let status = members.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let status = StatusCode::from_u16(status?).ok()?;
    let (uri, title, code) = (text("type")?, text("title")?, text("code"));
    let is_by_code = code.as_ref().is_some_and(|code| uri == ErrorStyle::DEFAULT.type_of(code));
    let problem =
        if is_by_code { Problem::of_code(status, title) } else { Problem::of_type(status, uri, title) };
    let problem = code.into_iter().fold(problem, Problem::code);
    let problem = text("detail").into_iter().fold(problem, Problem::detail);
    let errors =
        members.get("errors").and_then(Value::as_array).into_iter().flatten().filter_map(FieldError::read);
    let known = ["type", "title", "status", "detail", "code", "errors"];
    let others = members.iter().filter(|(name, _)| !known.contains(&name.as_str()));
    Some(others.fold(problem.errors(errors), |problem, (name, value)| {
        problem.any_member(name.clone().into(), value.clone())
    }))
}
