//! Whether a budget admits a call: now, or within the time that it may wait.

use std::slice;
use std::time::Duration;

use super::site::{CallSite, Limited};
use crate::app::{Held, WaitsFor};
use crate::backend::Ahead;
use crate::core::{Key, Moment, Outcome, Policy, RefusedKey, Sink, Told};
use crate::http::Rejected;
use crate::rate_limit::scopes::scope;
use crate::rate_limit::{Algorithm, Ask, Cost, How, Limit, Rate, Settled, Verdict};

/// Charges a call, or refuses it.
pub(super) async fn admit(site: &'static CallSite, limited: &Limited, key: Key) -> Result<(), Rejected> {
    let held = Held::of_task();
    if !held.is_enabled(Policy::RateLimit) {
        return Ok(());
    }
    let in_force = held.in_force().of((site.site().id(), 0)).unwrap_or_default();
    if in_force.disabled {
        return Ok(());
    }
    let mut ask = ask(site, limited.limit(), key);
    ask.shadow = in_force.shadow.unwrap_or(ask.shadow);
    if let Some(rates) = in_force.rates {
        ask.rates = rates.as_slice();
    }
    let desk = Desk { held, site, ask };
    let patience = limited.patience();
    // Whoever is not refused need not wait, also where the configuration says so.
    let said =
        if patience.is_zero() || desk.ask.shadow { desk.decide().await } else { desk.wait(patience).await };
    desk.conclude(said)
}

/// The limit is the first of its function, and the only one.
fn ask<'a>(site: &CallSite, limit: &'a Limit, key: Key) -> Ask<'a> {
    let mut ask = Ask::new(scope(site.site().id(), 0, limit), key, limit.rates());
    ask.cost = match limit.request_cost() {
        Cost::Fixed(cost) => cost,
        Cost::Of(_) => 1,
    };
    ask.algorithm = limit.counting();
    ask.shadow = limit.is_shadow();
    ask.on_store_error = limit.store_error();
    ask.lease = limit.block();
    ask
}

/// One call in front of its budget.
struct Desk<'a> {
    held: Held,
    site: &'static CallSite,
    ask: Ask<'a>,
}

/// What a budget says to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Fits,
    /// The memory of this process says so, because the store is away.
    FitsHere,
    /// It will, at that moment, unless somebody else is first; and what it is until then.
    NotYet(Moment, Outcome),
    /// It costs more than is ever admitted at once.
    Never,
    /// Nobody could tell, and it passes.
    Open,
    /// Nobody could tell, and it does not.
    Closed,
}

impl Desk<'_> {
    /// Decides once.
    async fn decide(&self) -> Said {
        let now = self.held.clock().now();
        let Settled { rulings, how } = self.held.budgets().decide(slice::from_ref(&self.ask), now).await;
        let (fits, refused) = match how {
            How::Decided => (Said::Fits, Outcome::Refused),
            How::Locally => (Said::FitsHere, Outcome::LocallyRefused),
            How::Undecided => return Said::Open,
            How::Closed => return Said::Closed,
        };
        let verdicts = rulings.iter().map(|ruling| ruling.verdict);
        verdicts.fold(fits, |said, verdict| match (said, verdict) {
            (Said::Never, _) | (_, Verdict::Never) => Said::Never,
            (Said::NotYet(at, _), Verdict::NotYet { wait_nanos }) => {
                Said::NotYet(at.max(now.saturating_add_nanos(wait_nanos)), refused)
            }
            (_, Verdict::NotYet { wait_nanos }) => {
                Said::NotYet(now.saturating_add_nanos(wait_nanos), refused)
            }
            (said, Verdict::Fits) => said,
        })
    }

    /// Decides as soon as it is this call's turn, and again when there is a permit for it, until it fits or no longer can in time.
    async fn wait(&self, patience: Duration) -> Said {
        let deadline = self.held.clock().now().saturating_add(patience);
        let waits_for: WaitsFor = (self.ask.scope, self.ask.key.clone());
        let lines = self.held.waiting();
        let ahead = lines.line_of(&waits_for);
        // Those that wait were first.
        let mut said = match ahead {
            Some(ahead) => Said::NotYet(self.earliest(ahead), Outcome::Refused),
            None => self.decide().await,
        };
        let Said::NotYet(at, _) = said else { return said };
        if at > deadline {
            return said;
        }
        let Ok(mut place) = lines.join(waits_for, self.ask.cost) else { return said };
        if !place.is_next(self.held.clock().sleep_until(deadline)).await {
            return said;
        }
        // Those ahead may have gone without a permit.
        if ahead.is_some() {
            said = self.decide().await;
        }
        while let Said::NotYet(at, _) = said
            && at <= deadline
        {
            place.is_served_at(at);
            self.held.clock().sleep_until(at).await;
            said = self.decide().await;
        }
        said
    }

    /// The moment before which a call cannot be served that is the last of a line, as far as that is known.
    fn earliest(&self, ahead: Ahead) -> Moment {
        let now = self.held.clock().now();
        let Some(head) = ahead.head else { return now };
        let behind_head = ahead.cost.saturating_sub(u64::from(head.cost));
        let permits = behind_head.saturating_add(u64::from(self.ask.cost));
        let nanos = self.ask.rates.iter().map(|rate| takes(self.ask.algorithm, rate, permits)).min();
        head.served_at.saturating_add_nanos(nanos.unwrap_or_default()).max(now)
    }

    fn conclude(&self, said: Said) -> Result<(), Rejected> {
        let name = self.site.site().name();
        match said {
            Said::Fits => self.tell(Outcome::Admitted),
            Said::FitsHere => self.tell(Outcome::LocallyAdmitted),
            Said::Open => self.tell(Outcome::StoreFailed),
            Said::NotYet(..) | Said::Never if self.ask.shadow => {
                self.tell_refusal(Outcome::ShadowRefused);
            }
            Said::NotYet(at, refused) => {
                self.tell_refusal(refused);
                // Never zero: who is told so asks again at once.
                let wait = at.nanos_since(self.held.clock().now()).max(1);
                return Err(Rejected::by_quota(name, Some(Duration::from_nanos(wait))));
            }
            Said::Never => {
                self.tell_refusal(Outcome::Refused);
                return Err(Rejected::by_quota(name, None));
            }
            Said::Closed => {
                self.tell_refusal(Outcome::StoreRefused);
                return Err(Rejected::by_unknown_quota(name));
            }
        }
        Ok(())
    }

    fn tell(&self, outcome: Outcome) {
        self.held.instruments().tell(self.told(outcome));
    }

    fn tell_refusal(&self, outcome: Outcome) {
        let refused = RefusedKey { key_class: self.ask.key.class(), trace_id: None };
        self.held.instruments().tell(self.told(outcome).refused(refused));
    }

    fn told(&self, outcome: Outcome) -> Told {
        Told::new(self.site.site().id(), self.site.slot_of(Policy::RateLimit), outcome)
    }
}

/// The time in which a rate earns so many permits, when it has none; at least, where it does not give them back evenly.
fn takes(algorithm: Algorithm, rate: &Rate, permits: u64) -> u64 {
    match algorithm {
        Algorithm::Gcra | Algorithm::TokenBucket => rate.emission_nanos().saturating_mul(permits),
        Algorithm::SlidingWindow | Algorithm::SlidingLog | Algorithm::FixedWindow => {
            let later = permits.saturating_sub(u64::from(rate.quota()) + 1);
            rate.emission_nanos().saturating_mul(later)
        }
    }
}
