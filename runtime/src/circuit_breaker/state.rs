//! What people and programs see of a breaker: its state, why it changed, what it has counted.

use std::time::Duration;

use super::engine::Trial;
use crate::core::Moment;

pub(crate) use crate::core::{BreakerState, Cause};

/// How a breaker is to be, whatever its calls say. Nobody can make one half-open: that is its own to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Mode {
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

/// A breaker changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) from: BreakerState,
    /// The same where it only tells metrics: it would have opened.
    pub(crate) to: BreakerState,
    pub(crate) why: Cause,
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
