//! Everything that one `Tollgate` measures, in a registry of its own.

use std::fmt;
use std::time::Duration;

use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry as Metrics;

use super::caches::{CacheGauges, NamedCache};
use super::calls::CallDurations;
use super::decisions::{Counted, DecisionCount, Decisions};
use super::gauges::{Standing, StandingGauges};
use super::http_server::{Exchange, HttpServer};
use super::labels::Ending;
use super::observers::Observers;
use crate::core::{Answered, Decided, Moment, Registry, Sink, SiteId, Told, log_refusal};

/// The instruments of one `Tollgate`.
pub(crate) struct Instruments {
    metrics: Metrics,
    decisions: Decisions,
    http: HttpServer,
    calls: CallDurations,
    store_errors: Counter,
    observers: Observers,
}

impl Instruments {
    /// All at zero, of a `Tollgate` that keeps its state in that store, and has these caches in memory, and these breakers and bulkheads.
    pub(crate) fn new(
        observers: Observers,
        store: &'static str,
        caches: impl IntoIterator<Item = NamedCache>,
        standing: Standing,
    ) -> Self {
        let sites = Registry::get().sites();
        let mut metrics = Metrics::default();
        let http = HttpServer::new(&mut metrics, sites.len());
        let decisions = Decisions::new(&mut metrics, sites);
        let store_errors = Family::<[(&str, &str); 1], Counter>::default();
        metrics.register(
            "tollgate_store_errors",
            "Questions of policies that a store did not answer",
            store_errors.clone(),
        );
        let store_errors = store_errors.get_or_create_owned(&[("store", store)]);
        metrics.register_collector(Box::new(CacheGauges::of(caches)));
        let calls = CallDurations::new(&mut metrics, sites);
        metrics.register_collector(Box::new(StandingGauges(standing)));
        Self { metrics, decisions, http, calls, store_errors, observers }
    }

    /// What policies decided so far.
    pub(crate) fn decisions(&self) -> Vec<DecisionCount> {
        self.decisions.counts()
    }

    /// A store gave no answer to somebody who asked on nobody's behalf.
    pub(crate) fn store_failed(&self) {
        self.store_errors.inc();
    }

    /// What measures requests.
    #[inline]
    pub(crate) const fn http(&self) -> &HttpServer {
        &self.http
    }

    /// A measured call of a function ended after that time.
    #[inline]
    pub(crate) fn call_ended(&self, site: SiteId, duration: Duration) {
        if let Some(call) = self.calls.took(site, duration) {
            self.observers.tell(|observer| observer.called(&call));
        }
    }

    /// A measured request ended.
    #[inline]
    pub(crate) fn end(&self, exchange: &Exchange, ending: Ending, now: Moment) {
        let duration = self.http.end(exchange, ending, now);
        self.observers.tell(|observer| {
            let error = ending.error().map(|error| error.to_string());
            observer.answered(&Answered {
                method: exchange.entry().method(),
                route: exchange.template(),
                scheme: exchange.entry().scheme(),
                status: ending.status(),
                error: error.as_deref(),
                duration,
            });
        });
    }

    /// All metrics as OpenMetrics text.
    pub(super) fn open_metrics(&self) -> String {
        let mut exposition = String::new();
        // Writing into a string cannot fail.
        let _ = text::encode(&mut exposition, &self.metrics);
        exposition
    }
}

impl Sink for Instruments {
    fn waited(&self, site: SiteId, duration: Duration) {
        if let Some(wait) = self.calls.waited(site, duration) {
            self.observers.tell(|observer| observer.waited(&wait));
        }
    }

    #[inline]
    fn tell(&self, told: Told) {
        let Some(counted) = self.decisions.count(&told) else { return };
        if told.outcome.is_of_outage() || told.outcome.is_refusal() || !self.observers.is_empty() {
            self.tell_others(counted, told);
        }
    }
}

impl Instruments {
    /// What was counted is news for somebody.
    #[cold]
    fn tell_others(&self, counted: &Counted, told: Told) {
        if told.outcome.is_of_outage() {
            self.store_errors.inc();
        }
        if told.outcome.is_refusal() {
            log_refusal(Some(counted.site), counted.policy, told.outcome, told.refused);
        }
        self.observers.tell(|observer| {
            observer.decided(&Decided {
                site: counted.site,
                policy: counted.policy,
                outcome: told.outcome,
                key_class: told.refused.map(|refused| refused.key_class),
                trace_id: told.refused.and_then(|refused| refused.trace_id),
            });
        });
    }
}

impl fmt::Debug for Instruments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instruments").finish_non_exhaustive()
    }
}
