//! What every [`Store`] has to hold: one suite for all of them and for each algorithm, measured against the engines over a
//! plain map.
//!
//! `contract!` makes the tests of one store, once for each algorithm, out of two lists:
//!
//! * `timeless`: tests for any store, also one whose clock nobody can move. Their rates are so slow that the time which a
//!   test takes changes nothing, and they compare neither waits nor moments.
//! * `timed`: tests that move time by hand, for stores that are told what time it is.
//!
//! A store that is asked over a network stands behind a synchronous adapter that implements [`Store`] and [`Budgets`], and
//! ignores the moments that it is handed if it has a clock of its own:
//!
//! ```text
//! contract!(timeless || Adapter::with_a_namespace_of_its_own());
//! ```
//!
//! Each test makes a new store, which has to be empty. Times and rates are whole microseconds, and waits are compared rounded up to
//! them, so that a store may be as coarse as that and still has to give the very same answers.

mod given_back;
mod model;
mod timed;
mod timeless;

use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

pub(super) use self::given_back::*;
pub(super) use self::timed::*;
pub(super) use self::timeless::*;
use super::engine::{self, Charge, Standing, Verdict};
use super::policy::{Algorithm, Rate};
use super::store::{Ask, Charges, Ruling, Scope, Store};
use crate::core::{Key, Moment};

/// Makes the tests of the store that `$store`, a function without arguments, makes: all, or those of one list.
macro_rules! contract {
    (timeless $store:expr) => {
        $crate::rate_limit::contract::contract! { @algorithms timeless $store;
            a_new_key_is_admitted
            a_cost_counts_as_so_many_requests
            a_cost_above_the_capacity_never_fits_and_consumes_nothing
            a_cost_of_the_capacity_fits_a_fresh_budget
            a_refusal_consumes_nothing
            asking_for_nothing_fits_at_all_times_and_consumes_nothing
            what_remains_counts_down
            keys_and_scopes_are_independent
            kinds_and_parts_of_keys_never_collide
            every_rate_is_checked_before_any_is_charged
            all_limits_are_charged_or_none
            limits_that_count_differently_are_decided_together
            a_limit_in_shadow_mode_stands_aside
            a_limit_in_shadow_mode_that_fits_is_charged_with_the_others
            no_question_has_no_answer
            concurrent_requests_of_one_key_are_admitted_up_to_exactly_the_capacity
            crossing_keys_from_many_threads_neither_deadlock_nor_lose_a_charge
            reading_charges_nothing_and_tells_what_is_admitted
            resetting_a_key_fills_its_budgets_and_no_others
            what_was_given_back_is_admitted_again
            more_than_was_charged_is_never_given_back
            giving_back_and_charging_at_once_lose_and_grant_nothing
        }
    };
    (timed $store:expr) => {
        $crate::rate_limit::contract::contract! { @algorithms timed $store;
            idling_earns_the_capacity_and_never_more
            each_key_refills_by_itself
            a_refused_cost_fits_at_the_reported_time_and_not_before
            what_remains_grows_at_the_reported_time_and_not_before
            a_clock_that_steps_back_never_lets_more_pass_than_the_capacity
            any_sequence_of_asks_is_decided_as_by_the_model
            forgetting_full_budgets_changes_no_decision
            a_huge_quota_neither_overflows_nor_refuses_falsely
            what_came_back_by_itself_is_not_given_back_again
            what_was_earned_again_since_is_not_given_back
            reading_begins_no_window
        }
    };
    ($store:expr) => {
        mod contract {
            use super::*;

            $crate::rate_limit::contract::contract!(timeless $store);
            $crate::rate_limit::contract::contract!(timed $store);
        }
    };
    (@algorithms $list:ident $store:expr; $($names:ident)*) => {
        mod $list {
            use super::*;

            $crate::rate_limit::contract::contract! { @each gcra Gcra $store; $($names)* }
            $crate::rate_limit::contract::contract! { @each token_bucket TokenBucket $store; $($names)* }
            $crate::rate_limit::contract::contract! { @each sliding_window SlidingWindow $store; $($names)* }
            $crate::rate_limit::contract::contract! { @each sliding_log SlidingLog $store; $($names)* }
            $crate::rate_limit::contract::contract! { @each fixed_window FixedWindow $store; $($names)* }
        }
    };
    (@each $module:ident $algorithm:ident $store:expr; $($name:ident)*) => {
        mod $module {
            use super::*;

            $(#[test]
            fn $name() {
                $crate::rate_limit::contract::$name($crate::rate_limit::policy::Algorithm::$algorithm, $store);
            })*
        }
    };
}

pub(super) use contract;

/// What a store can do with budgets besides deciding. A store that has a clock of its own takes the time between a charge and
/// `now` as its own.
pub(super) trait Budgets: Store {
    /// Long tests ask one in so many times, where each decision takes a round trip.
    const SPARING: u32 = 1;

    /// How every rate of every ask stands. Charges nothing.
    fn read(&self, asks: &[Ask<'_>], now: Moment) -> Vec<Standing>;
    /// Makes the budgets of these keys full.
    fn reset(&self, asks: &[Ask<'_>]);
    /// Gives back the cost of each ask.
    fn give_back(&self, asks: &[Ask<'_>], charges: &[Charge], now: Moment);
}

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const DAY: u64 = 24 * 60 * MINUTE;
const MICROSECOND: u64 = 1_000;

/// A store, an algorithm, and a time that stands still until a test moves it.
pub(super) struct Subject<S> {
    store: S,
    algorithm: Algorithm,
    now: u64,
}

impl<S: Budgets> Subject<S> {
    fn new(algorithm: Algorithm, make: impl FnOnce() -> S) -> Self {
        Self { store: make(), algorithm, now: 1_000 * SECOND }
    }

    /// A limit's question in few words.
    fn ask<'a>(&self, scope: u32, key: impl Into<Key>, cost: u32, rates: &'a [Rate]) -> Ask<'a> {
        ask(self.algorithm, scope, key, cost, rates)
    }

    /// The same of a limit in shadow mode.
    fn shadow<'a>(&self, scope: u32, key: impl Into<Key>, cost: u32, rates: &'a [Rate]) -> Ask<'a> {
        Ask { shadow: true, ..self.ask(scope, key, cost, rates) }
    }

    fn moment(&self) -> Moment {
        Moment::from_nanos(self.now)
    }

    /// What every rate of every limit says, asked as a handler asks.
    fn decide(&self, asks: &[Ask<'_>]) -> Vec<Ruling> {
        let now = self.moment();
        let at_once = if let [ask] = asks { self.store.decide_at_once(ask, now) } else { None };
        let rulings =
            at_once.map_or_else(|| self.store.decide(asks, now).unwrap().to_vec(), |ruling| vec![ruling]);
        assert_eq!(rulings.len(), asks.iter().map(|ask| ask.rates.len()).sum::<usize>());
        rulings
    }

    /// Whether all limits admit it.
    fn take_all(&self, asks: &[Ask<'_>]) -> bool {
        self.decide(asks).iter().all(Ruling::fits)
    }

    /// The same of one limit.
    fn take(&self, scope: u32, key: impl Into<Key>, cost: u32, rates: &[Rate]) -> bool {
        self.take_all(&[self.ask(scope, key, cost, rates)])
    }

    /// How many requests of one key are admitted now.
    fn drain(&self, key: &Key, rates: &[Rate]) -> u32 {
        let most = rates.iter().map(|rate| engine::capacity(self.algorithm, rate)).max().unwrap() + 1;
        (0..most).take_while(|_| self.take(0, key.clone(), 1, rates)).count().try_into().unwrap()
    }

    /// How the budgets of a key stand.
    fn standings(&self, scope: u32, key: impl Into<Key>, rates: &[Rate]) -> Vec<Standing> {
        self.store.read(&[self.ask(scope, key, 1, rates)], self.moment())
    }

    /// What is left of each budget of a key.
    fn remaining(&self, scope: u32, key: impl Into<Key>, rates: &[Rate]) -> Vec<u32> {
        self.standings(scope, key, rates).iter().map(|standing| standing.remaining).collect()
    }

    /// Charges one limit, which admits it, and tells what is known of that.
    fn charge(&self, scope: u32, key: impl Into<Key>, cost: u32, rates: &[Rate]) -> Option<Charges> {
        let ask = self.ask(scope, key, cost, rates);
        let rulings = self.decide(std::slice::from_ref(&ask));
        let is_admitted = rulings.iter().all(Ruling::fits);
        is_admitted.then(|| ask.charges(&rulings, self.moment(), self.moment()))
    }

    /// Gives back what one limit charged.
    fn give_back(&self, scope: u32, key: impl Into<Key>, cost: u32, rates: &[Rate], charges: &[Charge]) {
        self.store.give_back(&[self.ask(scope, key, cost, rates)], charges, self.moment());
    }
}

fn ask(algorithm: Algorithm, scope: u32, key: impl Into<Key>, cost: u32, rates: &[Rate]) -> Ask<'_> {
    Ask { cost, algorithm, ..Ask::new(Scope::new(scope), key.into(), rates) }
}

fn standings(rates: &[Rate], rulings: &[Ruling], now: u64) -> Vec<Standing> {
    let now = Moment::from_nanos(now);
    let of = |(rate, ruling): (&Rate, &Ruling)| ruling.standing(rate, now);
    rates.iter().zip(rulings).map(of).collect()
}

/// Up to the next whole microsecond.
const fn rounded(nanos: u64) -> u64 {
    nanos.next_multiple_of(MICROSECOND)
}

/// How long a refused request has to wait until all rates admit it.
fn wait(rulings: &[Ruling]) -> Option<u64> {
    let waits = rulings.iter().filter_map(|ruling| match ruling.verdict {
        Verdict::NotYet { wait_nanos } => Some(rounded(wait_nanos)),
        Verdict::Fits | Verdict::Never => None,
    });
    waits.max()
}

/// Numbers that look random and are the same in every run (splitmix64).
fn scrambled(number: u64) -> u64 {
    let mut bits = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

/// Runs `threads` threads at once, and counts how often `admits` is true.
fn at_once(threads: usize, admits: impl Fn(usize) -> bool + Sync) -> u32 {
    let (start, admitted) = (Barrier::new(threads), AtomicU32::new(0));
    thread::scope(|scope| {
        for thread in 0..threads {
            let (start, admitted, admits) = (&start, &admitted, &admits);
            scope.spawn(move || {
                start.wait();
                admitted.fetch_add(admits(thread).into(), Ordering::Relaxed);
            });
        }
    });
    admitted.into_inner()
}
