//! Budgets in this process's memory.

use std::fmt;
use std::sync::Once;

use arrayvec::ArrayVec;
use smallvec::SmallVec;

use super::engine::{self, Verdict};
use super::policy::MAX_RATES;
use super::store::{Ask, Decision, Ruling, Store, Unavailable};
use crate::backend::{Expires, Fingerprints, Place, Room, Table, View};
use crate::core::{Key, Moment, Repr};

/// The in-memory store: exact, bounded, and never away.
pub(crate) struct Memory {
    fingerprints: Fingerprints,
    table: Table<Budget>,
    /// Whether it was told that there was no room.
    warned: Once,
}

/// How one rate of a key stands, in nine bytes without alignment: there may be millions.
#[derive(Clone, Copy, Default)]
struct Budget {
    full_at: [u8; 8],
    /// The moment from which on all budgets of the key are full lies after `full_at` by so much: nothing, or at most two
    /// to the power of this less one. Rounded up, which delays forgetting and never hastens it.
    all_full_after: u8,
}

impl Budget {
    /// The budget of a key that has several of them, the last of which is full at `all_full_at`.
    fn new(full_at: Moment, all_full_at: Moment) -> Self {
        #[allow(clippy::cast_possible_truncation, reason = "at most 65")]
        let all_full_after = match all_full_at.nanos_since(full_at).checked_sub(1) {
            None => 0,
            Some(below) => 65 - below.leading_zeros() as u8,
        };
        Self { full_at: full_at.as_nanos().to_ne_bytes(), all_full_after }
    }

    fn full_at(self) -> Moment {
        Moment::from_nanos(u64::from_ne_bytes(self.full_at))
    }
}

/// A budget that is full means what a missing one means. But as long as any budget of its key is not full, all of them
/// stay, so that an active client needs no new room for the others. After that moment they may go one by one: whichever
/// are left are full.
impl Expires for Budget {
    #[inline]
    fn expires_at(self) -> Moment {
        let after = match self.all_full_after {
            0 => 0,
            power => 1_u64.checked_shl(u32::from(power) - 1).unwrap_or(u64::MAX),
        };
        self.full_at().saturating_add_nanos(after)
    }
}

/// An ask and where its budgets are.
struct Located<'a> {
    ask: &'a Ask<'a>,
    place: Place,
}

/// The shards that a decision needs, in ascending order: those of its keys, and the shared one.
type Views<'a> = ArrayVec<(usize, View<'a, Budget>), { MAX_RATES + 1 }>;

impl Memory {
    /// A store of at most `max_keys` budgets (a limit with two rates has two budgets a key), and of a few for each
    /// limit that no key has to itself.
    ///
    /// Where that many clients are active at once, those that come later share one budget per limit.
    #[must_use]
    pub(crate) fn new(max_keys: usize) -> Self {
        Self { fingerprints: Fingerprints::new(), table: Table::with_capacity(max_keys), warned: Once::new() }
    }

    #[inline]
    fn locate<'a>(&self, ask: &'a Ask<'a>) -> Located<'a> {
        Located { ask, place: self.table.place(self.fingerprints.identity(ask.scope.bits(), &ask.key)) }
    }

    fn decide_one(&self, ask: &Ask<'_>, now: Moment) -> Decision {
        let mut located = self.locate(ask);
        let mut own = self.table.view(located.place.shard, now);
        let mut shared;
        let view = if located.has_room(&mut own) {
            &mut own
        } else {
            self.share(&mut located);
            shared = self.table.view(located.place.shard, now);
            &mut shared
        };
        let mut checked = AllChecked::new();
        located.check(view, now, &mut checked);
        located.charge(view, &mut checked);
        checked.iter().map(Checked::ruling).collect()
    }

    fn decide_all(&self, asks: &[Ask<'_>], now: Moment) -> Decision {
        let mut located: ArrayVec<_, MAX_RATES> =
            asks.iter().take(MAX_RATES).map(|ask| self.locate(ask)).collect();
        let mut views = self.lock(&mut located, now);
        let mut checked = AllChecked::new();
        for located in &located {
            if let Some(view) = view_of(&mut views, located) {
                located.check(view, now, &mut checked);
            }
        }
        if is_admitted(&located, &checked) {
            let mut rest = &mut checked[..];
            for located in &located {
                let own = rest.split_off_mut(..located.ask.rates.len()).unwrap_or_default();
                if let Some(view) = view_of(&mut views, located) {
                    located.charge(view, own);
                }
            }
        }
        checked.iter().map(Checked::ruling).collect()
    }

    /// Locks every shard that is needed, each once and in ascending order, so that no two decisions wait for each
    /// other, and sends those to the shared one for whom there is no room.
    fn lock(&self, located: &mut [Located<'_>], now: Moment) -> Views<'_> {
        let mut shards: ArrayVec<_, MAX_RATES> = located.iter().map(|located| located.place.shard).collect();
        shards.sort_unstable();
        let mut views = Views::new();
        for (place, shard) in shards.iter().enumerate() {
            if place == 0 || shards[place - 1] != *shard {
                views.push((*shard, self.table.view(*shard, now)));
            }
        }
        for located in located.iter_mut() {
            if !view_of(&mut views, located).is_some_and(|view| located.has_room(view)) {
                self.share(located);
            }
        }
        let shared = self.table.shared_shard();
        if located.iter().any(|located| located.place.shard == shared) {
            views.push((shared, self.table.view(shared, now)));
        }
        views
    }

    /// Sends one for whom there is no room to the budgets that all such keys of its limit share.
    #[cold]
    fn share(&self, located: &mut Located<'_>) {
        self.warned.call_once(|| {
            tracing::warn!(
                "the memory for rate limits is full: clients without a budget share one per limit until there is room; \
                 raise `max_keys`, or look for a key that clients can make up at will"
            );
        });
        located.place =
            self.table.shared(self.fingerprints.identity(located.ask.scope.bits(), &Key::EVERYONE));
    }
}

fn view_of<'v, 'a>(views: &'v mut Views<'a>, located: &Located<'_>) -> Option<&'v mut View<'a, Budget>> {
    views.iter_mut().find(|(shard, _)| *shard == located.place.shard).map(|(_, view)| view)
}

/// Whether everything fits, besides what stands aside.
fn is_admitted(located: &[Located<'_>], checked: &[Checked]) -> bool {
    let mut rest = checked;
    located.iter().all(|located| {
        let own = rest.split_off(..located.ask.rates.len()).unwrap_or_default();
        located.ask.shadow || own.iter().all(Checked::fits)
    })
}

/// What one rate said, and how it stands.
struct Checked {
    /// The state of its budget.
    full_at: Option<Moment>,
    /// The same after charging.
    charged: Result<Moment, Verdict>,
}

type AllChecked = SmallVec<[Checked; 2]>;

impl Checked {
    fn fits(&self) -> bool {
        self.charged.is_ok()
    }

    fn ruling(&self) -> Ruling {
        Ruling::until_full(self.charged.err().unwrap_or(Verdict::Fits), self.full_at)
    }
}

impl Located<'_> {
    /// Whether its budgets are there, or have room in its own shard.
    fn has_room(&self, view: &mut View<'_, Budget>) -> bool {
        #[allow(clippy::cast_possible_truncation, reason = "a limit has at most MAX_RATES rates")]
        let budgets = self.ask.rates.len() as u8;
        match self.ask.key.repr() {
            Repr::Address(_) | Repr::Principal(_) => view.reserve(self.place, budgets, Room::Whole),
            // Clients can make these up at will. What they leave is for those who cannot.
            Repr::Bytes(_) => view.reserve(self.place, budgets, Room::ThreeQuarters),
            // There is one such key for each limit, so they need no bound; and a budget of all must not lose its state
            // while it moves between shards.
            Repr::Everyone | Repr::Anonymous => {
                view.reserve(self.place, budgets, Room::Whole);
                true
            }
        }
    }

    /// Asks every rate.
    fn check(&self, view: &mut View<'_, Budget>, now: Moment, checked: &mut AllChecked) {
        for (slot, rate) in (0..).zip(self.ask.rates) {
            let full_at = view.get(self.place, slot).map(Budget::full_at);
            let charged = engine::check(rate, full_at, now, self.ask.cost);
            checked.push(Checked { full_at, charged });
        }
    }

    /// Charges every rate, unless the limit stands aside.
    fn charge(&self, view: &mut View<'_, Budget>, checked: &mut [Checked]) {
        if !checked.iter().all(Checked::fits) {
            return;
        }
        let all_full_at = checked.iter().filter_map(|checked| checked.charged.ok()).max().unwrap_or_default();
        for (slot, checked) in (0..).zip(checked) {
            if let Ok(full_at) = checked.charged {
                view.set(self.place, slot, Budget::new(full_at, all_full_at));
                checked.full_at = Some(full_at);
            }
        }
    }
}

impl Store for Memory {
    fn decide(&self, asks: &[Ask<'_>], now: Moment) -> Result<Decision, Unavailable> {
        Ok(match asks {
            [ask] => self.decide_one(ask, now),
            asks => self.decide_all(asks, now),
        })
    }

    /// Of a client with a budget, which is looked up once.
    #[inline]
    fn decide_at_once(&self, ask: &Ask<'_>, now: Moment) -> Option<Ruling> {
        let [rate] = ask.rates else { return None };
        let place = self.locate(ask).place;
        let mut view = self.table.view(place.shard, now);
        let budget = view.get_mut(place)?;
        Some(match engine::check(rate, Some(budget.full_at()), now, ask.cost) {
            Ok(charged) => {
                budget.full_at = charged.as_nanos().to_ne_bytes();
                Ruling::until_full(Verdict::Fits, Some(charged))
            }
            Err(verdict) => Ruling::until_full(verdict, Some(budget.full_at())),
        })
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::Barrier;
    use std::thread;

    use super::super::contract::contract;
    use super::super::policy::Rate;
    use super::super::store::Scope;
    use super::*;

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
        assert_eq!(store.table.len(), 20);
        assert!(store.table.allocated() < 20 * 200, "{} bytes", store.table.allocated());
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
        assert!(store.table.len() <= MAX_KEYS + 1, "{} budgets", store.table.len());
        assert!(admitted <= MAX_KEYS - 1 + 5, "{admitted} requests: the bound, and five of all others");
        assert_eq!(store.remaining(0, "ada", FIVE_A_MINUTE, 1), 3);
        assert!(store.table.allocated() < 64 * MAX_KEYS, "{} bytes", store.table.allocated());
    }

    #[test]
    fn keys_that_clients_make_up_leave_a_quarter_of_the_room_to_addresses() {
        const MAX_KEYS: u32 = 10_000;
        let store = Memory::new(MAX_KEYS as usize);
        assert!(store.take(0, from(7), ONE_A_MINUTE, 0));
        for value in 0..10 * MAX_KEYS {
            store.take(1, format!("made up {value}").as_str(), ONE_A_MINUTE, 0);
        }
        assert!(store.table.len() <= MAX_KEYS as usize * 3 / 4 + 32, "{} budgets", store.table.len());
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
                let budget = Budget::new(Moment::from_nanos(full_at), all_full_at);
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
        let full = store.table.allocated();
        for minute in 1..4 {
            for client in 0..MAX_KEYS / 20 {
                store.take(0, from(minute * MAX_KEYS + client), ONE_A_MINUTE, u64::from(minute) * MINUTE + 1);
            }
        }
        assert!(store.table.allocated() < full / 4, "{} of {full} bytes", store.table.allocated());
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
                let admitted = clients.map(|client| {
                    [store.take(1, client, &one, 1).into(), store.take(2, client, &two, 1).into()]
                });
                admitted.fold([0, 0], |[a, b]: [u32; 2], [c, d]: [u32; 2]| [a + c, b + d])
            };
            let admitted = thread::scope(|threads| {
                let flood = &flood;
                let threads: Vec<_> = (0..8).map(|thread| threads.spawn(move || flood(thread))).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
            });
            let [by_one, by_two] =
                [0, 1].map(|limit| admitted.iter().map(|counts| counts[limit]).sum::<u32>());
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
        assert_eq!(store.table.len(), 99 + 2);
    }

    #[test]
    fn two_limits_of_one_request_share_what_room_there_is() {
        let store = Memory::new(3);
        let asks =
            |client: u64| [0, 1].map(|scope| Ask::new(Scope::new(scope), client.into(), FIVE_A_MINUTE));
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
        assert_eq!(store.table.len(), 3 + 2);
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
        let shards = store.table.shared_shard();
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
}
