//! The bridge to the `metrics` facade, for whoever exports by it already.

use ::metrics::{Unit, counter, describe_counter, describe_histogram, histogram};

use crate::core::{Answered, Decided, Observer};

/// Hands everything that is measured to the recorder that the `metrics` facade has: `tollgate_decisions_total` and
/// `http_server_request_duration_seconds`, with the labels of [`metrics_handler`](crate::Tollgate::metrics_handler).
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

impl MetricsFacade {
    /// Describes both metrics to the recorder.
    #[must_use]
    pub fn new() -> Self {
        describe_counter!(DECISIONS, "Decisions of policies");
        describe_histogram!(
            DURATION,
            Unit::Seconds,
            "Duration of HTTP requests, to the end of the answer's body"
        );
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
}
