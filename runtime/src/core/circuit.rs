//! What the circuit breakers of a program tell: how they stand, and that they have changed.

use std::sync::Arc;

use super::breaker_state::{BreakerState, Cause};

/// A circuit breaker has changed, as an [`Observer`](crate::Observer) and [`breaker_events`](crate::Tollgate::breaker_events) tell of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transition {
    /// The name of its function; of a breaker that several share, of the first of them in the [inventory](crate::Tollgate::inventory).
    pub site: &'static str,
    /// Whose breaker it is, where there is one for each key: as [`Key`](crate::Key) reads it, and no longer than 128 bytes. It may be a secret
    /// or an address, so logs do not have it.
    pub key: Option<Arc<str>>,
    /// How it stood.
    pub from: BreakerState,
    /// How it stands.
    pub to: BreakerState,
    /// Why. A breaker that only counts changes from `metrics_only` to `metrics_only`: it tells that it would have opened
    /// ([`Cause::Failures`], [`Cause::SlowCalls`]) or has [recovered](Cause::Recovered).
    pub why: Cause,
}

/// Tells the log, without the key.
#[cold]
pub(crate) fn log_transition(transition: &Transition) {
    let Transition { site, key, from, to, why } = transition;
    let is_open = matches!(to, BreakerState::Open | BreakerState::ForcedOpen);
    let (from, to, why, is_of_key) = (from.as_str(), to.as_str(), why.as_str(), key.is_some());
    if is_open {
        tracing::warn!(target: "tollgate::breaker", site, is_of_key, from, to, why, "a circuit opened");
    } else {
        tracing::info!(target: "tollgate::breaker", site, is_of_key, from, to, why, "a circuit breaker changed");
    }
}

/// How the breakers of one site stand, for whoever scrapes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circuit {
    pub(crate) site: &'static str,
    /// Of several the worst.
    pub(crate) state: BreakerState,
    /// How many keys have one that is open or half-open; `None` where there is one breaker for all.
    pub(crate) open_keys: Option<u64>,
}

/// Reads how breakers stand: one for each site that has some.
pub(crate) trait Circuits: Send + Sync {
    fn circuits(&self) -> Vec<Circuit>;
}

/// Reads how many calls run and wait at bulkheads: one for each site that has one.
pub(crate) trait Crowded: Send + Sync {
    /// The site, how many run, and how many wait.
    fn crowd(&self) -> Vec<(&'static str, u64, u64)>;
}

/// Reads what is left of retry budgets: one for each site that has one.
pub(crate) trait Funded: Send + Sync {
    /// The site, and how many retries its budget has left.
    fn funds(&self) -> Vec<(&'static str, f64)>;
}
