//! Versions in paths.

use axum::Router;
use axum::extract::OriginalUri;
use axum::routing::get;
use tollgate::testing::{Answer, Client};
use tollgate::{Tollgate, VersionReaders};
use tower::Layer;

use crate::support::{Version, clock, problem, routes};

async fn echo(OriginalUri(original): OriginalUri, uri: http::Uri) -> String {
    format!("{original} as {uri}")
}

async fn asked(readers: VersionReaders, path: &str, fields: &[(&str, &str)]) -> Answer {
    let tollgate = Tollgate::builder().clock(clock()).versions::<Version>(readers).build().unwrap();
    let routes = routes()
        .route("/echo", get(echo))
        .route("/", get(echo))
        .nest("/api", routes())
        .layer(tollgate.layer());
    let app = Router::new().fallback_service(tollgate.version_layer::<Version>().layer(routes));
    Client::new(app).send(crate::support::asking(path, fields)).await
}

/// BEHAVIOURS 2.5/1, 7, 13, 31, 32.
#[tokio::test]
async fn a_version_in_the_path_chooses_the_handler() {
    let path = || VersionReaders::new().path();
    for (readers, uri, expected) in [
        (path(), "/v1/airports/CDG", (200, "v1")),
        (path(), "/v2/airports/CDG", (200, "v2")),
        (path(), "/V3-preview/airports/CDG", (200, "v3-preview")),
        (path(), "/airports/CDG", (200, "v2")),
        (path(), "/v9/airports/CDG", (404, "")),
        (path(), "/v1/health", (200, "")),
        (path(), "/v1/elsewhere", (404, "")),
        (VersionReaders::new().path_under("/api"), "/api/v1/airports/CDG", (200, "v1")),
        (VersionReaders::new().path_under("/api"), "/v1/airports/CDG", (404, "")),
        (VersionReaders::default(), "/v1/airports/CDG", (404, "")),
    ] {
        let answer = asked(readers, uri, &[]).await;
        assert_eq!((answer.status().as_u16(), answer.header("api-version")), expected, "{uri}");
    }
    assert_eq!(problem(&asked(path(), "/v9/x", &[]).await), (404, "unsupported_version".to_owned()));
}

#[tokio::test]
async fn the_address_that_was_asked_for_is_kept() {
    for (uri, expected) in [
        ("/v2/echo?a=%20b", "/v2/echo?a=%20b as /echo?a=%20b"),
        ("/v2", "/v2 as /"),
        ("/echo", "/echo as /echo"),
    ] {
        assert_eq!(asked(VersionReaders::new().path(), uri, &[]).await.text(), expected);
    }
}

#[tokio::test]
async fn a_version_in_the_path_and_another_one_elsewhere_are_two() {
    let readers = || VersionReaders::new().path().header("API-Version");
    let answer = asked(readers(), "/v1/airports/CDG", &[("api-version", "v2")]).await;
    assert_eq!(problem(&answer), (400, "ambiguous_version".to_owned()));
    assert_eq!(asked(readers(), "/v1/airports/CDG", &[("api-version", "1.0")]).await.status(), 200);
}

#[tokio::test]
async fn the_next_version_has_the_same_path_behind_it() {
    let answer = asked(VersionReaders::new().path_under("/api"), "/api/v1/airports/CDG?x=1", &[]).await;
    let links: Vec<_> = answer.headers().get_all("link").iter().collect();
    assert_eq!(links[2], "</api/v2/airports/CDG?x=1>; rel=\"successor-version\"");
}
