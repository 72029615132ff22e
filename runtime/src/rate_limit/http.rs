//! Limits in front of a handler: from the facts of a request to a charge or a refusal, and the fields of the answer.

use ::http::{HeaderMap, HeaderValue};
use arrayvec::ArrayVec;
use axum::response::{IntoResponse, Response};

use super::policy::{Cost, KeySource, Limit, MAX_RATES, Missing};
use super::refusal::{Refusal, missing_key};
use super::store::{Ask, Ruling, Store};
use super::wire::Standings;
use crate::core::{Clock, Decided, Key, Moment, Observer, Outcome, SiteId};
use crate::http::RequestFacts;
use crate::http::fields::{RATELIMIT, RATELIMIT_POLICY};

/// What a limiter needs besides its policy.
pub(crate) struct Desk<'a, S, O> {
    pub(crate) store: &'a S,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) observer: &'a O,
    pub(crate) site: SiteId,
    /// The place of the first limit among the policies of the site.
    pub(crate) first_slot: usize,
}

/// What a request takes along to its answer.
#[derive(Debug, Default)]
pub(crate) struct Ticket {
    field: Option<HeaderValue>,
}

/// A refused request, on its way out.
pub(crate) struct Refused {
    pub(crate) answer: Response,
    pub(crate) ticket: Ticket,
}

impl<S: Store, O: Observer> Desk<'_, S, O> {
    /// Charges the request to every limit that applies to it, or to none and refuses it.
    #[inline]
    pub(crate) fn admit(
        &self,
        limits: &'static [Limit],
        facts: RequestFacts<'_>,
    ) -> Result<Ticket, Box<Refused>> {
        match limits {
            [limit] => self.admit_by_one(limit, facts),
            limits => self.admit_by_all(limits, facts),
        }
    }

    fn admit_by_one(&self, limit: &'static Limit, facts: RequestFacts<'_>) -> Result<Ticket, Box<Refused>> {
        let Some(ask) = self.ask(limit, 0, facts)? else { return Ok(Ticket::default()) };
        let now = self.clock.now();
        let Ok(rulings) = self.store.decide(std::slice::from_ref(&ask), now) else {
            self.tell(0, Outcome::StoreFailed);
            return Ok(Ticket::default());
        };
        let mut conclusion = Conclusion::at(now);
        conclusion.add(self, limit, 0, &ask, &rulings);
        if conclusion.refusal.is_none() && rulings.iter().all(Ruling::fits) {
            self.tell(0, Outcome::Admitted);
        }
        conclusion.end()
    }

    #[inline(never)]
    fn admit_by_all(
        &self,
        limits: &'static [Limit],
        facts: RequestFacts<'_>,
    ) -> Result<Ticket, Box<Refused>> {
        let mut slots = ArrayVec::<usize, MAX_RATES>::new();
        let mut asks = ArrayVec::<Ask<'_>, MAX_RATES>::new();
        for (slot, limit) in limits.iter().enumerate().take(MAX_RATES) {
            if let Some(ask) = self.ask(limit, slot, facts)? {
                asks.push(ask);
                slots.push(slot);
            }
        }
        let now = self.clock.now();
        let Ok(decision) = self.store.decide(&asks, now) else {
            slots.iter().for_each(|slot| self.tell(*slot, Outcome::StoreFailed));
            return Ok(Ticket::default());
        };
        let (mut conclusion, mut fitting) = (Conclusion::at(now), ArrayVec::<usize, MAX_RATES>::new());
        let mut rest = decision.as_slice();
        for (slot, ask) in slots.iter().zip(&asks) {
            let (rulings, others) = rest.split_at(ask.rates.len().min(rest.len()));
            conclusion.add(self, &limits[*slot], *slot, ask, rulings);
            if rulings.iter().all(Ruling::fits) {
                fitting.push(*slot);
            }
            rest = others;
        }
        if conclusion.refusal.is_none() {
            fitting.iter().for_each(|slot| self.tell(*slot, Outcome::Admitted));
        }
        conclusion.end()
    }

    /// What to ask the store for a limit; nothing where its key is missing and it does not apply.
    #[inline]
    fn ask(
        &self,
        limit: &'static Limit,
        slot: usize,
        facts: RequestFacts<'_>,
    ) -> Result<Option<Ask<'static>>, Box<Refused>> {
        let key = match (key_of(limit.key(), facts), limit.on_missing()) {
            (Some(key), _) => key,
            (None, Missing::Anonymous) => Key::ANONYMOUS,
            (None, missing) => return self.refuse_or_skip(limit, slot, missing).map(|()| None),
        };
        let cost = match limit.request_cost() {
            Cost::Fixed(cost) => cost,
            Cost::Of(cost) => cost(&facts),
        };
        #[allow(clippy::cast_possible_truncation, reason = "a function has at most MAX_RATES limits")]
        let scope = self.site.number() * MAX_RATES as u32 + slot as u32;
        Ok(Some(Ask { scope, key, cost, rates: limit.rates(), shadow: limit.is_shadow() }))
    }

    #[cold]
    fn refuse_or_skip(&self, limit: &Limit, slot: usize, missing: Missing) -> Result<(), Box<Refused>> {
        match (missing, limit.is_shadow()) {
            (Missing::Reject, false) => {
                self.tell(slot, Outcome::Refused);
                let answer = missing_key(limit).into_response();
                Err(Box::new(Refused { answer, ticket: Ticket::default() }))
            }
            (Missing::Reject, true) => {
                self.tell(slot, Outcome::ShadowRefused);
                Ok(())
            }
            (Missing::Skip | Missing::Anonymous, _) => {
                self.tell(slot, Outcome::Skipped);
                Ok(())
            }
        }
    }

    #[inline]
    fn tell(&self, slot: usize, outcome: Outcome) {
        self.observer.decided(Decided::new(self.site, self.first_slot + slot, outcome));
    }
}

/// What the limits of a function said together.
struct Conclusion {
    now: Moment,
    standings: Standings,
    refusal: Option<Box<Refusal>>,
}

impl Conclusion {
    fn at(now: Moment) -> Self {
        Self { now, standings: Standings::default(), refusal: None }
    }

    /// Adds what one limit said. In shadow mode that is told to the observer alone.
    #[inline]
    fn add<S: Store, O: Observer>(
        &mut self,
        desk: &Desk<'_, S, O>,
        limit: &Limit,
        slot: usize,
        ask: &Ask<'_>,
        rulings: &[Ruling],
    ) {
        let fits = rulings.iter().all(Ruling::fits);
        if limit.is_shadow() {
            if !fits {
                desk.tell(slot, Outcome::ShadowRefused);
            }
            return;
        }
        for (rate, ruling) in ask.rates.iter().zip(rulings) {
            self.standings.write(rate, ruling, self.now);
        }
        if !fits {
            desk.tell(slot, Outcome::Refused);
            self.refusal.get_or_insert_default().add(ask, rulings);
        }
    }

    fn end(&mut self) -> Result<Ticket, Box<Refused>> {
        let ticket = Ticket { field: self.standings.value() };
        match self.refusal.take() {
            None => Ok(ticket),
            Some(refusal) => {
                Err(Box::new(Refused { answer: refusal.into_problem().into_response(), ticket }))
            }
        }
    }
}

impl Ticket {
    /// Puts the fields onto the answer, whatever it is.
    #[inline]
    pub(crate) fn stamp(&mut self, policy: HeaderValue, headers: &mut HeaderMap) {
        if let Some(field) = self.field.take() {
            headers.insert(RATELIMIT_POLICY, policy);
            headers.insert(RATELIMIT, field);
        }
    }
}

#[inline]
fn key_of(source: &KeySource, facts: RequestFacts<'_>) -> Option<Key> {
    match source {
        KeySource::Address => facts.client().map(Key::address),
        KeySource::Everyone => Some(Key::EVERYONE),
        KeySource::Header(name) => facts.headers().get(name()).map(Key::bytes),
        KeySource::Custom(key) => key(&facts),
        KeySource::Joined(sources) => {
            sources.iter().map(|source| key_of(source, facts)).collect::<Option<Vec<_>>>().map(Key::join)
        }
    }
}
