//! Limits in front of a handler: from the facts of a request to a charge or a refusal, and the fields of the answer.

use std::{iter, slice};

use ::http::{HeaderMap, HeaderValue};
use arrayvec::ArrayVec;
use axum::response::{IntoResponse, Response};

use super::policy::{Cost, KeySource, Limit, MAX_RATES, Missing};
use super::refusal::{Refusal, lacking};
use super::scopes::scope;
use super::store::{Ask, Ruling, Store};
use super::wire::{Standing, standings_field};
use crate::core::{Clock, Key, Moment, Outcome, Principal, Sink, SiteId, Told};
use crate::http::fields::{RATELIMIT, RATELIMIT_POLICY};
use crate::http::{RefusalKind, RequestFacts, Resolver, refused_key, unproven};

/// What a limiter needs besides its policy.
pub(crate) struct Desk<'a, S, T> {
    pub(crate) store: &'a S,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) sink: &'a T,
    /// Who is asked for principals: a 401 says how.
    pub(crate) resolver: Resolver<'a>,
    /// What was wrong with the credentials, where the resolver refused them.
    pub(crate) refusal: Option<RefusalKind>,
    pub(crate) site: SiteId,
    /// The place of the first of these limits among the policies of the site.
    pub(crate) first_slot: usize,
    /// The same among all limits of the site.
    pub(crate) first_limit: usize,
}

/// What a request takes along to its answer: how the announced rates of its function stand, in their order.
///
/// Kept small, because it is moved along with the request; the field is written when the answer is there.
#[derive(Debug, Default)]
pub(crate) enum Ticket {
    /// No limit applied.
    #[default]
    Nothing,
    /// The function's one rate.
    One(Standing),
    /// The function's rates, without those of limits that did not apply.
    Many(Box<Standings>),
}

/// How several rates stand.
#[derive(Debug)]
pub(crate) struct Standings(ArrayVec<Option<Standing>, MAX_RATES>);

/// A refused request, on its way out.
pub(crate) struct Refused {
    pub(crate) answer: Response,
    pub(crate) ticket: Ticket,
}

impl<S: Store, T: Sink> Desk<'_, S, T> {
    /// Charges the request to every limit that applies to it, or to none and refuses it.
    #[inline]
    pub(crate) fn admit(
        &self,
        limits: &'static [Limit],
        facts: &RequestFacts<'_>,
    ) -> Result<Ticket, Box<Refused>> {
        match limits {
            [limit] => self.admit_by_one(limit, facts),
            limits => self.admit_by_all(limits, facts),
        }
    }

    /// The usual case: no allocation, and nothing kept for a second limit.
    #[inline]
    fn admit_by_one(&self, limit: &'static Limit, facts: &RequestFacts<'_>) -> Result<Ticket, Box<Refused>> {
        let Some(ask) = self.ask(limit, 0, facts)? else { return Ok(Ticket::Nothing) };
        let now = self.clock.now();
        match self.store.decide_at_once(&ask, now) {
            Some(ruling) => self.answer(limit, &ask, &[ruling], now, facts),
            None => self.decide_one(limit, &ask, now, facts),
        }
    }

    #[inline(never)]
    fn decide_one(
        &self,
        limit: &'static Limit,
        ask: &Ask<'_>,
        now: Moment,
        facts: &RequestFacts<'_>,
    ) -> Result<Ticket, Box<Refused>> {
        if let Ok(rulings) = self.store.decide(slice::from_ref(ask), now) {
            return self.answer(limit, ask, &rulings, now, facts);
        }
        self.tell(0, Outcome::StoreFailed);
        Ok(Ticket::Nothing)
    }

    /// What the only limit of a function says.
    #[inline]
    fn answer(
        &self,
        limit: &'static Limit,
        ask: &Ask<'_>,
        rulings: &[Ruling],
        now: Moment,
        facts: &RequestFacts<'_>,
    ) -> Result<Ticket, Box<Refused>> {
        let ticket = Ticket::of_one(limit, rulings, now);
        if rulings.iter().all(Ruling::fits) {
            self.tell(0, Outcome::Admitted);
            return Ok(ticket);
        }
        let mut refusal = Refusal::default();
        self.note((limit, 0), ask, rulings, facts, &mut refusal);
        conclude(refusal, ticket)
    }

    #[cold]
    fn admit_by_all(
        &self,
        limits: &'static [Limit],
        facts: &RequestFacts<'_>,
    ) -> Result<Ticket, Box<Refused>> {
        let (mut asks, mut slots) = (ArrayVec::<_, MAX_RATES>::new(), ArrayVec::<_, MAX_RATES>::new());
        for (slot, limit) in limits.iter().enumerate().take(MAX_RATES) {
            if let Some(ask) = self.ask(limit, slot, facts)? {
                asks.push(ask);
                slots.push(slot);
            }
        }
        let now = self.clock.now();
        let Ok(decision) = self.store.decide(&asks, now) else {
            for slot in slots {
                self.tell(slot, Outcome::StoreFailed);
            }
            return Ok(Ticket::Nothing);
        };
        let (mut refusal, mut fitting) = (Refusal::default(), Vec::new());
        let mut by_limit = vec![&[][..]; limits.len()];
        let mut rest = decision.as_slice();
        for (slot, ask) in slots.into_iter().zip(&asks) {
            let (rulings, others) = rest.split_at(ask.rates.len().min(rest.len()));
            if rulings.iter().all(Ruling::fits) {
                fitting.push(slot);
            }
            self.note((&limits[slot], slot), ask, rulings, facts, &mut refusal);
            (by_limit[slot], rest) = (rulings, others);
        }
        if refusal.is_empty() {
            for slot in fitting {
                self.tell(slot, Outcome::Admitted);
            }
        }
        conclude(refusal, Ticket::of_many(limits, &by_limit, now))
    }

    /// Notes what a limit refuses; in shadow mode for the observer alone.
    #[cold]
    fn note(
        &self,
        (limit, slot): (&Limit, usize),
        ask: &Ask<'_>,
        rulings: &[Ruling],
        facts: &RequestFacts<'_>,
        refusal: &mut Refusal,
    ) {
        if rulings.iter().all(Ruling::fits) {
            return;
        }
        self.tell_refusal(limit, slot, ask.key.class(), facts);
        if !limit.is_shadow() {
            refusal.add(ask, rulings);
        }
    }

    /// What to ask the store for a limit; nothing where its key is missing and it does not apply.
    #[inline]
    fn ask(
        &self,
        limit: &'static Limit,
        slot: usize,
        facts: &RequestFacts<'_>,
    ) -> Result<Option<Ask<'static>>, Box<Refused>> {
        let key = match (key_of(limit.key(), facts), limit.on_missing()) {
            (Some(key), _) => key,
            (None, Missing::Anonymous) => Key::ANONYMOUS,
            (None, Missing::Skip) => {
                self.tell(slot, Outcome::Skipped);
                return Ok(None);
            }
            (None, Missing::Reject) => return self.refuse_keyless(limit, slot, facts).map(|()| None),
        };
        let cost = match limit.request_cost() {
            Cost::Fixed(cost) => cost,
            Cost::Of(cost) => cost(facts),
        };
        Ok(Some(Ask {
            scope: scope(self.site, self.first_limit + slot, limit),
            key,
            cost,
            rates: limit.rates(),
            algorithm: limit.counting(),
            shadow: limit.is_shadow(),
            on_store_error: limit.store_error(),
            lease: limit.block(),
        }))
    }

    #[cold]
    fn refuse_keyless(
        &self,
        limit: &Limit,
        slot: usize,
        facts: &RequestFacts<'_>,
    ) -> Result<(), Box<Refused>> {
        self.tell_refusal(limit, slot, "missing", facts);
        if limit.is_shadow() {
            return Ok(());
        }
        let is_unproven = limit.key().needs_principal() && facts.principal().is_none();
        let problem = if is_unproven { unproven(self.resolver, self.refusal) } else { lacking(limit) };
        let answer = problem.into_response();
        Err(Box::new(Refused { answer, ticket: Ticket::default() }))
    }

    #[cold]
    fn tell_refusal(&self, limit: &Limit, slot: usize, key_class: &'static str, facts: &RequestFacts<'_>) {
        let outcome = if limit.is_shadow() { Outcome::ShadowRefused } else { Outcome::Refused };
        let about = refused_key(key_class, facts.headers());
        self.sink.tell(Told::new(self.site, self.first_slot + slot, outcome).refused(about));
    }

    #[inline]
    fn tell(&self, slot: usize, outcome: Outcome) {
        self.sink.tell(Told::new(self.site, self.first_slot + slot, outcome));
    }
}

fn conclude(refusal: Refusal, ticket: Ticket) -> Result<Ticket, Box<Refused>> {
    if refusal.is_empty() {
        return Ok(ticket);
    }
    Err(Box::new(Refused { answer: refusal.into_problem().into_response(), ticket }))
}

impl Ticket {
    #[inline]
    fn of_one(limit: &'static Limit, rulings: &[Ruling], now: Moment) -> Self {
        match (limit.is_shadow(), limit.rates(), rulings) {
            (true, ..) => Self::Nothing,
            (false, [rate], [ruling]) => Self::One(Standing::of(rate, ruling, now)),
            _ => Self::of_many(slice::from_ref(limit), &[rulings], now),
        }
    }

    /// `rulings` are those of each limit, none where it did not apply.
    fn of_many(limits: &'static [Limit], rulings: &[&[Ruling]], now: Moment) -> Self {
        let announced = limits.iter().zip(rulings).filter(|(limit, _)| !limit.is_shadow());
        let standings = announced.flat_map(|(limit, rulings)| {
            let rulings = rulings.iter().map(Some).chain(iter::repeat(None));
            limit.rates().iter().zip(rulings).map(|(rate, ruling)| Some(Standing::of(rate, ruling?, now)))
        });
        Self::of_standings(standings)
    }

    /// How the limits at the door stand and those behind, together.
    #[cold]
    pub(crate) fn join(&self, own: &'static [Limit], other: &Self, others: &'static [Limit]) -> Self {
        Self::of_standings(self.standings(own).chain(other.standings(others)))
    }

    /// How each announced rate of these limits stands.
    fn standings(&self, limits: &'static [Limit]) -> impl Iterator<Item = Option<Standing>> {
        let announced =
            limits.iter().filter(|limit| !limit.is_shadow()).map(|limit| limit.rates().len()).sum();
        (0..announced).map(move |place| match self {
            Self::Nothing => None,
            Self::One(standing) => (place == 0).then_some(*standing),
            Self::Many(standings) => *standings.0.get(place)?,
        })
    }

    fn of_standings(standings: impl Iterator<Item = Option<Standing>>) -> Self {
        let standings: ArrayVec<_, MAX_RATES> = standings.take(MAX_RATES).collect();
        if standings.iter().all(Option::is_none) {
            Self::Nothing
        } else {
            Self::Many(Box::new(Standings(standings)))
        }
    }

    /// Puts the fields onto the answer of a function with these limits, whatever it is.
    #[inline]
    pub(crate) fn stamp(&self, limits: &'static [Limit], policy: HeaderValue, headers: &mut HeaderMap) {
        let rates = limits.iter().filter(|limit| !limit.is_shadow()).flat_map(Limit::rates);
        let field = match self {
            Self::Nothing => None,
            Self::One(standing) => standings_field(rates.take(1).map(|rate| (rate, *standing))),
            Self::Many(standings) => standings_field(
                rates.zip(&standings.0).filter_map(|(rate, standing)| Some((rate, (*standing)?))),
            ),
        };
        if let Some(field) = field {
            headers.insert(RATELIMIT_POLICY, policy);
            headers.insert(RATELIMIT, field);
        }
    }
}

#[inline]
fn key_of(source: &KeySource, facts: &RequestFacts<'_>) -> Option<Key> {
    match source {
        KeySource::Address => facts.client().map(Key::address),
        KeySource::Everyone => Some(Key::EVERYONE),
        KeySource::Principal => facts.principal().map(Principal::key),
        KeySource::Header(name) => facts.headers().get(name()).map(Key::bytes),
        KeySource::Custom(key) => key(facts).map(Key::made_up),
        KeySource::Joined(sources) => {
            sources.iter().map(|source| key_of(source, facts)).collect::<Option<Vec<_>>>().map(Key::join)
        }
    }
}
