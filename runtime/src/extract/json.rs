//! JSON bodies.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, OptionalFromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::body::{self, Media, malformed, optional};
use super::fault::Fault;
use super::invalid::{Source, steps};
use super::place::{self, Place};
use crate::http::Problem;

/// A body in JSON, and an answer in it: as axum's `Json`, with refusals that say which field is wrong.
///
/// The content type is `application/json` or ends in `+json`. `Option<Json<T>>` is `None` where there is no content type.
///
/// # Errors
/// | status | code | when |
/// | --- | --- | --- |
/// | 400 | `malformed_body` | it is no JSON, is empty, or did not arrive whole |
/// | 413 | `payload_too_large` | it is longer than allowed: 2 MB, or what `DefaultBodyLimit` says |
/// | 415 | `unsupported_media_type` | the content type is missing or another |
/// | 422 | `invalid_body` | a field is missing, of another type, or not valid: `errors` points to it |
///
/// ```
/// use serde::Deserialize;
/// use tollgate::extract::Json;
///
/// #[derive(Debug, Deserialize)]
/// struct NewUser {
///     name: String,
/// }
///
/// let Json(user) = Json::<NewUser>::from_bytes(br#"{"name": "Ada"}"#).map_err(|problem| problem.status())?;
/// assert_eq!(user.name, "Ada");
///
/// let problem = Json::<NewUser>::from_bytes(br#"{"name": 5}"#).unwrap_err();
/// let problem = serde_json::to_value(&problem).unwrap();
/// assert_eq!(problem["detail"], "the field `name` must be a string, not a number");
/// assert_eq!(problem["errors"][0]["pointer"], "#/name");
/// # Ok::<_, axum::http::StatusCode>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct Json<T>(pub T);

super::transparent!(Json);

impl<T: DeserializeOwned> Json<T> {
    /// Reads it from the bytes of a body.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        let text = text(bytes)?;
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let value = serde_path_to_error::deserialize(&mut deserializer)
            .map_err(|error| refused(text, steps(error.path()), error.inner()))?;
        deserializer.end().map_err(|error| no_json(&error))?;
        Ok(Self(value))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Self::from_bytes(&bytes(request, state).await?)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        optional(request, state).await
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => {
                let content_type = HeaderValue::from_static("application/json");
                ([(CONTENT_TYPE, content_type)], Body::from(body)).into_response()
            }
            Err(reason) => {
                tracing::error!(target: "tollgate::extract", %reason, "an answer cannot be written as JSON");
                Problem::of_our_own().into_response()
            }
        }
    }
}

/// The body of a request that says that it is JSON.
pub(crate) async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Media::Json.check(request.headers())?;
    body::read(request, state).await
}

/// JSON is UTF-8 (RFC 8259, section 8.1).
pub(super) fn text(bytes: &[u8]) -> Result<&str, Problem> {
    let text = str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.split(|&byte| byte == b'\n').count();
        malformed(format!("the body is not UTF-8 in line {line}"))
    })?;
    match text.trim_start_matches([' ', '\t', '\r', '\n']) {
        "" => Err(malformed("the body is empty: send JSON")),
        text if text.starts_with('\u{feff}') => {
            Err(malformed("the body begins with a byte order mark: send it without"))
        }
        _ => Ok(text),
    }
}

/// Malformed, or not what is expected, by whether all of the text is JSON: `serde_json` stops where a type does not want to
/// go on, and calls some values no JSON that a type could not take.
fn refused(text: &str, path: Vec<String>, error: &serde_json::Error) -> Problem {
    let mut places = [Place::of(path)];
    if let Err(further_down) = place::find(text, &mut places) {
        return no_json(if error.classify() == Category::Data { &further_down } else { error });
    }
    let said = error.to_string();
    let fault = match (error.classify(), without_position(&said, error)) {
        (Category::Data, said) => Fault::read(said),
        (_, TOO_DEEP) => return no_json(error),
        (_, said) => Fault::of_json(said),
    };
    let [place] = places;
    // A member of something that is not there is not there either.
    let fault = if place.is_complete() { fault } else { fault.of_itself() };
    Source::Json.refuse_within(place.found(), fault)
}

/// What `serde_json` says of JSON that it does not follow further down.
const TOO_DEEP: &str = "recursion limit exceeded";

/// `serde_json` puts the position behind its text.
fn without_position<'t>(text: &'t str, error: &serde_json::Error) -> &'t str {
    text.strip_suffix(&format!(" at line {} column {}", error.line(), error.column())).unwrap_or(text)
}

/// Where it stops to be JSON, and why.
fn no_json(error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let why = match without_position(&text, error) {
        _ if error.classify() == Category::Eof => "it ends too early",
        "expected value" => "a value is expected",
        "expected ident" => "only `true`, `false` and `null` are written without quotes",
        "key must be a string" => "the name of a member is a string in quotes",
        "trailing characters" => "something follows the value",
        TOO_DEEP => "it is nested too deeply",
        other => other,
    };
    malformed(format!("the body is no JSON in line {}, column {}: {why}", error.line(), error.column()))
}

/// As documents show it.
#[cfg(feature = "openapi")]
pub(super) fn malformed_example() -> Problem {
    match serde_json::from_str::<serde::de::IgnoredAny>("{\"name\": \"Ada\",}") {
        Ok(_) => malformed("the body is empty: send JSON"),
        Err(error) => no_json(&error),
    }
}
