//! From a request to a charge or a refusal, and the fields of the answer.

use std::mem;

use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::limit_set::LimitSet;
use crate::app::Held;
use crate::core::Policy;
use crate::http::fields::{RATELIMIT, RATELIMIT_POLICY};
use crate::http::{Refusal, RefusalKind, RequestFacts};
use crate::metrics::Instruments;
use crate::rate_limit::Limit;
use crate::rate_limit::http::{Desk, Refused, Ticket};

/// A request that is inside: what its answer has to be told.
pub(super) struct Pass {
    held: Held,
    set: &'static LimitSet,
    ticket: Ticket,
}

impl Pass {
    /// For a request that arrived.
    pub(super) const fn new(held: Held, set: &'static LimitSet) -> Self {
        Self { held, set, ticket: Ticket::Nothing }
    }

    /// Whether limits apply at all.
    pub(super) fn is_needed(&self) -> bool {
        self.held.is_enabled(Policy::RateLimit)
    }

    /// Whether somebody has to be waited for: a resolver of the user's, or a store that processes share.
    pub(super) fn has_to_wait(&self) -> bool {
        !self.set.limits().1.is_empty() || self.held.budgets().memory().is_none()
    }

    /// Charges a request for which nobody has to be waited for.
    pub(super) fn enter(self, parts: &Parts) -> Result<Self, Response> {
        let facts = RequestFacts::by(parts, self.held.client_rule());
        let (limits, memory) = (self.set.limits().0, self.held.budgets().memory());
        let charged =
            memory.map_or(Ok(Ticket::Nothing), |memory| self.desk(0, None).admit(memory, limits, &facts));
        self.or_turned_away(charged)
    }

    /// Charges a request, first to the limits that need its head alone, then to those that need to know who asks.
    ///
    /// It may be dropped while it waits: what was charged stays charged, as for any request that its client gives up.
    pub(super) async fn enter_waiting(self, parts: &mut Parts) -> Result<Self, Response> {
        let (at_the_door, behind) = self.set.limits();
        let facts = RequestFacts::by(parts, self.held.client_rule());
        let charged = self.charge(at_the_door, self.desk(0, None), facts, &parts.headers).await;
        let mut entered = self.or_turned_away(charged)?;
        if behind.is_empty() {
            return Ok(entered);
        }
        let resolution = entered.held.resolution(parts).await;
        let facts = RequestFacts::by(parts, entered.held.client_rule());
        let facts = facts.with_principal(resolution.as_ref().ok().and_then(Option::as_ref));
        let desk = entered.desk(at_the_door.len(), resolution.as_ref().err().map(Refusal::kind));
        let charged = entered.charge(behind, desk, facts, &parts.headers).await;
        let charged = entered.joined(charged);
        entered.or_turned_away(charged)
    }

    /// Charges these limits, wherever their budgets are kept.
    async fn charge(
        &self,
        limits: &'static [Limit],
        desk: Desk<'_, Instruments>,
        facts: RequestFacts<'_>,
        headers: &HeaderMap,
    ) -> Result<Ticket, Box<Refused>> {
        if limits.is_empty() {
            return Ok(Ticket::Nothing);
        }
        if let Some(memory) = self.held.budgets().memory() {
            return desk.admit(memory, limits, &facts);
        }
        let asked = desk.ask(limits, &facts)?;
        // What it has found out is not for other threads, and this may be continued on one.
        drop(facts);
        desk.settle(asked, headers).await
    }

    /// The desk of those limits that begin at that place.
    fn desk(&self, first: usize, refusal: Option<RefusalKind>) -> Desk<'_, Instruments> {
        Desk {
            limits: self.held.budgets(),
            in_force: self.held.in_force(),
            clock: self.held.clock(),
            sink: self.held.instruments(),
            resolver: self.held.resolver(),
            refusal,
            site: self.set.site().id(),
            // The site has no other policies.
            first_slot: first,
            first_limit: first,
        }
    }

    /// What is told of the limits at the door goes on with what is told of those behind.
    fn joined(&mut self, charged: Result<Ticket, Box<Refused>>) -> Result<Ticket, Box<Refused>> {
        let (at_the_door, behind) = self.set.limits();
        if at_the_door.is_empty() {
            return charged;
        }
        let own = mem::take(&mut self.ticket);
        match charged {
            Ok(ticket) => Ok(own.join(at_the_door, ticket, behind)),
            Err(mut refused) => {
                refused.ticket = own.join(at_the_door, mem::take(&mut refused.ticket), behind);
                Err(refused)
            }
        }
    }

    /// This pass, unless the request was refused.
    fn or_turned_away(mut self, charged: Result<Ticket, Box<Refused>>) -> Result<Self, Response> {
        match charged {
            Ok(ticket) => {
                self.ticket = ticket;
                Ok(self)
            }
            Err(refused) => Err(self.turn_away(*refused)),
        }
    }

    #[cold]
    fn turn_away(mut self, refused: Refused) -> Response {
        let Refused { mut answer, ticket } = refused;
        self.ticket = ticket;
        self.held.restyle(&mut answer);
        self.leave(&mut answer);
        answer
    }

    /// Tells the answer how the limits stand, beside what gates and layers behind this one have told it.
    pub(super) fn leave(mut self, response: &mut Response) {
        let receipts = self.ticket.settle(response.status());
        if !receipts.is_empty() {
            self.held.give_back(receipts);
        }
        let headers = response.headers_mut();
        let (limits, policy) = (self.set.all(), self.set.policy());
        if !headers.contains_key(RATELIMIT) && !headers.contains_key(RATELIMIT_POLICY) {
            return self.ticket.stamp(limits, policy, headers);
        }
        let mut own = HeaderMap::with_capacity(2);
        self.ticket.stamp(limits, policy, &mut own);
        for name in [RATELIMIT_POLICY, RATELIMIT] {
            if let Some(own) = own.get(&name) {
                append(headers, name, own);
            }
        }
    }
}

/// Appends to a list, in one line: not every client reads several.
fn append(headers: &mut HeaderMap, name: HeaderName, own: &HeaderValue) {
    let values: Vec<_> = headers.get_all(&name).iter().chain([own]).map(HeaderValue::as_bytes).collect();
    if let Ok(list) = HeaderValue::from_bytes(&values.join(&b", "[..])) {
        headers.insert(name, list);
    }
}
