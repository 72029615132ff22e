//! How the errors of one service are written: in which shape, and where their types are explained.

use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use http::HeaderValue;

use super::fields::PROBLEM_JSON;
use super::occurrence::Occurrence;
use super::problem::Problem;
use super::shape::{ErrorShape, details};
use crate::core::discard;

/// Where the types of problems are explained, unless the settings say otherwise.
pub(super) const DEFAULT_TYPES: &str = "/problems";

/// The path of a URI reference.
pub(crate) fn path_of(reference: &str) -> &str {
    let Some((_, rest)) = reference.split_once("://") else { return reference };
    rest.find('/').map_or("", |start| &rest[start..])
}

/// The URI reference of the type with a code, explained below that place.
pub(super) fn type_of(types: &str, code: &str) -> String {
    format!("{types}/{code}")
}

/// How the errors of one service are written.
#[derive(Clone)]
pub(crate) struct ErrorStyle {
    /// `None` for problem details.
    shape: Option<Arc<dyn ErrorShape>>,
    /// Without a slash at its end.
    types: Cow<'static, str>,
    /// The path of it in this service, whatever proxies put in front.
    routes: Cow<'static, str>,
}

impl ErrorStyle {
    /// As long as nobody says otherwise.
    pub(crate) const DEFAULT: Self =
        Self { shape: None, types: Cow::Borrowed(DEFAULT_TYPES), routes: Cow::Borrowed(DEFAULT_TYPES) };

    /// In a shape.
    pub(crate) fn shaped(&mut self, shape: impl ErrorShape) {
        self.shape = Some(Arc::new(shape));
    }

    /// Explained below a path or an absolute URI, which ends with no slash.
    pub(crate) fn explained_at(&mut self, types: String) {
        self.routes = Cow::Owned(path_of(&types).to_owned());
        self.types = Cow::Owned(types);
    }

    /// With a base URL in front, as links have, unless problems are explained at an absolute URI. It is empty, or ends with no slash.
    pub(crate) fn based_on(&mut self, url: &str) {
        if !url.is_empty() && self.types.starts_with('/') {
            self.types = Cow::Owned(format!("{url}{}", self.types));
        }
    }

    /// The shape, unless it is that of problem details.
    pub(crate) fn shape(&self) -> Option<&dyn ErrorShape> {
        self.shape.as_deref()
    }

    /// The path at which this service explains its problems.
    pub(crate) fn routes(&self) -> &str {
        &self.routes
    }

    /// The URI reference of the type with a code.
    pub(crate) fn type_of(&self, code: &str) -> String {
        type_of(&self.types, code)
    }

    /// Whether errors are written as they are where nobody knows of a style.
    pub(crate) fn is_default(&self) -> bool {
        self.shape.is_none() && self.types == DEFAULT_TYPES
    }

    /// The media type and the body of a problem.
    pub(super) fn write(&self, problem: &Problem, occurrence: &Occurrence<'_>) -> (HeaderValue, Vec<u8>) {
        let occurrence = occurrence.explained_at(&self.types);
        let shaped = self.shape.as_deref().and_then(|shape| shaped(shape, problem, &occurrence));
        shaped.unwrap_or_else(|| {
            let mut body = Vec::with_capacity(256);
            // Strings, numbers and JSON values under string names: serialising them cannot fail.
            let _ = details(problem, &occurrence, &mut serde_json::Serializer::new(&mut body));
            (PROBLEM_JSON, body)
        })
    }
}

/// What a shape of the user's makes of a problem; `None` where it panics, which would break off the answers to all errors, those to
/// panics included.
fn shaped(
    shape: &dyn ErrorShape,
    problem: &Problem,
    occurrence: &Occurrence<'_>,
) -> Option<(HeaderValue, Vec<u8>)> {
    let shaped = catch_unwind(AssertUnwindSafe(|| (shape.media_type(), shape.body(problem, occurrence))));
    match shaped {
        Ok((media_type, body)) => {
            let media_type = HeaderValue::from_str(media_type);
            let media_type = media_type.unwrap_or(HeaderValue::from_static("application/json"));
            Some((media_type, serde_json::to_vec(&body).unwrap_or_default()))
        }
        Err(payload) => {
            discard(payload);
            tracing::error!(target: "tollgate::error", "the shape of errors panicked: problem details are sent instead");
            None
        }
    }
}

impl Default for ErrorStyle {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Debug for ErrorStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shape = self.shape.as_ref().map_or("application/problem+json", |shape| shape.media_type());
        f.debug_struct("ErrorStyle")
            .field("shape", &shape)
            .field("types", &self.types)
            .finish_non_exhaustive()
    }
}
