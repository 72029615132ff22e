//! From a request to a charge or a refusal, and the fields of the answer.

use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::limit_set::LimitSet;
use crate::app::Held;
use crate::core::{Policy, Principal};
use crate::http::fields::{RATELIMIT, RATELIMIT_POLICY};
use crate::http::{Refusal, RefusalKind, RequestFacts, Resolution};
use crate::metrics::Instruments;
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
    pub(super) fn enter(mut self, parts: &Parts) -> Result<Self, Box<Response>> {
        let (limits, _) = self.set.limits();
        let Some(memory) = self.held.budgets().memory() else { return Ok(self) };
        let facts = RequestFacts::by(parts, self.held.client_rule());
        let entered = self.desk(0, None).admit(memory, limits, &facts);
        let entered = entered.map(|ticket| self.ticket = ticket);
        self.or_turned_away(entered)
    }

    /// Charges a request, first to the limits that need its head alone, then to those that need to know who asks.
    ///
    /// It may be dropped while it waits: what was charged stays charged, as for any request that its client gives up.
    pub(super) async fn enter_waiting(mut self, parts: &mut Parts) -> Result<Self, Box<Response>> {
        let (at_the_door, behind) = self.set.limits();
        let facts = RequestFacts::by(parts, self.held.client_rule());
        let client = match self.desk(0, None).admit_waiting(at_the_door, facts, &parts.headers).await {
            Ok((ticket, client)) => {
                self.ticket = ticket;
                client
            }
            Err(refused) => return self.or_turned_away(Err(refused)),
        };
        if behind.is_empty() {
            return Ok(self);
        }
        let resolution = self.held.resolution(parts).await;
        let facts = RequestFacts::by(parts, self.held.client_rule()).with_client(client);
        let facts = facts.with_principal(principal(&resolution));
        let refusal = resolution.as_ref().err().map(Refusal::kind);
        let desk = self.desk(at_the_door.len(), refusal);
        let limited = desk.admit_waiting(behind, facts, &parts.headers).await.map(|(ticket, _)| ticket);
        let ticket = std::mem::take(&mut self.ticket).and(at_the_door, limited, behind);
        let entered = ticket.map(|ticket| self.ticket = ticket);
        self.or_turned_away(entered)
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

    fn or_turned_away(self, entered: Result<(), Box<Refused>>) -> Result<Self, Box<Response>> {
        match entered {
            Ok(()) => Ok(self),
            Err(refused) => Err(Box::new(self.turn_away(*refused))),
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

fn principal(resolution: &Resolution) -> Option<&Principal> {
    resolution.as_ref().ok()?.as_ref()
}
