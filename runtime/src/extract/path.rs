//! Parameters of the path.

use axum::extract::Path as AxumPath;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, OptionalFromRequestParts, RawPathParams};
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::fault::Fault;
use super::invalid::Source;
use super::pairs::{NotUtf8, no_such_value};
use crate::http::Problem;

/// The parameters of the path: as axum's `Path`, with refusals that say which parameter is wrong.
///
/// `Option<Path<T>>` is `None` where the route has no parameters.
///
/// # Errors
/// 400 `invalid_path`, where a parameter is of another type or not valid: `errors` points to it. A type that does not fit the
/// route (two values for one parameter, a field that the route does not have) is a mistake of the service: 500, with
/// the reason in the log.
#[derive(Clone, Copy, Debug, Default)]
pub struct Path<T>(pub T);

super::transparent!(Path);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match read(parts, state).await {
            Ok(value) => Ok(Self(value)),
            Err(rejection) => Err(refused(parts, rejection).await),
        }
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> OptionalFromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Problem> {
        match read(parts, state).await {
            Ok(value) => Ok(Some(Self(value))),
            Err(PathRejection::FailedToDeserializePathParams(failed))
                if matches!(failed.kind(), ErrorKind::WrongNumberOfParameters { got: 0, .. }) =>
            {
                Ok(None)
            }
            Err(rejection) => Err(refused(parts, rejection).await),
        }
    }
}

async fn read<T: DeserializeOwned + Send, S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
) -> Result<T, PathRejection> {
    let value = <AxumPath<T> as FromRequestParts<S>>::from_request_parts(parts, state).await;
    value.map(|AxumPath(value)| value)
}

async fn refused(parts: &mut Parts, rejection: PathRejection) -> Problem {
    let names = names(parts).await;
    match rejection {
        PathRejection::FailedToDeserializePathParams(failed) => explained(failed.into_kind(), names),
        other => mistaken(&other),
    }
}

/// The parameters' names, in the order of the route.
pub(super) async fn names(parts: &mut Parts) -> Vec<String> {
    let parameters = RawPathParams::from_request_parts(parts, &()).await;
    parameters.map(|all| all.iter().map(|(name, _)| name.to_owned()).collect()).unwrap_or_default()
}

/// What is wrong with which parameter, or with the service.
fn explained(kind: ErrorKind, names: Vec<String>) -> Problem {
    let (name, text) = match kind {
        ErrorKind::InvalidUtf8InPathParam { key } => return Source::Path.refuse_encoding(NotUtf8(Some(key))),
        ErrorKind::ParseErrorAtKey { key, value, expected_type } => {
            (Some(key), no_such_value(&value, expected_type).to_string())
        }
        ErrorKind::ParseErrorAtIndex { index, value, expected_type } => {
            (names.into_iter().nth(index), no_such_value(&value, expected_type).to_string())
        }
        ErrorKind::ParseError { value, expected_type } => {
            (only(names), no_such_value(&value, expected_type).to_string())
        }
        ErrorKind::DeserializeError { key, value: _, message } => (Some(key), message),
        ErrorKind::Message(message) => (only(names), message),
        other => return mistaken(&other),
    };
    let fault = Fault::read(&text);
    if fault.member.is_some() || fault.code == "length" {
        return mistaken(&text);
    }
    let path: Vec<_> = name.into_iter().collect();
    Source::Path.refuse(&path, fault)
}

fn only(mut names: Vec<String>) -> Option<String> {
    names.pop().filter(|_| names.is_empty())
}

/// A handler asks for other parameters than its route has.
fn mistaken(reason: &dyn std::fmt::Display) -> Problem {
    tracing::error!(target: "tollgate::extract", %reason, "a handler asks for path parameters that its route does not have");
    Problem::of_our_own()
}
