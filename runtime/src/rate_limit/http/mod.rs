//! Limits in front of a handler: from the facts of a request to a charge or a refusal, and the fields of the answer.
//!
//! | file | what |
//! | --- | --- |
//! | `asked.rs` | what a request is asked to pay: one question for each limit that applies |
//! | `conclusion.rs` | what comes of the store's answers: outcomes, a refusal, a ticket |
//! | `ticket.rs` | what a request takes along to its answer |

mod asked;
mod conclusion;
mod ticket;

use ::http::HeaderMap;
use axum::response::Response;

use self::asked::Asked;
pub(super) use self::asked::key_of;
pub(crate) use self::ticket::{Receipt, Ticket};
use super::fleet::{How, Limits, Settled};
use super::in_force::InForce;
use super::memory::Memory;
use super::policy::Limit;
use super::refusal::Refusal;
use super::store::{Ask, Ruling, Store};
use crate::core::{Clock, Moment, Outcome, Sink, SiteId, Told};
use crate::http::{KnownClient, RefusalKind, RequestFacts, Resolver};

/// What a limiter needs besides its policy.
pub(crate) struct Desk<'a, T> {
    pub(crate) limits: &'a Limits,
    pub(crate) in_force: &'a InForce,
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

/// A refused request, on its way out.
pub(crate) struct Refused {
    pub(crate) answer: Response,
    pub(crate) ticket: Ticket,
}

impl<T: Sink> Desk<'_, T> {
    /// Charges the request to every limit that applies to it, or to none and refuses it: where this process's memory decides.
    #[inline]
    pub(crate) fn admit(
        &self,
        memory: &Memory,
        limits: &'static [Limit],
        facts: &RequestFacts<'_>,
    ) -> Result<Ticket, Box<Refused>> {
        match limits {
            [limit] if limit.is_plain() && self.in_force.is_empty() => {
                self.admit_by_one(memory, limit, facts)
            }
            limits => self.admit_by_all(memory, limits, facts),
        }
    }

    /// The same wherever the budgets are kept. Dropped while it waits, it may have charged, and has not admitted.
    ///
    /// What was found out about the client comes back, for those who ask next.
    pub(crate) async fn admit_waiting(
        &self,
        limits: &'static [Limit],
        facts: RequestFacts<'_>,
        headers: &HeaderMap,
    ) -> Result<(Ticket, KnownClient), Box<Refused>> {
        if limits.is_empty() {
            return Ok((Ticket::Nothing, facts.into_client()));
        }
        if let Some(memory) = self.limits.memory() {
            let ticket = self.admit(memory, limits, &facts)?;
            return Ok((ticket, facts.into_client()));
        }
        let asked = self.ask(limits, &facts)?;
        // From here on without the facts: they are worked out by whoever asks first, and so for one thread alone.
        let client = facts.into_client();
        let settled = self.limits.decide(asked.asks(), self.clock.now()).await;
        // Time has passed meanwhile.
        Ok((self.conclude(&asked, &settled, self.clock.now(), headers)?, client))
    }

    /// The usual case: no allocation, and nothing kept for a second limit.
    #[inline]
    fn admit_by_one(
        &self,
        memory: &Memory,
        limit: &'static Limit,
        facts: &RequestFacts<'_>,
    ) -> Result<Ticket, Box<Refused>> {
        let Some(ask) = self.ask_one(limit, 0, facts)? else { return Ok(Ticket::Nothing) };
        let now = self.clock.now();
        match memory.decide_at_once(&ask, now) {
            Some(ruling) => self.answer(limit, &ask, &[ruling], now, facts),
            None => self.decide_one(memory, limit, &ask, now, facts),
        }
    }

    #[inline(never)]
    fn decide_one(
        &self,
        memory: &Memory,
        limit: &'static Limit,
        ask: &Ask<'_>,
        now: Moment,
        facts: &RequestFacts<'_>,
    ) -> Result<Ticket, Box<Refused>> {
        if let Ok(rulings) = memory.decide(std::slice::from_ref(ask), now) {
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
        self.note(ask, 0, Outcome::Refused, rulings, facts.headers(), &mut refusal);
        conclusion::conclude(refusal, ticket)
    }

    #[cold]
    fn admit_by_all(
        &self,
        memory: &Memory,
        limits: &'static [Limit],
        facts: &RequestFacts<'_>,
    ) -> Result<Ticket, Box<Refused>> {
        let asked = self.ask(limits, facts)?;
        let now = self.clock.now();
        let settled = match memory.decide(asked.asks(), now) {
            Ok(rulings) => Settled { rulings, how: How::Decided },
            Err(_) => Settled { rulings: super::store::Decision::new(), how: How::Undecided },
        };
        self.conclude(&asked, &settled, now, facts.headers())
    }

    #[inline]
    fn tell(&self, slot: usize, outcome: Outcome) {
        self.sink.tell(Told::new(self.site, self.first_slot + slot, outcome));
    }
}
