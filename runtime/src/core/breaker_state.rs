//! How a circuit breaker stands, and why it changed.

use std::fmt;

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
