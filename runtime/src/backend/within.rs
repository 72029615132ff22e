//! What has to be done by a deadline.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use crate::core::{Clock, Moment};

/// What comes of a future until then.
pub(crate) async fn within<T>(
    clock: &dyn Clock,
    deadline: Moment,
    future: impl Future<Output = T>,
) -> Option<T> {
    let mut future = pin!(future);
    let mut limit = clock.sleep_until(deadline);
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => limit.as_mut().poll(context).map(|()| None),
    })
    .await
}
