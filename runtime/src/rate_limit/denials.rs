//! Refusals of a shared store that are remembered for a while, so that a flood of them does not reach it.
//!
//! A refusal says when its cost fits, if nobody else is charged before. Until then the store would say the same again,
//! and so this process says it. Whoever asks for less than what was refused asks the store.

use std::sync::atomic::{AtomicU32, Ordering};

use smallvec::SmallVec;

use super::engine::{Standing, Verdict};
use super::policy::Rate;
use super::store::{Ask, Ruling};
use crate::backend::{Expires, Place, Room, Table};
use crate::core::{Key, Moment, Repr};

/// The longest that a refusal is remembered. Another process may reset the key or give permits back, and this one does
/// not hear of it.
const LONGEST_NANOS: u64 = 1_000_000_000;
/// More are not remembered at a time. Each lives for a second at most and has cost the store an answer, so that many
/// take a store that gives as many answers a second.
const MOST: usize = 65_536;
/// How many keys share the number by which a refusal is known to be older than a reset.
const EPOCHS: usize = 256;

/// What the rates of one ask said.
pub(super) type Rulings = SmallVec<[Ruling; 2]>;

/// Refusals by identity of scope and key.
pub(super) struct Denials {
    table: Table<Denial>,
    /// Counted up whenever keys are forgotten.
    epochs: Box<[AtomicU32]>,
}

/// The state of a key's memory when the store was asked: a reply from before the last [`forget`](Denials::forget) is not
/// remembered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Epoch(u32);

/// What one rate of a key said.
#[derive(Clone, Copy, Default)]
struct Denial {
    /// Of this cost.
    cost: u32,
    /// What was left.
    remaining: u32,
    /// When more is left; the origin where the budget was full.
    grows_at: Moment,
    /// When the cost fits; the origin where it did.
    fits_at: Moment,
    /// How long it is remembered: of all rates of a key the same.
    until: Moment,
}

impl Expires for Denial {
    fn expires_at(&self) -> Moment {
        self.until
    }
}

impl Denial {
    fn new(ask: &Ask<'_>, rate: &Rate, ruling: &Ruling, until: Moment, now: Moment) -> Self {
        let Standing { remaining, grows_in_nanos } = ruling.standing(rate, now);
        let fits_at = match ruling.verdict {
            Verdict::NotYet { wait_nanos } => now.saturating_add_nanos(wait_nanos),
            Verdict::Fits | Verdict::Never => Moment::ORIGIN,
        };
        let grows_at = match grows_in_nanos {
            0 => Moment::ORIGIN,
            nanos => now.saturating_add_nanos(nanos),
        };
        Self { cost: ask.cost, remaining, grows_at, fits_at, until }
    }

    /// Whether it still holds for that cost. One from far ahead was made before the clock stepped back.
    fn holds(self, cost: u32, now: Moment) -> bool {
        let left = self.until.nanos_since(now);
        cost >= self.cost && left > 0 && left <= 2 * LONGEST_NANOS
    }

    /// What the rate says to that cost now.
    fn ruling(self, rate: &Rate, cost: u32, now: Moment) -> Ruling {
        // A higher cost takes longer: exactly so much where permits come back one by one, about so much in windows.
        let longer = rate.emission_nanos().saturating_mul(u64::from(cost.saturating_sub(self.cost)));
        let verdict = match self.fits_at.nanos_since(now) {
            0 => Verdict::Fits,
            wait => Verdict::NotYet { wait_nanos: wait.saturating_add(longer) },
        };
        let grows_in_nanos =
            if self.grows_at == Moment::ORIGIN { 0 } else { self.grows_at.nanos_since(now).max(1) };
        Ruling::told(verdict, Standing { remaining: self.remaining, grows_in_nanos })
    }
}

impl Denials {
    /// A memory of no more than `max_keys` budgets.
    pub(super) fn new(max_keys: usize) -> Self {
        let epochs = (0..EPOCHS).map(|_| AtomicU32::new(0)).collect();
        Self { table: Table::with_capacity(max_keys.min(MOST)), epochs }
    }

    /// What the store would say, where it said so before.
    pub(super) fn recall(&self, identity: u128, ask: &Ask<'_>, now: Moment) -> Option<Rulings> {
        let place = self.table.place(identity);
        let view = self.table.view(place.shard, now);
        view.get(place, 0).filter(|denial| denial.holds(ask.cost, now))?;
        let of_rate = |(slot, rate): (u8, &Rate)| match view.get(place, slot) {
            Some(denial) => denial.ruling(rate, ask.cost, now),
            None => full(rate),
        };
        let rulings: Rulings = (0..).zip(ask.rates).map(of_rate).collect();
        rulings.iter().any(|ruling| !ruling.fits()).then_some(rulings)
    }

    /// What is to be known of a key before the store is asked.
    pub(super) fn epoch(&self, identity: u128) -> Epoch {
        Epoch(self.counter(identity).map_or(0, |counter| counter.load(Ordering::Acquire)))
    }

    /// Remembers what the store refused.
    pub(super) fn remember(
        &self,
        identity: u128,
        ask: &Ask<'_>,
        rulings: &[Ruling],
        asked: Epoch,
        now: Moment,
    ) {
        let Some(until) = remembered_until(rulings, now) else { return };
        let place = self.table.place(identity);
        let mut view = self.table.view(place.shard, now);
        // Asked for under the lock, as it is forgotten: a reply from before a reset comes either before it or too late.
        let is_stale = self.epoch(identity) != asked;
        let is_known = view.get(place, 0).is_some_and(|denial| denial.holds(ask.cost, now));
        #[allow(clippy::cast_possible_truncation, reason = "a limit has at most MAX_RATES rates")]
        if is_stale || is_known || !view.reserve(place, ask.rates.len() as u8, room(&ask.key)) {
            return;
        }
        for ((slot, rate), ruling) in (0..).zip(ask.rates).zip(rulings) {
            view.set(place, slot, Denial::new(ask, rate, ruling, until, now));
        }
    }

    /// Forgets what was refused to a key, and what was asked for before now.
    pub(super) fn forget(&self, identity: u128, ask: &Ask<'_>, now: Moment) {
        let place: Place = self.table.place(identity);
        let mut view = self.table.view(place.shard, now);
        if let Some(counter) = self.counter(identity) {
            counter.fetch_add(1, Ordering::AcqRel);
        }
        for (slot, _) in (0..).zip(ask.rates) {
            view.remove(place, slot);
        }
    }

    fn counter(&self, identity: u128) -> Option<&AtomicU32> {
        usize::try_from(identity % EPOCHS as u128).ok().and_then(|place| self.epochs.get(place))
    }
}

/// How long a refusal is remembered: until its time, but no longer than this process may be wrong. Nothing that fits is,
/// nor what the store says is above the capacity, because this process knows better.
fn remembered_until(rulings: &[Ruling], now: Moment) -> Option<Moment> {
    let mut longest = 0;
    for ruling in rulings {
        match ruling.verdict {
            Verdict::Fits => {}
            Verdict::NotYet { wait_nanos } => longest = longest.max(wait_nanos),
            Verdict::Never => return None,
        }
    }
    (longest > 0).then(|| now.saturating_add_nanos(longest.min(LONGEST_NANOS)))
}

/// A budget that nobody has used.
pub(super) fn full(rate: &Rate) -> Ruling {
    Ruling::told(Verdict::Fits, Standing { remaining: rate.capacity(), grows_in_nanos: 0 })
}

/// How far a key may fill a table: what clients can make up leaves a quarter to what they cannot.
pub(super) fn room(key: &Key) -> Room {
    match key.repr() {
        Repr::Bytes(_) => Room::ThreeQuarters,
        Repr::Address(_) | Repr::Principal(_) | Repr::Everyone | Repr::Anonymous => Room::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::super::store::Scope;
    use super::*;

    const SECOND: u64 = 1_000_000_000;
    const MINUTE: u64 = 60 * SECOND;
    const FIVE_A_MINUTE: &[Rate] = &[Rate::new("default", 5, MINUTE)];
    const TWO: &[Rate] = &[Rate::new("second", 2, SECOND), Rate::new("minute", 10, MINUTE)];

    fn at(nanos: u64) -> Moment {
        Moment::from_nanos(nanos)
    }

    fn ask(rates: &'static [Rate], cost: u32) -> Ask<'static> {
        Ask { cost, ..Ask::new(Scope::new(1), Key::from("ada"), rates) }
    }

    fn refused(wait_nanos: u64) -> Ruling {
        let standing = Standing { remaining: 1, grows_in_nanos: wait_nanos / 2 };
        Ruling::told(Verdict::NotYet { wait_nanos }, standing)
    }

    /// A memory with one refusal of that cost.
    fn remembering(cost: u32, wait_nanos: u64) -> Denials {
        let denials = Denials::new(1_000);
        let ask = ask(FIVE_A_MINUTE, cost);
        denials.remember(7, &ask, &[refused(wait_nanos)], denials.epoch(7), at(SECOND));
        denials
    }

    fn is_refused(denials: &Denials, cost: u32, now: u64) -> bool {
        denials.recall(7, &ask(FIVE_A_MINUTE, cost), at(now)).is_some()
    }

    #[test]
    fn a_refusal_holds_until_its_time_and_a_second_at_most() {
        let short = remembering(1, SECOND / 2);
        assert!(is_refused(&short, 1, SECOND + SECOND / 2 - 1));
        assert!(!is_refused(&short, 1, SECOND + SECOND / 2));
        let long = remembering(1, 12 * SECOND);
        assert!(is_refused(&long, 1, 2 * SECOND - 1));
        assert!(!is_refused(&long, 1, 2 * SECOND));
    }

    #[test]
    fn less_than_what_was_refused_is_not_known() {
        let denials = remembering(3, SECOND);
        assert!(!is_refused(&denials, 2, SECOND));
        assert!(is_refused(&denials, 3, SECOND));
        assert!(is_refused(&denials, 4, SECOND));
        denials.remember(7, &ask(FIVE_A_MINUTE, 2), &[refused(SECOND / 4)], denials.epoch(7), at(SECOND));
        assert!(is_refused(&denials, 2, SECOND), "the lower cost is the one that is kept");
        denials.remember(7, &ask(FIVE_A_MINUTE, 4), &[refused(SECOND)], denials.epoch(7), at(SECOND));
        assert!(is_refused(&denials, 2, SECOND));
    }

    #[test]
    fn what_a_rate_said_counts_down_with_the_clock() {
        let denials = Denials::new(1_000);
        let fits = Ruling::told(Verdict::Fits, Standing { remaining: 6, grows_in_nanos: 4 * SECOND });
        denials.remember(7, &ask(TWO, 2), &[refused(SECOND), fits], denials.epoch(7), at(SECOND));
        let now = at(SECOND + SECOND / 4);
        let rulings = denials.recall(7, &ask(TWO, 2), now).unwrap();
        assert_eq!(rulings[0].verdict, Verdict::NotYet { wait_nanos: 3 * SECOND / 4 });
        let standing = Standing { remaining: 1, grows_in_nanos: SECOND / 4 };
        assert_eq!(rulings[0].standing(&TWO[0], now), standing);
        assert_eq!(rulings[1].verdict, Verdict::Fits);
        let standing = Standing { remaining: 6, grows_in_nanos: 4 * SECOND - SECOND / 4 };
        assert_eq!(rulings[1].standing(&TWO[1], now), standing);
    }

    #[test]
    fn a_higher_cost_waits_for_what_it_needs_more() {
        let denials = remembering(1, 2 * SECOND);
        let rulings = denials.recall(7, &ask(FIVE_A_MINUTE, 3), at(SECOND)).unwrap();
        assert_eq!(rulings[0].verdict, Verdict::NotYet { wait_nanos: (2 + 2 * 12) * SECOND });
    }

    #[test]
    fn what_was_forgotten_is_asked_for_and_an_older_reply_changes_nothing() {
        let denials = remembering(1, SECOND);
        let before = denials.epoch(7);
        denials.forget(7, &ask(FIVE_A_MINUTE, 1), at(SECOND));
        assert!(!is_refused(&denials, 1, SECOND));
        denials.remember(7, &ask(FIVE_A_MINUTE, 1), &[refused(SECOND)], before, at(SECOND));
        assert!(!is_refused(&denials, 1, SECOND), "it was asked before");
        denials.remember(7, &ask(FIVE_A_MINUTE, 1), &[refused(SECOND)], denials.epoch(7), at(SECOND));
        assert!(is_refused(&denials, 1, SECOND));
    }

    #[test]
    fn a_clock_that_steps_far_back_asks_the_store() {
        let denials = Denials::new(1_000);
        denials.remember(7, &ask(FIVE_A_MINUTE, 1), &[refused(SECOND)], denials.epoch(7), at(3_600 * SECOND));
        assert!(!is_refused(&denials, 1, SECOND));
    }

    #[test]
    fn what_fits_or_never_does_is_not_remembered() {
        for verdict in [Verdict::Fits, Verdict::Never, Verdict::NotYet { wait_nanos: 0 }] {
            let denials = Denials::new(1_000);
            let ruling = Ruling::told(verdict, Standing::default());
            denials.remember(7, &ask(FIVE_A_MINUTE, 1), &[ruling], denials.epoch(7), at(SECOND));
            assert!(!is_refused(&denials, 1, SECOND), "{verdict:?}");
        }
    }

    #[test]
    fn no_more_are_kept_than_there_is_room_for() {
        let denials = Denials::new(100);
        for identity in 1..10_000_u128 {
            let identity = identity << 80;
            let epoch = denials.epoch(identity);
            denials.remember(identity, &ask(FIVE_A_MINUTE, 1), &[refused(SECOND)], epoch, at(SECOND));
        }
        assert!(denials.table.len() <= 100, "{} refusals", denials.table.len());
    }
}
