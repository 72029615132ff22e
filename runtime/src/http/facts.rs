//! What a policy may know of a request.

use std::net::{IpAddr, SocketAddr};
use std::sync::Once;

use axum::extract::MatchedPath;
use axum::extract::connect_info::{ConnectInfo, MockConnectInfo};
use http::request::Parts;
use http::{HeaderMap, Method};

/// The facts of one request that keys, costs and checks are made from.
#[derive(Debug)]
pub struct RequestFacts<'a> {
    parts: &'a Parts,
}

impl<'a> RequestFacts<'a> {
    /// The facts of a request's head.
    #[must_use]
    pub const fn new(parts: &'a Parts) -> Self {
        Self { parts }
    }

    /// The request's method.
    #[must_use]
    pub const fn method(&self) -> &'a Method {
        &self.parts.method
    }

    /// The route that matched, as a template: `/airports/{iata}`. `None` in a fallback.
    #[must_use]
    pub fn matched_route(&self) -> Option<&'a str> {
        self.parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str)
    }

    /// The address at the other end of the connection.
    ///
    /// `None` where the server was not started by `into_make_service_with_connect_info::<SocketAddr>()`; that is
    /// logged once. Tests may add axum's `MockConnectInfo` instead.
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        let extensions = &self.parts.extensions;
        if let Some(ConnectInfo(peer)) = extensions.get::<ConnectInfo<SocketAddr>>() {
            return Some(*peer);
        }
        let mock = extensions.get::<MockConnectInfo<SocketAddr>>().map(|mock| mock.0);
        if mock.is_none() {
            warn_of_missing_connect_info();
        }
        mock
    }

    /// The address that limits by client count by: the peer's.
    #[must_use]
    pub fn client(&self) -> Option<IpAddr> {
        self.peer().map(|peer| peer.ip())
    }

    /// The request's header fields.
    #[must_use]
    pub const fn headers(&self) -> &'a HeaderMap {
        &self.parts.headers
    }
}

#[cold]
fn warn_of_missing_connect_info() {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            "the peer's address is not known, so limits by address treat it as missing: serve the router by \
             `into_make_service_with_connect_info::<SocketAddr>()`"
        );
    });
}
