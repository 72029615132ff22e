//! What these tests share: an error, a `Tollgate` whose clock stands still, futures that are polled by hand.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tollgate::testing::ManualClock;
use tollgate::{Rejected, Tollgate};

/// What goes wrong with a call.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CallError {
    #[error(transparent)]
    Refused(#[from] Rejected),
    #[error("it is no number")]
    NoNumber(#[from] std::num::ParseIntError),
}

pub(crate) type Answer<T> = Result<T, CallError>;

/// A `Tollgate`, and the clock that it reads.
pub(crate) fn tollgate() -> (Tollgate, ManualClock) {
    let clock = ManualClock::new();
    let tollgate = Tollgate::builder().clock(clock.clone()).build().unwrap();
    (tollgate, clock)
}

/// Whether a call was refused, and after what time it is to be tried again.
pub(crate) fn refused<T>(answer: Result<T, CallError>) -> Option<Duration> {
    match answer {
        Err(CallError::Refused(rejected)) => rejected.retry_after(),
        Err(CallError::NoNumber(_)) | Ok(_) => None,
    }
}

/// A call that is polled by hand.
pub(crate) struct Polled<F>(Pin<Box<F>>);

impl<F: Future> Polled<F> {
    pub(crate) fn new(future: F) -> Self {
        Self(Box::pin(future))
    }

    /// Its answer, once it has one.
    pub(crate) fn poll(&mut self) -> Option<F::Output> {
        match self.0.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        }
    }
}

pub(crate) const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
