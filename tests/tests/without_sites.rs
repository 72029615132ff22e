//! A program without one annotated function: all that is measured is what `MetricsLayer` measures.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and helpers have none

use axum::Router;
use axum::routing::get;
use tollgate::MetricsLayer;
use tollgate_tests::Service;

#[tokio::test]
async fn a_program_without_sites_measures_what_the_layer_is_around() {
    let router = Router::new().route("/", get(async || "hello")).layer(MetricsLayer::new());
    let service = Service::of(router);
    let tollgate = service.tollgate.clone();
    let metrics = Service::of(Router::new().route("/metrics", get(tollgate.metrics_handler())));
    assert!(tollgate.decisions().is_empty());
    assert!(tollgate.inventory().sites.is_empty());
    assert_eq!(service.get("/").await.body, "hello");
    let text = metrics.get("/metrics").await.body;
    let counted = "http_server_request_duration_seconds_count{http_request_method=\"GET\",http_route=\"/\",\
                   http_response_status_code=\"200\",url_scheme=\"http\",error_type=\"\"} 1\n";
    assert!(text.contains(counted), "{text}");
    assert!(!text.contains("tollgate_decisions_total{"), "{text}");
}
