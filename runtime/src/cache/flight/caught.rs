//! Work that may panic, for several who wait for it.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

/// What a panic carries.
pub(in super::super) type Payload = Box<dyn Any + Send>;

/// What comes of a future, or what it panicked with. It is not polled again after that.
pub(in super::super) async fn caught<F: Future>(future: F) -> Result<F::Output, Payload> {
    let mut future = pin!(future);
    // What the work leaves broken is its own: nothing of a cache is inside.
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(poll) => poll.map(Ok),
        Err(payload) => Poll::Ready(Err(payload)),
    })
    .await
}

/// What a panic said, for those who cannot have what it carried.
pub(in super::super) fn text_of(payload: &Payload) -> Arc<str> {
    match (payload.downcast_ref::<&'static str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => Arc::from(*text),
        (_, Some(text)) => Arc::from(text.as_str()),
        _ => Arc::from("what they waited for panicked"),
    }
}

/// Panics as somebody else did, whose panic was reported already.
pub(in super::super) fn panic_again(text: &str) -> ! {
    resume_unwind(Box::new(text.to_owned()))
}
