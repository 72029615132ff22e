//! One breaker: whether a call may pass, and what its answer means for those that come after.

use std::time::Duration;

use super::policy::CircuitBreaker;
use crate::core::{Clock, Verdict};

/// A breaker, shared by all calls that go by it.
#[derive(Debug)]
pub(crate) struct Breaker {}

/// It is open, or as many try it as may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// For how long it is open yet; `None` where it is being tried.
    pub(crate) retry_after: Option<Duration>,
}

impl Breaker {
    /// A closed one.
    pub(crate) fn new(_policy: &CircuitBreaker) -> Self {
        Self {}
    }

    /// Lets a call pass, or refuses it. No clock is read where nobody asks for the time.
    #[inline]
    pub(crate) fn acquire<'a>(&'a self, clock: &'a dyn Clock) -> Result<Permit<'a>, Refused> {
        Ok(Permit { breaker: self, clock })
    }
}

/// A call that passed. Dropped without a verdict it was cancelled, which counts on neither side, or panicked, which is a failure.
#[must_use = "a call that passed has an answer, or is given up"]
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    #[allow(dead_code)]
    breaker: &'a Breaker,
    #[allow(dead_code)]
    clock: &'a dyn Clock,
}

impl Permit<'_> {
    /// What its answer says, and for how long that asks to be left alone.
    pub(crate) fn finish(self, _verdict: Verdict, _alone_for: Option<Duration>) {}
}
