//! The body of an answer, which tells when it ends.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::{fmt, mem};

use axum::body::Bytes;
use http::header::CONTENT_LENGTH;
use http::{Method, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::{Measuring, watched};
use crate::metrics::Fault;

pin_project! {
    /// The body of an answer that is measured to its end.
    pub struct MeasuredBody<B> {
        #[pin]
        inner: B,
        // The bytes that are still to come, where that is known.
        left: Option<u64>,
        // `None` once it has ended.
        measuring: Option<Measuring>,
    }
}

/// Measures the body of an answer to its end. Where no body will be sent, that is now.
#[inline]
pub(crate) fn measure_body(response: &mut axum::response::Response, is_head: bool, measuring: Measuring) {
    let Some((left, measuring)) = begun(response, is_head, measuring) else { return };
    let inner = mem::take(response.body_mut());
    *response.body_mut() = axum::body::Body::new(MeasuredBody { inner, left, measuring: Some(measuring) });
}

/// The same for an answer with a body of any type.
pub(super) fn measured<B: Body>(
    response: Response<B>,
    is_head: bool,
    measuring: Measuring,
) -> Response<MeasuredBody<B>> {
    match begun(&response, is_head, measuring) {
        None => response.map(MeasuredBody::unmeasured),
        Some((left, measuring)) => {
            response.map(|inner| MeasuredBody { inner, left, measuring: Some(measuring) })
        }
    }
}

/// What has to travel with the body, and how long that will be; nothing where none will be sent, and all is told.
#[inline]
fn begun<B: Body>(
    response: &Response<B>,
    is_head: bool,
    mut measuring: Measuring,
) -> Option<(Option<u64>, Measuring)> {
    measuring.answered(response.status());
    let left = expected(response);
    if is_head || left == Some(0) || is_bodiless(response.status()) || response.body().is_end_stream() {
        measuring.end(Fault::Nothing);
        return None;
    }
    Some((left, measuring))
}

/// Whether the answer to that method has no body, whatever the handler made (RFC 9110, section 9.3.2).
pub(crate) fn is_head(method: &Method) -> bool {
    *method == Method::HEAD
}

/// Whether an answer of that status has no body (RFC 9110, section 6.4.1).
fn is_bodiless(status: StatusCode) -> bool {
    status.is_informational() || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

/// How long the body will be. A server stops reading where that many bytes came, and drops the rest: a body of none it
/// never asks.
fn expected<B: Body>(response: &Response<B>) -> Option<u64> {
    response.body().size_hint().exact().or_else(|| {
        let length = response.headers().get(CONTENT_LENGTH)?;
        length.to_str().ok()?.parse().ok()
    })
}

/// How a body has ended, if this frame is its last. A server that has what it was promised asks for no more.
#[inline]
fn ending<B: Body<Data = Bytes>>(
    frame: Option<&Result<Frame<Bytes>, B::Error>>,
    left: &mut Option<u64>,
    body: &B,
) -> Option<Fault> {
    let frame = match frame {
        // Less came than was promised: the server breaks the connection off.
        None if left.is_some_and(|left| left > 0) => return Some(Fault::Body),
        None => return Some(Fault::Nothing),
        Some(Err(_)) => return Some(Fault::Body),
        Some(Ok(frame)) => frame,
    };
    if let (Some(left), Some(data)) = (left.as_mut(), frame.data_ref()) {
        *left = left.saturating_sub(data.len() as u64);
    }
    // Behind trailers nothing may come, and no server asks.
    (frame.is_trailers() || *left == Some(0) || body.is_end_stream()).then_some(Fault::Nothing)
}

impl<B: Body<Data = Bytes>> Body for MeasuredBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    #[inline]
    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let mut this = self.project();
        let frame = ready!(watched(this.measuring, || this.inner.as_mut().poll_frame(cx)));
        if this.measuring.is_some()
            && let Some(fault) = ending(frame.as_ref(), this.left, &*this.inner)
            && let Some(mut measuring) = this.measuring.take()
        {
            measuring.end(fault);
        }
        Poll::Ready(frame)
    }

    #[inline]
    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    #[inline]
    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl<B> MeasuredBody<B> {
    /// One that nobody measures.
    pub(super) const fn unmeasured(inner: B) -> Self {
        Self { inner, left: None, measuring: None }
    }
}

impl<B: Default> Default for MeasuredBody<B> {
    fn default() -> Self {
        Self::unmeasured(B::default())
    }
}

impl<B: fmt::Debug> fmt::Debug for MeasuredBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeasuredBody").field("inner", &self.inner).finish_non_exhaustive()
    }
}
