//! Whoever measures bodies is not told of broken ones, wherever it stands.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use tollgate::{Envelope, ErrorLayer, MetricsLayer, Problem, Tollgate, with_metrics};
use tollgate_tests::{Service, site};

#[with_metrics]
async fn measured() -> Problem {
    Problem::new(StatusCode::CONFLICT).detail("measured")
}

#[tokio::test]
async fn a_body_that_was_completed_outside_of_its_gate_is_complete() {
    for settings in [Tollgate::builder(), Tollgate::builder().error_shape(Envelope)] {
        let service =
            Service::with(settings, Router::new().route("/", get(measured)).layer(ErrorLayer::new()));
        assert_eq!(service.get("/").await.status, 409);
        assert_eq!(service.counts(site!(measured)), "with_metrics completed 1");
    }
}

#[tokio::test]
async fn a_body_that_was_completed_outside_of_a_metrics_layer_is_complete() {
    let handler = get(async || Problem::new(StatusCode::CONFLICT));
    let routes = Router::new().route("/", handler).layer(MetricsLayer::new()).layer(ErrorLayer::new());
    let service = Service::of(routes);
    assert_eq!(service.get("/").await.status, 409);
    assert_eq!(service.get("/nowhere").await.status, 404);
    let text = axum::body::to_bytes(
        service.tollgate.metrics_handler()(http::HeaderMap::new()).await.into_body(),
        usize::MAX,
    )
    .await;
    let text = String::from_utf8(text.unwrap().into()).unwrap();
    assert!(!text.contains("cancelled\",le") && !text.contains("error_type=\"body\""), "{text}");
    assert!(text.contains("http_response_status_code=\"409\""), "{text}");
}
