//! The API's routes, and the document that is collected from them.

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::errors::Problem;
use crate::{Db, handlers};

/// `Problem` stands here because schemas are collected from bodies, and the errors list theirs by hand.
#[derive(OpenApi)]
#[openapi(
    info(title = "Airports", description = "7 884 airports: look up, search, find the nearest, measure distances."),
    tags(
        (name = "airports", description = "Find airports"),
        (name = "distances", description = "Measure between airports"),
    ),
    components(schemas(Problem))
)]
struct Document;

/// Every operation of the API with its description, still without its state.
#[must_use]
pub fn routes() -> OpenApiRouter<Db> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(handlers::search))
        .routes(routes!(handlers::airport))
        .routes(routes!(handlers::nearest))
        .routes(routes!(handlers::distance))
}
