//! What happened: `#[with_metrics]`, the durations of requests, the counters of decisions, and who else wants to hear.
//!
//! | file | what |
//! | --- | --- |
//! | `policy.rs` | [`WithMetrics`]: what the attribute declares |
//! | `labels.rs` | the values that labels may have: bounded sets |
//! | `http_server.rs` | durations and numbers of requests, by the OpenTelemetry conventions |
//! | `decisions.rs` | counters of decisions, all of them there from the start |
//! | `calls.rs` | durations of calls, and of what they waited for |
//! | `gauges.rs` | how breakers, bulkheads and retry budgets stand, read when somebody scrapes |
//! | `striped.rs` | counters that threads do not fight for |
//! | `caches.rs` | gauges of what caches hold, read when somebody scrapes |
//! | `observers.rs` | the observers of the user's |
//! | `instruments.rs` | [`Instruments`]: all of these, in a registry of their own |
//! | `exposition.rs`, `negotiation.rs`, `http.rs` | the texts, which of them, and the answer to whoever scrapes |
//! | `facade.rs` | the bridge to the `metrics` facade |
//!
//! Rooms tell a [`Sink`](crate::core::Sink) what they decided; [`Instruments`] is the one that counts, logs refusals and
//! hands on. Series are found once for each site and route, so measuring a request hashes no label.

mod caches;
mod calls;
mod decisions;
mod exposition;
#[cfg(feature = "metrics")]
mod facade;
mod gauges;
pub(crate) mod http;
mod http_server;
mod instruments;
mod labels;
mod negotiation;
mod observers;
mod policy;
mod striped;

pub use self::decisions::DecisionCount;
#[cfg(feature = "metrics")]
pub use self::facade::MetricsFacade;
pub use self::policy::WithMetrics;

pub(crate) use self::caches::NamedCache;
pub(crate) use self::gauges::Standing;
pub(crate) use self::http_server::Exchange;
pub(crate) use self::instruments::Instruments;
pub(crate) use self::labels::{Ending, Entry, Fault};
pub(crate) use self::observers::Observers;
