//! What a user would take instead.

use ::tower_governor::{GovernorLayer, governor::GovernorConfigBuilder};
use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::Response,
};
use axum_prometheus::PrometheusMetricLayer;

use super::{QUOTA, bare};

async fn nothing(request: Request, next: Next) -> Response {
    next.run(request).await
}

pub(super) fn from_fn() -> Router {
    bare::get_router().layer(middleware::from_fn(nothing))
}

pub(super) fn axum_prometheus() -> Router {
    let (layer, _handle) = PrometheusMetricLayer::pair();
    bare::get_router().layer(layer)
}

/// Nanoseconds between two requests at the rate of [`QUOTA`].
const PERIOD: u64 = 60_000_000_000 / QUOTA as u64;

pub(super) fn tower_governor() -> Router {
    match GovernorConfigBuilder::default().per_nanosecond(PERIOD).burst_size(QUOTA).finish() {
        Some(config) => bare::get_router().layer(GovernorLayer::new(config)),
        None => not_configured(),
    }
}

pub(super) fn tower_governor_with_headers() -> Router {
    match GovernorConfigBuilder::default().per_nanosecond(PERIOD).burst_size(QUOTA).use_headers().finish() {
        Some(config) => bare::get_router().layer(GovernorLayer::new(config)),
        None => not_configured(),
    }
}

/// `tower_governor` takes no zeros. A service without routes answers 404, and that is reported.
fn not_configured() -> Router {
    Router::new()
}
