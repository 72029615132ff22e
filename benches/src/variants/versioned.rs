//! What it costs to choose among handlers by the version of a request.
#![allow(clippy::unused_async, reason = "a handler is an async fn, whatever it does")]

use axum::{
    Json, Router,
    body::Body,
    extract::{Path, Request},
    http::HeaderValue,
    routing::get,
};
use tollgate::{ApiVersion, versioned, versions};

use super::bare::{self, Airport};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1")]
    V1,
    #[version("v2", default)]
    V2,
}

#[versioned(Version, only = V1)]
async fn old(Path(id): Path<u64>) -> Json<Airport> {
    Json(bare::find(id))
}

#[versioned(Version, since = V2)]
async fn new(Path(id): Path<u64>) -> Json<Airport> {
    Json(bare::find(id))
}

versions! { dispatched = [old, new] }

#[versioned(Version, since = V2)]
async fn lone(Path(id): Path<u64>) -> Json<Airport> {
    Json(bare::find(id))
}

/// The one of `bare`, which says its version.
pub(super) fn request() -> Request<Body> {
    let mut request = bare::get_request();
    request.headers_mut().insert("api-version", HeaderValue::from_static("v2"));
    request
}

/// Two handlers behind one name.
pub(super) fn item() -> Router {
    super::install();
    Router::new().route("/airports/{id}", get(dispatched))
}

/// One by itself.
pub(super) fn alone() -> Router {
    super::install();
    Router::new().route("/airports/{id}", get(lone))
}
