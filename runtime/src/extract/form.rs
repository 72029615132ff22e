//! Forms.

use axum::extract::{FromRequest, Request};
use http::Method;
use serde::de::DeserializeOwned;

use super::body::{self, Media, malformed};
use super::invalid::Source;
use super::query;
use crate::http::Problem;

/// A form as browsers send it: as axum's `Form`, with refusals that say which field is wrong.
///
/// That of a `GET` or `HEAD` is the query, and refused as one; that of other methods is the body, of the content type
/// `application/x-www-form-urlencoded`.
///
/// # Errors
/// | status | code | when |
/// | --- | --- | --- |
/// | 400 | `malformed_body` | it is no UTF-8, or did not arrive whole |
/// | 413 | `payload_too_large` | it is longer than allowed: 2 MB, or what `DefaultBodyLimit` says |
/// | 415 | `unsupported_media_type` | the content type is missing or another |
/// | 422 | `invalid_form` | a field is missing, of another type, or not valid: `errors` points to it |
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct Form<T>(pub T);

super::transparent!(Form);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (text, source) = text(request, state).await?;
        query::read(&text, source).map(Self)
    }
}

/// The text of the form, and where it stood.
pub(super) async fn text<S: Send + Sync>(request: Request, state: &S) -> Result<(String, Source), Problem> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok((request.uri().query().unwrap_or_default().to_owned(), Source::Query));
    }
    Media::Form.check(request.headers())?;
    let bytes = body::read(request, state).await?;
    let text = String::from_utf8(bytes.into()).map_err(|_| malformed("the form is not UTF-8"))?;
    Ok((text, Source::Form))
}
