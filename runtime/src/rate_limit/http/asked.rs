//! What a request is asked to pay: one question for each limit that applies.

use arrayvec::ArrayVec;
use axum::response::IntoResponse;

use super::super::policy::{Cost, KeySource, Limit, MAX_RATES, Missing};
use super::super::refusal::lacking;
use super::super::scopes::scope;
use super::super::store::{Ask, Scope};
use super::super::tiers;
use super::{Desk, Refused, Ticket};
use crate::core::{Key, Outcome, Principal, Sink};
use crate::http::{RequestFacts, unproven};

/// The questions of one request to the limits that are decided together.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(super) limits: &'static [Limit],
    /// Where the limit of each question stands among them.
    pub(super) slots: ArrayVec<usize, MAX_RATES>,
    pub(super) asks: Vec<Ask<'static>>,
    /// Limits that configuration has switched off: they are not announced.
    pub(super) disabled: ArrayVec<usize, MAX_RATES>,
}

impl Asked {
    /// To the store.
    pub(crate) fn asks(&self) -> &[Ask<'static>] {
        &self.asks
    }

    /// Each with its limit, and the place of that.
    pub(crate) fn by_limit(&self) -> impl Iterator<Item = (usize, &'static Limit, &Ask<'static>)> {
        let limits = self.limits;
        self.slots
            .iter()
            .zip(&self.asks)
            .filter_map(move |(slot, ask)| Some((*slot, limits.get(*slot)?, ask)))
    }
}

impl<T: Sink> Desk<'_, T> {
    /// What to ask the store; a refusal where a key is missing that has to be there.
    pub(crate) fn ask(
        &self,
        limits: &'static [Limit],
        facts: &RequestFacts<'_>,
    ) -> Result<Asked, Box<Refused>> {
        let mut asked = Asked { limits, slots: ArrayVec::new(), asks: Vec::new(), disabled: ArrayVec::new() };
        for (slot, limit) in limits.iter().enumerate().take(MAX_RATES) {
            let in_force = self.in_force.of((self.site, self.first_limit + slot)).unwrap_or_default();
            if in_force.disabled {
                asked.disabled.push(slot);
                continue;
            }
            let Some(mut ask) = self.ask_one(limit, slot, facts)? else { continue };
            ask.shadow = in_force.shadow.unwrap_or(ask.shadow);
            if let Some(rates) = in_force.rates {
                ask.rates = rates.as_slice();
            } else if let Some(tiers) = limit.tiers_of() {
                ask.rates = limit.named(tiers(facts));
                ask.scope = tiers::chosen(ask.scope, ask.rates);
            }
            asked.slots.push(slot);
            asked.asks.push(ask);
        }
        Ok(asked)
    }

    /// What to ask the store for a limit as it is declared; nothing where its key is missing and it does not apply.
    #[inline]
    pub(super) fn ask_one(
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
        let scope = scope(self.site, self.first_limit + slot, limit);
        Ok(Some(Ask { cost, ..limit.ask(scope, key) }))
    }

    #[cold]
    fn refuse_keyless(
        &self,
        limit: &Limit,
        slot: usize,
        facts: &RequestFacts<'_>,
    ) -> Result<(), Box<Refused>> {
        let outcome = if limit.is_shadow() { Outcome::ShadowRefused } else { Outcome::Refused };
        self.tell_refusal(slot, outcome, "missing", facts.headers());
        if limit.is_shadow() {
            return Ok(());
        }
        let is_unproven = limit.key().needs_principal() && facts.principal().is_none();
        let problem = if is_unproven { unproven(self.resolver, self.refusal) } else { lacking(limit) };
        Err(Box::new(Refused { answer: problem.into_response(), ticket: Ticket::default() }))
    }
}

impl Limit {
    /// What it asks the store for that key.
    #[inline]
    pub(crate) fn ask(&'static self, scope: Scope, key: Key) -> Ask<'static> {
        Ask {
            scope,
            key,
            cost: 1,
            rates: self.rates(),
            algorithm: self.counting(),
            shadow: self.is_shadow(),
            on_store_error: self.store_error(),
            lease: self.block(),
        }
    }
}

#[inline]
pub(in super::super) fn key_of(source: &KeySource, facts: &RequestFacts<'_>) -> Option<Key> {
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
