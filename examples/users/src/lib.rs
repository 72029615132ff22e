//! An example service with accounts: created, read, changed, deleted and listed.
//!
//! [`app`] is the whole service as a router, so that tests call it without a socket; the program around it reads its
//! options, installs the [`Tollgate`], binds and serves. Anybody may do everything here, within limits; who may do what
//! is shown by the example `airports`.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Redirect;
use axum::routing::get;
use tollgate::{ErrorLayer, Tollgate};
use utoipa_swagger_ui::SwaggerUi;

pub use db::Db;

mod db;
pub mod errors;
pub mod handlers;
pub mod openapi;
pub mod options;
pub mod passwords;
pub mod users;

/// In bytes: no body that anybody needs to send is longer.
const LONGEST_BODY: usize = 16 * 1024;

/// The service: the API, its document at `/openapi.json`, its pages at `/docs/` and what its errors mean at `/problems`.
pub fn app(db: Db, tollgate: &Tollgate) -> Router {
    let (api, document) = openapi::routes().with_state(db).split_for_parts();
    let document = tollgate.openapi(document);
    api.merge(SwaggerUi::new("/docs").url("/openapi.json", document))
        .route("/", get(async || Redirect::to("/docs/")))
        .merge(tollgate.problem_routes())
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(ErrorLayer::new())
}
