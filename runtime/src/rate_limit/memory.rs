//! Budgets in this process's memory.

use std::fmt;

use arrayvec::ArrayVec;
use smallvec::smallvec;

use super::engine::{self, Verdict};
use super::policy::{MAX_RATES, Rate};
use super::store::{Ask, Decision, Ruling, Store, Unavailable};
use crate::backend::{Expires, Fingerprints, Table, View};
use crate::core::{Key, Moment};

/// A budget that is full means what a missing one means.
impl Expires for Moment {
    fn expires_at(self) -> Moment {
        self
    }
}

/// The in-memory store: exact, bounded, and never away.
pub(crate) struct Memory {
    fingerprints: Fingerprints,
    table: Table<Moment>,
}

/// An ask and where its budgets are.
struct Located<'a> {
    ask: &'a Ask<'a>,
    identity: u128,
    /// Shared by the keys of this limit that do not fit into the table.
    shared: u128,
    shard: usize,
}

impl Memory {
    /// A store of at most `max_keys` budgets (a limit with two rates has two budgets a key).
    ///
    /// Where that many clients are active at once, those that come later share one budget per limit.
    #[must_use]
    pub(crate) fn new(max_keys: usize) -> Self {
        Self { fingerprints: Fingerprints::new(), table: Table::with_capacity(max_keys) }
    }

    fn locate<'a>(&self, ask: &'a Ask<'a>) -> Located<'a> {
        let identity = self.fingerprints.identity(ask.scope, &ask.key);
        let shared = self.fingerprints.identity(ask.scope, &Key::EVERYONE);
        Located { ask, identity, shared, shard: self.table.shard_of(identity) }
    }

    /// The usual case: one limit, one lock.
    #[inline]
    fn decide_one(&self, ask: &Ask<'_>, now: Moment) -> Decision {
        let identity = self.fingerprints.identity(ask.scope, &ask.key);
        let mut view = self.table.view(self.table.shard_of(identity));
        if let ([rate], Some(full_at)) = (ask.rates, view.get_mut(identity)) {
            return smallvec![decide_in_place(rate, full_at, now, ask.cost)];
        }
        let located = self.locate(ask);
        let mut decision = Decision::new();
        located.check(&mut view, now, &mut decision);
        if decision.iter().all(Ruling::fits) {
            located.charge(&mut view, &mut decision);
        }
        decision
    }

    fn decide_all(&self, asks: &[Ask<'_>], now: Moment) -> Decision {
        let located: ArrayVec<_, MAX_RATES> =
            asks.iter().take(MAX_RATES).map(|ask| self.locate(ask)).collect();
        let mut views = self.lock(&located);
        let mut decision = Decision::new();
        let mut ends = ArrayVec::<usize, MAX_RATES>::new();
        for located in &located {
            if let Some(view) = view_of(&mut views, located) {
                located.check(view, now, &mut decision);
            }
            ends.push(decision.len());
        }
        let rulings_of = |place: usize| (if place == 0 { 0 } else { ends[place - 1] })..ends[place];
        let fits_or_stands_aside = |(place, located): (usize, &Located<'_>)| {
            located.ask.shadow || decision[rulings_of(place)].iter().all(Ruling::fits)
        };
        let admitted = located.iter().enumerate().all(fits_or_stands_aside);
        for (place, located) in located.iter().enumerate() {
            let rulings = &mut decision[rulings_of(place)];
            if let (true, Some(view)) =
                (admitted && rulings.iter().all(Ruling::fits), view_of(&mut views, located))
            {
                located.charge(view, rulings);
            }
        }
        decision
    }

    /// Locks every shard that is needed, each once and in ascending order, so that no two decisions wait for each
    /// other.
    fn lock(&self, located: &[Located<'_>]) -> ArrayVec<(usize, View<'_, Moment>), MAX_RATES> {
        let mut shards: ArrayVec<_, MAX_RATES> = located.iter().map(|located| located.shard).collect();
        shards.sort_unstable();
        let mut views = ArrayVec::new();
        for (place, shard) in shards.iter().enumerate() {
            if place == 0 || shards[place - 1] != *shard {
                views.push((*shard, self.table.view(*shard)));
            }
        }
        views
    }
}

/// A client with a budget, and one rate: the state is looked up once.
fn decide_in_place(rate: &Rate, state: &mut Moment, now: Moment, cost: u32) -> Ruling {
    let verdict = engine::check(rate, Some(*state), now, cost);
    if let Verdict::Fits { full_at } = verdict {
        *state = full_at;
    }
    Ruling { verdict, full_at: Some(*state) }
}

fn view_of<'v, 'a>(
    views: &'v mut ArrayVec<(usize, View<'a, Moment>), MAX_RATES>,
    located: &Located<'_>,
) -> Option<&'v mut View<'a, Moment>> {
    views.iter_mut().find(|(shard, _)| *shard == located.shard).map(|(_, view)| view)
}

impl Located<'_> {
    /// Asks every rate.
    fn check(&self, view: &mut View<'_, Moment>, now: Moment, decision: &mut Decision) {
        for (slot, rate) in (0_u8..).zip(self.ask.rates) {
            let full_at = view.get(self.identity, self.shared, slot, now);
            let verdict = engine::check(rate, full_at, now, self.ask.cost);
            decision.push(Ruling { verdict, full_at });
        }
    }

    /// Charges every rate.
    fn charge(&self, view: &mut View<'_, Moment>, rulings: &mut [Ruling]) {
        for (slot, ruling) in (0_u8..).zip(rulings) {
            if let Verdict::Fits { full_at } = ruling.verdict {
                view.set(self.identity, self.shared, slot, full_at);
                ruling.full_at = Some(full_at);
            }
        }
    }
}

impl Store for Memory {
    #[inline]
    fn decide(&self, asks: &[Ask<'_>], now: Moment) -> Result<Decision, Unavailable> {
        Ok(match asks {
            [ask] => self.decide_one(ask, now),
            asks => self.decide_all(asks, now),
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
    use super::super::contract::contract;
    use super::*;

    contract!(|| Memory::new(1_000_000));
}
