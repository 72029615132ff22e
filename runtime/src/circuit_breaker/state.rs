//! What people and programs see of a breaker: its state, why it changed, what it has counted.

use std::fmt;
use std::time::Duration;

use super::engine::Trial;
use crate::core::Moment;

/// What a circuit breaker does with the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BreakerState {
    /// Calls pass and are counted.
    Closed,
    /// Calls are refused until a while has passed.
    Open,
    /// A few calls pass; what becomes of them closes it or opens it again.
    HalfOpen,
    /// Calls are refused until somebody says otherwise.
    ForcedOpen,
    /// Calls pass and are counted, and nothing opens it.
    ForcedClosed,
    /// Calls pass and are counted; it tells when it would open.
    MetricsOnly,
    /// Calls pass, and nothing is counted.
    Disabled,
}

impl BreakerState {
    /// Its name in metrics, events and answers, such as `half_open`.
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
}

impl fmt::Display for BreakerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a breaker is to be, whatever its calls say. Nobody can make one half-open: that is its own to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// As its policy says.
    Normal,
    /// Refuses every call.
    ForcedOpen,
    /// Lets every call pass, and counts it.
    ForcedClosed,
    /// Lets every call pass, and tells when it would open.
    MetricsOnly,
    /// Lets every call pass, and counts nothing.
    Disabled,
}

/// Why a breaker changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Why {
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
    /// It is open elsewhere.
    Hint,
    /// Somebody set its mode.
    Mode,
    /// Somebody had it begin anew.
    Reset,
}

impl Why {
    /// Its name in events, such as `trial_failed`.
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

/// A breaker changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) from: BreakerState,
    /// The same where it only tells metrics: it would have opened.
    pub(crate) to: BreakerState,
    pub(crate) why: Why,
    pub(crate) at: Moment,
}

/// What a breaker has counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Snapshot {
    pub(crate) state: BreakerState,
    /// In the window. In a row where failures in a row are counted: then they are all failures.
    pub(crate) calls: u32,
    pub(crate) failures: u32,
    pub(crate) slow: u32,
    /// Which part of the window failed; `None` where it holds too little to say so.
    pub(crate) failure_rate: Option<f64>,
    /// Which part of it was slow.
    pub(crate) slow_rate: Option<f64>,
    /// For how long it is open yet.
    pub(crate) open_for: Option<Duration>,
    /// Until when.
    pub(crate) open_until: Option<Moment>,
    /// How often it has opened since it was last closed.
    pub(crate) openings: u32,
    /// How it stands with its trials, where it is half-open.
    pub(crate) trial: Option<Trial>,
}
