//! Handlers whose clients go away, and what health says of them.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use http::StatusCode;
use tokio::task::yield_now;
use tollgate::{Tollgate, bulkhead, circuit_breaker, fallback, timeout};
use tollgate_tests::{Service, site};
use tower::ServiceExt;

use crate::support::{Chance, at_the_breaker, begin, count, panics, seconds};

type Script = std::sync::Arc<std::sync::atomic::AtomicU16>;

/// Hangs at 0, panics at 1, answers with everything else.
#[fallback(instead)]
#[circuit_breaker(consecutive_failures = 3, open_for = "10s", jitter = 0.0, half_open_calls = 1)]
#[bulkhead(max_concurrent = 2, queue = 2, wait = "1s")]
#[timeout("5s")]
async fn handler(State(script): State<Script>) -> StatusCode {
    yield_now().await;
    match script.load(std::sync::atomic::Ordering::SeqCst) {
        0 => std::future::pending().await,
        1 => panics(),
        status => StatusCode::from_u16(status).unwrap(),
    }
}

/// Fails as well.
async fn instead() -> impl IntoResponse {
    yield_now().await;
    StatusCode::BAD_GATEWAY
}

fn service() -> (Service, Script) {
    let script = Script::default();
    let router = Router::new().route("/", get(handler)).with_state(script.clone());
    (Service::with(Tollgate::builder(), router), script)
}

#[test]
fn clients_that_go_away_take_no_place_and_no_trial_along() {
    let ((service, script), mut chance) = (service(), Chance(13));
    let mut asked = Vec::new();
    let mut begun = 0;
    for _ in 0..20_000 {
        match chance.below(5) {
            0 | 1 if asked.len() < 6 => {
                let says = [0, 1, 200, 200, 200, 500][usize::try_from(chance.below(6)).unwrap()];
                script.store(says, std::sync::atomic::Ordering::SeqCst);
                let router = service.router();
                asked.push(begin(&service.tollgate, async move {
                    router.oneshot(tollgate_tests::get("/")).await.unwrap().status().as_u16()
                }));
                begun += 1;
                if !asked.last_mut().unwrap().goes_on() {
                    asked.pop();
                }
            }
            2 | 3 if !asked.is_empty() => {
                let place = usize::try_from(chance.below(asked.len() as u64)).unwrap();
                if chance.below(3) == 0 || !asked[place].goes_on() {
                    asked.swap_remove(place);
                }
            }
            _ => service.clock.advance(Duration::from_millis(chance.below(300))),
        }
    }
    asked.clear();
    let (tollgate, site) = (&service.tollgate, site!(handler));
    assert_eq!(at_the_breaker(tollgate, site), begun);
    let refused = count(tollgate, site, "circuit_breaker", &["refused"]);
    let crowded = count(tollgate, site, "bulkhead", &["admitted", "refused", "cancelled"]);
    assert_eq!(refused + crowded, begun);
    assert_eq!(service.clock.waiting(), 0);
    // Whatever became of it: a trial finds room, and closes it.
    service.clock.advance(seconds(10));
    script.store(200, std::sync::atomic::Ordering::SeqCst);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for _ in 0..3 {
        assert_eq!(runtime.block_on(service.get("/")).status.as_u16(), 200);
    }
}

#[tokio::test]
async fn health_tells_of_a_breaker_that_is_being_tried_and_is_never_unready() {
    let (service, script) = service();
    script.store(500, std::sync::atomic::Ordering::SeqCst);
    for _ in 0..3 {
        assert_eq!(service.get("/").await.status.as_u16(), 502, "its fallback fails, and that is the answer");
    }
    service.clock.advance(seconds(10));
    script.store(0, std::sync::atomic::Ordering::SeqCst);
    let router = service.router();
    let mut trial =
        begin(&service.tollgate, async move { router.oneshot(tollgate_tests::get("/")).await.unwrap() });
    assert!(trial.poll().is_none());
    let health = service.tollgate.health_handler();
    let router: Router = Router::new().route("/", get(health));
    let answer = tollgate_tests::send(&router, tollgate_tests::get("/")).await;
    assert_eq!((answer.status.as_u16(), answer.json()["status"].as_str()), (200, Some("degraded")));
    assert!(answer.body.contains(site!(handler)), "{}", answer.body);
    drop(trial);
    script.store(200, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(service.get("/").await.status.as_u16(), 200);
    let answer = tollgate_tests::send(&router, tollgate_tests::get("/")).await;
    assert_eq!(answer.json()["status"].as_str(), Some("up"));
}
