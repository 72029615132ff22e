//! What a limiter asks of the place that keeps its budgets.

use std::fmt;

use smallvec::SmallVec;

use super::engine::Verdict;
use super::policy::Rate;
use crate::core::{Key, Moment};

/// One limit's question: may `key` spend `cost`?
#[derive(Debug)]
pub(crate) struct Ask<'a> {
    /// Tells the limit's budgets from those of all others.
    pub scope: u32,
    /// Whose budget.
    pub key: Key,
    /// How many permits.
    pub cost: u32,
    /// The rates that all have to admit it.
    pub rates: &'a [Rate],
    /// Whether a refusal is only reported. It then neither charges this limit nor keeps others from charging.
    pub shadow: bool,
}

/// What one rate said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ruling {
    /// To the cost.
    pub(crate) verdict: Verdict,
    /// The state of its budget after the decision.
    pub(crate) full_at: Option<Moment>,
}

impl Ruling {
    /// Whether the cost fits this rate.
    pub(crate) const fn fits(&self) -> bool {
        matches!(self.verdict, Verdict::Fits { .. })
    }

    /// The state of its budget if it is charged.
    pub(super) const fn charged(&self) -> Option<Moment> {
        match self.verdict {
            Verdict::Fits { full_at } => Some(full_at),
            Verdict::NotYet { .. } | Verdict::Never => None,
        }
    }
}

/// What all rates of all limits said, in the order of the question. Most functions have one rate or two.
pub(super) type Decision = SmallVec<[Ruling; 2]>;

/// The store could not be asked.
#[derive(Debug)]
pub(crate) struct Unavailable;

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the store of the rate limiter is not available")
    }
}

impl std::error::Error for Unavailable {}

/// Keeps budgets.
///
/// # Contract
/// * One decision over all `asks`: every rate is checked before any is charged, and either all limits are charged or
///   none. A limit in shadow mode that does not fit stands aside.
/// * Decisions on one key are taken one after another, so concurrent requests never spend one permit twice.
/// * A budget may be forgotten only when it is full.
/// * A failure charges nothing that it reports as failed; a store may lose a permit, never grant one.
pub(crate) trait Store: Send + Sync {
    /// Decides, and charges where everything fits.
    fn decide(&self, asks: &[Ask<'_>], now: Moment) -> Result<Decision, Unavailable>;

    /// The same for one limit of one rate, where the store can say it on the spot: the usual case, which so needs no list.
    /// Where it says nothing, nothing was charged, and the question is to be [decided](Self::decide).
    #[inline]
    fn decide_at_once(&self, ask: &Ask<'_>, now: Moment) -> Option<Ruling> {
        let _ = (ask, now);
        None
    }
}
