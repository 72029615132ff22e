//! A call on its way through a breaker, counted however it ends.

use std::thread;
use std::time::Duration;

use super::breaker::{Breaker, Pass, Permit, Refused};
use super::breakers::Breakers;
use super::policy::CircuitBreaker;
use crate::core::{Clock, Key, Outcome, Site, Verdict};

/// A site with a breaker. It is asked when a call comes and when it goes, so what a call has with it is a reference.
pub(crate) trait Door<'a>: Copy {
    fn breakers(self) -> &'a Breakers;

    fn clock(self) -> &'a dyn Clock;

    fn site(self) -> &'static Site;

    /// Which of the site's breakers it goes by; `None` where there is one for all.
    fn key(self) -> Option<&'a Key>;

    /// What the site declares; `None` where it has no breaker, or nobody asks it.
    fn policy(self) -> Option<&'static CircuitBreaker>;

    /// How a call ended, or that it was refused.
    fn tell(self, outcome: Outcome);
}

/// A call on its way. Dropped after it has [entered](Self::enter), it was cancelled or panicked, and is counted so.
///
/// It stays where it was made, so that nothing of it is ever copied.
#[derive(Debug)]
pub(crate) struct Passage<'a, D: Door<'a>> {
    door: D,
    /// By which breaker, and what it gave; none before, and once it has left.
    passed: Option<(&'a Breaker, Pass)>,
    /// Whether the call is being polled or judged, so that what unwinds comes from it.
    is_inside: bool,
}

impl<'a, D: Door<'a>> Passage<'a, D> {
    /// Of somebody who has not asked yet.
    #[inline]
    pub(crate) const fn before(door: D) -> Self {
        Self { door, passed: None, is_inside: false }
    }

    /// Where it leads.
    #[inline]
    pub(crate) const fn door(&self) -> D {
        self.door
    }

    /// Passes, or is refused. Where there is no breaker everybody passes, and nothing is counted.
    #[inline]
    pub(crate) fn enter(&mut self) -> Result<(), Refused> {
        let Some(policy) = self.door.policy() else { return Ok(()) };
        if self.door.key().is_none() {
            let breaker = self.door.breakers().of(self.door.site(), policy, None).breaker();
            if let Some(pass) = breaker.admit_at_once() {
                self.passed = Some((breaker, pass));
                return Ok(());
            }
        }
        self.ask(policy)
    }

    #[inline(never)]
    fn ask(&mut self, policy: &'static CircuitBreaker) -> Result<(), Refused> {
        let door = self.door;
        let asked = match door.key() {
            None => door.breakers().of(door.site(), policy, None).breaker().acquire(door.clock()),
            Some(key) => ask_of_key(door, policy, key),
        };
        match asked {
            Ok(permit) => {
                self.passed = permit.into_pass();
                Ok(())
            }
            Err(refused) => {
                door.tell(Outcome::Refused);
                Err(refused)
            }
        }
    }

    /// Its answer is there, and says that; for how long it asks to be left alone. It leaves once.
    #[inline]
    pub(crate) fn leave(&mut self, verdict: Verdict, alone_for: Option<Duration>) {
        match &self.passed {
            None => {}
            Some((breaker, pass)) if breaker.is_untouched_by(pass, verdict) => {
                self.passed = None;
                self.door.tell(Outcome::Success);
            }
            Some(_) => self.end(
                match verdict {
                    Verdict::Success => Outcome::Success,
                    Verdict::Failure => Outcome::Failure,
                    Verdict::Excluded => Outcome::Excluded,
                },
                verdict,
                alone_for,
            ),
        }
    }

    /// The call is being polled or judged from now on, or it is not.
    #[inline]
    pub(crate) const fn mark(&mut self, is_inside: bool) {
        self.is_inside = is_inside;
    }

    #[inline(never)]
    fn end(&mut self, outcome: Outcome, verdict: Verdict, alone_for: Option<Duration>) {
        if let Some((breaker, pass)) = self.passed.take() {
            self.door.tell(outcome);
            breaker.settle(pass, verdict, alone_for, self.door.clock());
        }
    }

    #[cold]
    fn give_up(&mut self) {
        // A call that is dropped because something else panics was cancelled.
        if self.is_inside && thread::panicking() {
            self.end(Outcome::Failure, Verdict::Failure, None);
        } else {
            self.end(Outcome::Cancelled, Verdict::Excluded, None);
        }
    }
}

impl<'a, D: Door<'a>> Drop for Passage<'a, D> {
    #[inline]
    fn drop(&mut self) {
        if self.passed.is_some() {
            self.give_up();
        }
    }
}

/// The breaker of a key may become another key's while it is asked. What it said then is not meant for this one: a permit that was given is
/// given back.
fn ask_of_key<'a>(
    door: impl Door<'a>,
    policy: &'static CircuitBreaker,
    key: &Key,
) -> Result<Permit<'a>, Refused> {
    const MOST: usize = 3;
    let (breakers, site, clock) = (door.breakers(), door.site(), door.clock());
    for _ in 0..MOST {
        let found = breakers.of(site, policy, Some(key));
        let asked = found.breaker().acquire(clock);
        if found.is_current() {
            return asked;
        }
    }
    // So many keys come that places change hands all the time: then it goes with the others that find no room.
    breakers.of(site, policy, None).breaker().acquire(clock)
}
