//! The bridge to the `metrics` facade, as a recorder hears it.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use metrics::set_default_local_recorder;
use tollgate::testing::ManualClock;
use tollgate::{MetricsFacade, MetricsLayer, Tollgate, rate_limited, with_metrics};
use tollgate_tests::Service;
use tollgate_tests::tape::Tape;

use crate::support::{abandon, never};

#[with_metrics]
#[rate_limited("1/minute", key = global)]
async fn limited(State(clock): State<ManualClock>) {
    clock.advance(Duration::from_millis(1_500));
}

fn service() -> Service {
    let clock = ManualClock::new();
    let router = Router::new()
        .route("/limited", get(limited))
        .route("/failing", get(async || StatusCode::BAD_GATEWAY).layer(MetricsLayer::new()))
        .route("/never", get(never).layer(MetricsLayer::new()))
        .with_state(clock.clone());
    Service::with_clock(Tollgate::builder().observer(MetricsFacade::new()), router, clock)
}

#[test]
fn the_recorder_is_told_what_there_will_be() {
    let tape = Tape::default();
    let _recorder = set_default_local_recorder(&tape);
    let _ = (MetricsFacade::new(), MetricsFacade::default());
    let told = tape.told();
    let described = [
        "counter tollgate_decisions_total None Decisions of policies",
        "histogram http_server_request_duration_seconds Some(Seconds) Duration of HTTP requests, to the end of the \
         answer's body",
        "histogram tollgate_call_duration_seconds Some(Seconds) Duration of calls, with all of their attempts",
        "histogram tollgate_bulkhead_wait_seconds Some(Seconds) How long calls waited for a place at a bulkhead, those \
         too that got none",
        "counter tollgate_breaker_transitions_total None Changes of circuit breakers",
    ];
    assert_eq!(told[..5], described);
    assert_eq!(told[5..], described);
}

#[tokio::test]
async fn the_recorder_hears_of_every_decision_and_every_answer() {
    let tape = Tape::default();
    let _recorder = set_default_local_recorder(&tape);
    let service = service();
    let _descriptions = tape.told();
    assert_eq!(service.get("/limited").await.status, StatusCode::OK);
    assert_eq!(
        tape.told(),
        [
            r#"tollgate_decisions_total{site="metrics::facade::limited",policy="rate_limited",outcome="admitted"} +1"#,
            r#"http_server_request_duration_seconds{http_request_method="GET",http_route="/limited",http_response_status_code="200",url_scheme="http",error_type=""} 1.5"#,
            r#"tollgate_decisions_total{site="metrics::facade::limited",policy="with_metrics",outcome="completed"} +1"#,
        ]
    );
    assert_eq!(service.get("/limited").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        tape.told(),
        [
            r#"tollgate_decisions_total{site="metrics::facade::limited",policy="rate_limited",outcome="refused"} +1"#,
            r#"http_server_request_duration_seconds{http_request_method="GET",http_route="/limited",http_response_status_code="429",url_scheme="http",error_type=""} 0"#,
            r#"tollgate_decisions_total{site="metrics::facade::limited",policy="with_metrics",outcome="completed"} +1"#,
        ]
    );
}

#[tokio::test]
async fn the_recorder_hears_of_errors() {
    let tape = Tape::default();
    let _recorder = set_default_local_recorder(&tape);
    let service = service();
    let _descriptions = tape.told();
    service.get("/failing").await;
    abandon(service.get("/never"));
    assert_eq!(
        tape.told(),
        [
            r#"http_server_request_duration_seconds{http_request_method="GET",http_route="/failing",http_response_status_code="502",url_scheme="http",error_type="502"} 0"#,
            r#"http_server_request_duration_seconds{http_request_method="GET",http_route="/never",http_response_status_code="",url_scheme="http",error_type="cancelled"} 0"#,
        ]
    );
}

#[tokio::test]
async fn without_a_recorder_nothing_is_recorded_and_nothing_breaks() {
    assert_eq!(service().get("/limited").await.status, StatusCode::OK);
}
