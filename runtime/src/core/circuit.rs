//! What the circuit breakers of a program tell: how they stand, and that they have changed.

use std::fmt;
use std::sync::Arc;

/// How a circuit breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum BreakerState {
    /// Calls pass, and are counted.
    Closed,
    /// Calls are refused.
    Open,
    /// A few calls try whether it works again; all others are refused.
    HalfOpen,
    /// Somebody holds it open.
    ForcedOpen,
    /// Somebody holds it closed. Calls are counted.
    ForcedClosed,
    /// It never opens, and tells when it would.
    MetricsOnly,
    /// Calls pass, and nothing is counted.
    Disabled,
}

impl BreakerState {
    /// The word for it in answers and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
            Self::ForcedOpen => "forced_open",
            Self::ForcedClosed => "forced_closed",
            Self::MetricsOnly => "metrics_only",
            Self::Disabled => "disabled",
        }
    }

    /// Whether calls are refused now, or some of them.
    #[must_use]
    pub const fn is_degraded(self) -> bool {
        matches!(self, Self::Open | Self::HalfOpen | Self::ForcedOpen)
    }
}

impl fmt::Display for BreakerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a circuit breaker changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// Too many calls failed.
    Failures,
    /// Too many calls were slow.
    SlowCalls,
    /// It was open for as long as it had to be.
    TimeOver,
    /// Its trials went well.
    Recovered,
    /// Its trials failed.
    TrialFailed,
    /// Its trials were slow.
    TrialSlow,
    /// Its trials did not come back in time.
    TrialOverdue,
    /// It is open in another process.
    Hint,
    /// Somebody, or a configuration, said how it is to be.
    Mode,
    /// Somebody had it begin anew.
    Reset,
}

impl Cause {
    /// The word for it in logs, such as `trial_failed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failures => "failures",
            Self::SlowCalls => "slow_calls",
            Self::TimeOver => "time_over",
            Self::Recovered => "recovered",
            Self::TrialFailed => "trial_failed",
            Self::TrialSlow => "trial_slow",
            Self::TrialOverdue => "trial_overdue",
            Self::Hint => "hint",
            Self::Mode => "mode",
            Self::Reset => "reset",
        }
    }
}

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
