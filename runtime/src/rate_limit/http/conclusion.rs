//! What comes of the store's answers: outcomes for those who count them, a refusal or a ticket for the request.

use ::http::HeaderMap;
use axum::response::IntoResponse;

use super::super::fleet::{How, Settled};
use super::super::policy::OnStoreError;
use super::super::refusal::{Refusal, store_away};
use super::super::store::{Ask, Ruling};
use super::{Asked, Desk, Receipt, Refused, Ticket};
use crate::core::{Moment, Outcome, Sink, Told};
use crate::http::refused_key;

impl<T: Sink> Desk<'_, T> {
    pub(super) fn conclude(
        &self,
        asked: &Asked,
        settled: &Settled,
        now: Moment,
        headers: &HeaderMap,
    ) -> Result<Ticket, Box<Refused>> {
        match settled.how {
            How::Decided | How::Locally => self.rule(asked, settled, now, headers),
            How::Undecided => {
                for slot in &asked.slots {
                    self.tell(*slot, Outcome::StoreFailed);
                }
                Ok(Ticket::Nothing)
            }
            How::Closed => self.refuse_closed(asked, headers),
        }
    }

    /// Somebody decided.
    fn rule(
        &self,
        asked: &Asked,
        settled: &Settled,
        now: Moment,
        headers: &HeaderMap,
    ) -> Result<Ticket, Box<Refused>> {
        let (mut refusal, mut fitting, mut receipts) = (Refusal::default(), Vec::new(), Vec::new());
        let mut by_limit = vec![&[][..]; asked.limits.len()];
        let mut rest = settled.rulings.as_slice();
        for (slot, limit, ask) in asked.by_limit() {
            let (rulings, others) = rest.split_at(ask.rates.len().min(rest.len()));
            rest = others;
            let stood_aside = settled.how == How::Locally && ask.on_store_error != OnStoreError::Local;
            if rulings.iter().all(Ruling::fits) {
                fitting.push((slot, admitted(settled.how, stood_aside)));
                if !stood_aside && !limit.charged_statuses().is_empty() {
                    // A store was asked at `now` and has answered since.
                    let charges = ask.charges(rulings, now, self.clock.now());
                    receipts.push(Receipt::new(ask.clone(), charges, limit.charged_statuses(), settled.how));
                }
            } else {
                let outcome =
                    if settled.how == How::Locally { Outcome::LocallyRefused } else { Outcome::Refused };
                self.note(ask, slot, outcome, rulings, headers, &mut refusal);
            }
            if let Some(place) = by_limit.get_mut(slot).filter(|_| !stood_aside) {
                *place = rulings;
            }
        }
        if !refusal.is_empty() {
            return conclude(refusal, Ticket::of_many(asked, &by_limit, Vec::new(), now));
        }
        for (slot, outcome) in fitting {
            self.tell(slot, outcome);
        }
        Ok(Ticket::of_many(asked, &by_limit, receipts, now))
    }

    /// Notes what a limit refuses; in shadow mode for the observer alone.
    #[cold]
    pub(super) fn note(
        &self,
        ask: &Ask<'_>,
        slot: usize,
        outcome: Outcome,
        rulings: &[Ruling],
        headers: &HeaderMap,
        refusal: &mut Refusal,
    ) {
        let outcome = if ask.shadow { Outcome::ShadowRefused } else { outcome };
        self.tell_refusal(slot, outcome, ask.key.class(), headers);
        if !ask.shadow {
            refusal.add(ask, rulings);
        }
    }

    /// The store is away, and a limit says that nobody passes meanwhile.
    #[cold]
    fn refuse_closed(&self, asked: &Asked, headers: &HeaderMap) -> Result<Ticket, Box<Refused>> {
        for (slot, _, ask) in asked.by_limit() {
            if ask.on_store_error == OnStoreError::Closed && !ask.shadow {
                self.tell_refusal(slot, Outcome::StoreRefused, ask.key.class(), headers);
            }
        }
        Err(Box::new(Refused { answer: store_away().into_response(), ticket: Ticket::Nothing }))
    }

    #[cold]
    pub(super) fn tell_refusal(
        &self,
        slot: usize,
        outcome: Outcome,
        key_class: &'static str,
        headers: &HeaderMap,
    ) {
        let about = refused_key(key_class, headers);
        self.sink.tell(Told::new(self.site, self.first_slot + slot, outcome).refused(about));
    }
}

const fn admitted(how: How, stood_aside: bool) -> Outcome {
    match how {
        How::Locally if stood_aside => Outcome::StoreFailed,
        How::Locally => Outcome::LocallyAdmitted,
        _ => Outcome::Admitted,
    }
}

pub(super) fn conclude(refusal: Refusal, ticket: Ticket) -> Result<Ticket, Box<Refused>> {
    if refusal.is_empty() {
        return Ok(ticket);
    }
    Err(Box::new(Refused { answer: refusal.into_problem().into_response(), ticket }))
}
