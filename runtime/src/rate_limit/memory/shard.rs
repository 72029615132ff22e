//! What one locked shard does for an ask: asks every rate, charges every rate, and the like.

use smallvec::SmallVec;

use super::kept::Kept;
use crate::backend::{Place, Room, View};
use crate::core::{Moment, Repr};
use crate::rate_limit::engine::{self, Charge, Log, Standing, State, Verdict};
use crate::rate_limit::policy::Rate;
use crate::rate_limit::store::{Ask, Decision, Ruling};

/// An ask and where its budgets are.
#[derive(Clone, Copy)]
pub(super) struct Located<'a> {
    pub(super) ask: &'a Ask<'a>,
    pub(super) place: Place,
}

/// The same for budgets of every kind.
pub(super) trait Shard {
    /// Whether the budgets are there, or have room.
    fn has_room(&mut self, located: &Located<'_>) -> bool;
    /// Asks every rate. How the budgets stand is told [later](Self::tell).
    fn check(&self, located: &Located<'_>, now: Moment, rulings: &mut Decision);
    /// Charges every rate.
    fn charge(&mut self, located: &Located<'_>, now: Moment);
    /// Completes what every rate said by how it stands.
    fn tell(&self, located: &Located<'_>, now: Moment, rulings: &mut [Ruling]);
    /// Whether any budget is there.
    fn has_any(&self, located: &Located<'_>) -> bool;
    /// How every rate stands.
    fn read(&self, located: &Located<'_>, now: Moment, standings: &mut SmallVec<[Standing; 2]>);
    /// Drops every budget.
    fn reset(&mut self, located: &Located<'_>);
    /// Gives back what was charged to every rate.
    fn give_back(&mut self, located: &Located<'_>, charges: &[Charge], now: Moment);
    /// Makes every budget at least as used as somebody says.
    fn absorb(&mut self, located: &Located<'_>, standings: &[Standing], now: Moment);
}

impl<'a> Located<'a> {
    /// Each rate, and the place of its budget among those of the key.
    fn rates(&self) -> impl Iterator<Item = (u8, &'a Rate)> {
        (0..).zip(self.ask.rates)
    }

    #[allow(clippy::cast_possible_truncation, reason = "a limit has at most MAX_RATES rates")]
    fn budgets(&self) -> u8 {
        self.ask.rates.len() as u8
    }

    /// How much of a shard its key may fill.
    fn room(&self) -> Room {
        match self.ask.key.repr() {
            Repr::Address(_) | Repr::Principal(_) | Repr::Everyone | Repr::Anonymous => Room::Whole,
            // Clients can make these up at will. What they leave is for those who cannot.
            Repr::Bytes(_) => Room::ThreeQuarters,
        }
    }

    fn show<V: Kept, R>(&self, view: &View<'_, V>, slot: u8, look: impl FnOnce(Option<&State>) -> R) -> R {
        match view.get(self.place, slot) {
            Some(kept) => kept.show(look),
            None => look(None),
        }
    }

    fn standing<V: Kept>(&self, view: &View<'_, V>, slot: u8, rate: &Rate, now: Moment) -> Standing {
        self.show(view, slot, |state| engine::standing(self.ask.algorithm, rate, state, now))
    }

    /// Where a log has no room for another entry, its next charge becomes part of the newest: whoever is here already stays.
    fn grow<V: Kept>(&self, view: &mut View<'_, V>, now: Moment) {
        let entries = self.ask.rates.len();
        if !V::GROWS || view.makes_room(self.place, entries, self.room()) {
            return;
        }
        self.rewrite_logs(view, |log, rate| log.forget(rate, now));
        if !view.makes_room(self.place, entries, self.room()) {
            self.rewrite_logs(view, |log, rate| log.join_newest(rate, now));
        }
    }

    fn rewrite_logs<V: Kept>(&self, view: &mut View<'_, V>, change: impl Fn(&mut Log, &Rate)) {
        self.rewrite(view, |_, rate, mut state| {
            if let Some(State::SlidingLog(log)) = &mut state {
                change(log, rate);
            }
            state
        });
    }

    /// Puts another state in the place of each. All of them are kept until all mean what missing ones mean.
    fn rewrite<V: Kept>(
        &self,
        view: &mut View<'_, V>,
        change: impl Fn(u8, &Rate, Option<State>) -> Option<State>,
    ) {
        let mut states = SmallVec::<[(u8, Option<State>); 2]>::new();
        let mut until = Moment::ORIGIN;
        for (slot, rate) in self.rates() {
            let mut state = None;
            view.update(self.place, slot, |kept| state = kept.take());
            let state = change(slot, rate, state);
            until = until.max(state.as_ref().map_or(until, |state| engine::expires_at(rate, state)));
            states.push((slot, state));
        }
        for (slot, state) in states {
            if let Some(state) = state {
                view.set(self.place, slot, V::new(state, until));
            }
        }
    }
}

impl<V: Kept> Shard for View<'_, V> {
    fn has_room(&mut self, located: &Located<'_>) -> bool {
        let has_room = self.reserve(located.place, located.budgets(), located.room());
        // There is one such key for each limit, so they need no bound; and a budget of all must not lose its state
        // while it moves between shards.
        has_room || matches!(located.ask.key.repr(), Repr::Everyone | Repr::Anonymous)
    }

    fn check(&self, located: &Located<'_>, now: Moment, rulings: &mut Decision) {
        let Ask { algorithm, cost, .. } = *located.ask;
        for (slot, rate) in located.rates() {
            let check = |state: Option<&State>| engine::check(algorithm, rate, state, now, cost);
            rulings.push(Ruling::told(located.show(self, slot, check), Standing::default()));
        }
    }

    fn charge(&mut self, located: &Located<'_>, now: Moment) {
        let Ask { algorithm, cost, .. } = *located.ask;
        located.grow(self, now);
        located.rewrite(self, |_, rate, state| engine::charge(algorithm, rate, state, now, cost));
    }

    fn tell(&self, located: &Located<'_>, now: Moment, rulings: &mut [Ruling]) {
        for ((slot, rate), ruling) in located.rates().zip(rulings) {
            *ruling = Ruling::told(ruling.verdict, located.standing(self, slot, rate, now));
        }
    }

    fn has_any(&self, located: &Located<'_>) -> bool {
        (0..located.budgets()).any(|slot| self.get(located.place, slot).is_some())
    }

    fn read(&self, located: &Located<'_>, now: Moment, standings: &mut SmallVec<[Standing; 2]>) {
        standings.extend(located.rates().map(|(slot, rate)| located.standing(self, slot, rate, now)));
    }

    fn reset(&mut self, located: &Located<'_>) {
        for slot in 0..located.budgets() {
            self.remove(located.place, slot);
        }
    }

    fn give_back(&mut self, located: &Located<'_>, charges: &[Charge], now: Moment) {
        let Ask { algorithm, cost, .. } = *located.ask;
        located.rewrite(self, |slot, rate, state| match charges.get(usize::from(slot)) {
            Some(charge) => engine::give_back(algorithm, rate, state, *charge, now, cost),
            None => state,
        });
    }

    fn absorb(&mut self, located: &Located<'_>, standings: &[Standing], now: Moment) {
        let algorithm = located.ask.algorithm;
        located.grow(self, now);
        located.rewrite(self, |slot, rate, state| match standings.get(usize::from(slot)) {
            Some(told) => engine::absorb(algorithm, rate, state, *told, now),
            None => state,
        });
    }
}

/// Whether everything fits.
pub(super) fn fits(rulings: &[Ruling]) -> bool {
    rulings.iter().all(|ruling| ruling.verdict == Verdict::Fits)
}
