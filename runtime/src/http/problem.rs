//! The one writer of refusals: problem details (RFC 9457).

use std::borrow::Cow;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::field_error::FieldError;
use super::fields::PROBLEM_JSON;
use crate::core::ErrorKind;

/// Where the types of problems are explained, unless the settings say otherwise.
pub(crate) const DEFAULT_TYPES: &str = "/problems";

/// A problem details object, and the answer that carries it.
///
/// It says what the client can do about it and nothing of the server's insides.
///
/// ```
/// use tollgate::Problem;
/// use axum::http::StatusCode;
///
/// let problem = Problem::new(StatusCode::NOT_FOUND).detail("there is no airport XYZ").member("iata", "XYZ");
/// assert_eq!(
///     serde_json::to_string(&problem)?,
///     r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"there is no airport XYZ","iata":"XYZ"}"#,
/// );
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a problem is an answer: return it"]
pub struct Problem {
    /// Apart, so that a `Result` with it is no larger than its other half.
    inner: Box<Inner>,
}

#[derive(Clone, Debug)]
struct Inner {
    status: StatusCode,
    kind: Cow<'static, str>,
    title: Cow<'static, str>,
    detail: Option<Cow<'static, str>>,
    code: Option<Cow<'static, str>>,
    errors: Vec<FieldError>,
    members: Vec<(&'static str, Value)>,
    headers: HeaderMap,
}

impl Problem {
    /// A problem of no type of its own: `about:blank`, titled by the status.
    pub fn new(status: StatusCode) -> Self {
        Self::of_type(status, "about:blank", status.canonical_reason().unwrap_or("Error"))
    }

    /// A problem of a type: a URI reference that names it, and a title that is the same for all of its kind.
    pub fn of_type(
        status: StatusCode,
        uri: impl Into<Cow<'static, str>>,
        title: impl Into<Cow<'static, str>>,
    ) -> Self {
        let (kind, title) = (uri.into(), title.into());
        let (detail, code, errors, members, headers) = (None, None, Vec::new(), Vec::new(), HeaderMap::new());
        Self { inner: Box::new(Inner { status, kind, title, detail, code, errors, members, headers }) }
    }

    /// A problem of a declared kind: its status, type, title and code.
    pub fn of_kind(kind: &ErrorKind) -> Self {
        let status = StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let uri = match kind.own_uri() {
            Some(uri) => Cow::Borrowed(uri),
            None => Cow::Owned(format!("{DEFAULT_TYPES}/{}", kind.code())),
        };
        Self::of_type(status, uri, kind.title()).code(kind.code())
    }

    /// With a code by which programs tell it from others.
    pub fn code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.inner.code = Some(code.into());
        self
    }

    /// With what is wrong with which field.
    pub fn errors(mut self, errors: impl IntoIterator<Item = FieldError>) -> Self {
        self.inner.errors.extend(errors);
        self
    }

    /// With what this client can do about this occurrence.
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.inner.detail = Some(detail.into());
        self
    }

    /// With an extension member.
    pub fn member(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.inner.members.push((name, value.into()));
        self
    }

    /// With a header field.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.inner.headers.insert(name, value);
        self
    }

    /// The status that it is answered with.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.inner.status
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Inner { status, kind, title, detail, code, errors, members, headers: _ } = &*self.inner;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", kind)?;
        map.serialize_entry("title", title)?;
        map.serialize_entry("status", &status.as_u16())?;
        if let Some(detail) = detail {
            map.serialize_entry("detail", detail)?;
        }
        if let Some(code) = code {
            map.serialize_entry("code", code)?;
        }
        if !errors.is_empty() {
            map.serialize_entry("errors", errors)?;
        }
        for (name, value) in members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        let headers = std::mem::take(&mut self.inner.headers);
        // Strings, numbers and JSON values under string names: serialising them cannot fail.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.inner.status;
        *response.headers_mut() = headers;
        response.headers_mut().insert(CONTENT_TYPE, PROBLEM_JSON);
        response
    }
}
