//! What tollgate adds: budgets, the fields that tell them, refusals, and the list of what is protected.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use airports::openapi;
use airports::options::Limits;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Response, StatusCode, header};
use serde_json::json;
use tollgate::testing::ManualClock;
use tollgate::{DecisionCount, OperationEntry, Outcome, Tollgate};

use crate::client::{bare_service, body, builder, json, request, send_to, service};

const ALICE: &str = "203.0.113.7";
const BOB: &str = "2001:db8::7";

/// The service, at a time that stands still until it is moved.
struct Stage {
    clock: ManualClock,
    tollgate: Tollgate,
    service: Router,
}

impl Stage {
    fn new(limits: Limits) -> Self {
        let (clock, tollgate) = tollgate(limits);
        Self { clock, service: service(&tollgate), tollgate }
    }

    async fn get(&self, client: &str, uri: &str) -> Response<Body> {
        get(&self.service, client, uri).await
    }

    /// Sends that many requests, all of which are to be admitted.
    async fn spend(&self, client: &str, uri: &str, count: usize) {
        for place in 1..=count {
            let response = self.get(client, uri).await;
            assert_eq!(response.status(), StatusCode::OK, "request {place} to {uri}");
            // A request that nobody reads the answer of counts as cancelled.
            body(response).await;
        }
    }
}

fn tollgate(limits: Limits) -> (ManualClock, Tollgate) {
    let clock = ManualClock::new();
    let tollgate = builder(limits).clock(clock.clone()).build().unwrap();
    (clock, tollgate)
}

async fn get(service: &Router, client: &str, uri: &str) -> Response<Body> {
    let mut request = request(Method::GET, uri);
    let peer = SocketAddr::new(client.parse::<IpAddr>().unwrap(), 50_000);
    request.extensions_mut().insert(ConnectInfo(peer));
    send_to(service, request).await
}

fn field<'a>(response: &'a Response<Body>, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn every_answer_tells_how_the_budget_stands() {
    let stage = Stage::new(Limits::On);
    for (uri, status, standing) in [
        ("/airports/CDG", StatusCode::OK, r#""default";r=9;t=1"#),
        ("/airports/QQQ", StatusCode::NOT_FOUND, r#""default";r=8;t=1"#),
        ("/airports/none", StatusCode::BAD_REQUEST, r#""default";r=7;t=1"#),
    ] {
        let response = stage.get(ALICE, uri).await;
        assert_eq!(response.status(), status);
        assert_eq!(field(&response, "ratelimit"), Some(standing), "{uri}");
        assert_eq!(field(&response, "ratelimit-policy"), Some(r#""default";q=10;w=10"#), "{uri}");
    }
}

#[tokio::test]
async fn the_eleventh_request_is_refused_whatever_its_code() {
    let stage = Stage::new(Limits::On);
    stage.spend(ALICE, "/airports/CDG", 5).await;
    stage.spend(ALICE, "/airports/ORY", 5).await;
    for uri in ["/airports/JFK", "/airports/QQQ", "/airports/none"] {
        let refusal = stage.get(ALICE, uri).await;
        assert_eq!(refusal.status(), StatusCode::TOO_MANY_REQUESTS, "{uri}");
        assert_eq!(refusal.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(refusal.headers()[header::RETRY_AFTER], "1");
        assert_eq!(field(&refusal, "ratelimit"), Some(r#""default";r=0;t=1"#));
        assert_eq!(field(&refusal, "ratelimit-policy"), Some(r#""default";q=10;w=10"#));
        let problem = json(refusal).await;
        assert_eq!(problem["type"], "https://iana.org/assignments/http-problem-types#quota-exceeded");
        assert_eq!((&problem["status"], &problem["violated-policies"]), (&json!(429), &json!(["default"])));
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("10 per 10s") && detail.contains("1 second"), "{detail}");
    }
}

#[tokio::test]
async fn clients_and_operations_do_not_share_budgets() {
    let stage = Stage::new(Limits::On);
    stage.spend(ALICE, "/airports/CDG", 10).await;
    assert_eq!(stage.get(ALICE, "/airports/CDG").await.status(), StatusCode::TOO_MANY_REQUESTS);
    stage.spend(BOB, "/airports/CDG", 10).await;
    stage.spend(ALICE, "/airports?q=orly", 1).await;
    stage.spend(ALICE, "/airports/nearest?lat=0&lon=0", 1).await;
    stage.spend(ALICE, "/distance/CDG/JFK", 1).await;
}

#[tokio::test]
async fn time_gives_the_budget_back() {
    let stage = Stage::new(Limits::On);
    stage.spend(ALICE, "/airports/CDG", 10).await;
    stage.clock.advance(Duration::from_millis(999));
    assert_eq!(stage.get(ALICE, "/airports/CDG").await.status(), StatusCode::TOO_MANY_REQUESTS);
    stage.clock.advance(Duration::from_millis(1));
    stage.spend(ALICE, "/airports/CDG", 1).await;
    assert_eq!(stage.get(ALICE, "/airports/CDG").await.status(), StatusCode::TOO_MANY_REQUESTS);
    stage.clock.advance(Duration::from_secs(10));
    stage.spend(ALICE, "/airports/CDG", 10).await;
}

#[tokio::test]
async fn a_search_may_come_in_a_burst() {
    let stage = Stage::new(Limits::On);
    let first = stage.get(ALICE, "/airports?limit=1").await;
    assert_eq!(field(&first, "ratelimit"), Some(r#""default";r=199;t=1"#));
    for _ in 0..199 {
        // A parameter is looked at behind the limit, so this one is paid for, too.
        assert_eq!(stage.get(ALICE, "/airports?limit=0").await.status(), StatusCode::BAD_REQUEST);
    }
    assert_eq!(stage.get(ALICE, "/airports").await.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn two_rates_hold_together() {
    let stage = Stage::new(Limits::On);
    let uri = "/airports/nearest?lat=0&lon=0&k=1";
    for _ in 0..3 {
        stage.spend(ALICE, uri, 20).await;
        let refusal = stage.get(ALICE, uri).await;
        assert_eq!(refusal.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(json(refusal).await["violated-policies"], json!(["second"]));
        stage.clock.advance(Duration::from_secs(1));
    }
    // 60 sent and 30 earned back in three seconds.
    let response = stage.get(ALICE, uri).await;
    assert_eq!(field(&response, "ratelimit"), Some(r#""second";r=19;t=1, "minute";r=569;t=1"#));
}

#[tokio::test]
async fn without_limits_nothing_is_refused_or_told() {
    let stage = Stage::new(Limits::Off);
    stage.spend(ALICE, "/airports/CDG", 30).await;
    for uri in ["/airports/CDG", "/airports/QQQ", "/airports", "/airports/nearest?lat=0&lon=0"] {
        let response = stage.get(ALICE, uri).await;
        for name in ["ratelimit", "ratelimit-policy", "retry-after"] {
            assert_eq!(field(&response, name), None, "{uri}");
        }
    }
}

#[tokio::test]
async fn what_has_no_limit_tells_none() {
    let stage = Stage::new(Limits::On);
    for uri in ["/distance/CDG/JFK", "/", "/docs/", "/openapi.json", "/nothing"] {
        assert_eq!(field(&stage.get(ALICE, uri).await, "ratelimit-policy"), None, "{uri}");
    }
}

#[tokio::test]
async fn an_installed_tollgate_needs_no_layer() {
    // Once in this process; the other tests have layers, which win.
    let (clock, tollgate) = tollgate(Limits::On);
    tollgate.install().unwrap();
    let service = bare_service(&tollgate);
    for _ in 0..10 {
        assert_eq!(get(&service, ALICE, "/airports/CDG").await.status(), StatusCode::OK);
    }
    assert_eq!(get(&service, ALICE, "/airports/CDG").await.status(), StatusCode::TOO_MANY_REQUESTS);
    clock.advance(Duration::from_secs(1));
    assert_eq!(get(&service, ALICE, "/airports/CDG").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_was_decided_is_counted() {
    let stage = Stage::new(Limits::On);
    stage.spend(ALICE, "/airports/CDG", 10).await;
    for _ in 0..3 {
        body(stage.get(ALICE, "/airports/CDG").await).await;
    }
    let decisions = stage.tollgate.decisions();
    let count = |label: &str, outcome: Outcome| {
        let of_airport =
            |d: &&DecisionCount| d.site.ends_with("airport_v2") && d.policy == label && d.outcome == outcome;
        decisions.iter().find(of_airport).map(|decision| decision.count)
    };
    assert_eq!(count("rate_limited", Outcome::Admitted), Some(10));
    assert_eq!(count("rate_limited", Outcome::Refused), Some(3));
    assert_eq!(count("with_metrics", Outcome::Completed), Some(13));
}

#[test]
fn the_inventory_lists_what_is_protected_and_what_is_not() {
    let (_, tollgate) = tollgate(Limits::On);
    let inventory = tollgate.inventory_of(&openapi::document(&tollgate));
    let name = |operation: &OperationEntry| format!("{} {}", operation.method, operation.path);
    let protected: Vec<_> = inventory.protected().map(name).collect();
    assert_eq!(
        protected,
        [
            "GET /airports",
            "GET /airports/nearest",
            "GET /airports/{iata}",
            "PATCH /airports/{iata}",
            "GET /airports/{iata}/briefing",
            "GET /airports/{iata}/weather",
            "GET /me"
        ]
    );
    let unprotected: Vec<_> = inventory.unprotected().map(name).collect();
    assert_eq!(unprotected, ["GET /distance/{from}/{to}"]);
    let undocumented: Vec<_> = inventory.undocumented().map(|site| site.name).collect();
    assert_eq!(undocumented, ["airports::handlers::end", "weather"], "what handlers call");
}

#[test]
fn the_inventory_is_a_table_for_people() {
    let table = |limits| {
        let (_, tollgate) = tollgate(limits);
        tollgate.inventory_of(&openapi::document(&tollgate)).to_string()
    };
    assert_eq!(
        table(Limits::On),
        "\
GET     /airports                  rate_limited (100 per minute, burst 200, by ip), circuit_breaker (50% of 20 or more failed within 10s: open for 30s), timeout (5s)
GET     /airports/nearest          rate_limited (20 per second and 600 per minute by ip), cached (1m, public, stale 10m)
GET     /airports/{iata}           with_metrics, versioned (v2), rate_limited (10 per 10s by ip), cached (1m, public, by its own key, 1h on error)
PATCH   /airports/{iata}           with_metrics, versioned (v2), rate_limited (30 per minute by ip), authorize (role editor), invalidates
GET     /airports/{iata}/briefing  rate_limited (60 per minute by ip), fallback (without_weather), timeout (2s)
GET     /airports/{iata}/weather   with_metrics, rate_limited (60 per minute by ip), bulkhead (64 at a time), timeout (2s)
GET     /distance/{from}/{to}      unprotected, with_metrics
GET     /me                        rate_limited (20 per minute by ip, charged on 401), authorize (role reader or editor), rate_limited:principal (60 per minute by principal, tiers)
airports::handlers::end            unprotected, cached (1m by {iata})
weather                            with_metrics, cached (2s by {iata}), retry (3 attempts, 20ms..100ms apart, budget 10%), circuit_breaker (5 failures in a row: open for 5s, jitter 0%, tried by 1), timeout (500ms each, 1s in total)
"
    );
    assert_eq!(
        table(Limits::Off),
        "\
GET     /airports                  circuit_breaker (50% of 20 or more failed within 10s: open for 30s), timeout (5s)
GET     /airports/nearest          unprotected, cached (1m, public, stale 10m)
GET     /airports/{iata}           unprotected, with_metrics, versioned (v2), cached (1m, public, by its own key, 1h on error)
PATCH   /airports/{iata}           with_metrics, versioned (v2), authorize (role editor), invalidates
GET     /airports/{iata}/briefing  unprotected, fallback (without_weather), timeout (2s)
GET     /airports/{iata}/weather   with_metrics, bulkhead (64 at a time), timeout (2s)
GET     /distance/{from}/{to}      unprotected, with_metrics
GET     /me                        authorize (role reader or editor)
airports::handlers::end            unprotected, cached (1m by {iata})
weather                            with_metrics, cached (2s by {iata}), retry (3 attempts, 20ms..100ms apart, budget 10%), circuit_breaker (5 failures in a row: open for 5s, jitter 0%, tried by 1), timeout (500ms each, 1s in total)
"
    );
}
