//! The bridge to the `metrics` facade, for whoever exports by it already.

use ::metrics::{Unit, counter, describe_counter, describe_histogram, histogram};

use crate::core::{Answered, Decided, Lasted, Observer, Transition};

/// Hands everything that happens to the recorder that the `metrics` facade has: `tollgate_decisions_total`,
/// `http_server_request_duration_seconds`, `tollgate_call_duration_seconds` and `tollgate_bulkhead_wait_seconds`, with the names and labels of
/// [`metrics_handler`](crate::Tollgate::metrics_handler), and `tollgate_breaker_transitions_total` by `site`, `from`, `to` and `why`.
///
/// How things stand (breakers, places at bulkheads, retry budgets, caches) is read when `metrics_handler` is asked, and is not here.
///
/// The recorder has to be installed before this is made, because descriptions go to it at once.
///
/// ```
/// use tollgate::{MetricsFacade, Tollgate};
///
/// let tollgate = Tollgate::builder().observer(MetricsFacade::new()).build()?;
/// # Ok::<_, tollgate::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct MetricsFacade;

const DECISIONS: &str = "tollgate_decisions_total";
const DURATION: &str = "http_server_request_duration_seconds";
const CALLS: &str = "tollgate_call_duration_seconds";
const WAITS: &str = "tollgate_bulkhead_wait_seconds";
const TRANSITIONS: &str = "tollgate_breaker_transitions_total";

impl MetricsFacade {
    /// Describes its metrics to the recorder.
    #[must_use]
    pub fn new() -> Self {
        describe_counter!(DECISIONS, "Decisions of policies");
        describe_histogram!(
            DURATION,
            Unit::Seconds,
            "Duration of HTTP requests, to the end of the answer's body"
        );
        describe_histogram!(CALLS, Unit::Seconds, "Duration of calls, with all of their attempts");
        describe_histogram!(
            WAITS,
            Unit::Seconds,
            "How long calls waited for a place at a bulkhead, those too that got none"
        );
        describe_counter!(TRANSITIONS, "Changes of circuit breakers");
        Self
    }
}

impl Default for MetricsFacade {
    fn default() -> Self {
        Self::new()
    }
}

impl Observer for MetricsFacade {
    fn decided(&self, decided: &Decided) {
        let Decided { site, policy, outcome, .. } = *decided;
        counter!(DECISIONS, "site" => site, "policy" => policy, "outcome" => outcome.as_str()).increment(1);
    }

    fn answered(&self, answered: &Answered<'_>) {
        let Answered { method, route, scheme, status, error, duration } = *answered;
        histogram!(
            DURATION,
            "http_request_method" => method,
            "http_route" => route.to_owned(),
            "http_response_status_code" => status.map(|status| status.to_string()).unwrap_or_default(),
            "url_scheme" => scheme,
            "error_type" => error.unwrap_or_default().to_owned(),
        )
        .record(duration);
    }

    fn called(&self, call: &Lasted) {
        histogram!(CALLS, "site" => call.site).record(call.duration);
    }

    fn waited(&self, wait: &Lasted) {
        histogram!(WAITS, "site" => wait.site).record(wait.duration);
    }

    fn transitioned(&self, transition: &Transition) {
        let Transition { site, from, to, why, .. } = *transition;
        let (from, to, why) = (from.as_str(), to.as_str(), why.as_str());
        counter!(TRANSITIONS, "site" => site, "from" => from, "to" => to, "why" => why).increment(1);
    }
}
