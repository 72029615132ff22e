//! What a policy may know of a request.

use std::cell::OnceCell;
use std::net::{IpAddr, SocketAddr};
use std::sync::Once;

use axum::extract::MatchedPath;
use axum::extract::connect_info::{ConnectInfo, MockConnectInfo};
use http::request::Parts;
use http::{Extensions, HeaderMap, Method};

use super::client::ClientRule;
use crate::core::{ApiVersion, Chosen, Principal};

/// The facts of one request that keys, costs and checks are made from.
///
/// Every policy of a function is shown the same ones; what has to be worked out is worked out once, when somebody asks.
/// There is no path in them but the route's template, so that no spelling of a path is a budget of its own; nor a query,
/// extensions or the router's state.
#[derive(Debug)]
pub struct RequestFacts<'a> {
    parts: &'a Parts,
    rule: &'a ClientRule,
    client: KnownClient,
    principal: Option<&'a Principal>,
    /// Whether whoever tells has been asked.
    is_asked: bool,
}

/// The client's address, once somebody has asked for it.
pub(crate) type KnownClient = OnceCell<Option<IpAddr>>;

impl<'a> RequestFacts<'a> {
    /// The facts of a request's head, for a test of a key or a check of your own: the client is the peer, and nobody has
    /// proven who it is.
    #[must_use]
    pub const fn new(parts: &'a Parts) -> Self {
        Self::by(parts, ClientRule::peer()).with_principal(None)
    }

    /// The facts of a request's head, with the client's address found by that rule.
    #[inline]
    pub(crate) const fn by(parts: &'a Parts, rule: &'a ClientRule) -> Self {
        Self { parts, rule, client: KnownClient::new(), principal: None, is_asked: false }
    }

    /// With an address that was found before.
    pub(crate) fn with_client(mut self, client: KnownClient) -> Self {
        self.client = client;
        self
    }

    /// With somebody who has proven who it is.
    #[must_use]
    pub const fn with_principal(mut self, principal: Option<&'a Principal>) -> Self {
        self.principal = principal;
        self.is_asked = true;
        self
    }

    /// What was found out so far, for when the head of the request has changed meanwhile.
    pub(crate) fn into_client(self) -> KnownClient {
        self.client
    }

    /// The request's method.
    #[must_use]
    pub const fn method(&self) -> &'a Method {
        &self.parts.method
    }

    /// The route that matched, as a template: `/airports/{iata}`. `None` in a fallback.
    #[must_use]
    pub fn matched_route(&self) -> Option<&'a str> {
        matched_route(&self.parts.extensions)
    }

    /// The address at the other end of the connection.
    ///
    /// `None` where the server was not started by `into_make_service_with_connect_info::<SocketAddr>()`. Tests may add
    /// axum's `MockConnectInfo` instead.
    #[inline]
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        let extensions = &self.parts.extensions;
        if let Some(ConnectInfo(peer)) = extensions.get::<ConnectInfo<SocketAddr>>() {
            return Some(*peer);
        }
        extensions.get::<MockConnectInfo<SocketAddr>>().map(|mock| mock.0)
    }

    /// The address that limits by client count by: the peer's, or behind trusted proxies what the one forwarded header
    /// says that they are trusted with.
    ///
    /// `None` where it is not known, which is logged once.
    #[inline]
    #[must_use]
    pub fn client(&self) -> Option<IpAddr> {
        if let Some(known) = self.client.get() {
            return *known;
        }
        let client = self.rule.client(self.peer().map(|peer| peer.ip()), &self.parts.headers);
        if client.is_none() {
            warn_of_missing_address();
        }
        let _ = self.client.set(client);
        client
    }

    /// Whoever has proven who it is. `None` in front of `authorize`, where nobody has been asked yet: a limit that counts by
    /// it stands behind, by `key = principal` or `after = authorize`. Asking too early is logged once.
    #[must_use]
    pub fn principal(&self) -> Option<&'a Principal> {
        if !self.is_asked {
            warn_of_asking_early();
        }
        self.principal
    }

    /// The version that the request asks for, where its handler is [`versioned`](macro@crate::versioned) by that enum; `None` elsewhere.
    #[must_use]
    pub fn version<V: ApiVersion>(&self) -> Option<V> {
        self.parts.extensions.get::<Chosen>()?.as_version()
    }

    /// The request's header fields.
    #[must_use]
    pub const fn headers(&self) -> &'a HeaderMap {
        &self.parts.headers
    }
}

/// The route that matched, as a template.
#[inline]
pub(crate) fn matched_route(extensions: &Extensions) -> Option<&str> {
    extensions.get::<MatchedPath>().map(MatchedPath::as_str)
}

#[cold]
fn warn_of_asking_early() {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            "a key or a cost asked for the principal in front of `authorize`, where it is not known yet: write \
             `after = authorize` in that `rate_limited`, or `key = principal`"
        );
    });
}

#[cold]
fn warn_of_missing_address() {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            "the client's address is not known, so limits by address treat it as missing: serve the router by \
             `into_make_service_with_connect_info::<SocketAddr>()`"
        );
    });
}
