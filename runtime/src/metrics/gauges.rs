//! How breakers, bulkheads and retry budgets stand, read when somebody scrapes.

use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeGaugeValue};
use prometheus_client::metrics::MetricType;

use crate::core::{BreakerState, Circuits, Crowded, Funded};

/// Who is asked.
#[derive(Clone)]
pub(crate) struct Standing {
    pub(crate) circuits: Arc<dyn Circuits>,
    pub(crate) crowds: Arc<dyn Crowded>,
    pub(crate) funds: Option<Arc<dyn Funded>>,
}

/// The gauges of one `Tollgate`.
pub(super) struct StandingGauges(pub(super) Standing);

const STATES: &str = "How circuit breakers stand; the worst one where a function has one for each key: 0 closed, 1 half-open, 2 open, \
                      3 forced open, 4 forced closed, 5 metrics only, 6 disabled.";

/// The number of a state in metrics.
const fn number(state: BreakerState) -> u64 {
    match state {
        BreakerState::Closed => 0,
        BreakerState::HalfOpen => 1,
        BreakerState::Open => 2,
        BreakerState::ForcedOpen => 3,
        BreakerState::ForcedClosed => 4,
        BreakerState::MetricsOnly => 5,
        BreakerState::Disabled => 6,
    }
}

impl Collector for StandingGauges {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Self(Standing { circuits, crowds, funds }) = self;
        let (circuits, crowd) = (circuits.circuits(), crowds.crowd());
        let states = circuits.iter().map(|circuit| (circuit.site, number(circuit.state)));
        gauge(&mut encoder, "tollgate_breaker_state", STATES, states)?;
        let open = circuits.iter().filter_map(|circuit| Some((circuit.site, circuit.open_keys?)));
        gauge(
            &mut encoder,
            "tollgate_breaker_open_keys",
            "Keys whose circuit breaker is open or half-open.",
            open,
        )?;
        let running = crowd.iter().map(|(site, running, _)| (*site, *running));
        gauge(&mut encoder, "tollgate_bulkhead_running", "Calls that have a place at a bulkhead.", running)?;
        let queued = crowd.iter().map(|(site, _, queued)| (*site, *queued));
        gauge(
            &mut encoder,
            "tollgate_bulkhead_queued",
            "Calls that wait for a place at a bulkhead.",
            queued,
        )?;
        let funds = funds.as_ref().map(|funds| funds.funds()).unwrap_or_default();
        gauge(&mut encoder, "tollgate_retry_budget", "Retries that a budget has left.", funds.into_iter())
    }
}

/// A gauge for each function that has one; nothing in a program without any.
fn gauge<V: EncodeGaugeValue>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    read: impl Iterator<Item = (&'static str, V)>,
) -> fmt::Result {
    let mut read = read.peekable();
    if read.peek().is_none() {
        return Ok(());
    }
    let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    for (site, value) in read {
        family.encode_family(&[("site", site)])?.encode_gauge(&value)?;
    }
    Ok(())
}

impl fmt::Debug for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Standing").finish_non_exhaustive()
    }
}

impl fmt::Debug for StandingGauges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
