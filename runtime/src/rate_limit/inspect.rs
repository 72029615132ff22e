//! How the budgets of a key stand, for operators and for clients, without charging them.

use std::time::Duration;

use super::fleet::{How, Limits};
use super::http::key_of;
use super::in_force::InForce;
use super::policy::{KeySource, Limit, Missing};
use super::scopes::{Declared, limits_of};
use super::store::{Ask, Unavailable};
use super::tiers;
use crate::core::{Key, Moment, Repr, Site};
use crate::http::RequestFacts;

/// How one limit of a function stands for one key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LimitState {
    /// Its name in metrics: `rate_limited`, `rate_limited:principal`.
    pub policy: &'static str,
    /// What it counts by, as the attribute says: `ip`.
    pub key: &'static str,
    /// Whether it only counts and reports.
    pub shadow: bool,
    /// Whether the store that processes share was away, so that this is what this process knows alone.
    pub local: bool,
    /// Its rates.
    pub rates: Vec<RateState>,
}

/// How one rate stands for one key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateState {
    /// Its name on the wire: `default`, `minute`.
    pub name: &'static str,
    /// Requests per window.
    pub quota: u32,
    /// The period of the quota.
    pub window: Duration,
    /// The most that may be sent at once after being idle.
    pub burst: u32,
    /// What may be sent now.
    pub remaining: u32,
    /// How long until `remaining` grows; zero where the budget is full.
    pub grows_in: Duration,
}

/// A question about one limit, which is not charged.
pub(crate) struct Question {
    limit: &'static Limit,
    ask: Ask<'static>,
}

/// About the limits of a site that count by keys of this kind: one question each, and for limits with tiers one for every tier that
/// this process has seen.
pub(crate) fn about_key(site: &'static Site, in_force: &InForce, key: &Key) -> Vec<Question> {
    let about = |declared: Declared| {
        let key = counted(declared.limit, key)?;
        let ask = in_force_of(&declared, in_force, key)?;
        if declared.limit.tiers_of().is_none() || has_rates(&declared, in_force) {
            return Some(vec![Question { limit: declared.limit, ask }]);
        }
        let tiers = tiers::chosen_so_far(ask.scope).into_iter();
        let of_tier =
            |(scope, rates)| Question { limit: declared.limit, ask: Ask { scope, rates, ..ask.clone() } };
        Some(tiers.map(of_tier).collect())
    };
    limits_of(site).filter_map(about).flatten().collect()
}

/// Whether a limit of the site counts by keys of this kind.
pub(crate) fn counts_by(site: &'static Site, key: &Key) -> bool {
    limits_of(site).any(|declared| counted(declared.limit, key).is_some())
}

/// What the limits of the site count by, as their attributes say.
pub(crate) fn keys_of(site: &'static Site) -> Vec<&'static str> {
    limits_of(site).map(|declared| declared.limit.key_words()).collect()
}

/// About the limits of a site that are announced to whoever sends this request, as far as their keys can be made from it. Those of
/// calls are the service's own matter.
pub(crate) fn about_request(
    site: &'static Site,
    in_force: &InForce,
    facts: &RequestFacts<'_>,
) -> Vec<Question> {
    let about = |declared: Declared| {
        if declared.limit.is_of_calls() {
            return None;
        }
        let key = key_of(declared.limit.key(), facts)?;
        let mut ask = in_force_of(&declared, in_force, key).filter(|ask| !ask.shadow)?;
        if let Some(choose) = declared.limit.tiers_of().filter(|_| !has_rates(&declared, in_force)) {
            ask.rates = declared.limit.named(choose(facts));
            ask.scope = tiers::chosen(ask.scope, ask.rates);
        }
        Some(Question { limit: declared.limit, ask })
    };
    limits_of(site).filter_map(about).collect()
}

/// What is asked about a limit as it is in force; `None` where it is disabled.
fn in_force_of(declared: &Declared, in_force: &InForce, key: Key) -> Option<Ask<'static>> {
    let over = in_force.of(declared.id()).unwrap_or_default();
    let mut ask = declared.limit.ask(declared.scope(), key);
    ask.shadow = over.shadow.unwrap_or(ask.shadow);
    if let Some(rates) = over.rates {
        ask.rates = rates.as_slice();
    }
    (!over.disabled).then_some(ask)
}

/// Whether a configuration says other rates, which hold in the place of those that a function chooses.
fn has_rates(declared: &Declared, in_force: &InForce) -> bool {
    in_force.of(declared.id()).is_some_and(|over| over.rates.is_some())
}

/// That key as the limit counts by it; `None` where it counts by keys of another kind.
fn counted(limit: &Limit, key: &Key) -> Option<Key> {
    let begins_with = |mark: u8| matches!(key.repr(), Repr::Bytes(bytes) if bytes.first() == Some(&mark));
    let is_own = match (limit.key(), key.repr()) {
        // No text of an operator's names the arguments of a call.
        _ if limit.counts_by_arguments() => false,
        (source, Repr::Anonymous) => source.may_be_missing() && limit.on_missing() == Missing::Anonymous,
        (KeySource::Address, Repr::Address(_))
        | (KeySource::Everyone, Repr::Everyone)
        | (KeySource::Principal, Repr::Principal(_)) => true,
        (KeySource::Header(_), _) => begins_with(b'b'),
        (KeySource::Joined(_), _) => begins_with(b'j'),
        (KeySource::Custom(_), _) => return Some(key.clone().made_up()),
        _ => false,
    };
    is_own.then(|| key.clone())
}

/// How the budgets stand that the questions are about.
pub(crate) async fn read(limits: &Limits, questions: &[Question], now: Moment) -> Vec<LimitState> {
    let mut states = Vec::with_capacity(questions.len());
    for Question { limit, ask } in questions {
        let reading = limits.read(std::slice::from_ref(ask), now).await;
        let rates = ask.rates.iter().zip(&reading.standings).map(|(rate, standing)| RateState {
            name: rate.name(),
            quota: rate.quota(),
            window: Duration::from_nanos(rate.period_nanos()),
            burst: rate.capacity(),
            remaining: standing.remaining,
            grows_in: Duration::from_nanos(standing.grows_in_nanos),
        });
        states.push(LimitState {
            policy: limit.label(),
            key: limit.key_words(),
            shadow: ask.shadow,
            local: reading.how == How::Locally,
            rates: rates.collect(),
        });
    }
    states
}

/// Fills the budgets that the questions are about.
pub(crate) async fn reset(limits: &Limits, questions: &[Question]) -> Result<(), Unavailable> {
    let mut all = Ok(());
    for Question { ask, .. } in questions {
        // One that fails does not keep the others from being filled.
        if let Err(away) = limits.reset(std::slice::from_ref(ask)).await {
            all = Err(away);
        }
    }
    all
}
