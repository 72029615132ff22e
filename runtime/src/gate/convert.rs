//! Older versions of an operation that are answered by its newest handler: requests are converted up, answers down.
//!
//! The functions of the user's are typed, and `versions!` composes those of neighbouring versions, so the compiler holds one to the next. A body is
//! read once and written once, however many versions lie between. A request is converted behind the policies of the handler, which cost
//! nothing to refuse; an answer in front of everything, so what a cache keeps is of the newest version.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::core::Site;
use crate::extract::{Json, json_bytes};
use crate::http::Problem;

/// What becomes of a body.
type Convert<E> = fn(&[u8]) -> Result<Vec<u8>, E>;

/// An answer is no larger than this, or it is not converted: 64 MiB.
const LARGEST_ANSWER: usize = 64 << 20;

/// How one older version is answered by the handler of a newer one.
#[derive(Clone, Copy, Debug)]
pub struct Conversion {
    place: usize,
    target: usize,
    request: Option<Convert<Box<Response>>>,
    response: Option<Convert<Box<Unfit>>>,
}

/// An answer that is none of the version that it is to be.
#[derive(Debug)]
pub struct Unfit(String);

impl Conversion {
    /// Of the version at that place. `newest`: the place of the newest of those that are converted, which is that below the version whose
    /// handler answers.
    #[must_use]
    pub const fn new(place: usize, newest: usize) -> Self {
        Self { place, target: newest + 1, request: None, response: None }
    }

    /// Converts the bodies of requests.
    #[must_use]
    pub const fn request(mut self, convert: Convert<Box<Response>>) -> Self {
        self.request = Some(convert);
        self
    }

    /// Converts the bodies of answers.
    #[must_use]
    pub const fn response(mut self, convert: Convert<Box<Unfit>>) -> Self {
        self.response = Some(convert);
        self
    }

    /// The place of the version.
    pub(super) const fn place(&self) -> usize {
        self.place
    }

    /// The place of the version whose handler answers.
    pub(super) const fn target(&self) -> usize {
        self.target
    }

    /// Leaves word for the gate that extracts the body, and asks for what the handler knows by another tag.
    pub(super) fn announce(&self, version: &'static str, parts: &mut Parts) {
        if let Some(convert) = self.request {
            parts.extensions.insert(Lift(convert));
        }
        if self.response.is_some() {
            retag(&mut parts.headers, &IF_NONE_MATCH, |tag| {
                tag.strip_suffix(&suffix(version)).map(|tag| format!("{tag}\""))
            });
        }
    }

    /// The answer as that version has it. What is no JSON stays, and so do errors, which have one shape in all versions.
    pub(super) async fn lower(
        &self,
        response: Response,
        version: &'static str,
        site: &'static Site,
    ) -> Response {
        let Some(convert) = self.response else { return response };
        let (mut parts, body) = response.into_parts();
        retag(&mut parts.headers, &ETAG, |tag| {
            tag.strip_suffix('"').map(|tag| format!("{tag}{}", suffix(version)))
        });
        if !parts.status.is_success() || !is_json(&parts.headers) {
            return Response::from_parts(parts, body);
        }
        let converted = match to_bytes(body, LARGEST_ANSWER).await {
            Ok(bytes) if bytes.is_empty() => Ok(Vec::new()),
            Ok(bytes) => convert(&bytes).map_err(|unfit| unfit.0),
            Err(error) => Err(error.to_string()),
        };
        match converted {
            Ok(body) => {
                parts.headers.remove(CONTENT_LENGTH);
                Response::from_parts(parts, Body::from(body))
            }
            Err(reason) => {
                tracing::error!(target: "tollgate::versions", site = site.name(), version, reason, "an answer cannot be converted");
                Problem::of_our_own().into_response()
            }
        }
    }
}

/// What stands at the end of the tag of a converted answer: it has other bytes than the one that it was made of.
fn suffix(version: &str) -> String {
    format!("-{version}\"")
}

fn retag(headers: &mut HeaderMap, name: &HeaderName, tag: impl Fn(&str) -> Option<String>) {
    let Some(written) = headers.get(name).and_then(|value| value.to_str().ok()) else { return };
    let tags: Vec<_> =
        written.split(',').map(str::trim).map(|one| tag(one).unwrap_or_else(|| one.to_owned())).collect();
    if let Ok(value) = HeaderValue::try_from(tags.join(", ")) {
        headers.insert(name, value);
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = media_type.split(';').next().unwrap_or_default().trim();
    name.eq_ignore_ascii_case("application/json") || name.to_ascii_lowercase().ends_with("+json")
}

/// What the gate is to do with a body before it is extracted.
#[derive(Clone, Copy)]
pub(super) struct Lift(Convert<Box<Response>>);

impl Lift {
    /// The request as the handler's version has it.
    pub(super) async fn apply<S: Send + Sync>(
        self,
        request: Request,
        state: &S,
    ) -> Result<Request, Response> {
        if !request.headers().contains_key(CONTENT_TYPE) && http_body::Body::is_end_stream(request.body()) {
            return Ok(request);
        }
        let (parts, body) = request.into_parts();
        let head = parts.clone();
        let request = Request::from_parts(parts, body);
        let bytes: Bytes = json_bytes(request, state).await.map_err(IntoResponse::into_response)?;
        let converted = (self.0)(&bytes).map_err(|answer| *answer)?;
        let mut request = Request::from_parts(head, Body::from(converted));
        request.headers_mut().remove(CONTENT_LENGTH);
        Ok(request)
    }
}

/// Converts the body of a request. What it cannot be read as is told as [`extract::Json`](Json) tells it.
///
/// # Errors
/// The answer in its place.
pub fn lift<A, B>(
    body: &[u8],
    convert: impl FnOnce(A) -> Result<B, Response>,
) -> Result<Vec<u8>, Box<Response>>
where
    A: DeserializeOwned,
    B: Serialize,
{
    let Json(written) = Json::<A>::from_bytes(body).map_err(IntoResponse::into_response)?;
    let converted = convert(written)?;
    serde_json::to_vec(&converted).map_err(|error| {
        tracing::error!(target: "tollgate::versions", reason = %error, "a request cannot be converted");
        Box::new(Problem::of_our_own().into_response())
    })
}

/// Converts the body of an answer.
///
/// # Errors
/// Where the one is not what the handler answers, or the other cannot be written.
pub fn lower<A, B>(body: &[u8], convert: impl FnOnce(A) -> B) -> Result<Vec<u8>, Box<Unfit>>
where
    A: DeserializeOwned,
    B: Serialize,
{
    let unfit = |error: serde_json::Error| Box::new(Unfit(error.to_string()));
    let answered = serde_json::from_slice(body).map_err(unfit)?;
    serde_json::to_vec(&convert(answered)).map_err(unfit)
}

/// Whether one of several handlers answers the version that follows another, which is converted to it. Asked by the compiler.
#[must_use]
pub const fn continued(place: usize, handlers: &[Option<&crate::versioning::Versioned>]) -> bool {
    let mut one = 0;
    while one < handlers.len() {
        if let Some(versioned) = handlers[one]
            && versioned.answers(place + 1)
            && !versioned.answers(place)
        {
            return true;
        }
        one += 1;
    }
    false
}
