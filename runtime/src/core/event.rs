//! What happened: a policy decided, a request was answered. Rooms tell a [`Sink`], the metrics room listens, and hands
//! on what it hears to the observers of the user's; none of them names another.

use std::time::Duration;

use super::circuit::Transition;
use super::site::SiteId;
use super::trace::TraceId;

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
    /// The store that processes share was away, and the memory of this one let the request pass.
    LocallyAdmitted,
    /// The store that processes share was away, and the memory of this one refused the request.
    LocallyRefused,
    /// The store was away, and the request passed undecided. Of a cache: its shared store was away, or answered nothing of use, which is
    /// told beside the outcome of the request itself.
    StoreFailed,
    /// The store was away, and the request was refused for that.
    StoreRefused,
    /// The policy refused because whoever knows the principals could not be asked.
    Unavailable,
    /// A cache had it, in memory or in the store that processes share, and it was fresh.
    Hit,
    /// A cache had it, and it was stale but good enough: while it is made anew, or because that failed.
    Stale,
    /// A cache did not have it, and it was made for this request or call.
    Miss,
    /// A cache did not have it, and a run that somebody else had begun made it for this one too.
    Collapsed,
    /// A cache had it made anew in the background. Told once a run, beside the hit that set it off.
    Refreshed,
    /// A cache was not asked, because the request is not for it: somebody whom nobody knows, a range, `no-store`.
    Bypassed,
    /// What `#[invalidates]` names was thrown away after a success.
    Invalidated,
    /// What a circuit breaker let pass succeeded.
    Success,
    /// What a circuit breaker let pass failed: an error, an answer from 500 on, a timeout, a panic.
    Failure,
    /// What a circuit breaker let pass says nothing of what is behind it: a refusal of a bulkhead, or what `is_failure` excludes.
    Excluded,
    /// Time was up before there was an answer.
    TimedOut,
    /// A call failed and was made once more. Told once for each further attempt.
    Retried,
    /// A call failed, and so did its last attempt, or there was no time for another one.
    Exhausted,
    /// A call failed, and would have been made once more if the retry budget had not been spent.
    Unfunded,
    /// A fallback answered in the place of a failure.
    FellBack,
    /// The request was answered, to the end of the body. Of a call: it has its answer, in time.
    Completed,
    /// The client went away, or a timeout outside fired, before the answer or before its end.
    Cancelled,
    /// The body of the answer broke off with an error. Of a call: it has an error for an answer.
    Failed,
    /// The handler panicked.
    Panicked,
}

impl Outcome {
    /// How many there are.
    pub(crate) const COUNT: usize = 28;

    /// The word for it in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admitted => "admitted",
            Self::Refused => "refused",
            Self::ShadowRefused => "shadow_refused",
            Self::Skipped => "skipped",
            Self::LocallyAdmitted => "locally_admitted",
            Self::LocallyRefused => "locally_refused",
            Self::StoreFailed => "store_failed",
            Self::StoreRefused => "store_refused",
            Self::Unavailable => "unavailable",
            Self::Hit => "hit",
            Self::Stale => "stale",
            Self::Miss => "miss",
            Self::Collapsed => "collapsed",
            Self::Refreshed => "refreshed",
            Self::Bypassed => "bypassed",
            Self::Invalidated => "invalidated",
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Excluded => "excluded",
            Self::TimedOut => "timed_out",
            Self::Retried => "retried",
            Self::Exhausted => "exhausted",
            Self::Unfunded => "unfunded",
            Self::FellBack => "fell_back",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Panicked => "panicked",
        }
    }

    /// Whether the store of the policy was away.
    #[inline]
    #[must_use]
    pub(crate) const fn is_of_outage(self) -> bool {
        matches!(self, Self::LocallyAdmitted | Self::LocallyRefused | Self::StoreFailed | Self::StoreRefused)
    }

    /// Whether the policy refused the request, or would have.
    #[inline]
    #[must_use]
    pub(crate) const fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::Refused
                | Self::ShadowRefused
                | Self::LocallyRefused
                | Self::StoreRefused
                | Self::Unavailable
        )
    }
}

/// A decision of a policy, as an [`Observer`] hears of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decided {
    /// The site's name.
    pub site: &'static str,
    /// The policy's name in metrics.
    pub policy: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// Who was refused, as far as it tells nothing: the kind of a limit's key (`address`, `value`, `principal`, `everyone`,
    /// `anonymous`, or `missing` where there was none), and for `authorize` `principal`, `anonymous` or, with ones that are
    /// not valid, `credentials`.
    pub key_class: Option<&'static str>,
    /// The trace of a refused request, where it came with a valid `traceparent`.
    pub trace_id: Option<TraceId>,
}

/// A measured request that has ended, as an [`Observer`] hears of it. All of its words come from bounded sets.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Answered<'a> {
    /// The method; `_OTHER` for one that HTTP does not know.
    pub method: &'static str,
    /// The route's template; `_unmatched` where none matched.
    pub route: &'a str,
    /// `http` or `https`.
    pub scheme: &'static str,
    /// The status; `None` where there was no answer.
    pub status: Option<u16>,
    /// What went wrong, if anything: a status from 500 on, `cancelled`, `panic` or `body`.
    pub error: Option<&'a str>,
    /// From the arrival at the gate or layer to the end of the body.
    pub duration: Duration,
}

/// How long something took that an [`Observer`] hears of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lasted {
    /// The name of its function.
    pub site: &'static str,
    /// How long.
    pub duration: Duration,
}

impl Lasted {
    pub(crate) const fn new(site: &'static str, duration: Duration) -> Self {
        Self { site, duration }
    }
}

/// Hears of everything that is measured, for sinks of your own: StatsD, logs, an event stream.
///
/// It is called on the request's path, so it must not block: hand over to a channel or a counter. A panic in it is caught
/// and logged.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use tollgate::{Decided, Observer, Outcome, Tollgate};
///
/// #[derive(Debug, Default)]
/// struct Refusals(AtomicU64);
///
/// impl Observer for Refusals {
///     fn decided(&self, decided: &Decided) {
///         if decided.outcome == Outcome::Refused {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
///
/// let tollgate = Tollgate::builder().observer(Refusals::default()).build()?;
/// # Ok::<_, tollgate::ConfigError>(())
/// ```
pub trait Observer: Send + Sync + 'static {
    /// A policy decided.
    fn decided(&self, decided: &Decided) {
        let _ = decided;
    }

    /// A measured request ended: one of a function with `#[with_metrics]`, or behind a `MetricsLayer`.
    fn answered(&self, answered: &Answered<'_>) {
        let _ = answered;
    }

    /// A call of a function with `#[call::with_metrics]` ended, with all of its attempts.
    fn called(&self, call: &Lasted) {
        let _ = call;
    }

    /// A request or a call waited for a place at a bulkhead, and may have got none.
    fn waited(&self, wait: &Lasted) {
        let _ = wait;
    }

    /// A circuit breaker opened, or changed otherwise.
    fn transitioned(&self, transition: &Transition) {
        let _ = transition;
    }
}

/// A decision as the room tells it that took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// Where.
    pub site: SiteId,
    /// By which of the site's policies: an index into its inventory entries.
    pub slot: usize,
    /// How it ended.
    pub outcome: Outcome,
    /// About a refusal.
    pub refused: Option<RefusedKey>,
}

/// What is told of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RefusedKey {
    pub key_class: &'static str,
    pub trace_id: Option<TraceId>,
}

impl Told {
    /// A decision by the `slot`-th policy of `site`.
    #[inline]
    #[must_use]
    pub(crate) const fn new(site: SiteId, slot: usize, outcome: Outcome) -> Self {
        Self { site, slot, outcome, refused: None }
    }

    /// With what is known about a refusal.
    #[must_use]
    pub(crate) const fn refused(mut self, refused: RefusedKey) -> Self {
        self.refused = Some(refused);
        self
    }
}

/// One event for each refusal, without the key, which may be a secret or an address.
#[cold]
pub(crate) fn log_refusal(
    site: Option<&'static str>,
    policy: &'static str,
    outcome: Outcome,
    refused: Option<RefusedKey>,
) {
    let message = match outcome {
        Outcome::ShadowRefused => "a policy in shadow mode would have refused a request",
        _ => "a policy refused a request",
    };
    tracing::info!(
        target: "tollgate::refusal",
        site,
        policy,
        outcome = outcome.as_str(),
        key_class = refused.map(|refused| refused.key_class),
        trace_id = refused.and_then(|refused| refused.trace_id).map(tracing::field::display),
        "{message}"
    );
}

/// How much a cache holds in this process, for whoever scrapes.
pub(crate) trait Occupancy: Send + Sync {
    /// Entries, and the bytes that they take.
    fn occupancy(&self) -> (u64, u64);
}

/// Hears of every decision. It is called on the request's path and must neither block nor panic.
pub(crate) trait Sink: Send + Sync {
    /// A policy decided.
    fn tell(&self, told: Told);

    /// A call waited so long for a place, and has it, or gave up.
    fn waited(&self, site: SiteId, duration: Duration) {
        let _ = (site, duration);
    }
}
