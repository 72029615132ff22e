//! The bridge to the `metrics` facade, as a recorder hears it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    set_default_local_recorder,
};
use tollgate::testing::ManualClock;
use tollgate::{MetricsFacade, MetricsLayer, Tollgate, rate_limited, with_metrics};
use tollgate_tests::Service;

use crate::support::{abandon, never};

/// Writes down what it is told.
#[derive(Clone, Debug, Default)]
struct Tape(Arc<Mutex<Vec<String>>>);

/// One metric of it.
struct Line {
    tape: Tape,
    name: String,
}

impl Tape {
    fn write(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    fn line(&self, key: &Key) -> Arc<Line> {
        let labels = key.labels().map(|label| format!("{}={:?}", label.key(), label.value()));
        let name = format!("{}{{{}}}", key.name(), labels.collect::<Vec<_>>().join(","));
        Arc::new(Line { tape: self.clone(), name })
    }

    fn describe(&self, kind: &str, name: &KeyName, unit: Option<Unit>, description: &str) {
        self.write(format!("{kind} {} {unit:?} {description}", name.as_str()));
    }
}

impl CounterFn for Line {
    fn increment(&self, value: u64) {
        self.tape.write(format!("{} +{value}", self.name));
    }

    fn absolute(&self, value: u64) {
        panic!("nothing sets a counter: {value}");
    }
}

impl HistogramFn for Line {
    fn record(&self, value: f64) {
        self.tape.write(format!("{} {value}", self.name));
    }
}

impl Recorder for Tape {
    fn describe_counter(&self, name: KeyName, unit: Option<Unit>, description: SharedString) {
        self.describe("counter", &name, unit, &description);
    }

    fn describe_gauge(&self, name: KeyName, unit: Option<Unit>, description: SharedString) {
        self.describe("gauge", &name, unit, &description);
    }

    fn describe_histogram(&self, name: KeyName, unit: Option<Unit>, description: SharedString) {
        self.describe("histogram", &name, unit, &description);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.line(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        panic!("nothing is a gauge: {key}")
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.line(key))
    }
}

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
    ];
    assert_eq!(told[..2], described);
    assert_eq!(told[2..], described);
}

#[tokio::test]
async fn the_recorder_hears_of_every_decision_and_every_answer() {
    let tape = Tape::default();
    let _recorder = set_default_local_recorder(&tape);
    let service = service();
    tape.told();
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
    tape.told();
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
