//! An example service over 7 884 real airports.
//!
//! [`app`] is the whole service as a router, so that tests call it without a socket; the program around it reads its
//! options, installs the [`Tollgate`], binds and serves.

use axum::extract::{DefaultBodyLimit, FromRef};
use axum::response::Redirect;
use axum::routing::get;
use axum::{Json, Router};
use tollgate::{ErrorLayer, MetricsLayer, Tollgate};
use tower_layer::Layer;
use utoipa_swagger_ui::{SwaggerUi, Url};

use crate::versions::Version;

pub use db::{Db, OpenError};
pub use weather::Weather;

pub mod airports;
pub mod change;
pub mod codes;
pub mod count;
mod db;
pub mod errors;
pub mod geo;
pub mod handlers;
pub mod keys;
pub mod messages;
pub mod openapi;
pub mod options;
pub mod versions;
pub mod weather;

/// In bytes: no body that anybody needs to send is longer.
const LONGEST_BODY: usize = 16 * 1024;

/// What the handlers ask.
#[derive(Clone, Debug, FromRef)]
pub struct Sources {
    /// The airports, which are ours.
    pub db: Db,
    /// The weather, which is somebody else's.
    pub weather: Weather,
}

/// The service: the API, its documents at `/openapi/v1.json`, `/openapi/v2.json` and (the newest) `/openapi.json`, their pages at `/docs/` and
/// what its errors mean at `/problems`; for
/// Prometheus `/metrics`, for load balancers `/health`, for clients `/limits`, which tells each how it stands, and for the operator
/// `/admin/inventory`, `/admin/limits`, `/admin/cache` and `/admin/breakers`.
///
/// Requests find their `Tollgate` by themselves: the program installs this one for the process, and tests put its
/// layer around the router, so that each has budgets of its own.
pub fn app(sources: Sources, tollgate: &Tollgate) -> Router {
    let (api, _) = openapi::routes().with_state(sources).split_for_parts();
    let newest = openapi::document(tollgate);
    let (cache, breakers) = (tollgate.cache_handler(), tollgate.breakers_handler());
    let service = api
        .merge(pages(tollgate))
        .route("/openapi.json", get(async move || Json(newest)))
        .route("/", get(async || Redirect::to("/docs/")))
        .merge(tollgate.problem_routes())
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(ErrorLayer::new())
        .layer(MetricsLayer::new())
        // Behind the layer in this list, and so not measured: these are about the service, and no part of it.
        .route("/metrics", get(tollgate.metrics_handler()))
        .route("/health", get(tollgate.health_handler()))
        .route("/admin/inventory", get(tollgate.inventory_handler()))
        .route("/admin/limits", get(tollgate.limits_handler()).delete(tollgate.limits_handler()))
        .route("/admin/cache", get(cache.clone()).post(cache.clone()).delete(cache))
        .route("/admin/breakers", get(breakers.clone()).post(breakers))
        .route("/limits", get(tollgate.own_limits_handler()));
    // Routing comes first, so what reads versions in paths stands around the router.
    Router::new().fallback_service(tollgate.version_layer::<Version>().layer(service))
}

/// A page for each version, the newest first.
fn pages(tollgate: &Tollgate) -> SwaggerUi {
    let (newest, first) =
        (Url::with_primary("v2", "/openapi/v2.json", true), Url::new("v1", "/openapi/v1.json"));
    let documents = [(newest, Version::V2), (first, Version::V1)];
    let documents = documents.map(|(url, version)| (url, openapi::document_of(tollgate, version)));
    SwaggerUi::new("/docs").urls(documents.into())
}
