//! Durations and numbers of requests, by the OpenTelemetry conventions for HTTP servers (semantic conventions 1.44).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::labels::{ActiveLabels, DurationLabels, Ending, Entry, UNMATCHED};
use crate::core::{Moment, SiteId};

/// The boundaries that the conventions advise, in seconds.
pub(super) const BOUNDARIES: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Routes come from the program, not from clients; this holds for a program that makes routers out of what clients send.
const MOST_ROUTES: usize = 10_000;

/// Ways to end that a route keeps at hand: method, scheme, status and fault together.
const RECENT: usize = 16;

type Durations = Family<DurationLabels, Histogram, fn() -> Histogram>;

/// The instruments of one `Tollgate` that measure requests.
pub(crate) struct HttpServer {
    durations: Durations,
    /// By [`Entry::index`].
    active: Box<[Gauge]>,
    routes: RwLock<HashMap<Arc<str>, Arc<Route>>>,
    /// The route on which a site answered first, which is usually its only one.
    of_sites: Box<[OnceLock<Arc<Route>>]>,
    unmatched: Arc<Route>,
}

/// One route and its series, found without hashing their labels.
pub(crate) struct Route {
    template: Arc<str>,
    recent: [OnceLock<(Entry, Ending, Histogram)>; RECENT],
}

/// A request that is being measured. It has to be [ended](HttpServer::end).
pub(crate) struct Exchange {
    route: Arc<Route>,
    started: Moment,
    entry: Entry,
}

impl HttpServer {
    /// Registers its metrics.
    pub(super) fn new(registry: &mut Registry, sites: usize) -> Self {
        let durations = Durations::new_with_constructor(|| Histogram::new(BOUNDARIES));
        let active = Family::<ActiveLabels, Gauge>::default();
        registry.register_with_unit(
            "http_server_request_duration",
            "Duration of HTTP requests, to the end of the answer's body",
            Unit::Seconds,
            durations.clone(),
        );
        registry.register(
            "http_server_active_requests",
            "HTTP requests that are being answered",
            active.clone(),
        );
        Self {
            durations,
            active: Entry::all().map(|entry| active.get_or_create_owned(&entry.into())).collect(),
            routes: RwLock::default(),
            of_sites: (0..sites).map(|_| OnceLock::new()).collect(),
            unmatched: Route::new(UNMATCHED),
        }
    }

    /// The route by which a site is asked.
    #[inline]
    pub(crate) fn route_of(&self, site: SiteId, template: Option<&str>) -> Arc<Route> {
        let usual = self.of_sites.get(site.index());
        match (usual.and_then(OnceLock::get), template) {
            (Some(route), Some(template)) if *route.template == *template => Arc::clone(route),
            _ => self.another_route(usual, template),
        }
    }

    #[cold]
    fn another_route(&self, usual: Option<&OnceLock<Arc<Route>>>, template: Option<&str>) -> Arc<Route> {
        let route = self.route(template);
        if let (Some(usual), Some(_)) = (usual, template) {
            let _ = usual.set(Arc::clone(&route));
        }
        route
    }

    /// The route of a template; one for all where none matched.
    pub(crate) fn route(&self, template: Option<&str>) -> Arc<Route> {
        let Some(template) = template else { return Arc::clone(&self.unmatched) };
        let known = self.routes.read().unwrap_or_else(PoisonError::into_inner).get(template).cloned();
        known.unwrap_or_else(|| self.new_route(template))
    }

    #[cold]
    fn new_route(&self, template: &str) -> Arc<Route> {
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(route) = routes.get(template) {
            return Arc::clone(route);
        }
        if routes.len() >= MOST_ROUTES {
            return Arc::clone(&self.unmatched);
        }
        let route = Route::new(template);
        routes.insert(Arc::clone(&route.template), Arc::clone(&route));
        route
    }

    /// A request came in.
    #[inline]
    pub(crate) fn begin(&self, route: Arc<Route>, entry: Entry, now: Moment) -> Exchange {
        if let Some(active) = self.active.get(entry.index()) {
            active.inc();
        }
        Exchange { route, started: now, entry }
    }

    /// It ended; how long it took.
    #[inline]
    pub(super) fn end(&self, exchange: &Exchange, ending: Ending, now: Moment) -> Duration {
        let Exchange { route, started, entry } = exchange;
        if let Some(active) = self.active.get(entry.index()) {
            active.dec();
        }
        let duration = Duration::from_nanos(now.nanos_since(*started));
        match route.histogram(*entry, ending) {
            Some(histogram) => histogram.observe(duration.as_secs_f64()),
            None => self.observe_anew(route, *entry, ending, duration),
        }
        duration
    }

    #[cold]
    fn observe_anew(&self, route: &Route, entry: Entry, ending: Ending, duration: Duration) {
        let labels = DurationLabels::new(&route.template, entry, ending);
        let histogram = self.durations.get_or_create_owned(&labels);
        histogram.observe(duration.as_secs_f64());
        route.keep(entry, ending, histogram);
    }
}

impl Route {
    fn new(template: &str) -> Arc<Self> {
        Arc::new(Self { template: template.into(), recent: Default::default() })
    }

    #[inline]
    fn histogram(&self, entry: Entry, ending: Ending) -> Option<&Histogram> {
        let mut kept = self.recent.iter().map_while(OnceLock::get);
        kept.find(|kept| (kept.0, kept.1) == (entry, ending)).map(|kept| &kept.2)
    }

    /// Keeps one at hand. Two threads may keep one twice, which costs a place.
    fn keep(&self, entry: Entry, ending: Ending, histogram: Histogram) {
        let mut kept = (entry, ending, histogram);
        for place in &self.recent {
            match place.set(kept) {
                Ok(()) => return,
                Err(back) => kept = back,
            }
        }
    }
}

impl Exchange {
    pub(super) fn template(&self) -> &str {
        &self.route.template
    }

    pub(super) const fn entry(&self) -> Entry {
        self.entry
    }
}

impl fmt::Debug for HttpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpServer").finish_non_exhaustive()
    }
}
