//! The API's routes, and the document that is collected from them.

use tollgate::Tollgate;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{Db, handlers};

#[derive(OpenApi)]
#[openapi(
    info(title = "Users", description = "Accounts: create, read, change, delete, list."),
    tags((name = "users", description = "Accounts and what is known about them"))
)]
struct Document;

/// Every operation of the API with its description, still without its state.
#[must_use]
pub fn routes() -> OpenApiRouter<Db> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(handlers::list, handlers::create))
        .routes(routes!(handlers::read, handlers::change, handlers::delete))
}

/// The document of all operations, with what their policies answer.
#[must_use]
pub fn document(tollgate: &Tollgate) -> utoipa::openapi::OpenApi {
    tollgate.openapi(routes().into_openapi())
}
