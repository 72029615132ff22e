//! What the tests of behaviour share: a service of one's own, requests in few words, answers that are read already.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and a helper's unwrap is its assertion
#![allow(clippy::panic)] // likewise

pub mod events;
mod rate_limit_fields;
pub mod scripted_origin;
pub mod shifted_clock;
pub mod structured;
pub mod tape;

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tollgate::testing::ManualClock;
use tollgate::{Tollgate, TollgateBuilder};
use tower::ServiceExt;

/// The name of a site whose function stands in the module that asks.
#[macro_export]
macro_rules! site {
    ($function:ident) => {
        concat!(module_path!(), "::", stringify!($function))
    };
}

/// The fields by which proxies of all kinds name the client.
pub const CLIENT_FIELDS: [&str; 10] = [
    "x-forwarded-for",
    "forwarded",
    "x-real-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "fastly-client-ip",
    "x-originating-ip",
    "client-ip",
];

/// A router behind a `Tollgate` of its own, whose clock stands still until a test moves it.
#[derive(Clone, Debug)]
pub struct Service {
    /// What serves the router.
    pub tollgate: Tollgate,
    /// What it reads the time from.
    pub clock: ManualClock,
    router: Router,
}

impl Service {
    /// With the defaults.
    #[must_use]
    pub fn of(router: Router) -> Self {
        Self::with(Tollgate::builder(), router)
    }

    /// With other settings; the clock is set here.
    ///
    /// # Panics
    /// Where the settings are wrong.
    #[must_use]
    pub fn with(settings: TollgateBuilder, router: Router) -> Self {
        Self::with_clock(settings, router, ManualClock::new())
    }

    /// With other settings, and a clock that handlers move, too.
    ///
    /// # Panics
    /// Where the settings are wrong.
    #[must_use]
    pub fn with_clock(settings: TollgateBuilder, router: Router, clock: ManualClock) -> Self {
        let tollgate = settings.clock(clock.clone()).build().unwrap();
        Self { router: router.layer(tollgate.layer()), tollgate, clock }
    }

    /// The router behind its `Tollgate`, for a server.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Answers a request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        send(&self.router, request).await
    }

    /// Answers a `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(get(path)).await
    }

    /// What was counted at a site: `"with_metrics completed 1, rate_limited refused 2"`, without what is zero.
    #[must_use]
    pub fn counts(&self, site: &str) -> String {
        counts(&self.tollgate, site)
    }
}

/// What a `Tollgate` counted at a site: `"with_metrics completed 1, rate_limited refused 2"`, without what is zero.
///
/// # Panics
/// Where there is no such site.
#[must_use]
pub fn counts(tollgate: &Tollgate, site: &str) -> String {
    let decisions = tollgate.decisions();
    let mut own = decisions.iter().filter(|count| count.site == site).peekable();
    assert!(own.peek().is_some(), "there is no site {site}");
    let (mut text, mut policy) = (String::new(), "");
    for count in own.filter(|count| count.count > 0) {
        if !text.is_empty() {
            text.push_str(", ");
        }
        if policy != count.policy {
            policy = count.policy;
            write!(text, "{policy} ").unwrap();
        }
        write!(text, "{} {}", count.outcome.as_str(), count.count).unwrap();
    }
    text
}

/// Answers a request, and holds that its rate-limit fields are well formed.
///
/// # Panics
/// Where they are not, or the body cannot be read.
pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let (head, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes().into();
    let body = String::from_utf8(body).unwrap();
    let answer = Answer { status: head.status, headers: head.headers, body };
    rate_limit_fields::check(&answer);
    answer
}

/// A `GET` request.
///
/// # Panics
/// Where the path is none.
#[must_use]
pub fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

/// A `POST` request of that media type.
///
/// # Panics
/// Where the path is none.
pub fn post(path: &str, media_type: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(path).header(header::CONTENT_TYPE, media_type).body(body.into()).unwrap()
}

/// A request of any method.
///
/// # Panics
/// Where the path is none.
#[must_use]
pub fn request(method: Method, path: &str) -> Request<Body> {
    Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
}

/// The same request from an address.
///
/// # Panics
/// Where the address is none.
#[must_use]
pub fn from_client(address: &str, mut request: Request<Body>) -> Request<Body> {
    let address: IpAddr = address.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address, 1_234)));
    request
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its header fields.
    pub headers: HeaderMap,
    /// Its body.
    pub body: String,
}

impl Answer {
    /// A header field that is text; empty where it is missing.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap_or("not text"))
    }

    /// The standing of the rates, as `RateLimit` tells it; empty where it is missing.
    #[must_use]
    pub fn rate_limit(&self) -> &str {
        self.field("ratelimit")
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// Where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// README's own snippets.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The examples of `tollgate::pages::sql`, which need a driver.
#[cfg(doctest)]
#[doc = include_str!("../../runtime/src/docs/sql.md")]
struct PagesOfSql;
