//! What an `Observer` hears, and that it harms nobody.

use std::panic::panic_any;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use http::{HeaderValue, StatusCode};
use tollgate::testing::ManualClock;
use tollgate::{
    Answered, Decided, MetricsLayer, Observer, Tollgate, TollgateBuilder, rate_limited, with_metrics,
};
use tollgate_tests::{Service, site};
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;

use crate::support::{abandon, active, answer, never, requests, text};

/// Writes down what it hears.
#[derive(Clone, Debug, Default)]
struct Ear(Arc<Mutex<Vec<String>>>);

impl Ear {
    fn write(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn heard(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Observer for Ear {
    fn decided(&self, decided: &Decided) {
        let Decided { site, policy, outcome, key_class, trace_id, .. } = decided;
        let (key_class, trace_id) = (key_class.unwrap_or("-"), trace_id.map(|id| id.to_string()));
        let trace_id = trace_id.unwrap_or_else(|| "-".to_owned());
        let function = site.rsplit("::").next().unwrap();
        self.write(format!("decided {function} {policy} {} {key_class} {trace_id}", outcome.as_str()));
    }

    fn answered(&self, answered: &Answered<'_>) {
        let Answered { method, route, scheme, status, error, duration, .. } = answered;
        self.write(format!("answered {method} {route} {scheme} {status:?} {error:?} {duration:?}"));
    }
}

#[with_metrics]
#[rate_limited("1/minute")]
#[rate_limited("9/minute", key = header("x-key"))]
async fn limited(State(clock): State<ManualClock>) {
    clock.advance(Duration::from_millis(250));
}

#[with_metrics]
async fn moody(Path(mood): Path<String>) -> StatusCode {
    match mood.as_str() {
        "panic" => panic!("a handler panics"),
        "never" => never().await,
        _ => {}
    }
    StatusCode::SERVICE_UNAVAILABLE
}

async fn bare() {}

fn service_with(settings: TollgateBuilder) -> Service {
    let clock = ManualClock::new();
    let router = Router::new()
        .route("/limited", get(limited))
        .route("/moody/{mood}", get(moody))
        .route("/bare", get(bare).layer(MetricsLayer::new()))
        .with_state(clock.clone());
    Service::with_clock(settings, router, clock)
}

#[tokio::test]
async fn an_observer_hears_of_every_decision_and_then_of_the_answer() {
    let ear = Ear::default();
    let service = service_with(Tollgate::builder().observer(ear.clone()));
    service.get("/limited").await;
    assert_eq!(
        ear.heard(),
        [
            "decided limited rate_limited admitted - -",
            "decided limited rate_limited:x-key admitted - -",
            "answered GET /limited http Some(200) None 250ms",
            "decided limited with_metrics completed - -",
        ]
    );
}

#[tokio::test]
async fn a_refusal_is_told_with_the_kind_of_its_key_and_its_trace() {
    let ear = Ear::default();
    let service = service_with(Tollgate::builder().observer(ear.clone()));
    service.get("/limited").await;
    ear.heard();
    for traceparent in ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "nonsense"] {
        let mut request = tollgate_tests::get("/limited");
        request.headers_mut().insert("traceparent", HeaderValue::from_static(traceparent));
        request.headers_mut().insert("x-key", HeaderValue::from_static("a secret"));
        assert_eq!(service.send(request).await.status, StatusCode::TOO_MANY_REQUESTS);
        let heard = ear.heard();
        let trace = if traceparent == "nonsense" { "-" } else { "4bf92f3577b34da6a3ce929d0e0e4736" };
        assert_eq!(heard[0], format!("decided limited rate_limited refused anonymous {trace}"));
        assert_eq!(
            heard[1..],
            ["answered GET /limited http Some(429) None 0ns", "decided limited with_metrics completed - -",]
        );
    }
}

#[tokio::test]
async fn an_observer_hears_how_requests_end() {
    let ear = Ear::default();
    let service = service_with(Tollgate::builder().observer(ear.clone()));
    service.get("/moody/calm").await;
    abandon(service.get("/moody/never"));
    let router = service.router().layer(CatchPanicLayer::new());
    drop(router.oneshot(tollgate_tests::get("/moody/panic")).await.unwrap());
    service.get("/bare").await;
    drop(answer(&service, tollgate_tests::get("/bare")).await);
    assert_eq!(
        ear.heard(),
        [
            r#"answered GET /moody/{mood} http Some(503) Some("503") 0ns"#,
            "decided moody with_metrics completed - -",
            r#"answered GET /moody/{mood} http None Some("cancelled") 0ns"#,
            "decided moody with_metrics cancelled - -",
            r#"answered GET /moody/{mood} http None Some("panic") 0ns"#,
            "decided moody with_metrics panicked - -",
            "answered GET /bare http Some(200) None 0ns",
            "answered GET /bare http Some(200) None 0ns",
        ]
    );
}

#[tokio::test]
async fn what_is_disabled_is_not_told() {
    let ear = Ear::default();
    let settings = Tollgate::builder().observer(ear.clone()).disable(tollgate::Policy::Metrics);
    let service = service_with(settings.disable(tollgate::Policy::RateLimit));
    service.get("/limited").await;
    service.get("/bare").await;
    assert_eq!(ear.heard(), [""; 0]);
}

#[tokio::test]
async fn every_observer_hears_all() {
    let ears = [Ear::default(), Ear::default(), Ear::default()];
    let settings = ears.iter().fold(Tollgate::builder(), |settings, ear| settings.observer(ear.clone()));
    service_with(settings).get("/bare").await;
    for ear in ears {
        assert_eq!(ear.heard(), ["answered GET /bare http Some(200) None 0ns"]);
    }
}

/// An observer that wants to know nothing.
struct Deaf;

impl Observer for Deaf {}

#[tokio::test]
async fn an_observer_need_not_listen() {
    let service = service_with(Tollgate::builder().observer(Deaf));
    assert_eq!(service.get("/limited").await.status, StatusCode::OK);
}

/// What panics when it is dropped, as the payload of a panic.
struct Vicious;

impl Drop for Vicious {
    fn drop(&mut self) {
        panic!("the payload of a panic panics");
    }
}

/// Panics at whatever it hears.
#[derive(Clone, Copy)]
enum Panicking {
    WithWords,
    WithAPayloadThatPanics,
}

impl Panicking {
    fn panic(self) -> ! {
        match self {
            Self::WithWords => panic!("an observer panics"),
            Self::WithAPayloadThatPanics => panic_any(Vicious),
        }
    }
}

impl Observer for Panicking {
    fn decided(&self, _: &Decided) {
        self.panic();
    }

    fn answered(&self, _: &Answered<'_>) {
        self.panic();
    }
}

#[tokio::test]
async fn an_observer_that_panics_harms_neither_requests_nor_other_observers() {
    for panicking in [Panicking::WithWords, Panicking::WithAPayloadThatPanics] {
        let ear = Ear::default();
        let service = service_with(Tollgate::builder().observer(panicking).observer(ear.clone()));
        assert_eq!(service.get("/limited").await.status, StatusCode::OK);
        assert_eq!(service.get("/limited").await.status, StatusCode::TOO_MANY_REQUESTS);
        abandon(service.get("/moody/never"));
        assert_eq!(ear.heard().len(), 4 + 3 + 2);
        assert_eq!(requests(&service.tollgate).len(), 3);
        assert_eq!(active(&service.tollgate), 0);
        let counts =
            "with_metrics completed 2, rate_limited admitted 1, refused 1, rate_limited:x-key admitted 1";
        assert_eq!(service.counts(site!(limited)), counts);
    }
}

#[tokio::test]
async fn an_observer_may_panic_while_a_handler_does() {
    for panicking in [Panicking::WithWords, Panicking::WithAPayloadThatPanics] {
        let ear = Ear::default();
        let service = service_with(Tollgate::builder().observer(panicking).observer(ear.clone()));
        let router = service.router().layer(CatchPanicLayer::new());
        let answer = router.oneshot(tollgate_tests::get("/moody/panic")).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(
            ear.heard(),
            [
                r#"answered GET /moody/{mood} http None Some("panic") 0ns"#,
                "decided moody with_metrics panicked - -",
            ]
        );
        assert_eq!(active(&service.tollgate), 0);
    }
}

/// Asks the `Tollgate` that it observes.
#[derive(Clone, Default)]
struct Curious {
    tollgate: Arc<OnceLock<Tollgate>>,
    asked: Arc<AtomicUsize>,
}

impl Observer for Curious {
    fn decided(&self, _: &Decided) {
        assert!(!self.tollgate.get().unwrap().decisions().is_empty());
        self.asked.fetch_add(1, Ordering::Relaxed);
    }

    fn answered(&self, answered: &Answered<'_>) {
        let text = text(self.tollgate.get().unwrap());
        assert!(text.contains(answered.route), "what is told is counted already");
        self.asked.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn an_observer_may_ask_the_tollgate_that_tells_it() {
    let curious = Curious::default();
    let service = service_with(Tollgate::builder().observer(curious.clone()));
    curious.tollgate.set(service.tollgate.clone()).unwrap();
    service.get("/moody/calm").await;
    assert_eq!(curious.asked.load(Ordering::Relaxed), 2, "neither panicked");
}
