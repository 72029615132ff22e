//! Calls the service without a socket.

use std::sync::LazyLock;

use airports::airports::Airports;
use airports::options::Limits;
use airports::{Db, app};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response};
use http_body_util::BodyExt;
use serde_json::Value;
use tollgate::Tollgate;
use tower::ServiceExt;

/// One for all tests, because reading the airports takes longer than any of them.
static DB: LazyLock<Db> = LazyLock::new(|| Db::load().unwrap());

/// One for all tests that are not about limits.
pub(crate) static UNLIMITED: LazyLock<Router> =
    LazyLock::new(|| service(&Limits::Off.configure(Tollgate::builder()).build().unwrap()));

/// The service with budgets of its own.
pub(crate) fn service(tollgate: &Tollgate) -> Router {
    bare_service(tollgate).layer(tollgate.layer())
}

/// The service as the program serves it, which takes the budgets of the process.
pub(crate) fn bare_service(tollgate: &Tollgate) -> Router {
    app(DB.clone(), tollgate)
}

/// The service with airports of its own, and without limits: for what changes them.
pub(crate) fn own_service() -> Router {
    let tollgate = Limits::Off.configure(Tollgate::builder()).build().unwrap();
    app(Db::from(Airports::clone(&DB.airports())), &tollgate).layer(tollgate.layer())
}

pub(crate) fn request(method: Method, uri: &str) -> Request<Body> {
    Request::builder().method(method).uri(uri).body(Body::empty()).unwrap()
}

pub(crate) async fn send_to(service: &Router, request: Request<Body>) -> Response<Body> {
    service.clone().oneshot(request).await.unwrap()
}

pub(crate) async fn body(response: Response<Body>) -> Vec<u8> {
    response.into_body().collect().await.unwrap().to_bytes().into()
}

pub(crate) async fn json(response: Response<Body>) -> Value {
    serde_json::from_slice(&body(response).await).unwrap()
}
