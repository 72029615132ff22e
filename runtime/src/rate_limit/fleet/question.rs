//! One decision: what is known here, what is taken out of blocks, what is asked, and what holds without an answer.

use smallvec::SmallVec;

use super::super::denials::{Rulings, full};
use super::super::engine::{Standing, Verdict};
use super::super::leases::Reserved;
use super::super::policy::{MAX_RATES, OnStoreError};
use super::super::store::{Ask, Decision, Ruling, Store};
use super::blocks::Taken;
use super::{Each, Fleet, How, Settled, Shared, nobodys};
use crate::core::Moment;

/// One ask, and how far it is.
struct Part<'q, 'a> {
    ask: &'q Ask<'a>,
    identity: u128,
    state: State<'q>,
}

/// How far an ask is.
enum State<'q> {
    /// Nobody has decided it.
    Open,
    /// Its permits are out of a block, and go back where something else refuses.
    Reserved(Reserved<'q>),
    /// It was decided.
    Ruled(Rulings),
}

impl Part<'_, '_> {
    const fn is_open(&self) -> bool {
        matches!(self.state, State::Open)
    }

    /// Whether it was refused, and does not stand aside.
    fn refuses(&self) -> bool {
        match &self.state {
            State::Ruled(rulings) => !self.ask.shadow && rulings.iter().any(|ruling| !ruling.fits()),
            State::Open | State::Reserved(_) => false,
        }
    }
}

impl Fleet {
    /// Decides, and charges where everything fits.
    pub(super) async fn decide(&self, asks: &[Ask<'_>]) -> Settled {
        match asks {
            [ask] if ask.lease == 0 => self.decide_one(asks, ask).await,
            asks => self.decide_all(asks.get(..MAX_RATES).unwrap_or(asks)).await,
        }
    }

    /// The usual case: nothing to put together.
    async fn decide_one(&self, asks: &[Ask<'_>], ask: &Ask<'_>) -> Settled {
        let shared = &self.0;
        let part = shared.recall(ask, shared.clock.now());
        if part.is_open()
            && let Ok(decision) = shared.ask(asks).await
        {
            return Settled { rulings: decision.rulings, how: How::Decided };
        }
        let is_known = !part.is_open();
        let parts = Each::from_iter([part]);
        if is_known { shared.settle(parts, How::Decided) } else { shared.without_store(parts) }
    }

    async fn decide_all(&self, asks: &[Ask<'_>]) -> Settled {
        let shared = &self.0;
        let now = shared.clock.now();
        let mut parts: Each<Part<'_, '_>> = asks.iter().map(|ask| shared.recall(ask, now)).collect();
        if parts.iter().any(Part::refuses) {
            return shared.refused(parts);
        }
        let mut is_away = false;
        for part in parts.iter_mut().filter(|part| part.is_open()) {
            if part.ask.lease == 0 || part.ask.cost == 0 || is_away {
                continue;
            }
            match shared.take(part.identity, part.ask).await {
                Taken::Reserved(reserved) => part.state = State::Reserved(reserved),
                Taken::Refused(rulings) => part.state = State::Ruled(rulings),
                Taken::Exact => {}
                Taken::Away => is_away = true,
            }
            if part.refuses() {
                return shared.refused(parts);
            }
        }
        if is_away || !shared.ask_open(&mut parts).await {
            return shared.without_store(parts);
        }
        shared.settle(parts, How::Decided)
    }
}

impl Shared {
    /// An ask, and what is known of it without asking anybody: that its cost is above a capacity, or was refused before.
    fn recall<'q, 'a>(&self, ask: &'q Ask<'a>, now: Moment) -> Part<'q, 'a> {
        let identity = self.identity(ask);
        let is_never = ask.rates.iter().any(|rate| ask.cost > rate.capacity());
        let known = if is_never {
            Some(self.never(ask, now))
        } else if ask.lease > 0 && self.leases.left(identity, now) >= ask.cost {
            // What was refused was another block.
            None
        } else {
            self.denials.recall(identity, ask, now)
        };
        Part { ask, identity, state: known.map_or(State::Open, State::Ruled) }
    }

    fn never(&self, ask: &Ask<'_>, now: Moment) -> Rulings {
        let standings = self.local.read(std::slice::from_ref(ask), now);
        let rulings = ask.rates.iter().zip(standings).map(|(rate, standing)| {
            let verdict = if ask.cost > rate.capacity() { Verdict::Never } else { Verdict::Fits };
            Ruling::told(verdict, standing)
        });
        rulings.collect()
    }

    /// Asks the store about all that is open, in one question; tells whether it answered.
    async fn ask_open(&self, parts: &mut [Part<'_, '_>]) -> bool {
        // For itself: a block is taken in a question of its own.
        let asks: Each<Ask<'_>> = parts
            .iter()
            .filter(|part| part.is_open())
            .map(|part| Ask { lease: 0, ..part.ask.clone() })
            .collect();
        if asks.is_empty() {
            return true;
        }
        let Ok(decision) = self.ask(&asks).await else { return false };
        rule(parts, |_| true, decision.rulings);
        true
    }

    /// What holds while the store is away: what each ask says that nobody has decided.
    fn without_store(&self, mut parts: Each<Part<'_, '_>>) -> Settled {
        let says = |part: &Part<'_, '_>, what| part.is_open() && part.ask.on_store_error == what;
        if parts.iter().any(|part| !part.ask.shadow && says(part, OnStoreError::Closed)) {
            let rulings = parts.iter().flat_map(|part| nobodys(std::slice::from_ref(part.ask))).collect();
            return Settled { rulings, how: How::Closed };
        }
        let local: Each<Ask<'_>> = parts
            .iter()
            .filter(|part| says(part, OnStoreError::Local))
            .map(|part| part.ask.clone())
            .collect();
        if local.is_empty() {
            return self.settle(parts, How::Undecided);
        }
        let decision = self.local.decide(&local, self.clock.now()).unwrap_or_else(|_| nobodys(&local));
        rule(&mut parts, |ask| ask.on_store_error == OnStoreError::Local, decision);
        self.settle(parts, How::Locally)
    }

    /// What comes out, after all that can be decided was.
    fn settle(&self, parts: Each<Part<'_, '_>>, how: How) -> Settled {
        if parts.iter().any(Part::refuses) {
            return Settled { how, ..self.refused(parts) };
        }
        let now = self.clock.now();
        let mut rulings = Decision::new();
        for part in parts {
            match part.state {
                State::Ruled(own) => rulings.extend(own),
                State::Reserved(reserved) => rulings.extend(self.spend(part.ask, reserved, now)),
                State::Open => rulings.extend(part.ask.rates.iter().map(full)),
            }
        }
        Settled { rulings, how }
    }

    /// A refusal: what was reserved goes back, and what was not asked stands as far as this process knows.
    fn refused(&self, parts: Each<Part<'_, '_>>) -> Settled {
        let now = self.clock.now();
        let mut rulings = Decision::new();
        for part in parts {
            match part.state {
                State::Ruled(own) => rulings.extend(own),
                State::Reserved(_) | State::Open => {
                    let standings = self.local.read(std::slice::from_ref(part.ask), now);
                    let fits = |standing: Standing| Ruling::told(Verdict::Fits, standing);
                    rulings.extend(standings.into_iter().map(fits));
                }
            }
        }
        Settled { rulings, how: How::Decided }
    }
}

/// Hands each open ask what its rates said, of those that were asked.
fn rule(parts: &mut [Part<'_, '_>], asked: impl Fn(&Ask<'_>) -> bool, rulings: SmallVec<[Ruling; 2]>) {
    let mut rulings = rulings.into_iter();
    for part in parts.iter_mut().filter(|part| part.is_open() && asked(part.ask)) {
        part.state = State::Ruled(rulings.by_ref().take(part.ask.rates.len()).collect());
    }
}
