//! A client that asks a router without a socket.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use serde::de::DeserializeOwned;
use tower_service::Service;

use crate::app::Resolved;
use crate::core::Principal;

/// Asks a router, from an address and as a principal that the test chooses.
///
/// Settings are copied with it: `client.clone().from_address(..)` is another client of the same router.
///
/// ```
/// use axum::{Router, routing::get};
/// use tollgate::testing::Client;
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let app: Router = Router::new().route("/", get(async || "hello"));
/// let answer = Client::new(app).with_header("accept-language", "en").get("/").await;
/// assert_eq!((answer.status().as_u16(), answer.text()), (200, "hello"));
/// # });
/// # Ok::<_, std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a client that asks nothing tests nothing"]
pub struct Client {
    router: Router,
    peer: Option<SocketAddr>,
    principal: Option<Principal>,
    headers: HeaderMap,
}

impl Client {
    /// A client at 127.0.0.1 who presents no credentials.
    pub fn new(router: Router) -> Self {
        let peer = Some(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 50_000));
        Self { router, peer, principal: None, headers: HeaderMap::new() }
    }

    /// At this address.
    pub fn from_address(mut self, address: impl Into<IpAddr>) -> Self {
        self.peer = Some(SocketAddr::new(address.into(), 50_000));
        self
    }

    /// At an address that the server does not know, as without `into_make_service_with_connect_info`.
    pub const fn from_nowhere(mut self) -> Self {
        self.peer = None;
        self
    }

    /// As somebody who has proven who it is; no resolver is asked.
    pub fn as_principal(mut self, principal: Principal) -> Self {
        self.principal = Some(principal);
        self
    }

    /// With a header field on every request.
    ///
    /// # Panics
    /// Where the name is none, or the value cannot be sent.
    #[allow(clippy::expect_used, reason = "this is a tool for tests, and the panic is documented")]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("the name of a header field");
        self.headers.append(name, HeaderValue::from_str(value).expect("the value of a header field"));
        self
    }

    /// Answers a `GET` of a path, which may have a query.
    pub async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path, Body::empty()).await
    }

    /// Answers a `POST` of a JSON text.
    pub async fn post(&self, path: &str, json: impl Into<String>) -> Answer {
        self.request(Method::POST, path, Body::from(json.into())).await
    }

    /// Answers a `PUT` of a JSON text.
    pub async fn put(&self, path: &str, json: impl Into<String>) -> Answer {
        self.request(Method::PUT, path, Body::from(json.into())).await
    }

    /// Answers a `PATCH` of a JSON text.
    pub async fn patch(&self, path: &str, json: impl Into<String>) -> Answer {
        self.request(Method::PATCH, path, Body::from(json.into())).await
    }

    /// Answers a `DELETE` of a path.
    pub async fn delete(&self, path: &str) -> Answer {
        self.request(Method::DELETE, path, Body::empty()).await
    }

    /// Answers a request of any method; one with a body says that it is JSON, unless the client has a media type.
    ///
    /// # Panics
    /// Where the path is none.
    pub async fn request(&self, method: Method, path: &str, body: impl Into<Body>) -> Answer {
        let body = body.into();
        let has_body = !http_body::Body::is_end_stream(&body);
        let mut request = Request::new(body);
        *request.method_mut() = method;
        #[allow(clippy::expect_used, reason = "this is a tool for tests, and the panic is documented")]
        let uri = path.parse().expect("the path of a request begins with `/`");
        *request.uri_mut() = uri;
        if has_body && !self.headers.contains_key(CONTENT_TYPE) {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        self.send(request).await
    }

    /// Answers a request, and reads the answer to its end.
    ///
    /// # Panics
    /// Where the body of the answer breaks off.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (head, body) = self.respond(request).await.into_parts();
        #[allow(clippy::expect_used, reason = "this is a tool for tests, and the panic is documented")]
        let body = to_bytes(body, usize::MAX).await.expect("the body of the answer is whole");
        Answer { status: head.status, headers: head.headers, body }
    }

    /// Answers a request with a body that is still to be read.
    pub async fn respond(&self, mut request: Request<Body>) -> Response {
        for (name, value) in &self.headers {
            request.headers_mut().append(name, value.clone());
        }
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        if let Some(principal) = &self.principal {
            request.extensions_mut().insert(Resolved::for_test(principal.clone()));
        }
        // A router is always ready, and never fails.
        match self.router.clone().call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    /// Its status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Its header fields.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header field; empty where it is missing or no text.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Its body.
    #[must_use]
    pub const fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// Its body as text; empty where it is none.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap_or_default()
    }

    /// Its body, read as JSON.
    ///
    /// # Errors
    /// Where it is no such JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}
