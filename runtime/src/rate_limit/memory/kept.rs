//! How budgets are kept: one form of value for each kind of algorithm.

use crate::backend::Expires;
use crate::core::Moment;
use crate::rate_limit::engine::{Bucket, FullAt, State, Window, Windows};

/// A budget as a table keeps it.
pub(super) trait Kept: Expires {
    /// A state that is kept until all budgets of its key mean what missing ones mean.
    fn new(state: State, until: Moment) -> Self;

    /// Shows the state.
    fn show<R>(&self, look: impl FnOnce(Option<&State>) -> R) -> R;

    /// Moves the state out, to be put back as a new value.
    fn take(&mut self) -> Option<State>;

    /// Whether a value takes more room when it is charged once more.
    const GROWS: bool = false;
}

/// How one rate of a key stands by GCRA, in nine bytes without alignment: there may be millions.
#[derive(Clone, Copy, Default)]
pub(super) struct Budget {
    full_at: [u8; 8],
    /// The moment from which on all budgets of the key are full lies after `full_at` by so much: nothing, or at most two
    /// to the power of this less one. Rounded up, which delays forgetting and never hastens it.
    all_full_after: u8,
}

impl Budget {
    /// The budget of a key that has several of them, the last of which is full at `all_full_at`.
    pub(super) fn until(full_at: Moment, all_full_at: Moment) -> Self {
        #[allow(clippy::cast_possible_truncation, reason = "at most 65")]
        let all_full_after = match all_full_at.nanos_since(full_at).checked_sub(1) {
            None => 0,
            Some(below) => 65 - below.leading_zeros() as u8,
        };
        Self { full_at: full_at.as_nanos().to_ne_bytes(), all_full_after }
    }

    #[inline]
    pub(super) fn full_at(self) -> Moment {
        Moment::from_nanos(u64::from_ne_bytes(self.full_at))
    }

    /// Fills up at another moment. Of a key that has no other budget.
    #[inline]
    pub(super) fn fill_at(&mut self, full_at: Moment) {
        self.full_at = full_at.as_nanos().to_ne_bytes();
    }
}

/// A budget that is full means what a missing one means. But as long as any budget of its key is not full, all of them
/// stay, so that an active client needs no new room for the others. After that moment they may go one by one: whichever
/// are left are full.
impl Expires for Budget {
    #[inline]
    fn expires_at(&self) -> Moment {
        let after = match self.all_full_after {
            0 => 0,
            power => 1_u64.checked_shl(u32::from(power) - 1).unwrap_or(u64::MAX),
        };
        self.full_at().saturating_add_nanos(after)
    }
}

impl Kept for Budget {
    fn new(state: State, until: Moment) -> Self {
        match state {
            State::Gcra(FullAt(full_at)) => Self::until(full_at, until),
            _ => Self::default(),
        }
    }

    fn show<R>(&self, look: impl FnOnce(Option<&State>) -> R) -> R {
        look(Some(&State::Gcra(FullAt(self.full_at()))))
    }

    fn take(&mut self) -> Option<State> {
        Some(State::Gcra(FullAt(self.full_at())))
    }
}

/// How one rate of a key stands by counters, in 25 bytes without alignment.
#[derive(Clone, Copy, Default)]
pub(super) struct Counters {
    kind: Kind,
    /// The beginning of a window, or the moment from which on tokens come back.
    since: [u8; 8],
    /// What was used, of both windows where there are two.
    used: [u8; 8],
    until: [u8; 8],
}

#[derive(Clone, Copy, Default)]
enum Kind {
    #[default]
    Nothing,
    Bucket,
    Windows,
    Window,
}

impl Counters {
    fn state(self) -> Option<State> {
        let since = Moment::from_nanos(u64::from_ne_bytes(self.since));
        let used = u64::from_ne_bytes(self.used);
        #[allow(clippy::cast_possible_truncation, reason = "the lower half")]
        let (one, other) = (used as u32, (used >> 32) as u32);
        Some(match self.kind {
            Kind::Nothing => return None,
            Kind::Bucket => State::TokenBucket(Bucket { since, missing: used }),
            Kind::Windows => State::SlidingWindow(Windows { start: since, previous: one, current: other }),
            Kind::Window => State::FixedWindow(Window { start: since, used: one }),
        })
    }
}

impl Expires for Counters {
    fn expires_at(&self) -> Moment {
        Moment::from_nanos(u64::from_ne_bytes(self.until))
    }
}

impl Kept for Counters {
    fn new(state: State, until: Moment) -> Self {
        let pair = |one: u32, other: u32| u64::from(one) | u64::from(other) << 32;
        let (kind, since, used) = match state {
            State::TokenBucket(Bucket { since, missing }) => (Kind::Bucket, since, missing),
            State::SlidingWindow(Windows { start, previous, current }) => {
                (Kind::Windows, start, pair(previous, current))
            }
            State::FixedWindow(Window { start, used }) => (Kind::Window, start, pair(used, 0)),
            State::Gcra(_) | State::SlidingLog(_) => return Self::default(),
        };
        Self {
            kind,
            since: since.as_nanos().to_ne_bytes(),
            used: used.to_ne_bytes(),
            until: until.as_nanos().to_ne_bytes(),
        }
    }

    fn show<R>(&self, look: impl FnOnce(Option<&State>) -> R) -> R {
        look(self.state().as_ref())
    }

    fn take(&mut self) -> Option<State> {
        self.state()
    }
}

/// The log of one rate of a key, which takes as much of the room as it has entries.
#[derive(Default)]
pub(super) struct Logged {
    log: Option<State>,
    until: Moment,
}

impl Expires for Logged {
    fn expires_at(&self) -> Moment {
        self.until
    }

    fn weight(&self) -> usize {
        match &self.log {
            Some(State::SlidingLog(log)) => log.len().max(1),
            _ => 1,
        }
    }
}

impl Kept for Logged {
    const GROWS: bool = true;

    fn new(state: State, until: Moment) -> Self {
        Self { log: Some(state), until }
    }

    fn show<R>(&self, look: impl FnOnce(Option<&State>) -> R) -> R {
        look(self.log.as_ref())
    }

    fn take(&mut self) -> Option<State> {
        self.log.take()
    }
}
