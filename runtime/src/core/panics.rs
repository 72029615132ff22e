//! Code of others that may panic where nobody else would catch it.

use std::any::Any;
use std::future::poll_fn;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;

/// Drops what a panic carried, which is code of others, too. What panics once more is leaked.
pub(crate) fn discard(payload: Box<dyn Any + Send>) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        mem::forget(again);
    }
}

/// What comes of a future, with a mark while it is being polled, and from its end on: what unwinds past a mark that is set comes from the
/// future or from what its answer led to. Where it is not set the future is dropped because something beside it panics.
#[inline]
pub(crate) async fn marking<F: Future>(mark: &mut bool, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        *mark = true;
        let polled = future.as_mut().poll(context);
        *mark = polled.is_ready();
        polled
    })
    .await
}
