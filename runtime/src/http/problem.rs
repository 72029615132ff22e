//! The one kind of refusal: problem details (RFC 9457), whatever shape they are written in.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use axum::response::{IntoResponse, Response};
use http::header::{CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::error_style::{ErrorStyle, type_of};
use super::field_error::FieldError;
use super::occurrence::Occurrence;
use super::shape::details;
use crate::core::ErrorKind;

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
///
/// As an answer it is completed on its way out: behind an [`ErrorLayer`](crate::ErrorLayer) with `instance`, `request_id` and
/// `trace_id`, and in the [shape](crate::TollgateBuilder::error_shape) of the service.
#[derive(Clone, Debug)]
#[must_use = "a problem is an answer: return it"]
pub struct Problem {
    /// Apart, so that a `Result` with it is no larger than its other half.
    inner: Box<Inner>,
}

#[derive(Clone, Debug)]
struct Inner {
    status: StatusCode,
    kind: Type,
    title: Cow<'static, str>,
    detail: Option<Cow<'static, str>>,
    code: Option<Cow<'static, str>>,
    errors: Vec<FieldError>,
    members: Vec<(Cow<'static, str>, Value)>,
    headers: HeaderMap,
}

/// The members that problems have anyway.
const OWN_MEMBERS: [&str; 9] =
    ["type", "title", "status", "detail", "instance", "code", "errors", "request_id", "trace_id"];

/// What names the kind of a problem.
#[derive(Clone, Debug)]
enum Type {
    /// A URI reference.
    Uri(Cow<'static, str>),
    /// Its code, below the place where the service explains its problems.
    Code,
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
        Self::of(status, Type::Uri(uri.into()), title.into())
    }

    /// A problem of a declared kind: its status, type, title and code.
    pub fn of_kind(kind: &ErrorKind) -> Self {
        let status = StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let named = kind.own_uri().map_or(Type::Code, |uri| Type::Uri(Cow::Borrowed(uri)));
        Self::of(status, named, Cow::Borrowed(kind.title())).code(kind.code())
    }

    /// A problem that its code names.
    #[cfg(feature = "openapi")]
    pub(super) fn of_code(status: StatusCode, title: String) -> Self {
        Self::of(status, Type::Code, Cow::Owned(title))
    }

    /// A 500, which tells nothing: what went wrong is for the log.
    pub(crate) fn of_our_own() -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status).detail(general_detail(status.as_u16()))
    }

    fn of(status: StatusCode, kind: Type, title: Cow<'static, str>) -> Self {
        let (detail, code, errors, members) = (None, None, Vec::new(), Vec::new());
        let headers = HeaderMap::new();
        Self { inner: Box::new(Inner { status, kind, title, detail, code, errors, members, headers }) }
    }

    /// With a code by which programs tell it from others.
    pub fn code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.inner.code = Some(code.into());
        self
    }

    /// With what this client can do about this occurrence.
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.inner.detail = Some(detail.into());
        self
    }

    /// With what is wrong with which field.
    pub fn errors(mut self, errors: impl IntoIterator<Item = FieldError>) -> Self {
        self.inner.errors.extend(errors);
        self
    }

    /// With an extension member, in the place of an earlier one of that name.
    ///
    /// Members that problems have anyway (`type`, `title`, `status`, `detail`, `instance`, `code`, `errors`, `request_id`, `trace_id`) are
    /// none: such a one is left out, with a warning in the log. It would be there twice, and readers believe the last.
    pub fn member(self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        let name = name.into();
        if OWN_MEMBERS.contains(&&*name) {
            tracing::warn!(target: "tollgate::error", member = &*name, "a problem has a member of this name already: the other is left out");
            return self;
        }
        self.any_member(name, value.into())
    }

    /// With a member of any name, in the place of an earlier one of that name.
    pub(super) fn any_member(mut self, name: Cow<'static, str>, value: Value) -> Self {
        match self.inner.members.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.inner.members.push((name, value)),
        }
        self
    }

    /// With a header field. Those that say how the answer itself is to be read (`Connection`, `Content-Encoding`, `Content-Length`,
    /// `Content-Type`, `Transfer-Encoding`) are written with it, and left out here.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if ![CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING].contains(&name) {
            self.inner.headers.insert(name, value);
        }
        self
    }

    /// The status that it is answered with.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.inner.status
    }

    /// The title, which is the same for all of its kind.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.inner.title
    }

    /// What this client can do about it, where that is said.
    #[must_use]
    pub fn given_detail(&self) -> Option<&str> {
        self.inner.detail.as_deref()
    }

    /// The code by which programs tell it from others, where it has one.
    #[must_use]
    pub fn given_code(&self) -> Option<&str> {
        self.inner.code.as_deref()
    }

    /// What is wrong with which field.
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        &self.inner.errors
    }

    /// The extension members.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.inner.members.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// The URI reference that names its kind, where kinds are explained below that place.
    pub(super) fn type_uri(&self, types: &str) -> Cow<'_, str> {
        match (&self.inner.kind, &self.inner.code) {
            (Type::Uri(uri), _) => Cow::Borrowed(uri),
            (Type::Code, Some(code)) => Cow::Owned(type_of(types, code)),
            (Type::Code, None) => Cow::Borrowed("about:blank"),
        }
    }

    /// With the status that is really sent: whoever answers `(status, problem)` changes it afterwards.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.inner.status = status;
        self
    }

    /// The answer in that shape. It carries the problem along, for whoever knows more about the request.
    pub(super) fn answer(mut self, style: &ErrorStyle, occurrence: &Occurrence<'_>) -> Response {
        let headers = std::mem::take(&mut self.inner.headers);
        let (media_type, body) = style.write(&self, occurrence);
        let mut response = Response::new(body.into());
        *response.status_mut() = self.inner.status;
        *response.headers_mut() = headers;
        response.headers_mut().insert(CONTENT_TYPE, media_type);
        response.extensions_mut().insert(Carried(self));
        response
    }
}

/// What a client is told of what is not its fault.
pub(crate) const fn general_detail(status: u16) -> &'static str {
    match status {
        501 => "this is not served yet",
        502 => "what this service relies on gave no valid answer: try again later",
        503 => "the service cannot answer at the moment: try again later",
        504 => "what this service relies on did not answer in time: try again later",
        _ => "something went wrong in the service",
    }
}

/// The problem that an answer tells of.
#[derive(Clone, Debug)]
pub(super) struct Carried(pub(super) Problem);

/// As RFC 9457 has it, without what is known of the request alone.
impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        details(self, &Occurrence::UNKNOWN, serializer)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.answer(&ErrorStyle::DEFAULT, &Occurrence::UNKNOWN)
    }
}

/// The detail; the title where there is none.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.given_detail().unwrap_or(&self.inner.title))
    }
}

/// So that it can be a variant of an error: `#[api_error(transparent)] Refused(#[from] Problem)`.
impl Error for Problem {}
