//! Versions beside other policies.

use axum::Router;
use axum::routing::get;
use tollgate::testing::Client;
use tollgate::{CacheLayer, Tollgate, VersionReaders, cached, versioned};
use tower::Layer;

use crate::support::{Version, clock};

#[versioned(Version)]
#[cached(ttl = "1m", public)]
async fn kept(version: Version) -> String {
    format!("{version:?}")
}

#[versioned(Version)]
#[cached(ttl = "1m", public, key = "same")]
async fn kept_by_key(version: Version) -> String {
    format!("{version:?}")
}

#[tokio::test]
async fn the_version_is_part_of_every_key() {
    let readers = VersionReaders::new().header("API-Version").path();
    let tollgate = Tollgate::builder().clock(clock()).versions::<Version>(readers).build().unwrap();
    let routes =
        Router::new().route("/kept", get(kept)).route("/by_key", get(kept_by_key)).layer(tollgate.layer());
    let app = Router::new().fallback_service(tollgate.version_layer::<Version>().layer(routes));
    for path in ["/kept", "/by_key"] {
        for (version, expected) in [("v1", "V1"), ("v2", "V2"), ("v1", "V1"), ("v2", "V2")] {
            let by_header = Client::new(app.clone()).with_header("api-version", version).get(path).await;
            assert_eq!((by_header.text(), by_header.header("api-version")), (expected, version), "{path}");
            let by_path = Client::new(app.clone()).get(&format!("/{version}{path}")).await;
            assert_eq!(by_path.text(), expected, "{path}");
        }
    }
}

#[versioned(Version)]
async fn storable(version: Version) -> ([(&'static str, &'static str); 1], String) {
    ([("cache-control", "max-age=60")], format!("{version:?}"))
}

#[tokio::test]
async fn a_shared_cache_in_front_keeps_versions_apart() {
    let readers = VersionReaders::new().header("API-Version").path();
    let tollgate = Tollgate::builder().clock(clock()).versions::<Version>(readers).build().unwrap();
    let routes: Router =
        Router::new().route("/", get(storable)).layer(CacheLayer::new()).layer(tollgate.layer());
    let app = Router::new().fallback_service(tollgate.version_layer::<Version>().layer(routes));
    for (version, expected) in [("v1", "V1"), ("v2", "V2"), ("v1", "V1")] {
        let by_header = Client::new(app.clone()).with_header("api-version", version).get("/").await;
        assert_eq!(by_header.text(), expected);
        let by_path = Client::new(app.clone()).get(&format!("/{version}/")).await;
        assert_eq!(by_path.text(), expected);
    }
}
