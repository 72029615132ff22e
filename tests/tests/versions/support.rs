//! An API in three versions, and a client of it.

use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::routing::get;
use http::Request;
use serde_json::Value;
use tollgate::testing::{Answer, Client, ManualClock};
use tollgate::{ApiVersion, Tollgate, VersionReaders, versioned, versions};

/// 2026-06-01, 0:00 UTC: after the deprecation of v1, before its sunset.
pub(crate) const NOW: u64 = 1_780_272_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
pub(crate) enum Version {
    #[version("v1", deprecated = "2026-01-01", sunset = "2026-12-31", link = "https://example.com/v1", gone)]
    V1,
    #[version("v2", default)]
    V2,
    #[version("v3-preview", preview)]
    V3,
}

#[versioned(Version, only = V1)]
async fn airport_v1(Path(iata): Path<String>) -> String {
    format!("{iata} of v1")
}

#[versioned(Version, since = V2)]
async fn airport_v2(version: Version, Path(iata): Path<String>) -> String {
    format!("{iata} of {version:?}")
}

versions! {
    /// Look up an airport.
    pub(crate) airport = [airport_v1, airport_v2]
}

#[versioned(Version, since = V2, before = V3)]
async fn runway_v2() -> &'static str {
    "a runway"
}

versions! { pub(crate) runway = [runway_v2], holes = [V1, V3] }

/// For all versions.
pub(crate) async fn health() -> &'static str {
    "up"
}

pub(crate) fn clock() -> ManualClock {
    ManualClock::beginning_at(UNIX_EPOCH + Duration::from_secs(NOW))
}

/// The API behind these readers.
pub(crate) fn api(readers: VersionReaders) -> Client {
    let tollgate = Tollgate::builder().clock(clock()).versions::<Version>(readers).build().unwrap();
    Client::new(routes().layer(tollgate.layer()))
}

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/airports/{iata}", get(airport))
        .route("/runway", get(runway))
        .route("/health", get(health))
}

/// A request with these fields.
pub(crate) fn asking(uri: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::get(uri);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

/// Status and code of a problem, and that it lists what there is.
#[track_caller]
pub(crate) fn problem(answer: &Answer) -> (u16, String) {
    let problem: Value = answer.json().unwrap();
    assert_eq!(problem["supported"], serde_json::json!(["v1", "v2", "v3-preview"]), "{problem}");
    assert_eq!(problem["status"], answer.status().as_u16(), "{problem}");
    (answer.status().as_u16(), problem["code"].as_str().unwrap_or_default().to_owned())
}
