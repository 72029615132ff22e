//! What a closed breaker counts, by its rule.

use super::super::engine::Counts;
use super::calls::Calls;
use super::row::Row;
use super::time::Time;
use crate::core::Moment;

/// What is counted. It stays as declared; what the numbers mean may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Failures in a row.
    Row,
    /// The last so many calls.
    Calls(u32),
    /// The last so many nanoseconds.
    Time(u64),
}

/// The counters. Windows stand apart from what every call reads.
#[derive(Debug)]
pub(super) enum Tally {
    Row(Row),
    Calls(Box<Calls>),
    Time(Box<Time>),
}

impl Tally {
    pub(super) fn new(shape: Shape) -> Self {
        match shape {
            Shape::Row => Self::Row(Row::new()),
            Shape::Calls(size) => Self::Calls(Box::new(Calls::new(size))),
            Shape::Time(nanos) => Self::Time(Box::new(Time::new(nanos))),
        }
    }

    /// Whether a success that was not slow changes nothing.
    #[inline]
    pub(super) fn is_untroubled(&self, generation: u64) -> bool {
        match self {
            Self::Row(row) => row.is_empty(generation),
            Self::Calls(calls) => calls.is_untroubled(generation),
            Self::Time(_) => false,
        }
    }

    /// What it holds with this result; nothing where the call is of a former generation. In a row all are failures.
    pub(super) fn record(
        &self,
        generation: u64,
        failed: bool,
        slow: bool,
        now: impl FnOnce() -> Moment,
        is_current: &impl Fn() -> bool,
    ) -> Option<Counts> {
        match self {
            Self::Row(row) => row.record(generation, failed, is_current).map(in_a_row),
            Self::Calls(calls) => calls.record(generation, failed, slow, is_current),
            Self::Time(time) => time.record(generation, failed, slow, now(), is_current),
        }
    }

    pub(super) fn counts(&self, generation: u64, now: Moment) -> Counts {
        match self {
            Self::Row(row) => in_a_row(row.len(generation)),
            Self::Calls(calls) => calls.counts(generation),
            Self::Time(time) => time.counts(generation, now),
        }
    }

    /// The most that it can hold.
    pub(super) fn size(&self) -> u32 {
        match self {
            Self::Calls(calls) => calls.size(),
            Self::Row(_) | Self::Time(_) => u32::MAX,
        }
    }

    pub(super) fn is_row(&self) -> bool {
        matches!(self, Self::Row(_))
    }
}

fn in_a_row(failures: u32) -> Counts {
    Counts { calls: failures, failures, slow: 0 }
}
