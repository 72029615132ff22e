//! Requests of all kinds of clients, in few words.

use axum::Router;
use axum::body::Body;
use axum::routing::MethodRouter;
use http::{HeaderValue, Request, StatusCode};
use tollgate_tests::{Service, from_client};

/// A service with one handler, at `/`.
pub(crate) fn service(handler: MethodRouter) -> Service {
    Service::of(Router::new().route("/", handler))
}

/// A `GET` of `/`.
pub(crate) fn request() -> Request<Body> {
    tollgate_tests::get("/")
}

/// A `GET` of `/` from an address.
pub(crate) fn from(address: &str) -> Request<Body> {
    from_client(address, request())
}

/// A `GET` of `/` with a header field, which need not be text.
pub(crate) fn with(name: &str, value: impl AsRef<[u8]>) -> Request<Body> {
    and(request(), name, value)
}

/// The same request with a header field more, or a line more of the same field.
pub(crate) fn and(mut request: Request<Body>, name: &str, value: impl AsRef<[u8]>) -> Request<Body> {
    let name = http::HeaderName::from_bytes(name.as_bytes()).unwrap();
    request.headers_mut().append(name, HeaderValue::from_bytes(value.as_ref()).unwrap());
    request
}

/// How many of these requests are admitted until one is refused.
pub(crate) async fn admitted(service: &Service, request: impl Fn() -> Request<Body>) -> u32 {
    for admitted in 0..100 {
        let answer = service.send(request()).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            return admitted;
        }
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    }
    panic!("no request was refused")
}
