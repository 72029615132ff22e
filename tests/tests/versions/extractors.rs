//! The version as an argument of handlers without `#[versioned]`.

use axum::Router;
use axum::routing::get;
use tollgate::testing::Client;
use tollgate::{ApiVersion, Tollgate, VersionReaders};

use crate::support::{Version, clock, problem};

async fn told(version: Version) -> String {
    version.name().to_owned()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Unannounced {
    #[version("1", default)]
    One,
    #[version("2")]
    Two,
}

async fn unannounced(version: Unannounced) -> String {
    format!("{version:?}")
}

#[tokio::test]
async fn the_version_is_an_extractor() {
    let tollgate = Tollgate::builder()
        .clock(clock())
        .versions::<Version>(VersionReaders::new().query("v"))
        .build()
        .unwrap();
    let client = Client::new(Router::new().route("/", get(told)).layer(tollgate.layer()));
    assert_eq!(client.get("/?v=1").await.text(), "v1");
    assert_eq!(client.get("/").await.text(), "v2");
    assert_eq!(problem(&client.get("/?v=9").await), (400, "unsupported_version".to_owned()));
}

#[tokio::test]
async fn an_enum_that_no_handler_declares_is_read_from_the_usual_field() {
    let client = Client::new(Router::new().route("/", get(unannounced)));
    assert_eq!(client.clone().get("/").await.text(), "One");
    assert_eq!(client.with_header("api-version", "v2").get("/").await.text(), "Two");
}

#[test]
fn a_version_knows_its_name_and_its_place() {
    assert_eq!((Version::V3.name(), Version::V3.place()), ("v3-preview", 2));
    assert_eq!((Version::at(0), Version::at(3)), (Some(Version::V1), None));
}
