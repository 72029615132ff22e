//! A breaker without its clock and its listeners: who passes, what is counted, when it changes.
//!
//! All that a call looks at is one word: the state, and the number of the change that led to it. What was counted for another change counts
//! for nothing (`tagged.rs`). Changes themselves are rare and take turns at a lock, where they look at the word once more: of many who find at
//! one time that it has to change, one changes it. Everybody is told of that after the lock has been left.

mod calls;
mod change;
mod control;
mod in_force;
mod row;
mod tagged;
mod tally;
mod time;
mod trials;
mod word;

use std::time::Duration;

use self::change::Rare;
use self::in_force::InForce;
use self::tally::Tally;
use self::trials::Trials;
use self::word::Word;
use super::engine::{Counts, Terms, Tried};
use super::state::{BreakerState, Cause, Change};
use super::sync::{AtomicU64, Mutex, Ordering};
use crate::core::{Moment, Verdict};

pub(crate) use self::tally::Shape;

/// Where a machine runs.
pub(crate) trait Host {
    /// What time it is. Asked only where it matters.
    fn now(&self) -> Moment;

    /// It changed.
    fn tell(&self, change: Change);
}

/// A breaker.
#[derive(Debug)]
pub(crate) struct Machine {
    word: AtomicU64,
    /// From when on it is open, or half-open, and until when: that is the far end of time where there is none.
    since: AtomicU64,
    until: AtomicU64,
    /// The generation in which it was told that it would open, where it only tells.
    told: AtomicU64,
    /// What it is where nobody says otherwise and all is well.
    home: BreakerState,
    numbers: InForce,
    tally: Tally,
    trials: Trials,
    rare: Mutex<Rare>,
}

/// It is open, or as many try it as may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// For how long it is open yet; `None` where it is being tried, or was forced.
    pub(crate) retry_after: Option<Duration>,
}

/// A call that passed. It has to be settled, once.
#[derive(Clone, Copy, Debug)]
#[must_use = "a call that passed has to be settled"]
pub(crate) struct Pass {
    word: Word,
    began: Option<Moment>,
}

impl Machine {
    /// A closed one, or one that only tells.
    pub(crate) fn new(shape: Shape, terms: Terms, metrics_only: bool) -> Self {
        let home = if metrics_only { BreakerState::MetricsOnly } else { BreakerState::Closed };
        let terms = terms.sound();
        let tally = Tally::new(shape);
        Self {
            word: AtomicU64::new(Word::first(home).bits()),
            since: AtomicU64::new(0),
            until: AtomicU64::new(0),
            told: AtomicU64::new(0),
            home,
            numbers: InForce::new(&terms, &tally),
            tally,
            trials: Trials::new(),
            rare: Mutex::new(Rare::new(terms)),
        }
    }

    /// The pass of a call that comes while it is closed and nobody looks at how long calls take: then nobody has to know what time it is.
    /// Everybody else is [admitted](Self::admit), or not.
    #[inline]
    pub(crate) fn admit_at_once(&self) -> Option<Pass> {
        let word = self.word();
        let is_open = word.state() == BreakerState::Closed && self.numbers.slow_call().is_none();
        is_open.then_some(Pass { word, began: None })
    }

    /// Lets a call pass, or refuses it.
    pub(crate) fn admit(&self, host: &impl Host) -> Result<Pass, Refused> {
        let word = self.word();
        if word.state() == BreakerState::Closed { Ok(self.pass(word, host)) } else { self.admit_or_not(host) }
    }

    /// Whether a result changes nothing, and need not be [settled](Self::settle): a success in a window without failures, of which there is
    /// none to count and nothing to push out.
    #[inline]
    pub(crate) fn is_untouched_by(&self, pass: &Pass, verdict: Verdict) -> bool {
        verdict == Verdict::Success
            && pass.began.is_none()
            && pass.word.state() == BreakerState::Closed
            && self.tally.is_untroubled(pass.word.generation())
    }

    /// What became of a call that passed, and for how long its answer asks to be left alone. One that was given up says nothing.
    pub(crate) fn settle(&self, pass: Pass, verdict: Verdict, alone_for: Option<Duration>, host: &impl Host) {
        let generation = pass.word.generation();
        match (pass.word.state(), verdict) {
            _ if self.is_untouched_by(&pass, verdict) => {}
            (BreakerState::HalfOpen, Verdict::Excluded) => self.trials.give_back(generation),
            (BreakerState::HalfOpen, _) => {
                self.count_trial(pass, verdict == Verdict::Failure, alone_for, host);
            }
            (BreakerState::Disabled, _) | (_, Verdict::Excluded) => {}
            _ if self.word() != pass.word => {}
            _ => self.count_result(pass, verdict == Verdict::Failure, alone_for, host),
        }
    }

    pub(crate) fn state(&self) -> BreakerState {
        self.word().state()
    }

    #[inline]
    fn word(&self) -> Word {
        Word::from_bits(self.word.load(Ordering::SeqCst))
    }

    #[inline]
    fn pass(&self, word: Word, host: &impl Host) -> Pass {
        Pass { word, began: self.numbers.slow_call().map(|_| host.now()) }
    }

    #[cold]
    fn admit_or_not(&self, host: &impl Host) -> Result<Pass, Refused> {
        loop {
            let word = self.word();
            match word.state() {
                BreakerState::ForcedOpen => return Err(Refused { retry_after: None }),
                BreakerState::Open => {
                    let now = host.now();
                    let left = self.left(word, now, host);
                    if self.word() != word {
                        continue;
                    }
                    if left.is_some() {
                        return Err(Refused { retry_after: left });
                    }
                    self.change(word, BreakerState::HalfOpen, Cause::TimeOver, now, None, host);
                }
                BreakerState::HalfOpen => {
                    if let Some(now) = self.overdue(word, host) {
                        self.change(word, BreakerState::Open, Cause::TrialOverdue, now, None, host);
                        continue;
                    }
                    if self.take_trial(word) {
                        return Ok(self.pass(word, host));
                    }
                    // Fewer trials may be enough than when the last one came back.
                    self.conclude(word, None, host);
                    if self.word() == word {
                        return Err(Refused { retry_after: None });
                    }
                }
                _ => return Ok(self.pass(word, host)),
            }
        }
    }

    fn take_trial(&self, word: Word) -> bool {
        self.trials.take(word.generation(), self.numbers.half_open_calls(), &|| self.word() == word)
    }

    /// A result where it is closed, or as good as closed.
    fn count_result(&self, pass: Pass, failed: bool, alone_for: Option<Duration>, host: &impl Host) {
        let (slow, ended) = self.slow(pass, host);
        let now = || ended.unwrap_or_else(|| host.now());
        let is_current = || self.word() == pass.word;
        let generation = pass.word.generation();
        let Some(counts) = self.tally.record(generation, failed, slow, now, &is_current) else { return };
        if counts == Counts::default() && pass.word.state() == BreakerState::Closed {
            return;
        }
        let exceeded = self.numbers.limits().exceeded_by(counts);
        match (pass.word.state(), exceeded) {
            (BreakerState::Closed, Some(why)) => {
                self.change(pass.word, BreakerState::Open, why, now(), alone_for, host);
            }
            (BreakerState::MetricsOnly, why) => self.tell_once(generation, why, host),
            _ => {}
        }
    }

    fn count_trial(&self, pass: Pass, failed: bool, alone_for: Option<Duration>, host: &impl Host) {
        let word = pass.word;
        if let Some(now) = self.overdue(word, host) {
            self.change(word, BreakerState::Open, Cause::TrialOverdue, now, alone_for, host);
            return;
        }
        let (slow, _) = self.slow(pass, host);
        if self.trials.result(word.generation(), failed, slow).is_some() {
            self.conclude(word, alone_for, host);
        }
    }

    /// Closes or opens, where its trials say so.
    fn conclude(&self, word: Word, alone_for: Option<Duration>, host: &impl Host) {
        let trial = self.trials.of(word.generation());
        match self.numbers.trial_limits().conclude(trial) {
            Some(Tried::Closes) => {
                self.change(word, BreakerState::Closed, Cause::Recovered, host.now(), None, host);
            }
            Some(Tried::Opens(why)) => {
                self.change(word, BreakerState::Open, why, host.now(), alone_for, host);
            }
            None => {}
        }
    }

    /// Whether a call was slow, and when it ended, if that was looked at.
    fn slow(&self, pass: Pass, host: &impl Host) -> (bool, Option<Moment>) {
        let Some((began, from)) = pass.began.zip(self.numbers.slow_call()) else { return (false, None) };
        let ended = host.now();
        (ended.nanos_since(began) >= from, Some(ended))
    }

    /// Tells that it would open, once until it would no longer.
    fn tell_once(&self, generation: u64, why: Option<Cause>, host: &impl Host) {
        let told = self.told.load(Ordering::SeqCst);
        let next = if why.is_some() { generation } else { 0 };
        let news = if why.is_some() { told != generation } else { told == generation };
        if !news || self.told.compare_exchange(told, next, Ordering::SeqCst, Ordering::SeqCst).is_err() {
            return;
        }
        if let Some(why) = why {
            let state = BreakerState::MetricsOnly;
            host.tell(Change { from: state, to: state, why, at: host.now() });
        }
    }
}
