//! The body of an answer, which tells when it ends.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

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

/// The answer with its body measured to the end. Where no body will be sent, it ends here.
pub(crate) fn measured<B: Body>(
    response: Response<B>,
    is_head: bool,
    mut measuring: Measuring,
) -> Response<MeasuredBody<B>> {
    measuring.answered(response.status());
    let is_over = is_head || is_bodiless(response.status()) || response.body().is_end_stream();
    let left = if is_over { Some(0) } else { expected(&response) };
    let measuring = if left == Some(0) {
        measuring.end(Fault::Nothing);
        None
    } else {
        Some(measuring)
    };
    response.map(|inner| MeasuredBody { inner, left, measuring })
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
        let fault = match &frame {
            None => Some(Fault::Nothing),
            Some(Err(_)) => Some(Fault::Body),
            Some(Ok(frame)) => {
                if let (Some(left), Some(data)) = (this.left.as_mut(), frame.data_ref()) {
                    *left = left.saturating_sub(data.len() as u64);
                }
                // Behind trailers nothing may come, and no server asks.
                let is_last = frame.is_trailers() || *this.left == Some(0) || this.inner.is_end_stream();
                is_last.then_some(Fault::Nothing)
            }
        };
        if let Some(fault) = fault
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
