//! An answer that tells of a problem is completed on its way out, by whoever knows the request and the style of the service.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use axum::body::{Body, Bytes};
use axum::response::Response;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use http_body::Body as HttpBody;

use super::error_style::ErrorStyle;
use super::fields::PROBLEM_JSON;
use super::kinds;
use super::occurrence::Occurrence;
use super::problem::{Carried, Problem};

/// Writes the problem that an answer carries, now that more is known. It goes on being carried, for whoever knows still more.
///
/// An answer whose body is no longer that of a problem is left alone: somebody has given it another.
pub(crate) fn complete(response: &mut Response, style: &ErrorStyle, occurrence: &Occurrence<'_>) {
    let Some(Carried(problem)) = response.extensions().get() else { return };
    if is_unchanged(response, style) {
        let problem = problem.clone().with_status(response.status());
        write(response, &problem, style, occurrence);
    }
}

/// Whether the body is still what we have written, as far as its media type tells.
fn is_unchanged(response: &Response, style: &ErrorStyle) -> bool {
    let media_type = response.headers().get(CONTENT_TYPE);
    media_type.is_some_and(|found| {
        *found == PROBLEM_JSON || style.shape().is_some_and(|shape| *found == *shape.media_type())
    })
}

fn write(response: &mut Response, problem: &Problem, style: &ErrorStyle, occurrence: &Occurrence<'_>) {
    let (media_type, body) = style.write(problem, occurrence);
    let had_length = response.headers().contains_key(CONTENT_LENGTH);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, media_type);
    headers.remove(CONTENT_ENCODING);
    if had_length {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    finish(std::mem::replace(response.body_mut(), Body::from(body)));
}

/// Reads to its end what is there already: whoever measures a body must not take it for one that was broken off.
fn finish(mut body: Body) {
    /// A body that is whole in memory has one frame.
    const FRAMES: usize = 4;
    let mut nobody = Context::from_waker(Waker::noop());
    for _ in 0..FRAMES {
        if !matches!(Pin::new(&mut body).poll_frame(&mut nobody), Poll::Ready(Some(Ok(_)))) {
            break;
        }
    }
}

/// Makes a problem of what axum answers by itself: where no route matched or none of its methods (no body, no content type),
/// and where a payload was longer than its limit (a line of text).
pub(crate) fn made_by_router(response: &mut Response, style: &ErrorStyle, occurrence: &Occurrence<'_>) {
    // Written by us, in whatever shape.
    if response.extensions().get::<Carried>().is_some() {
        return;
    }
    let problem = match response.status() {
        StatusCode::NOT_FOUND if is_bare(response) => {
            Problem::new(StatusCode::NOT_FOUND).detail("nothing is served at this path")
        }
        StatusCode::METHOD_NOT_ALLOWED if is_bare(response) => Problem::new(StatusCode::METHOD_NOT_ALLOWED)
            .detail("this path does not answer this method: `Allow` lists those that it answers"),
        StatusCode::PAYLOAD_TOO_LARGE if is_line(response) => {
            Problem::of_kind(&kinds::PAYLOAD_TOO_LARGE).detail("the body is longer than is allowed here")
        }
        _ => return,
    };
    write(response, &problem, style, occurrence);
    response.extensions_mut().insert(Carried(problem));
}

fn is_bare(response: &Response) -> bool {
    !response.headers().contains_key(CONTENT_TYPE) && length(response) == Some(0)
}

/// How long a body is, or would be in an answer to GET.
fn length(response: &Response) -> Option<u64> {
    let said = response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    said.or_else(|| response.body().size_hint().exact())
}

/// The longest line that a limit of payloads answers with: axum's has 56 bytes, that of tower-http 21.
const LONGEST_LINE: u64 = 64;

fn is_line(response: &Response) -> bool {
    let is_text =
        response.headers().get(CONTENT_TYPE).is_some_and(|found| found.as_bytes().starts_with(b"text/plain"));
    is_text && length(response).is_some_and(|length| length <= LONGEST_LINE)
}

/// What an answer to HEAD shows of a body: how long it would be. One that is empty may have been emptied before, and tells nothing.
pub(crate) fn without_body(response: &mut Response) {
    let length = response.body().size_hint().exact();
    if let Some(length) = length.filter(|length| *length > 0) {
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    *response.body_mut() = Body::from(Bytes::new());
}
