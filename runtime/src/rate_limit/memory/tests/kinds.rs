//! The same bounds for every kind of budget: counters and logs as well as moments.

use super::*;

const ALL: [Algorithm; 5] = [
    Algorithm::Gcra,
    Algorithm::TokenBucket,
    Algorithm::SlidingWindow,
    Algorithm::SlidingLog,
    Algorithm::FixedWindow,
];
const TEN_A_MINUTE: &[Rate] = &[Rate::new("default", 10, MINUTE)];
const MANY_AN_HOUR: &[Rate] = &[Rate::new("default", 10_000, 60 * MINUTE)];

fn asking(algorithm: Algorithm, scope: u32, key: impl Into<Key>, cost: u32, rates: &[Rate]) -> [Ask<'_>; 1] {
    [Ask { cost, algorithm, ..Ask::new(Scope::new(scope), key.into(), rates) }]
}

fn take(store: &Memory, asks: &[Ask<'_>], now: u64) -> bool {
    store.decide(asks, Moment::from_nanos(now)).unwrap().iter().all(Ruling::fits)
}

fn left(store: &Memory, asks: &[Ask<'_>], now: u64) -> u32 {
    store.read(asks, Moment::from_nanos(now))[0].remaining
}

impl Memory {
    /// How much of the room of each kind is taken.
    fn weights(&self) -> [usize; 3] {
        let counters = self.counters.get().map_or(0, Table::weight);
        [self.budgets.weight(), counters, self.logs.get().map_or(0, Table::weight)]
    }
}

#[test]
fn counters_take_25_bytes_besides_their_identity() {
    assert_eq!((size_of::<Counters>(), align_of::<Counters>()), (25, 1));
}

#[test]
fn room_is_set_aside_for_what_is_used() {
    let store = Memory::new(1_000_000);
    take(&store, &asking(Algorithm::Gcra, 0, "ada", 1, TEN_A_MINUTE), 0);
    assert!(store.counters.get().is_none() && store.logs.get().is_none());
    take(&store, &asking(Algorithm::FixedWindow, 1, "ada", 1, TEN_A_MINUTE), 0);
    assert!(store.counters.get().is_some() && store.logs.get().is_none());
    take(&store, &asking(Algorithm::SlidingLog, 2, "ada", 1, TEN_A_MINUTE), 0);
    assert_eq!(store.weights(), [1, 1, 1]);
}

#[test]
fn a_flood_of_new_clients_stays_within_the_bound_and_leaves_an_active_one_its_budget() {
    const MAX_KEYS: usize = 2_000;
    for algorithm in ALL {
        let store = Memory::new(MAX_KEYS);
        let ada = asking(algorithm, 0, from(7), 1, TEN_A_MINUTE);
        assert!(take(&store, &ada, 0));
        let flood = (100..100 + 5 * u32::try_from(MAX_KEYS).unwrap())
            .filter(|client| take(&store, &asking(algorithm, 0, from(*client), 1, TEN_A_MINUTE), 1));
        assert!(flood.count() <= MAX_KEYS - 1 + 10, "{algorithm:?}: the bound, and ten of all others");
        // What is shared is one budget, of ten entries at most.
        assert!(store.weights().iter().all(|weight| *weight <= MAX_KEYS + 10), "{:?}", store.weights());
        assert_eq!(left(&store, &ada, 1), 9, "{algorithm:?}");
        let latecomer = asking(algorithm, 0, from(1), 1, TEN_A_MINUTE);
        assert_eq!(left(&store, &latecomer, 1), 0, "{algorithm:?}: what it would share is used up");
        assert!(!take(&store, &latecomer, 1));
        assert!(take(&store, &latecomer, 2 * MINUTE + 2), "{algorithm:?}: there is room again");
        assert_eq!(left(&store, &latecomer, 2 * MINUTE + 2), 9, "{algorithm:?}: of its own");
    }
}

#[test]
fn keys_that_clients_make_up_leave_a_quarter_of_every_room() {
    const MAX_KEYS: u32 = 1_000;
    for algorithm in ALL {
        let store = Memory::new(MAX_KEYS as usize);
        for value in 0..5 * MAX_KEYS {
            take(&store, &asking(algorithm, 0, u64::from(value), 1, TEN_A_MINUTE), 0);
        }
        let own =
            (0..250).filter(|client| take(&store, &asking(algorithm, 1, from(*client), 1, TEN_A_MINUTE), 0));
        assert_eq!(own.count(), 250, "{algorithm:?}");
        assert_eq!(left(&store, &asking(algorithm, 1, from(249), 1, TEN_A_MINUTE), 0), 9, "{algorithm:?}");
    }
}

#[test]
fn the_entries_of_logs_count_against_the_bound_and_whoever_is_there_stays() {
    let store = Memory::new(500);
    let ada = asking(Algorithm::SlidingLog, 0, from(7), 1, MANY_AN_HOUR);
    for now in 0..2_000 {
        assert!(take(&store, &ada, now));
    }
    assert_eq!(store.weights()[2], 500, "those that found no room are part of the newest");
    assert_eq!(left(&store, &ada, 2_000), 8_000, "and are counted all the same");
    let bob = asking(Algorithm::SlidingLog, 0, from(8), 1, MANY_AN_HOUR);
    assert!(take(&store, &bob, 2_000), "from what newcomers share");
    assert_eq!(store.weights()[2], 501);
    let hour = 60 * MINUTE;
    assert_eq!(left(&store, &ada, hour + 100), 8_000 + 101, "the oldest leave one by one");
    assert_eq!(left(&store, &ada, hour + 1_998), 8_000 + 499);
    assert_eq!(left(&store, &ada, hour + 1_999), 10_000, "the newest with the last that joined them");
}

#[test]
fn what_a_log_drops_makes_room_for_others() {
    let store = Memory::new(100);
    let ada = asking(Algorithm::SlidingLog, 0, from(7), 1, MANY_AN_HOUR);
    for now in 0..100 {
        assert!(take(&store, &ada, now));
    }
    let hour = 60 * MINUTE;
    assert!(take(&store, &ada, hour + 50));
    assert_eq!(store.weights()[2], 50);
    assert!(take(&store, &asking(Algorithm::SlidingLog, 0, from(8), 1, MANY_AN_HOUR), hour + 50));
    assert_eq!(store.weights()[2], 51);
}

#[test]
fn a_key_that_is_reset_leaves_nothing() {
    for algorithm in ALL {
        let store = Memory::new(1_000);
        let rates = A_SECOND_AND_A_MINUTE;
        take(&store, &asking(algorithm, 0, "ada", 1, rates), 0);
        assert_eq!(store.weights().iter().sum::<usize>(), 2);
        store.reset(&asking(algorithm, 0, "ada", 1, rates));
        assert_eq!(store.weights(), [0; 3], "{algorithm:?}");
    }
}

#[test]
fn reading_and_giving_back_keep_nothing() {
    for algorithm in ALL {
        let store = Memory::new(1_000);
        let ada = asking(algorithm, 0, "ada", 1, TEN_A_MINUTE);
        assert_eq!(left(&store, &ada, 0), 10);
        let far_ahead = Moment::from_nanos(MINUTE);
        store.give_back(&ada, &[Charge { at: Moment::ORIGIN, full_at: far_ahead }], Moment::ORIGIN);
        store.absorb(&ada, &[Standing { remaining: 10, grows_in_nanos: 0 }], Moment::ORIGIN);
        assert_eq!(store.weights(), [0; 3], "{algorithm:?}");
    }
}

#[test]
fn what_a_shared_store_says_is_used_is_used_here_until_it_comes_back() {
    for algorithm in ALL {
        let store = Memory::new(1_000);
        let now = Moment::from_nanos(MINUTE);
        let ada = asking(algorithm, 0, "ada", 1, A_SECOND_AND_A_MINUTE);
        let told = |remaining, grows_in_nanos| Standing { remaining, grows_in_nanos };
        store.absorb(&ada, &[told(1, SECOND / 4), told(3, SECOND)], now);
        let read = store.read(&ada, now);
        assert_eq!(read.iter().map(|standing| standing.remaining).collect::<Vec<_>>(), [1, 3]);
        assert!(take(&store, &ada, MINUTE));
        assert!(!take(&store, &ada, MINUTE), "{algorithm:?}");
        store.absorb(&ada, &[told(2, 0), told(9, SECOND)], now);
        let read = store.read(&ada, now);
        let remaining: Vec<_> = read.iter().map(|standing| standing.remaining).collect();
        assert_eq!(remaining, [0, 2], "{algorithm:?}: nothing is forgotten because others know less");
        store.absorb(&ada, &[told(0, SECOND)], now);
        assert_eq!(store.read(&ada, now)[1].remaining, 2, "of a rate that nothing was said of");
        assert_eq!(left(&store, &ada, 2 * MINUTE), 2, "{algorithm:?}");
    }
}

#[test]
fn what_others_say_of_new_keys_pushes_nobody_out_of_a_full_store() {
    for algorithm in ALL {
        let store = Memory::new(100);
        for client in 0..400 {
            let used_up = [Standing { remaining: 0, grows_in_nanos: SECOND }];
            store.absorb(&asking(algorithm, 0, from(client), 1, TEN_A_MINUTE), &used_up, Moment::ORIGIN);
        }
        assert_eq!(store.weights().iter().sum::<usize>(), 100);
        let there =
            (0..400).filter(|client| !take(&store, &asking(algorithm, 0, from(*client), 1, TEN_A_MINUTE), 0));
        assert_eq!(
            there.count(),
            400 - 10,
            "{algorithm:?}: a hundred of their own, and ten of what is shared"
        );
    }
}

#[test]
fn limits_of_all_kinds_in_any_order_neither_deadlock_nor_lose_a_charge() {
    const ROUNDS: u32 = 400;
    let rates = [Rate::new("default", 10_000, 10_000 * MINUTE)];
    let store = Memory::new(100_000);
    let asks = |client: u32| -> Vec<Ask<'_>> {
        let ask = |(scope, algorithm)| asking(algorithm, scope, u64::from(client), 1, &rates);
        (0..).zip(ALL).flat_map(ask).collect()
    };
    let start = Barrier::new(4);
    thread::scope(|threads| {
        for thread in 0..4 {
            let (store, start, asks) = (&store, &start, &asks);
            threads.spawn(move || {
                start.wait();
                for round in 0..ROUNDS {
                    let mut asks = asks(round % 3);
                    asks.rotate_left(thread);
                    assert!(take(store, &asks, 0));
                }
            });
        }
    });
    let all: u32 = (0..3).map(|client| 10_000 - left(&store, &asks(client)[..1], 0)).sum();
    assert_eq!(all, 4 * ROUNDS);
    for client in 0..3 {
        let read = store.read(&asks(client), Moment::ORIGIN);
        assert!(read.iter().all(|standing| standing.remaining == read[0].remaining), "{read:?}");
    }
}
