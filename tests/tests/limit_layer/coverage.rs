//! Which paths a layer covers, through routers of all kinds.

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use tollgate::{RateLimitLayer, limits};
use tollgate_tests::{Service, from_client, get as request};

use crate::support::{behind, standings};

#[tokio::test]
async fn without_a_prefix_everything_is_covered_unmatched_paths_included() {
    let service = Service::of(
        Router::new()
            .route("/a", get(async || "a"))
            .layer(RateLimitLayer::new(limits!("5/minute", name = "everything"))),
    );
    assert_eq!(service.get("/a").await.rate_limit(), r#""everything";r=4;t=12"#);
    let unmatched = service.get("/b").await;
    assert_eq!(unmatched.status, StatusCode::NOT_FOUND);
    assert_eq!(unmatched.rate_limit(), r#""everything";r=3;t=12"#, "one budget for all routes");
}

#[tokio::test]
async fn a_prefix_covers_whole_segments_however_they_are_spelt() {
    let service = behind(RateLimitLayer::new(limits!("9/minute", name = "below")).prefix("/v1"));
    let covered = ["/v1", "/v1/airports", "/%761/airports", "//v1/x", "/x/../v1/y", "/v1%2Fx", "/v1/?q=/v2"];
    let standings_of_covered = standings(&service, &covered).await;
    let counted_down: Vec<_> =
        (0..covered.len()).map(|spent| format!("\"below\";r={};", 8 - spent)).collect();
    for (standing, expected) in standings_of_covered.iter().zip(&counted_down) {
        assert!(standing.starts_with(expected), "{standing}: {expected}");
    }
    let free = ["/v10", "/v1x/y", "/", "/v2/v1", "/other?path=/v1", "/V1"];
    assert_eq!(standings(&service, &free).await, ["-"; 6]);
}

#[tokio::test]
async fn several_prefixes_share_the_budgets_of_one_layer() {
    let layer =
        RateLimitLayer::new(limits!("9/minute", name = "two")).prefix("/v1").prefix("/{tenant}/admin");
    let service = behind(layer);
    let told = standings(&service, &["/v1/x", "/acme/admin/y", "/admin"]).await;
    assert_eq!(told, [r#""two";r=8;t=7"#, r#""two";r=7;t=7"#, "-"]);
}

#[tokio::test]
async fn in_a_nested_router_the_path_is_the_one_that_the_client_asked_for() {
    let inner = Router::new()
        .route("/airports", get(async || "CDG"))
        .layer(RateLimitLayer::new(limits!("9/minute", name = "nested")).prefix("/v1/airports"));
    let service = Service::of(Router::new().nest("/v1", inner.clone()).nest("/v2", inner));
    assert_eq!(standings(&service, &["/v1/airports", "/v2/airports"]).await, [r#""nested";r=8;t=7"#, "-"]);
}

#[tokio::test]
async fn clients_have_budgets_of_their_own() {
    let service = behind(RateLimitLayer::new(limits!("1/minute", key = ip, name = "by address")));
    for address in ["192.0.2.1", "192.0.2.2", "2001:db8::1"] {
        let ask = || service.send(from_client(address, request("/")));
        assert_eq!(ask().await.status, StatusCode::OK, "{address}");
        assert_eq!(ask().await.status, StatusCode::TOO_MANY_REQUESTS, "{address}");
    }
    let network = service.send(from_client("2001:db8::2", request("/"))).await;
    assert_eq!(network.status, StatusCode::TOO_MANY_REQUESTS, "all of a /64");
}

#[tokio::test]
async fn a_route_layer_covers_the_routes_that_are_there() {
    let service = Service::of(
        Router::new()
            .route("/limited", get(async || "limited"))
            .route_layer(RateLimitLayer::new(limits!("2/minute", name = "routes")))
            .route("/free", get(async || "free")),
    );
    assert_eq!(standings(&service, &["/limited", "/free"]).await, [r#""routes";r=1;t=30"#, "-"]);
}
