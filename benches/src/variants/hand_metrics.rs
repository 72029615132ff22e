//! Metrics as one writes them by hand with `prometheus-client`: a family of histograms and one of gauges, looked up by
//! their labels for each request, and timed to the head of the answer.

use std::sync::Arc;

use axum::{
    Router,
    extract::{MatchedPath, Request},
    middleware::{self, Next},
    response::Response,
};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::{family::Family, gauge::Gauge, histogram::Histogram};
use quanta::Instant;

use super::bare;

pub(super) fn router() -> Router {
    let metrics = Arc::new(Metrics::default());
    bare::get_router()
        .layer(middleware::from_fn(move |request, next| measure(Arc::clone(&metrics), request, next)))
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: String,
    route: String,
    status: u32,
}

struct Metrics {
    durations: Family<Labels, Histogram, fn() -> Histogram>,
    active: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        const BOUNDARIES: [f64; 14] =
            [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
        Self {
            durations: Family::new_with_constructor(|| Histogram::new(BOUNDARIES)),
            active: Gauge::default(),
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "by hand, one reads the clock oneself")]
async fn measure(metrics: Arc<Metrics>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let method = request.method().to_string();
    let started = Instant::now();
    metrics.active.inc();
    let response = next.run(request).await;
    metrics.active.dec();
    let status = response.status().as_u16().into();
    let labels = Labels { method, route: route.unwrap_or_default(), status };
    metrics.durations.get_or_create(&labels).observe(started.elapsed().as_secs_f64());
    response
}
