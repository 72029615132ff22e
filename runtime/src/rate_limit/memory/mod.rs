//! Budgets in this process's memory.
//!
//! Those of GCRA, of the counting algorithms and of logs are in tables of their own, each of which has room for `max_keys`
//! and is made when the first of its kind is asked for.

mod kept;
mod shard;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Once, OnceLock};

use arrayvec::ArrayVec;
use smallvec::SmallVec;

use self::kept::{Budget, Counters, Kept, Logged};
use self::shard::{Located, Shard, fits};
use super::engine::{self, Charge, Standing, Verdict};
use super::policy::{Algorithm, MAX_RATES};
use super::store::{Ask, Decision, Ruling, Store, Unavailable};
use crate::backend::{Fingerprints, Table, View};
use crate::core::{Key, Moment};

/// The in-memory store: exact, bounded, and never away.
pub(crate) struct Memory {
    fingerprints: Fingerprints,
    max_keys: usize,
    budgets: Table<Budget>,
    counters: OnceLock<Table<Counters>>,
    logs: OnceLock<Table<Logged>>,
    /// Whether it was told that there was no room.
    warned: Once,
}

/// Which table budgets are in. They are locked in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Budgets,
    Counters,
    Logs,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Budgets, Self::Counters, Self::Logs];

    const fn of(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Gcra => Self::Budgets,
            Algorithm::TokenBucket | Algorithm::SlidingWindow | Algorithm::FixedWindow => Self::Counters,
            Algorithm::SlidingLog => Self::Logs,
        }
    }
}

/// A log may fill a shard by itself, so these are few and large.
const LOG_SHARD: usize = 1 << 16;

/// A shard that a decision needs. Locked in ascending order of kind and number, each once.
struct Locked<'a> {
    kind: Kind,
    number: usize,
    view: AnyView<'a>,
}

enum AnyView<'a> {
    Budgets(View<'a, Budget>),
    Counters(View<'a, Counters>),
    Logs(View<'a, Logged>),
}

impl AnyView<'_> {
    fn shard(&mut self) -> &mut dyn Shard {
        match self {
            Self::Budgets(view) => view,
            Self::Counters(view) => view,
            Self::Logs(view) => view,
        }
    }
}

/// Those of all keys, and the shared one of each kind.
type Locks<'a> = ArrayVec<Locked<'a>, { MAX_RATES + Kind::ALL.len() }>;

impl Memory {
    /// A store of at most `max_keys` budgets of each kind (a limit with two rates has two budgets a key, and a log has
    /// one for each entry), and of a few for each limit that no key has to itself.
    ///
    /// Where that many clients are active at once, those that come later share one budget per limit.
    #[must_use]
    pub(crate) fn new(max_keys: usize) -> Self {
        Self {
            fingerprints: Fingerprints::new(),
            max_keys,
            budgets: Table::with_capacity(max_keys),
            counters: OnceLock::new(),
            logs: OnceLock::new(),
            warned: Once::new(),
        }
    }

    fn counters(&self) -> &Table<Counters> {
        self.counters.get_or_init(|| Table::with_capacity(self.max_keys))
    }

    fn logs(&self) -> &Table<Logged> {
        self.logs.get_or_init(|| Table::with_shards_of(LOG_SHARD, self.max_keys))
    }

    #[inline]
    fn locate<'a, V: Kept>(&self, table: &Table<V>, ask: &'a Ask<'a>) -> Located<'a> {
        Located { ask, place: table.place(self.fingerprints.identity(ask.scope.bits(), &ask.key)) }
    }

    /// Where those are for whom there is no room: one for each limit.
    fn shared<'a, V: Kept>(&self, table: &Table<V>, ask: &'a Ask<'a>) -> Located<'a> {
        Located { ask, place: table.shared(self.fingerprints.identity(ask.scope.bits(), &Key::EVERYONE)) }
    }

    fn decide_one(&self, ask: &Ask<'_>, now: Moment) -> Decision {
        match Kind::of(ask.algorithm) {
            Kind::Budgets => self.decide_in(&self.budgets, ask, now),
            Kind::Counters => self.decide_in(self.counters(), ask, now),
            Kind::Logs => self.decide_in(self.logs(), ask, now),
        }
    }

    fn decide_in<V: Kept>(&self, table: &Table<V>, ask: &Ask<'_>, now: Moment) -> Decision {
        let mut located = self.locate(table, ask);
        let mut own = table.view(located.place.shard, now);
        let mut shared;
        let view = if own.has_room(&located) {
            &mut own
        } else {
            self.warn();
            located = self.shared(table, ask);
            shared = table.view(located.place.shard, now);
            &mut shared
        };
        let mut rulings = Decision::new();
        view.check(&located, now, &mut rulings);
        if fits(&rulings) {
            view.charge(&located, now);
        }
        view.tell(&located, now, &mut rulings);
        rulings
    }

    fn decide_all(&self, asks: &[Ask<'_>], now: Moment) -> Decision {
        let mut located: ArrayVec<_, MAX_RATES> =
            asks.iter().take(MAX_RATES).map(|ask| self.locate_any(ask)).collect();
        let mut locks = self.lock(&mut located, now);
        let mut rulings = Decision::new();
        for located in &located {
            if let Some(shard) = shard_of(&mut locks, located) {
                shard.check(located, now, &mut rulings);
            }
        }
        let is_admitted = is_admitted(&located, &rulings);
        let mut rest = &mut rulings[..];
        for located in &located {
            let own = rest.split_off_mut(..located.ask.rates.len()).unwrap_or_default();
            let Some(shard) = shard_of(&mut locks, located) else { continue };
            if is_admitted && fits(own) {
                shard.charge(located, now);
            }
            shard.tell(located, now, own);
        }
        rulings
    }

    fn locate_any<'a>(&self, ask: &'a Ask<'a>) -> Located<'a> {
        match Kind::of(ask.algorithm) {
            Kind::Budgets => self.locate(&self.budgets, ask),
            Kind::Counters => self.locate(self.counters(), ask),
            Kind::Logs => self.locate(self.logs(), ask),
        }
    }

    fn shared_any<'a>(&self, ask: &'a Ask<'a>) -> Located<'a> {
        match Kind::of(ask.algorithm) {
            Kind::Budgets => self.shared(&self.budgets, ask),
            Kind::Counters => self.shared(self.counters(), ask),
            Kind::Logs => self.shared(self.logs(), ask),
        }
    }

    fn view(&self, kind: Kind, number: usize, now: Moment) -> Locked<'_> {
        let view = match kind {
            Kind::Budgets => AnyView::Budgets(self.budgets.view(number, now)),
            Kind::Counters => AnyView::Counters(self.counters().view(number, now)),
            Kind::Logs => AnyView::Logs(self.logs().view(number, now)),
        };
        Locked { kind, number, view }
    }

    /// Locks every shard that is needed, each once and in one order, so that no two decisions wait for each other, and
    /// sends those to the shared one of their kind for whom there is no room. It is the last of its kind.
    fn lock(&self, located: &mut [Located<'_>], now: Moment) -> Locks<'_> {
        let mut locks = Locks::new();
        for kind in Kind::ALL {
            let of_kind = |located: &&mut Located<'_>| Kind::of(located.ask.algorithm) == kind;
            let mut shards: ArrayVec<_, MAX_RATES> =
                located.iter_mut().filter(of_kind).map(|located| located.place.shard).collect();
            shards.sort_unstable();
            let mut last = None;
            for shard in shards {
                if last.replace(shard) != Some(shard) {
                    locks.push(self.view(kind, shard, now));
                }
            }
            let mut shared = None;
            for located in located.iter_mut().filter(of_kind) {
                if !shard_of(&mut locks, located).is_some_and(|shard| shard.has_room(located)) {
                    self.warn();
                    *located = self.shared_any(located.ask);
                    shared = Some(located.place.shard);
                }
            }
            locks.extend(shared.map(|shared| self.view(kind, shared, now)));
        }
        locks
    }

    /// Says once that some have to share.
    #[cold]
    fn warn(&self) {
        self.warned.call_once(|| {
            tracing::warn!(
                "the memory for rate limits is full: clients without a budget share one per limit until there is room; \
                 raise `max_keys`, or look for a key that clients can make up at will"
            );
        });
    }

    /// How the budgets stand, one for each rate of each ask: those of the key, or where it has none and there is no room,
    /// those that it shares. Charges nothing, and keeps nothing.
    pub(crate) fn read(&self, asks: &[Ask<'_>], now: Moment) -> SmallVec<[Standing; 2]> {
        let mut standings = SmallVec::new();
        for ask in asks {
            let own = self.locate_any(ask);
            let kind = Kind::of(ask.algorithm);
            let mut locked = self.view(kind, own.place.shard, now);
            let shard = locked.view.shard();
            if shard.has_any(&own) || shard.has_room(&own) {
                shard.read(&own, now, &mut standings);
                continue;
            }
            drop(locked);
            let common = self.shared_any(ask);
            self.view(kind, common.place.shard, now).view.shard().read(&common, now, &mut standings);
        }
        standings
    }

    /// Makes the budgets of these keys full, by forgetting them. What a key shares with others stays.
    pub(crate) fn reset(&self, asks: &[Ask<'_>]) {
        for ask in asks {
            self.own(ask, Moment::ORIGIN, |shard, located| shard.reset(located));
        }
    }

    /// Gives back `ask.cost` permits each, never more than were charged and have not come back: one charge for each rate of
    /// each ask.
    ///
    /// Nothing where the key had no budgets of its own, or they were forgotten: a permit may so be lost, and never granted.
    pub(crate) fn give_back(&self, asks: &[Ask<'_>], charges: &[Charge], now: Moment) {
        let mut rest = charges;
        for ask in asks {
            let own = rest.split_off(..ask.rates.len().min(rest.len())).unwrap_or_default();
            self.own(ask, now, |shard, located| shard.give_back(located, own, now));
        }
    }

    /// Makes every budget at least as used as a store that processes share says, one standing for each rate of each ask.
    /// Never less used; and nothing where there is no room for it.
    pub(crate) fn absorb(&self, asks: &[Ask<'_>], standings: &[Standing], now: Moment) {
        let mut rest = standings;
        for ask in asks {
            let own = rest.split_off(..ask.rates.len().min(rest.len())).unwrap_or_default();
            self.own(ask, now, |shard, located| {
                if shard.has_room(located) {
                    shard.absorb(located, own, now);
                }
            });
        }
    }

    /// Locks the shard of one key.
    fn own(&self, ask: &Ask<'_>, now: Moment, then: impl FnOnce(&mut dyn Shard, &Located<'_>)) {
        let own = self.locate_any(ask);
        then(self.view(Kind::of(ask.algorithm), own.place.shard, now).view.shard(), &own);
    }
}

fn shard_of<'v>(locks: &'v mut Locks<'_>, located: &Located<'_>) -> Option<&'v mut dyn Shard> {
    let (kind, number) = (Kind::of(located.ask.algorithm), located.place.shard);
    let locked = locks.iter_mut().find(|locked| locked.kind == kind && locked.number == number)?;
    Some(locked.view.shard())
}

/// Whether everything fits, besides what stands aside.
fn is_admitted(located: &[Located<'_>], rulings: &[Ruling]) -> bool {
    let mut rest = rulings;
    located.iter().all(|located| {
        let own = rest.split_off(..located.ask.rates.len()).unwrap_or_default();
        located.ask.shadow || fits(own)
    })
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
        let ([rate], Algorithm::Gcra) = (ask.rates, ask.algorithm) else { return None };
        let place = self.locate(&self.budgets, ask).place;
        let mut view = self.budgets.view(place.shard, now);
        let budget = view.get_mut(place)?;
        Some(match engine::gcra::check(rate, Some(budget.full_at()), now, ask.cost) {
            Ok(charged) => {
                budget.fill_at(charged);
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
