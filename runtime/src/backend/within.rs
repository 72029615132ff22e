//! What has to be done by a deadline.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use crate::core::{Clock, Moment, Sleep};

/// What comes of a future until then. What is there at its first poll is in time, and nothing is waited for before that.
pub(crate) async fn within<T>(
    clock: &dyn Clock,
    deadline: Moment,
    future: impl Future<Output = T>,
) -> Option<T> {
    let mut future = pin!(future);
    let mut limit: Option<Sleep> = None;
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => {
            let limit = limit.get_or_insert_with(|| clock.sleep_until(deadline));
            limit.as_mut().poll(context).map(|()| None)
        }
    })
    .await
}
