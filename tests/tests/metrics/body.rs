//! Bodies that do what a test says, whatever the rules of bodies are.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use http::{HeaderMap, HeaderValue};
use http_body::{Frame, SizeHint};

/// One thing that a body does when it is asked for a frame.
pub(crate) enum Step {
    Data(&'static str),
    Trailers,
    Fails,
    Panics,
    Pending,
    Ends,
}

/// A body of steps. Behind the last of them it panics: nobody is to ask.
pub(crate) struct Steps {
    left: VecDeque<Step>,
    hint: SizeHint,
    is_end: fn(&Self) -> bool,
}

/// A body that says nothing about its size, and does not know when it has ended.
pub(crate) fn steps(steps: impl IntoIterator<Item = Step>) -> Steps {
    Steps { left: steps.into_iter().collect(), hint: SizeHint::default(), is_end: |_| false }
}

impl Steps {
    /// That claims to have exactly that many bytes.
    pub(crate) fn claiming(mut self, bytes: u64) -> Self {
        self.hint = SizeHint::with_exact(bytes);
        self
    }

    /// That knows when nothing is left.
    pub(crate) fn knowing_its_end(mut self) -> Self {
        self.is_end = |body| body.left.is_empty();
        self
    }

    /// That claims to be at its end.
    pub(crate) fn claiming_its_end(mut self) -> Self {
        self.is_end = |_| true;
        self
    }

    pub(crate) fn body(self) -> Body {
        Body::new(self)
    }
}

impl http_body::Body for Steps {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        Poll::Ready(match self.left.pop_front().unwrap() {
            Step::Data(data) => Some(Ok(Frame::data(Bytes::from_static(data.as_bytes())))),
            Step::Trailers => Some(Ok(Frame::trailers(HeaderMap::from_iter([(
                http::HeaderName::from_static("x-checksum"),
                HeaderValue::from_static("7"),
            )])))),
            Step::Fails => Some(Err("the source broke off")),
            Step::Panics => panic!("a body panics"),
            Step::Pending => {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Step::Ends => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        (self.is_end)(self)
    }

    fn size_hint(&self) -> SizeHint {
        self.hint
    }
}
