//! The weather, and what becomes of the service when it does not come.

use std::time::Duration;

use airports::app;
use airports::options::Limits;
use airports::weather::service;
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Response, header};
use serde_json::{Value, json};
use tollgate::Tollgate;
use tollgate::testing::ManualClock;

use crate::client::{Ticking, body, builder, json, request, send_to, start, with_weather};

const CDG: &str = "/airports/CDG/weather";
const JFK: &str = "/airports/JFK/weather";

/// The service beside a weather service, both by one clock.
struct Stage {
    clock: ManualClock,
    upstream: Router,
    service: Router,
    tollgate: Tollgate,
    _ticking: Ticking,
}

impl Stage {
    fn new() -> Self {
        let clock = ManualClock::new();
        let upstream = service::service(clock.clone()).unwrap();
        Self::over(upstream, clock)
    }

    fn over(upstream: Router, clock: ManualClock) -> Self {
        let tollgate = builder(Limits::Off).clock(clock.clone()).build().unwrap();
        let sources = with_weather(start(upstream.clone()));
        let service = app(sources, &tollgate).layer(tollgate.layer());
        Self { _ticking: Ticking::new(&clock), clock, upstream, service, tollgate }
    }

    async fn switch(&self, mode: &str) {
        let switch = request(Method::POST, &format!("/switch?mode={mode}"));
        assert_eq!(send_to(&self.upstream, switch).await.status(), 200);
    }

    async fn get(&self, uri: &str) -> Response<Body> {
        send_to(&self.service, request(Method::GET, uri)).await
    }

    async fn json(&self, uri: &str) -> Value {
        json(self.get(uri).await).await
    }

    /// The status, and the last part of the kind of the problem, if it is one.
    async fn end(&self, uri: &str) -> (u16, String) {
        let response = self.get(uri).await;
        let status = response.status().as_u16();
        let kind = json(response).await["type"].as_str().unwrap_or_default().to_owned();
        (status, kind.rsplit(['/', '#']).next().unwrap_or_default().to_owned())
    }

    /// Fails so often that nobody asks the weather service any more.
    async fn open(&self) {
        self.switch("failing").await;
        assert_eq!(self.end(JFK).await, (502, "weather_failed".to_owned()));
        assert_eq!(self.get(JFK).await.status(), 503);
    }
}

#[tokio::test]
async fn the_weather_is_that_of_the_station_in_every_spelling_of_its_code() {
    let stage = Stage::new();
    let weather = stage.json(CDG).await;
    assert_eq!(weather["station"], "CDG");
    let direct = json(send_to(&stage.upstream, request(Method::GET, "/observations/CDG")).await).await;
    for part in ["station", "temperature", "wind", "pressure"] {
        assert_eq!(weather[part], direct[part], "{part}");
    }
    assert_eq!(stage.json("/airports/cdg/weather").await, weather);
    let briefing = stage.json("/airports/CDG/briefing").await;
    assert_eq!((&briefing["airport"]["iata"], &briefing["weather"]), (&json!("CDG"), &weather));
}

#[tokio::test]
async fn what_is_no_airport_has_no_weather() {
    let stage = Stage::new();
    for place in ["weather", "briefing"] {
        let unknown = stage.json(&format!("/airports/QQQ/{place}")).await;
        assert_eq!((&unknown["status"], &unknown["code"]), (&json!(404), &json!("airport_not_found")));
        assert_eq!(stage.get(&format!("/airports/C1G/{place}")).await.status(), 400);
    }
}

#[tokio::test]
async fn a_station_that_is_not_there_is_no_failure() {
    let stage = Stage::over(Router::new(), ManualClock::new());
    for _ in 0..10 {
        let unknown = stage.json(CDG).await;
        assert_eq!((&unknown["status"], &unknown["code"]), (&json!(404), &json!("no_weather_station")));
    }
    let breaker = stage.tollgate.breaker("weather").unwrap();
    assert_eq!(breaker.state().as_str(), "closed");
}

#[tokio::test]
async fn a_service_that_fails_is_left_alone_and_tried_again() {
    let stage = Stage::new();
    stage.open().await;
    let refused = stage.get(JFK).await;
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()[header::RETRY_AFTER]),
        (503, &"5".parse().unwrap())
    );
    body(refused).await;
    // Nobody has asked it meanwhile, so nobody knows that it is back.
    stage.switch("ok").await;
    assert_eq!(stage.get(JFK).await.status(), 503);
    stage.clock.advance(Duration::from_secs(5));
    assert_eq!(stage.get(JFK).await.status(), 200);
}

#[tokio::test]
async fn one_trial_that_fails_opens_again() {
    let stage = Stage::new();
    stage.open().await;
    stage.clock.advance(Duration::from_secs(5));
    // The second attempt is refused, and tells how long.
    let refused = stage.get(JFK).await;
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()[header::RETRY_AFTER]),
        (503, &"5".parse().unwrap())
    );
}

#[tokio::test]
async fn what_was_said_last_is_good_for_an_hour() {
    let stage = Stage::new();
    let weather = stage.json(CDG).await;
    stage.open().await;
    stage.clock.advance(Duration::from_secs(3000));
    assert_eq!(stage.json(CDG).await, weather);
    stage.clock.advance(Duration::from_secs(700));
    assert_ne!(stage.get(CDG).await.status(), 200);
    stage.switch("ok").await;
    stage.clock.advance(Duration::from_secs(6));
    let later = stage.json(CDG).await;
    assert_eq!(later["temperature"], weather["temperature"]);
    assert_ne!(later["observed"], weather["observed"]);
}

#[tokio::test]
async fn a_briefing_goes_without_the_weather() {
    let stage = Stage::new();
    stage.open().await;
    let briefing = stage.json("/airports/JFK/briefing").await;
    assert_eq!((&briefing["airport"]["iata"], &briefing["weather"]), (&json!("JFK"), &Value::Null));
    assert_eq!(stage.get("/airports/QQQ/briefing").await.status(), 404);
}

#[tokio::test]
async fn a_slow_service_is_not_waited_for() {
    let stage = Stage::new();
    stage.switch("slow").await;
    assert_eq!(stage.end(JFK).await.0, 504);
    assert_eq!(stage.json("/airports/JFK/briefing").await["weather"], Value::Null);
}

#[tokio::test]
async fn an_open_circuit_is_degraded_and_not_down() {
    let stage = Stage::new();
    assert_eq!(stage.json("/health").await["status"], "up");
    stage.open().await;
    let response = stage.get("/health").await;
    assert_eq!(response.status(), 200);
    let health = json(response).await;
    assert_eq!(health["status"], "degraded");
    assert!(health.to_string().contains("\"weather\""), "{health}");
}
