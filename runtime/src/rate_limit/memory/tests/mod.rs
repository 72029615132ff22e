//! What memory holds besides the contract: bounds, room, forgetting.

mod kinds;

use std::net::Ipv4Addr;
use std::sync::Barrier;
use std::thread;

use super::*;
use crate::backend::Expires;
use crate::rate_limit::contract::{Budgets, contract};
use crate::rate_limit::policy::Rate;
use crate::rate_limit::store::Scope;

impl Budgets for Memory {
    fn read(&self, asks: &[Ask<'_>], now: Moment) -> Vec<Standing> {
        self.read(asks, now).to_vec()
    }

    fn reset(&self, asks: &[Ask<'_>]) {
        self.reset(asks);
    }

    fn give_back(&self, asks: &[Ask<'_>], charges: &[Charge], now: Moment) {
        self.give_back(asks, charges, now);
    }
}

contract!(|| Memory::new(1_000_000));

/// Few and crowded shards, which are swept often.
mod crowded {
    use super::*;

    contract!(|| Memory::new(8_000));
}

/// The same answers without the shorter way.
mod never_at_once {
    use super::*;

    struct NeverAtOnce(Memory);

    impl Store for NeverAtOnce {
        fn decide(&self, asks: &[Ask<'_>], now: Moment) -> Result<Decision, Unavailable> {
            self.0.decide(asks, now)
        }
    }

    impl Budgets for NeverAtOnce {
        fn read(&self, asks: &[Ask<'_>], now: Moment) -> Vec<Standing> {
            Budgets::read(&self.0, asks, now)
        }

        fn reset(&self, asks: &[Ask<'_>]) {
            self.0.reset(asks);
        }

        fn give_back(&self, asks: &[Ask<'_>], charges: &[Charge], now: Moment) {
            self.0.give_back(asks, charges, now);
        }
    }

    contract!(|| NeverAtOnce(Memory::new(1_000_000)));
}

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;

const FIVE_A_MINUTE: &[Rate] = &[Rate::new("default", 5, MINUTE)];
const A_SECOND_AND_A_MINUTE: &[Rate] = &[Rate::new("second", 2, SECOND), Rate::new("minute", 10, MINUTE)];
/// What fills a table: one request uses it up for a minute.
const ONE_A_MINUTE: &[Rate] = &[Rate::new("default", 1, MINUTE)];

impl Memory {
    fn ask(&self, scope: u32, key: impl Into<Key>, cost: u32, rates: &[Rate], now: u64) -> Decision {
        let ask = Ask { cost, ..Ask::new(Scope::new(scope), key.into(), rates) };
        self.decide(&[ask], Moment::from_nanos(now)).unwrap()
    }

    fn take(&self, scope: u32, key: impl Into<Key>, rates: &[Rate], now: u64) -> bool {
        self.ask(scope, key, 1, rates, now).iter().all(Ruling::fits)
    }

    fn remaining(&self, scope: u32, key: impl Into<Key>, rates: &[Rate], now: u64) -> u32 {
        let ruling = self.ask(scope, key, 0, rates, now)[0];
        ruling.standing(&rates[0], Moment::from_nanos(now)).remaining
    }

    /// A store of that size, full of clients of other limits for a minute.
    fn full(max_keys: usize) -> Self {
        let store = Self::new(max_keys);
        for client in 0..4 * u32::try_from(max_keys).unwrap() + 100 {
            store.take(99, from(client), ONE_A_MINUTE, 0);
        }
        store
    }
}

/// The key of a client that does not make it up.
fn from(address: u32) -> Key {
    Key::address(Ipv4Addr::from_bits(address).into())
}

#[test]
fn a_million_requests_of_few_clients_keep_few_budgets() {
    let store = Memory::new(1_000_000);
    for request in 0..1_000_000 {
        store.take(0, request % 10, A_SECOND_AND_A_MINUTE, request * SECOND / 100);
    }
    assert_eq!(store.budgets.len(), 20);
    assert!(store.budgets.allocated() < 20 * 200, "{} bytes", store.budgets.allocated());
}

#[test]
fn a_million_new_clients_stay_within_the_bound_and_leave_an_active_one_its_budget() {
    const MAX_KEYS: usize = 100_000;
    let store = Memory::new(MAX_KEYS);
    for remaining in [4, 3] {
        assert!(store.take(0, "ada", FIVE_A_MINUTE, 0));
        assert_eq!(store.remaining(0, "ada", FIVE_A_MINUTE, 0), remaining);
    }
    let admitted = (0..1_000_000).filter(|client| store.take(0, from(*client), FIVE_A_MINUTE, 1)).count();
    assert!(store.budgets.len() <= MAX_KEYS + 1, "{} budgets", store.budgets.len());
    assert!(admitted <= MAX_KEYS - 1 + 5, "{admitted} requests: the bound, and five of all others");
    assert_eq!(store.remaining(0, "ada", FIVE_A_MINUTE, 1), 3);
    assert!(store.budgets.allocated() < 64 * MAX_KEYS, "{} bytes", store.budgets.allocated());
}

#[test]
fn keys_that_clients_make_up_leave_a_quarter_of_the_room_to_addresses() {
    const MAX_KEYS: u32 = 10_000;
    let store = Memory::new(MAX_KEYS as usize);
    assert!(store.take(0, from(7), ONE_A_MINUTE, 0));
    for value in 0..10 * MAX_KEYS {
        store.take(1, format!("made up {value}").as_str(), ONE_A_MINUTE, 0);
    }
    assert!(store.budgets.len() <= MAX_KEYS as usize * 3 / 4 + 32, "{} budgets", store.budgets.len());
    assert!(!store.take(1, "late", ONE_A_MINUTE, 0), "the budget that they share is used up");
    let own = (0..MAX_KEYS / 8).filter(|client| store.take(2, from(*client), ONE_A_MINUTE, 0)).count();
    assert_eq!(own, MAX_KEYS as usize / 8, "addresses have budgets of their own");
    assert!(!store.take(0, from(7), ONE_A_MINUTE, 0), "and nobody lost any");
    assert!(!store.take(1, "made up 0", ONE_A_MINUTE, 0));
}

#[test]
fn a_budget_and_its_identity_take_25_bytes() {
    assert_eq!((size_of::<Budget>(), align_of::<Budget>()), (9, 1));
}

#[test]
fn a_budget_is_kept_until_all_of_its_key_are_full() {
    for full_at in [0, 1, SECOND, u64::MAX - 5, u64::MAX] {
        for longer in [0, 1, 2, 3, 4, 5, 1 << 20, (1 << 20) + 1, 1 << 63, (1 << 63) + 1, u64::MAX] {
            let all_full_at = Moment::from_nanos(full_at).saturating_add_nanos(longer);
            let budget = Budget::until(Moment::from_nanos(full_at), all_full_at);
            assert_eq!(budget.full_at().as_nanos(), full_at);
            let longer = all_full_at.nanos_since(budget.full_at());
            let kept = budget.expires_at().nanos_since(budget.full_at());
            assert!((longer..=longer.saturating_mul(2)).contains(&kept), "{kept} ns instead of {longer}");
        }
    }
}

#[test]
fn after_everything_expired_new_clients_have_budgets_of_their_own_again() {
    let store = Memory::full(1_000);
    store.ask(0, "ada", 5, FIVE_A_MINUTE, 1);
    assert!(!store.take(0, "bob", FIVE_A_MINUTE, 1), "both share one budget");
    for client in 0..150 {
        assert_eq!(store.remaining(0, client, FIVE_A_MINUTE, MINUTE), 5);
        assert!(store.take(0, client, FIVE_A_MINUTE, MINUTE));
    }
}

#[test]
fn a_full_table_gives_its_memory_back_after_everything_expired() {
    const MAX_KEYS: u32 = 100_000;
    let store = Memory::full(MAX_KEYS as usize);
    let full = store.budgets.allocated();
    for minute in 1..4 {
        for client in 0..MAX_KEYS / 20 {
            store.take(0, from(minute * MAX_KEYS + client), ONE_A_MINUTE, u64::from(minute) * MINUTE + 1);
        }
    }
    assert!(store.budgets.allocated() < full / 4, "{} of {full} bytes", store.budgets.allocated());
}

#[test]
fn clients_without_room_share_one_budget_of_each_limit_exactly() {
    let one = [Rate::new("default", 10_000, MINUTE)];
    let two = [Rate::new("minute", 10_000, MINUTE), Rate::new("hour", 20_000, 60 * MINUTE)];
    for _ in 0..5 {
        let (store, start) = (Memory::full(10_000), Barrier::new(8));
        let flood = |thread: u64| {
            start.wait();
            let clients = (0..2_000).map(|client| thread * 2_000 + client);
            let admitted = clients
                .map(|client| [store.take(1, client, &one, 1).into(), store.take(2, client, &two, 1).into()]);
            admitted.fold([0, 0], |[a, b]: [u32; 2], [c, d]: [u32; 2]| [a + c, b + d])
        };
        let admitted = thread::scope(|threads| {
            let flood = &flood;
            let threads: Vec<_> = (0..8).map(|thread| threads.spawn(move || flood(thread))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        let [by_one, by_two] = [0, 1].map(|limit| admitted.iter().map(|counts| counts[limit]).sum::<u32>());
        assert_eq!([by_one, by_two], [10_000, 10_000]);
    }
}

#[test]
fn an_active_client_keeps_the_room_of_all_its_rates_while_the_table_is_full() {
    let store = Memory::new(1_000);
    store.take(0, "ada", A_SECOND_AND_A_MINUTE, 0);
    for second in 1..5 {
        let now = second * SECOND;
        for client in 0..2_000 {
            store.take(0, second * 10_000 + client, A_SECOND_AND_A_MINUTE, now);
        }
        assert!(!store.take(0, "bob", A_SECOND_AND_A_MINUTE, now), "new clients are refused");
        // Her budget of a second is full long since, and that of a minute is not.
        assert_eq!(store.remaining(0, "ada", A_SECOND_AND_A_MINUTE, now), 2, "at {second} s");
    }
}

#[test]
fn a_client_for_whom_half_of_its_room_is_left_does_not_refresh_the_shared_budget() {
    let rates = [Rate::new("minute", 5, MINUTE), Rate::new("hour", 5, 60 * MINUTE)];
    let store = Memory::new(100);
    for client in 0..99 {
        store.take(99, from(client), ONE_A_MINUTE, 0);
    }
    let admitted = (0..100).filter(|client| store.take(0, from(*client), &rates, 0)).count();
    assert_eq!(admitted, 5);
    assert_eq!(store.budgets.len(), 99 + 2);
}

#[test]
fn two_limits_of_one_request_share_what_room_there_is() {
    let store = Memory::new(3);
    let asks = |client: u64| [0, 1].map(|scope| Ask::new(Scope::new(scope), client.into(), FIVE_A_MINUTE));
    let take = |client| {
        let rulings = store.decide(&asks(client), Moment::ORIGIN).unwrap();
        rulings.iter().map(Ruling::fits).collect::<Vec<_>>()
    };
    // Two of the three go to the first client, the third to one limit of the second client.
    for client in [0, 1, 0, 1] {
        assert_eq!(take(client), [true, true], "client {client}");
    }
    for _ in 0..3 {
        assert_eq!(take(2), [true, true], "the shared budget of the second limit has three left");
    }
    assert_eq!(take(3), [true, false]);
    assert_eq!(store.budgets.len(), 3 + 2);
}

#[test]
fn the_budget_of_all_clients_stays_its_own_while_the_table_is_full() {
    for key in [Key::EVERYONE, Key::ANONYMOUS] {
        let store = Memory::full(500);
        assert!(store.ask(0, key.clone(), 4, FIVE_A_MINUTE, 1)[0].fits());
        while store.take(0, "newcomers", FIVE_A_MINUTE, 1) {}
        assert_eq!(store.remaining(0, key.clone(), FIVE_A_MINUTE, 1), 1, "{key:?}");
        let later = MINUTE + 1;
        assert!(store.ask(0, key.clone(), 5, FIVE_A_MINUTE, later)[0].fits());
        assert!(!store.take(0, key.clone(), FIVE_A_MINUTE, later), "{key:?} where there is room again");
    }
}

#[test]
fn clients_who_meet_in_one_shard_are_independent() {
    let store = Memory::new(100);
    let shards = store.budgets.shared_shard();
    assert_eq!(shards, 1);
    store.ask(0, "ada", 5, FIVE_A_MINUTE, 0);
    assert_eq!(store.remaining(0, "bob", FIVE_A_MINUTE, 0), 5);
}

#[test]
fn a_refused_request_fits_at_the_reported_nanosecond_and_not_before() {
    let rates = [Rate::new("default", 2, 10)];
    let store = Memory::new(100);
    assert!((0..2).all(|_| store.take(0, "ada", &rates, 100)));
    assert_eq!(store.ask(0, "ada", 1, &rates, 101)[0].verdict, Verdict::NotYet { wait_nanos: 4 });
    assert!(!store.take(0, "ada", &rates, 104));
    assert!(store.take(0, "ada", &rates, 105));
}

#[test]
fn the_far_end_of_time_is_no_panic() {
    let store = Memory::new(10);
    for now in [u64::MAX, u64::MAX - 1, 0] {
        for client in 0..100 {
            store.take(0, client, A_SECOND_AND_A_MINUTE, now);
        }
    }
}

#[test]
fn debug_output_shows_no_budget() {
    let store = Memory::new(10);
    store.take(0, "ada", FIVE_A_MINUTE, 0);
    assert_eq!(format!("{store:?}"), "Memory { .. }");
}
