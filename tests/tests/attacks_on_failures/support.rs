//! What these tests share: futures that are polled by hand, counts, chance.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tollgate::testing::ManualClock;
use tollgate::{BreakerState, Rejected, Tollgate};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Refused(#[from] Rejected),
    #[error("it is away")]
    Away,
}

pub(crate) type Answer<T> = Result<T, Error>;

pub(crate) fn tollgate() -> (Tollgate, ManualClock) {
    let clock = ManualClock::new();
    (Tollgate::builder().clock(clock.clone()).build().unwrap(), clock)
}

/// A call that is polled by hand.
pub(crate) struct Polled<F>(Pin<Box<F>>);

pub(crate) fn begin<F: Future>(tollgate: &Tollgate, call: F) -> Polled<impl Future<Output = F::Output>> {
    Polled(Box::pin(tollgate.scope(call)))
}

impl<F: Future> Polled<F> {
    pub(crate) fn poll(&mut self) -> Option<F::Output> {
        match self.0.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        }
    }

    /// The same, where it may panic: whether it goes on.
    pub(crate) fn goes_on(&mut self) -> bool {
        catch_unwind(AssertUnwindSafe(|| self.poll())).is_ok_and(|answer| answer.is_none())
    }
}

/// What a call answers that does not wait.
pub(crate) fn at_once<F: Future>(tollgate: &Tollgate, call: F) -> F::Output {
    begin(tollgate, call).poll().unwrap()
}

#[allow(clippy::needless_pass_by_value, reason = "it is asked of what a call has just answered")]
pub(crate) fn is_refused<T>(answer: Answer<T>) -> bool {
    matches!(answer, Err(Error::Refused(_)))
}

/// Panics, and says nothing of it.
pub(crate) fn panics() -> ! {
    resume_unwind(Box::new("on purpose"))
}

/// How often a policy of a site said that.
pub(crate) fn count(tollgate: &Tollgate, site: &str, policy: &str, outcomes: &[&str]) -> u64 {
    let decisions = tollgate.decisions();
    let own = decisions.iter().filter(|count| count.site == site && count.policy == policy);
    own.filter(|count| outcomes.contains(&count.outcome.as_str())).map(|count| count.count).sum()
}

/// All calls that came to the breaker of a site, however they ended.
pub(crate) fn at_the_breaker(tollgate: &Tollgate, site: &str) -> u64 {
    let outcomes = ["refused", "success", "failure", "excluded", "cancelled"];
    count(tollgate, site, "circuit_breaker", &outcomes)
}

pub(crate) fn state(tollgate: &Tollgate, site: &str) -> BreakerState {
    tollgate.breaker(site).unwrap().state()
}

pub(crate) const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Numbers by a chance that is the same each time.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % end
    }
}
