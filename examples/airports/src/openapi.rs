//! The API's routes, and the document that is collected from them.

use tollgate::Tollgate;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::versions::Version;
use crate::{Sources, handlers};

#[derive(OpenApi)]
#[openapi(
    info(title = "Airports", description = "7 884 airports: look up, search, find the nearest, measure distances, change, and the weather there."),
    tags(
        (name = "airports", description = "Find and change airports"),
        (name = "distances", description = "Measure between airports"),
        (name = "weather", description = "Ask what the weather is at airports"),
        (name = "keys", description = "Ask about the own API key"),
    )
)]
struct Document;

/// Every operation of the API with its description, still without its state.
#[must_use]
pub fn routes() -> OpenApiRouter<Sources> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(handlers::search))
        .routes(routes!(handlers::airport, handlers::change))
        .routes(routes!(handlers::nearest))
        .routes(routes!(handlers::distance))
        .routes(routes!(handlers::weather))
        .routes(routes!(handlers::briefing))
        .routes(routes!(handlers::me))
}

/// The document of all operations of the newest version, with what their policies answer.
#[must_use]
pub fn document(tollgate: &Tollgate) -> utoipa::openapi::OpenApi {
    document_of(tollgate, Version::V2)
}

/// The same for any version.
#[must_use]
pub fn document_of(tollgate: &Tollgate, version: Version) -> utoipa::openapi::OpenApi {
    tollgate.openapi_for(routes().into_openapi(), version)
}
