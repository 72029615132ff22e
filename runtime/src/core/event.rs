//! What rooms tell each other: a policy decided. Rooms emit, the metrics room listens; neither names the other.

use super::site::SiteId;

/// How one decision of a policy ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The policy let the request pass.
    Admitted,
    /// The policy refused the request.
    Refused,
    /// The policy would have refused the request, and runs in shadow mode.
    ShadowRefused,
    /// The policy did not apply: its key was missing and it says `missing = skip`.
    Skipped,
    /// The policy could not decide because its store was away.
    StoreFailed,
    /// The request was answered.
    Completed,
    /// The request's future was dropped before it had an answer: the client went away, or a timeout outside fired.
    Cancelled,
    /// The handler panicked.
    Panicked,
}

impl Outcome {
    /// How many there are.
    pub(crate) const COUNT: usize = 8;

    /// The word for it in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admitted => "admitted",
            Self::Refused => "refused",
            Self::ShadowRefused => "shadow_refused",
            Self::Skipped => "skipped",
            Self::StoreFailed => "store_failed",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Panicked => "panicked",
        }
    }
}

/// A decision that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) struct Decided {
    /// Where.
    pub site: SiteId,
    /// By which of the site's policies: an index into its inventory entries.
    pub slot: usize,
    /// How it ended.
    pub outcome: Outcome,
}

impl Decided {
    /// A decision by the `slot`-th policy of `site`.
    #[must_use]
    pub(crate) const fn new(site: SiteId, slot: usize, outcome: Outcome) -> Self {
        Self { site, slot, outcome }
    }
}

/// Hears of every decision. It is called on the request's path and must neither block nor panic.
pub(crate) trait Observer: Send + Sync {
    /// A policy decided.
    fn decided(&self, event: Decided);
}

/// Hears nothing.
impl Observer for () {
    fn decided(&self, _: Decided) {}
}
