//! How a breaker changes: at a lock, one change at a time.

use std::hash::{BuildHasher, RandomState};
use std::sync::PoisonError;
use std::time::Duration;

use super::super::engine::{LONGEST_ALONE, Terms};
use super::super::state::{BreakerState, Cause, Change};
use super::super::sync::{MutexGuard, Ordering};
use super::word::Word;
use super::{Host, Machine};
use crate::core::Moment;

/// There is no end to it.
const NEVER: Moment = Moment::from_nanos(u64::MAX);

/// What matters at a change alone.
#[derive(Debug)]
pub(super) struct Rare {
    pub(super) terms: Terms,
    /// How often it has opened since it was last closed.
    pub(super) openings: u32,
    /// For how long the last time, without jitter; none where it begins anew.
    pub(super) last: Option<u64>,
}

impl Rare {
    pub(super) fn new(terms: Terms) -> Self {
        Self { terms, openings: 0, last: None }
    }

    /// Until when it is open that opens now.
    fn open(&mut self, now: Moment, alone_for: Option<Duration>) -> Moment {
        let length = self.terms.open_after(self.last);
        self.last = Some(length);
        self.openings = self.openings.saturating_add(1);
        // Keys of their own each time: processes that open together come back apart.
        let chance = if self.terms.jitter == 0 { 0 } else { RandomState::new().hash_one(length) };
        now.saturating_add_nanos(self.terms.open_at_last(length, chance, alone_for))
    }

    /// The same by a hint: as long as that says, an hour at most. How long it is the next time does not depend on it.
    fn open_as_hinted(&mut self, now: Moment, length: Duration) -> Moment {
        self.openings = self.openings.saturating_add(1);
        now.saturating_add(length.min(Duration::from_nanos(LONGEST_ALONE)))
    }

    fn close(&mut self) {
        self.openings = 0;
        self.last = None;
    }
}

impl Machine {
    /// What only one looks at at a time. Nobody runs code of others while holding it.
    pub(super) fn rare(&self) -> MutexGuard<'_, Rare> {
        self.rare.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes, unless it has changed already.
    #[cold]
    pub(super) fn change(
        &self,
        seen: Word,
        to: BreakerState,
        why: Cause,
        now: Moment,
        alone_for: Option<Duration>,
        host: &impl Host,
    ) {
        let mut rare = self.rare();
        if self.word() == seen {
            let until = match to {
                BreakerState::Open => rare.open(now, alone_for),
                BreakerState::HalfOpen => {
                    rare.terms.half_open_wait.map_or(NEVER, |wait| now.saturating_add_nanos(wait))
                }
                _ => NEVER,
            };
            self.become_at_last(rare, seen, to, why, (now, until), host);
        }
    }

    /// Opens for that long, and no longer than anybody may ask for, unless it has changed already.
    pub(super) fn open_until(&self, seen: Word, now: Moment, length: Duration, host: &impl Host) {
        let mut rare = self.rare();
        if self.word() == seen {
            let until = rare.open_as_hinted(now, length);
            self.become_at_last(rare, seen, BreakerState::Open, Cause::Hint, (now, until), host);
        }
    }

    /// The one place where the word is written.
    pub(super) fn become_at_last(
        &self,
        mut rare: MutexGuard<'_, Rare>,
        seen: Word,
        to: BreakerState,
        why: Cause,
        (now, until): (Moment, Moment),
        host: &impl Host,
    ) {
        if !matches!(to, BreakerState::Open | BreakerState::HalfOpen) {
            rare.close();
        }
        self.since.store(now.as_nanos(), Ordering::SeqCst);
        self.until.store(until.as_nanos(), Ordering::SeqCst);
        self.word.store(seen.next(to).bits(), Ordering::SeqCst);
        drop(rare);
        let from = seen.state();
        if from != to {
            host.tell(Change { from, to, why, at: now });
        }
    }

    /// How long it is yet until its time is over; none where it is. A reader looks at the word again, as the moments may be another change's.
    pub(super) fn left(&self, word: Word, now: Moment, host: &impl Host) -> Option<Duration> {
        let until = self.until();
        if now >= until {
            return None;
        }
        // Read again: this one may have been read before the change, and the next one is later, unless the clock has gone back.
        if now < self.since() {
            let now = host.now();
            if now < self.since() {
                self.begin_again(word, now);
            }
        }
        Some(Duration::from_nanos(self.until().nanos_since(now)))
    }

    /// The moment, if a half-open breaker has waited for too long. Where it waits for good nobody asks for the time.
    pub(super) fn overdue(&self, word: Word, host: &impl Host) -> Option<Moment> {
        if self.until() == NEVER {
            return None;
        }
        let now = host.now();
        self.left(word, now, host).is_none().then_some(now)
    }

    /// The clock has gone back: it is as long as it was, from now on.
    #[cold]
    fn begin_again(&self, word: Word, now: Moment) {
        let _turn = self.rare();
        let since = self.since();
        if self.word() == word && now < since {
            let until = now.saturating_add_nanos(self.until().nanos_since(since));
            self.until.store(until.as_nanos(), Ordering::SeqCst);
            self.since.store(now.as_nanos(), Ordering::SeqCst);
        }
    }

    pub(super) fn until(&self) -> Moment {
        Moment::from_nanos(self.until.load(Ordering::SeqCst))
    }

    fn since(&self) -> Moment {
        Moment::from_nanos(self.since.load(Ordering::SeqCst))
    }
}
