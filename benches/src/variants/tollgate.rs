//! The handlers of `bare` behind our own attributes.
#![allow(clippy::unused_async, reason = "a handler is an async fn, whatever it does")]

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, post},
};
use tollgate::__private::{Gate, Guarded, Origin, Policies, Response, Site, describe, run, send};
use tollgate::{
    BearerTokens, ErrorLayer, MetricsLayer, Principal, Tollgate, TollgateBuilder, authorize, bulkhead,
    circuit_breaker, rate_limited, timeout, with_metrics,
};

use tower::layer::util::Identity;

use super::bare::{self, Airport, Correction, Corrections};

/// A gate without a policy, which no attribute makes: what the way through a gate costs by itself.
enum Empty {}

impl Guarded for Empty {
    const POLICIES: Policies = Policies::new();

    fn site() -> &'static Site {
        static SITE: Site = Site::new(
            Origin {
                file: file!(),
                line: line!(),
                column: column!(),
                module: module_path!(),
                function: "empty",
            },
            None,
            describe::<Empty>,
        );
        &SITE
    }
}

async fn airport(Path(id): Path<u64>) -> Json<Airport> {
    Json(bare::find(id))
}

async fn correct_airport(
    State(corrections): State<Corrections>,
    Path(id): Path<u64>,
    Json(correction): Json<Correction>,
) -> Json<Airport> {
    Json(bare::correct(&corrections, id, &correction))
}

async fn gated(gate: Gate<Empty, (Path<u64>,)>) -> Response {
    run(gate, |(id,)| send(airport(id))).await
}

type Arguments = (State<Corrections>, Path<u64>, Json<Correction>);

async fn gated_post(gate: Gate<Empty, Arguments>) -> Response {
    run(gate, |(corrections, id, correction)| send(correct_airport(corrections, id, correction))).await
}

#[with_metrics]
async fn measured(Path(id): Path<u64>) -> Json<Airport> {
    Json(bare::find(id))
}

#[rate_limited("100000/second")]
async fn limited(Path(id): Path<u64>) -> Json<Airport> {
    Json(bare::find(id))
}

#[with_metrics]
#[rate_limited("100000/second")]
async fn limited_and_measured(Path(id): Path<u64>) -> Json<Airport> {
    Json(bare::find(id))
}

#[authorize(role = "reader")]
async fn authorized(Path(id): Path<u64>) -> Json<Airport> {
    Json(bare::find(id))
}

#[with_metrics]
#[rate_limited("100000/second")]
#[rate_limited("100000/second", key = principal)]
#[authorize(role = "reader")]
async fn behind_all(Path(id): Path<u64>) -> Json<Airport> {
    Json(bare::find(id))
}

#[circuit_breaker]
async fn behind_breaker(Path(id): Path<u64>) -> Json<Airport> {
    Json(bare::find(id))
}

#[circuit_breaker]
#[bulkhead(max_concurrent = 64)]
#[timeout("2s")]
async fn behind_guards(Path(id): Path<u64>) -> Json<Airport> {
    Json(bare::find(id))
}

fn settings() -> TollgateBuilder {
    let reader = Principal::new("ada").with_role("reader");
    Tollgate::builder().principal(BearerTokens::new([(bare::TOKEN, reader)]))
}

/// As a service does at start-up. The second variant of a process finds one installed, and shares it.
pub(super) fn install() {
    if let Ok(tollgate) = settings().build() {
        let _ = tollgate.install();
    }
}

pub(super) fn gate() -> Router {
    install();
    Router::new().route("/airports/{id}", get(gated))
}

pub(super) fn gate_post() -> Router {
    install();
    Router::new().route("/airports/{id}", post(gated_post)).with_state(Corrections::default())
}

pub(super) fn with_metrics_alone() -> Router {
    install();
    Router::new().route("/airports/{id}", get(measured))
}

pub(super) fn rate_limited_alone() -> Router {
    install();
    Router::new().route("/airports/{id}", get(limited))
}

pub(super) fn metrics_layer() -> Router {
    install();
    bare::get_router().layer(MetricsLayer::new())
}

pub(super) fn layered_bare() -> Router {
    bare::get_router().layer(Identity::new())
}

pub(super) fn error_layer() -> Router {
    install();
    bare::get_router().layer(ErrorLayer::new())
}

/// axum boxes a route once more for every layer, whatever that does.
pub(super) fn layered_gate() -> Router {
    install();
    Router::new().route("/airports/{id}", get(gated)).layer(Identity::new())
}

/// A service that cannot be set up answers 404, and that is reported.
pub(super) fn layer() -> Router {
    match settings().build() {
        Ok(tollgate) => Router::new().route("/airports/{id}", get(gated)).layer(tollgate.layer()),
        Err(_) => Router::new(),
    }
}

pub(super) fn authorize_alone() -> Router {
    install();
    Router::new().route("/airports/{id}", get(authorized))
}

pub(super) fn all() -> Router {
    install();
    Router::new().route("/airports/{id}", get(behind_all))
}

pub(super) fn both() -> Router {
    install();
    Router::new().route("/airports/{id}", get(limited_and_measured))
}

pub(super) fn circuit_breaker_alone() -> Router {
    install();
    Router::new().route("/airports/{id}", get(behind_breaker))
}

pub(super) fn guarded() -> Router {
    install();
    Router::new().route("/airports/{id}", get(behind_guards))
}
