//! A call on its way through a breaker, counted however it ends.

use std::thread;
use std::time::Duration;

use super::breaker::{Permit, Refused};
use super::breakers::Breakers;
use super::policy::CircuitBreaker;
use crate::core::{Clock, Key, Outcome, Sink, Site, Told, Verdict};

/// The breaker of a site, as somebody stands before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Door<'a, S> {
    pub(crate) breakers: &'a Breakers,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) sink: &'a S,
    pub(crate) site: &'static Site,
    /// Its place among the policies of the site.
    pub(crate) slot: usize,
    pub(crate) policy: &'static CircuitBreaker,
}

impl<'a, S: Sink> Door<'a, S> {
    /// Passes, or is refused.
    #[inline]
    pub(crate) fn enter(self, key: Option<Key>) -> Result<Passage<'a, S>, Refused> {
        let asked = match key {
            None => self.breakers.of(self.site, self.policy, None).breaker().acquire(self.clock),
            Some(key) => self.ask(&key),
        };
        match asked {
            Ok(permit) => Ok(Passage { permit: Some(permit), door: self, is_inside: false }),
            Err(refused) => {
                self.tell(Outcome::Refused);
                Err(refused)
            }
        }
    }

    /// The breaker of a key may become another key's while it is asked. What it said then is not meant for this one: a permit that was given
    /// is given back.
    fn ask(&self, key: &Key) -> Result<Permit<'a>, Refused> {
        const MOST: usize = 3;
        let mut found = self.breakers.of(self.site, self.policy, Some(key));
        for _ in 0..MOST {
            let asked = found.breaker().acquire(self.clock);
            if found.is_current() {
                return asked;
            }
            drop(asked);
            found = self.breakers.of(self.site, self.policy, Some(key));
        }
        // So many keys come that places change hands all the time: then it goes with the others that find no room.
        self.breakers.of(self.site, self.policy, None).breaker().acquire(self.clock)
    }

    #[inline]
    fn tell(&self, outcome: Outcome) {
        self.sink.tell(Told::new(self.site.id(), self.slot, outcome));
    }
}

/// A call that passed. Dropped, it was cancelled or panicked, and is counted so.
#[must_use = "a call that passed has an answer, or is given up"]
#[derive(Debug)]
pub(crate) struct Passage<'a, S: Sink> {
    permit: Option<Permit<'a>>,
    door: Door<'a, S>,
    /// Whether the call is being polled or judged, so that what unwinds comes from it.
    is_inside: bool,
}

impl<S: Sink> Passage<'_, S> {
    /// Its answer is there, and says that; for how long it asks to be left alone.
    #[inline]
    pub(crate) fn leave(mut self, verdict: Verdict, alone_for: Option<Duration>) {
        if let Some(permit) = self.permit.take() {
            self.door.tell(match verdict {
                Verdict::Success => Outcome::Success,
                Verdict::Failure => Outcome::Failure,
                Verdict::Excluded => Outcome::Excluded,
            });
            permit.finish(verdict, alone_for);
        }
    }

    /// Where the call [marks](crate::core::marking) that it is being polled.
    #[inline]
    pub(crate) const fn mark(&mut self) -> &mut bool {
        &mut self.is_inside
    }
}

impl<S: Sink> Drop for Passage<'_, S> {
    #[inline]
    fn drop(&mut self) {
        if let Some(permit) = self.permit.take() {
            // A call that is dropped because something else panics was cancelled.
            let is_panic = self.is_inside && thread::panicking();
            self.door.tell(if is_panic { Outcome::Failure } else { Outcome::Cancelled });
            permit.finish(if is_panic { Verdict::Failure } else { Verdict::Excluded }, None);
        }
    }
}
