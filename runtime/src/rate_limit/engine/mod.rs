//! The algorithms, each in a file of its own: pure functions of a rate, a state and the time.
//!
//! A state is what is kept of one budget of one key. A missing one means a budget that is full, so a state that has
//! [expired](expires_at) may be forgotten without changing any decision. One of another algorithm counts as missing.
//!
//! | algorithm | state | what it holds to |
//! | --- | --- | --- |
//! | [`gcra`] | when the budget is full again | the burst, and one permit more per time that earns one |
//! | [`token_bucket`] | tokens that are missing, and since when they come back | the same, in whole tokens and without rounding |
//! | [`fixed_window`] | a window's beginning, and what was charged in it | the quota in each window, twice that across its end |
//! | [`sliding_window`] | the same of two windows | the quota in each window, and about that in any period |
//! | [`sliding_log`] | every charge of the last period | the quota in any period |
//!
//! A clock that steps back never lets more pass: what was charged stays charged until the clock has caught up.

mod fixed_window;
pub(super) mod gcra;
#[cfg(test)]
mod settled;
mod sliding_log;
mod sliding_window;
#[cfg(test)]
mod suite;
mod token_bucket;

use super::policy::{Algorithm, Rate};
use crate::core::Moment;

pub(super) use self::fixed_window::Window;
pub(super) use self::gcra::FullAt;
pub(super) use self::sliding_log::Log;
pub(super) use self::sliding_window::Windows;
pub(super) use self::token_bucket::Bucket;

/// What a budget says to a cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It fits.
    Fits,
    /// It does not fit yet.
    NotYet {
        /// Nanoseconds until it does, if nobody else is charged before.
        wait_nanos: u64,
    },
    /// It is above the capacity: it will never fit.
    Never,
}

/// How a budget stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The cost that would be admitted now.
    pub remaining: u32,
    /// Nanoseconds until `remaining` grows; zero where it is full.
    pub grows_in_nanos: u64,
}

/// What is known of a charge of one budget after it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charge {
    /// When it was made.
    pub at: Moment,
    /// When the budget was to be full again, right after it. Of windows and logs the same as `at`: they do not fill up evenly.
    pub full_at: Moment,
}

/// What is kept of one budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    Gcra(FullAt),
    TokenBucket(Bucket),
    SlidingWindow(Windows),
    SlidingLog(Log),
    FixedWindow(Window),
}

/// The state of one algorithm, and what can be done with it. `None` is a full budget.
///
/// Costs are at most the [capacity](Self::capacity) wherever they are charged or waited for.
trait Counter: Sized {
    /// The same, told apart from those of other algorithms.
    fn of(state: &State) -> Option<&Self>;
    /// The same by value.
    fn taken(state: State) -> Option<Self>;
    fn kept(self) -> State;

    /// The most that is ever admitted at once.
    fn capacity(rate: &Rate) -> u32 {
        rate.quota()
    }

    /// The cost that would be admitted now.
    fn remaining(counter: Option<&Self>, rate: &Rate, now: Moment) -> u32;
    /// Nanoseconds until the cost fits; zero where it does.
    fn wait(counter: Option<&Self>, rate: &Rate, now: Moment, cost: u32) -> u64;
    /// The state after charging a cost that fits.
    fn charge(counter: Option<Self>, rate: &Rate, now: Moment, cost: u32) -> Option<Self>;
    /// The state without so many of the permits of that charge.
    fn give_back(self, rate: &Rate, charge: Charge, now: Moment, permits: u32) -> Option<Self>;
    /// Nanoseconds until a budget that stands like this is full, where it fills up evenly.
    fn full_in(rate: &Rate, standing: Standing) -> u64 {
        let _ = (rate, standing);
        0
    }
    /// The state after so many permits more were used than it knows of, and nothing comes back for so long.
    fn absorb(counter: Option<Self>, rate: &Rate, told: Standing, now: Moment) -> Option<Self>;
    /// The moment from which on the state means what a missing one means.
    fn expires_at(&self, rate: &Rate) -> Moment;
}

/// Writes an expression for the counter of an algorithm.
macro_rules! by_algorithm {
    ($algorithm:expr, $counter:ident => $body:expr) => {
        match $algorithm {
            Algorithm::Gcra => by_algorithm!(@as FullAt, $counter => $body),
            Algorithm::TokenBucket => by_algorithm!(@as Bucket, $counter => $body),
            Algorithm::SlidingWindow => by_algorithm!(@as Windows, $counter => $body),
            Algorithm::SlidingLog => by_algorithm!(@as Log, $counter => $body),
            Algorithm::FixedWindow => by_algorithm!(@as Window, $counter => $body),
        }
    };
    (@as $type:ident, $counter:ident => $body:expr) => {{
        type $counter = $type;
        $body
    }};
}

/// The most that a budget ever admits at once. Windows and logs know no burst: it is their quota.
pub(super) fn capacity(algorithm: Algorithm, rate: &Rate) -> u32 {
    by_algorithm!(algorithm, Of => Of::capacity(rate))
}

/// What the budget says to a cost now. Charges nothing.
pub(super) fn check(
    algorithm: Algorithm,
    rate: &Rate,
    state: Option<&State>,
    now: Moment,
    cost: u32,
) -> Verdict {
    by_algorithm!(algorithm, Of => check_of::<Of>(rate, state.and_then(Of::of), now, cost))
}

fn check_of<C: Counter>(rate: &Rate, counter: Option<&C>, now: Moment, cost: u32) -> Verdict {
    if cost > C::capacity(rate) {
        return Verdict::Never;
    }
    match C::wait(counter, rate, now, cost) {
        0 => Verdict::Fits,
        wait_nanos => Verdict::NotYet { wait_nanos },
    }
}

/// The state after charging a cost, which is left alone where it does not [fit](check).
pub(super) fn charge(
    algorithm: Algorithm,
    rate: &Rate,
    state: Option<State>,
    now: Moment,
    cost: u32,
) -> Option<State> {
    if check(algorithm, rate, state.as_ref(), now, cost) != Verdict::Fits {
        return state;
    }
    by_algorithm!(algorithm, Of => Of::charge(state.and_then(Of::taken), rate, now, cost).map(Of::kept))
}

/// How the budget stands now.
pub(super) fn standing(algorithm: Algorithm, rate: &Rate, state: Option<&State>, now: Moment) -> Standing {
    by_algorithm!(algorithm, Of => standing_of::<Of>(rate, state.and_then(Of::of), now))
}

fn standing_of<C: Counter>(rate: &Rate, counter: Option<&C>, now: Moment) -> Standing {
    let remaining = C::remaining(counter, rate, now);
    if remaining >= C::capacity(rate) {
        return Standing { remaining, grows_in_nanos: 0 };
    }
    Standing { remaining, grows_in_nanos: C::wait(counter, rate, now, remaining + 1) }
}

/// The state without so many of the permits of that charge: never more than was charged, and nothing of what has come back by
/// itself.
///
/// Of a window or an entry, that is all or nothing. Of a budget that fills up evenly, what the charge still keeps from being full
/// is given back: at [`Charge::full_at`] it is full with the charge as it would be without it. So where nobody else was given
/// anything back in between, the budget is never fuller than if the charge had not been made; and where nobody else was charged
/// in between, it is as full, to the nanosecond.
///
/// What others were given back in between the state does not tell: the budget is then full earlier than `full_at` says, and
/// may get back what it had earned again. It is never more than that: what is charged adds to the state, and nothing but the
/// charges that were given back leaves it earlier than it is earned. So what stays charged of a span is at most what the
/// rate allows in it and the permits of those requests that were under way when it began and have been given back since. In
/// the long run that is nothing.
pub(super) fn give_back(
    algorithm: Algorithm,
    rate: &Rate,
    state: Option<State>,
    charge: Charge,
    now: Moment,
    permits: u32,
) -> Option<State> {
    by_algorithm!(algorithm, Of => {
        let counter = state.and_then(Of::taken)?;
        counter.give_back(rate, charge, now, permits).map(Of::kept)
    })
}

/// Nanoseconds until a budget that stands like this is full, where it fills up evenly; none otherwise.
pub(super) fn full_in(algorithm: Algorithm, rate: &Rate, standing: Standing) -> u64 {
    by_algorithm!(algorithm, Of => Of::full_in(rate, standing))
}

/// The state that is at least as used as somebody else says, and no less than it was.
pub(super) fn absorb(
    algorithm: Algorithm,
    rate: &Rate,
    state: Option<State>,
    told: Standing,
    now: Moment,
) -> Option<State> {
    by_algorithm!(algorithm, Of => {
        let counter = state.and_then(Of::taken);
        if told.remaining >= Of::capacity(rate) || told.remaining > Of::remaining(counter.as_ref(), rate, now) {
            return counter.map(Of::kept);
        }
        // Nothing takes longer to grow than two windows, whatever the other says.
        let grows_in_nanos = told.grows_in_nanos.min(rate.period_nanos().saturating_mul(2));
        Of::absorb(counter, rate, Standing { grows_in_nanos, ..told }, now).map(Of::kept)
    })
}

/// The moment from which on the state means what a missing one means.
pub(super) fn expires_at(rate: &Rate, state: &State) -> Moment {
    match state {
        State::Gcra(counter) => counter.expires_at(rate),
        State::TokenBucket(counter) => counter.expires_at(rate),
        State::SlidingWindow(counter) => counter.expires_at(rate),
        State::SlidingLog(counter) => counter.expires_at(rate),
        State::FixedWindow(counter) => counter.expires_at(rate),
    }
}

/// Implements the part of [`Counter`] that tells a state from others.
macro_rules! told_apart {
    ($variant:ident) => {
        fn of(state: &State) -> Option<&Self> {
            if let State::$variant(counter) = state { Some(counter) } else { None }
        }

        fn taken(state: State) -> Option<Self> {
            if let State::$variant(counter) = state { Some(counter) } else { None }
        }

        fn kept(self) -> State {
            State::$variant(self)
        }
    };
}
use told_apart;

/// The time from a moment of the past until now, or from now until one of the future: where a clock has stepped back.
#[derive(Clone, Copy)]
struct Since {
    elapsed: u64,
    ahead: u64,
}

impl Since {
    const fn new(moment: Moment, now: Moment) -> Self {
        Self { elapsed: now.nanos_since(moment), ahead: moment.nanos_since(now) }
    }

    /// From now until so long after the moment.
    const fn until(self, after: u64) -> u64 {
        self.ahead.saturating_add(after.saturating_sub(self.elapsed))
    }
}

/// Multiplies and divides, rounding down, in between without overflow. The divisor is never zero.
#[allow(clippy::cast_possible_truncation, reason = "held to what fits")]
const fn scaled(number: u64, by: u64, over: u64) -> u64 {
    let scaled = number as u128 * by as u128 / over as u128;
    if scaled > u64::MAX as u128 { u64::MAX } else { scaled as u64 }
}

/// The same, rounding up.
#[allow(clippy::cast_possible_truncation, reason = "held to what fits")]
const fn scaled_up(number: u64, by: u64, over: u64) -> u64 {
    let scaled = (number as u128 * by as u128).div_ceil(over as u128);
    if scaled > u64::MAX as u128 { u64::MAX } else { scaled as u64 }
}
