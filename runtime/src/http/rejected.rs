//! A call of a function that one of its policies refused.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::RETRY_AFTER;

use super::kinds::{CIRCUIT_OPEN, OVERLOADED, QUOTA_EXCEEDED, QUOTA_UNKNOWN, TIMED_OUT};
use super::problem::{Problem, general_detail};
use crate::core::{ErrorKind, Policy};

/// A call that a policy of [`call`](crate::call) refused: the function did not run, or, where time was up, not to its end.
///
/// The function's own error is made from it, so it needs `From<Rejected>`:
///
/// ```
/// use tollgate::{ApiError, Rejected};
///
/// #[derive(Debug, thiserror::Error, ApiError)]
/// enum WeatherError {
///     #[error(transparent)]
///     #[api_error(transparent)]
///     Refused(#[from] Rejected),
/// }
/// ```
///
/// It is an answer by itself: 429 with `Retry-After` where a rate is used up, 503 where nobody can tell, where a circuit is open (with
/// `Retry-After`) and where a bulkhead is full, 504 where time was up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    policy: Policy,
    site: &'static str,
    why: Why,
}

/// Why a call was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// The rate admits it after that time; `None` where never.
    Quota(Option<Duration>),
    /// The store that knows is away.
    QuotaUnknown,
    /// The circuit is open, for that time, as far as that is known.
    Open(Option<Duration>),
    /// As many run, and wait, as may.
    Crowded,
    /// Time was up.
    TimedOut,
}

impl Rejected {
    /// The kinds of problems that it can be.
    pub(crate) const KINDS: &'static [ErrorKind] =
        &[QUOTA_EXCEEDED, QUOTA_UNKNOWN, CIRCUIT_OPEN, OVERLOADED, TIMED_OUT];

    /// By a rate limit, which admits it after that time, or never.
    pub(crate) const fn by_quota(site: &'static str, retry_after: Option<Duration>) -> Self {
        Self { policy: Policy::RateLimit, site, why: Why::Quota(retry_after) }
    }

    /// By a rate limit whose store is away.
    pub(crate) const fn by_unknown_quota(site: &'static str) -> Self {
        Self { policy: Policy::RateLimit, site, why: Why::QuotaUnknown }
    }

    /// By a circuit breaker, which is open for that time; `None` where it is being tried.
    pub(crate) const fn by_open_circuit(site: &'static str, retry_after: Option<Duration>) -> Self {
        Self { policy: Policy::CircuitBreaker, site, why: Why::Open(retry_after) }
    }

    /// By a bulkhead that is full.
    pub(crate) const fn by_crowd(site: &'static str) -> Self {
        Self { policy: Policy::Bulkhead, site, why: Why::Crowded }
    }

    /// By a timeout: it was begun, and given up.
    pub(crate) const fn by_timeout(site: &'static str) -> Self {
        Self { policy: Policy::Timeout, site, why: Why::TimedOut }
    }

    /// The policy that refused.
    #[must_use]
    pub const fn policy(&self) -> Policy {
        self.policy
    }

    /// The name of the function's site, as metrics and inventories have it.
    #[must_use]
    pub const fn site(&self) -> &'static str {
        self.site
    }

    /// The time after which the call would be admitted, if nobody else takes its place; `None` where that is not known, or never.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self.why {
            Why::Quota(retry_after) | Why::Open(retry_after) => retry_after,
            Why::QuotaUnknown | Why::Crowded | Why::TimedOut => None,
        }
    }

    /// As an answer.
    pub(crate) fn to_problem(&self) -> Problem {
        let kind = match self.why {
            Why::Quota(_) => &QUOTA_EXCEEDED,
            Why::QuotaUnknown => &QUOTA_UNKNOWN,
            Why::Open(_) => &CIRCUIT_OPEN,
            Why::Crowded => &OVERLOADED,
            Why::TimedOut => &TIMED_OUT,
        };
        let problem = Problem::of_kind(kind);
        let problem = match self.why {
            Why::Quota(_) => problem.detail(self.to_string()),
            // What is wrong on this side is nobody's business.
            _ => problem.detail(general_detail(kind.status())),
        };
        match self.retry_after() {
            Some(wait) => problem.header(RETRY_AFTER, HeaderValue::from(whole_seconds(wait))),
            None => problem,
        }
    }
}

/// Rounded up, so that whoever waits that long is not too early.
const fn whole_seconds(wait: Duration) -> u64 {
    let more = wait.subsec_nanos() > 0;
    wait.as_secs().saturating_add(more as u64)
}

/// For the client too: it tells neither the function nor who was counted.
impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why {
            Why::Quota(Some(wait)) => {
                let wait = whole_seconds(wait);
                let plural = if wait == 1 { "" } else { "s" };
                write!(f, "the rate limit admits no more at the moment: try again in {wait} second{plural}")
            }
            Why::Quota(None) => f.write_str("the rate limit never admits as much at once"),
            Why::QuotaUnknown => f.write_str("the store of the rate limit is away"),
            Why::Open(Some(wait)) => {
                let wait = whole_seconds(wait);
                let plural = if wait == 1 { "" } else { "s" };
                write!(f, "what is behind it fails, so it is left alone: try again in {wait} second{plural}")
            }
            Why::Open(None) => f.write_str("what is behind it failed, and is being tried again"),
            Why::Crowded => f.write_str("as many are under way as may be"),
            Why::TimedOut => f.write_str("there was no answer in time"),
        }
    }
}

impl Error for Rejected {}

impl IntoResponse for Rejected {
    fn into_response(self) -> Response {
        self.to_problem().into_response()
    }
}

/// So a function may have the error that is an answer already.
impl From<Rejected> for Problem {
    fn from(rejected: Rejected) -> Self {
        rejected.to_problem()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_long_to_wait_and_nothing_of_the_inside() {
        let after = |millis| Rejected::by_quota("airports::fetch", Some(Duration::from_millis(millis)));
        let cases = [
            (after(1), "the rate limit admits no more at the moment: try again in 1 second", Some("1")),
            (after(1_001), "the rate limit admits no more at the moment: try again in 2 seconds", Some("2")),
            (
                Rejected::by_quota("airports::fetch", None),
                "the rate limit never admits as much at once",
                None,
            ),
            (Rejected::by_unknown_quota("airports::fetch"), "the store of the rate limit is away", None),
        ];
        for (rejected, text, retry_after) in cases {
            assert_eq!(rejected.to_string(), text);
            assert_eq!((rejected.policy(), rejected.site()), (Policy::RateLimit, "airports::fetch"));
            let response = rejected.into_response();
            let field = response.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap());
            assert_eq!(field, retry_after, "{text}");
        }
    }

    #[test]
    fn a_store_that_is_away_is_no_fault_of_the_client() {
        assert_eq!(Rejected::by_unknown_quota("a").into_response().status(), 503);
        assert_eq!(Rejected::by_quota("a", None).into_response().status(), 429);
    }
}
