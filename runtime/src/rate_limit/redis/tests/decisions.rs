//! The same decisions as in memory, by every algorithm.

use proptest::prelude::*;

use super::*;
use crate::rate_limit::contract::{Budgets, contract};
use crate::rate_limit::engine::{Charge, Standing, Verdict};
use crate::rate_limit::memory::Memory;
use crate::rate_limit::policy::Algorithm;
use crate::rate_limit::store::Charges;

/// The store as one that is not waited for.
pub(super) struct Waited {
    pub(super) store: RedisStore,
    /// Whether tests move the time, or the server's clock counts.
    pub(super) is_timed: bool,
}

impl Waited {
    fn set(&self, now: Moment) {
        /// Keeps the present above zero, which would be the server's.
        const EPOCH_MICROS: u64 = 1_000_000_000;
        if self.is_timed {
            self.store.time.set(EPOCH_MICROS + now.as_nanos() / 1_000);
        }
    }
}

impl Store for Waited {
    fn decide(&self, asks: &[Ask<'_>], now: Moment) -> Result<Decision, Unavailable> {
        self.set(now);
        Ok(RUNTIME.block_on(self.store.decide(asks))?.rulings)
    }
}

impl Budgets for Waited {
    const SPARING: u32 = 20;

    fn read(&self, asks: &[Ask<'_>], now: Moment) -> Vec<Standing> {
        self.set(now);
        RUNTIME.block_on(self.store.read(asks)).unwrap()
    }

    fn reset(&self, asks: &[Ask<'_>]) {
        RUNTIME.block_on(self.store.reset(asks)).unwrap();
    }

    fn give_back(&self, asks: &[Ask<'_>], charges: &[Charge], now: Moment) {
        self.set(now);
        RUNTIME.block_on(self.store.give_back(asks, charges, now)).unwrap();
    }
}

contract!(timeless || Waited { store: store(Sharing::On), is_timed: false });
/// Those of the list `timed` in which no clock steps back and something is given back then: ages cannot tell that, and a
/// store that counts in moments is stricter than one that counts tokens until the clock has caught up.
macro_rules! timed {
    ($($module:ident $algorithm:ident)*) => {
        mod timed {
            use super::*;

            $(contract! { @each $module $algorithm || timed();
                idling_earns_the_capacity_and_never_more
                each_key_refills_by_itself
                a_refused_cost_fits_at_the_reported_time_and_not_before
                what_remains_grows_at_the_reported_time_and_not_before
                a_clock_that_steps_back_never_lets_more_pass_than_the_capacity
                forgetting_full_budgets_changes_no_decision
                a_huge_quota_neither_overflows_nor_refuses_falsely
                what_came_back_by_itself_is_not_given_back_again
                what_was_earned_again_since_is_not_given_back
                reading_begins_no_window
            })*
        }
    };
}

timed! {
    gcra Gcra
    token_bucket TokenBucket
    sliding_window SlidingWindow
    sliding_log SlidingLog
    fixed_window FixedWindow
}

fn timed() -> Waited {
    Waited { store: store(Sharing::Off), is_timed: true }
}

/// One request: how far the time moves first, what each limit is asked, and which of the charges so far is given back before.
#[derive(Clone, Debug)]
struct Step {
    micros: u64,
    questions: Vec<(usize, u64, u32, bool)>,
    given_back: Option<prop::sample::Index>,
}

const RATES: [&[Rate]; 5] = [
    &[Rate::new("default", 5, SECOND)],
    &[Rate::new("second", 2, SECOND), Rate::new("minute", 5, 60 * SECOND)],
    &[Rate::new("default", 1, SECOND / 2).burst(3)],
    &[Rate::new("100ms", 1, SECOND / 10), Rate::new("second", 4, SECOND), Rate::new("10s", 20, 10 * SECOND)],
    &[Rate::new("default", 3, 21_000)],
];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let micros = prop_oneof![6 => Just(0_u64), 4 => 0_u64..300_000, 1 => 0_u64..100_000_000];
    let limits = prop::sample::subsequence((0..RATES.len()).collect::<Vec<_>>(), 1..=3);
    let details = prop::collection::vec((0_u64..3, 0_u32..7, prop::bool::weighted(0.2)), 3);
    let questions = (limits, details).prop_map(|(limits, details)| {
        let question = |(limit, (key, cost, shadow))| (limit, key, cost, shadow);
        limits.into_iter().zip(details).map(question).collect()
    });
    let given_back = prop::option::weighted(0.2, any::<prop::sample::Index>());
    let step = (micros, questions, given_back).prop_map(|(micros, questions, given_back)| Step {
        micros,
        questions,
        given_back,
    });
    prop::collection::vec(step, 1..60)
}

/// The engine's nanoseconds in the resolution of the server.
const fn rounded(nanos: u64) -> u64 {
    nanos.div_ceil(1_000) * 1_000
}

fn told(asks: &[Ask<'_>], rulings: &[Ruling], now: Moment) -> Vec<(Verdict, u32, u64)> {
    let rates = asks.iter().flat_map(|ask| ask.rates);
    let told = |(ruling, rate): (&Ruling, &Rate)| {
        let Standing { remaining, grows_in_nanos } = ruling.standing(rate, now);
        let verdict = match ruling.verdict {
            Verdict::NotYet { wait_nanos } => Verdict::NotYet { wait_nanos: rounded(wait_nanos) },
            verdict => verdict,
        };
        (verdict, remaining, rounded(grows_in_nanos))
    };
    rulings.iter().zip(rates).map(told).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Any questions, with what is given back between them.
    #[test]
    fn the_server_decides_as_memory_does(
        algorithm in prop::sample::select(vec![
            Algorithm::Gcra,
            Algorithm::TokenBucket,
            Algorithm::SlidingWindow,
            Algorithm::SlidingLog,
            Algorithm::FixedWindow,
        ]),
        steps in steps(),
    ) {
        let (server, memory) = (timed(), Memory::new(10_000));
        let (mut micros, mut all_charged) = (1_000_000_000, Vec::new());
        for Step { micros: passed, questions, given_back } in steps {
            micros += passed;
            let now = Moment::from_nanos(micros * 1_000);
            if let (Some(place), false) = (given_back, all_charged.is_empty()) {
                let (ask, charges): (Ask<'_>, Charges) = all_charged.swap_remove(place.index(all_charged.len()));
                server.give_back(std::slice::from_ref(&ask), &charges, now);
                memory.give_back(&[ask], &charges, now);
            }
            let ask = |(limit, key, cost, shadow): (usize, u64, u32, bool)| {
                let scope = Scope::new(u32::try_from(limit).unwrap());
                Ask { cost, algorithm, shadow, ..Ask::new(scope, Key::from(key), RATES[limit]) }
            };
            let asks: Vec<_> = questions.into_iter().map(ask).collect();
            let (by_server, by_memory) = (server.decide(&asks, now).unwrap(), memory.decide(&asks, now).unwrap());
            prop_assert_eq!(told(&asks, &by_server, now), told(&asks, &by_memory, now));
            if asks.len() == 1 && by_server.iter().all(Ruling::fits) {
                all_charged.extend(asks.into_iter().map(|ask| {
                    let charges = ask.charges(&by_server, now, now);
                    (ask, charges)
                }));
            }
        }
    }
}
