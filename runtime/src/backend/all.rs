//! Several things that are waited for at the same time.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

/// What comes of each, in order, once all have ended.
pub(crate) async fn all<F: Future>(futures: Vec<Pin<Box<F>>>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = futures.into_iter().map(|future| (Some(future), None)).collect();
    poll_fn(|context| {
        let mut is_done = true;
        for (slot, output) in &mut waiting {
            match slot.as_mut().map(|future| future.as_mut().poll(context)) {
                Some(Poll::Ready(ready)) => (*slot, *output) = (None, Some(ready)),
                Some(Poll::Pending) => is_done = false,
                None => {}
            }
        }
        if is_done { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    waiting.into_iter().filter_map(|(_, output)| output).collect()
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

    use tokio::sync::oneshot;

    use super::*;

    #[test]
    fn all_are_begun_and_all_are_waited_for_in_order() {
        let mut context = Context::from_waker(Waker::noop());
        let (first, second) = (oneshot::channel(), oneshot::channel());
        let waits = [first.1, second.1].map(|receiver| Box::pin(async { receiver.await.unwrap_or(0_u8) }));
        let mut both = Box::pin(all(waits.into()));
        second.0.send(2).unwrap();
        assert!(both.as_mut().poll(&mut context).is_pending());
        first.0.send(1).unwrap();
        assert_eq!(both.as_mut().poll(&mut context), Poll::Ready(vec![1, 2]));
    }
}
