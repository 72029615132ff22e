//! What people and other processes do to a breaker, and what they see of it.

use std::time::Duration;

use super::super::engine::{Counts, Terms, Trial, share};
use super::super::state::{BreakerState, Cause, Mode, Snapshot};
use super::{Host, Machine};
use crate::core::Moment;

impl Machine {
    /// Has it be so from now on. Where it is so already nothing happens.
    pub(crate) fn set_mode(&self, mode: Mode, now: Moment, host: &impl Host) {
        let rare = self.rare();
        let word = self.word();
        let to = match mode {
            Mode::Normal if matches!(word.state(), BreakerState::Open | BreakerState::HalfOpen) => return,
            Mode::Normal => self.home,
            Mode::ForcedOpen => BreakerState::ForcedOpen,
            Mode::ForcedClosed => BreakerState::ForcedClosed,
            Mode::MetricsOnly => BreakerState::MetricsOnly,
            Mode::Disabled => BreakerState::Disabled,
        };
        if word.state() != to {
            self.become_at_last(rare, word, to, Cause::Mode, (now, now), host);
        }
    }

    /// Begins anew, as its policy says, with nothing counted. A mode that was set is gone.
    pub(crate) fn reset(&self, now: Moment, host: &impl Host) {
        let rare = self.rare();
        let word = self.word();
        self.become_at_last(rare, word, self.home, Cause::Reset, (now, now), host);
    }

    /// Goes by these numbers from now on. What has been counted stays, and a time that has begun ends when it would have. What they change is
    /// seen by the next result or the next call.
    pub(crate) fn tune(&self, terms: Terms) {
        let terms = terms.sound();
        let mut rare = self.rare();
        if rare.terms != terms {
            rare.terms = terms;
            rare.last = None;
            self.numbers.put(&terms, &self.tally);
        }
    }

    /// Opens a closed one until then, for an hour at most: others have found that it should.
    pub(crate) fn pre_open(&self, until: Moment, host: &impl Host) {
        let now = host.now();
        let word = self.word();
        let left = until.nanos_since(now);
        if left > 0 && word.state() == BreakerState::Closed {
            self.open_until(word, now, Duration::from_nanos(left), host);
        }
    }

    /// How it stands. Where its time is over and nobody has called yet, it still is what it was.
    pub(crate) fn snapshot(&self, now: Moment) -> Snapshot {
        let (word, openings, until) = {
            let rare = self.rare();
            (self.word(), rare.openings, self.until())
        };
        let state = word.state();
        let Counts { calls, failures, slow } = self.tally.counts(word.generation(), now);
        let limits = self.numbers.limits();
        let says = !self.tally.is_row() && calls >= limits.minimum_calls;
        let open_until = (state == BreakerState::Open).then_some(until);
        Snapshot {
            state,
            calls,
            failures,
            slow,
            failure_rate: says.then(|| share(failures, calls)),
            slow_rate: (says && limits.slow_rate.is_some()).then(|| share(slow, calls)),
            open_for: open_until.map(|until| Duration::from_nanos(until.nanos_since(now))),
            open_until,
            openings,
            trial: (state == BreakerState::HalfOpen).then(|| self.trial(word.generation())),
        }
    }

    fn trial(&self, generation: u64) -> Trial {
        self.trials.of(generation)
    }
}
