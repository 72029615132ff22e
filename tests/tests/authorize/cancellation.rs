//! A request that is dropped while somebody finds out who it is.

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use tollgate::{MetricsLayer, Principal, Tollgate, authorize, rate_limited, with_metrics};
use tollgate_tests::{Service, send, site};

use crate::support::{Users, abandon, service, user};

#[with_metrics]
#[rate_limited("3/minute")]
#[rate_limited("3/minute", key = global, after = authorize)]
#[authorize]
async fn guarded() {}

/// How many requests a scrape shows as being answered.
async fn active(service: &Service) -> u64 {
    let router = Router::new().route("/metrics", get(service.tollgate.metrics_handler()));
    let body = send(&router, tollgate_tests::get("/metrics")).await.body;
    let gauges: Vec<_> =
        body.lines().filter(|line| line.starts_with("http_server_active_requests{")).collect();
    assert!(!gauges.is_empty(), "{body}");
    gauges.iter().map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
}

#[tokio::test]
async fn it_is_cancelled_charged_at_the_door_and_nowhere_behind() {
    let (service, _) = service(get(guarded));
    abandon(&service, user("slow")).await;
    let counts = "with_metrics cancelled 1, rate_limited admitted 1";
    assert_eq!(service.counts(site!(guarded)), counts);
    let answer = service.send(user("ada")).await;
    assert_eq!(answer.rate_limit(), r#""ip-minute";r=1;t=20, "global-minute";r=2;t=20"#);
}

#[tokio::test]
async fn gauges_come_back() {
    let (service, _) = service(get(guarded));
    let mut waiting = Box::pin(service.send(user("slow")));
    tokio::select! {
        biased;
        _ = &mut waiting => panic!("answered"),
        () = std::future::ready(()) => {}
    }
    assert_eq!(active(&service).await, 1);
    drop(waiting);
    assert_eq!(active(&service).await, 0);
}

async fn argument(_: Principal) {}

#[tokio::test]
async fn gauges_of_a_layer_come_back_too() {
    let router = Router::new().route("/", get(argument)).layer(MetricsLayer::new());
    let service = Service::with(Tollgate::builder().principal(Users::default()), router);
    abandon(&service, user("slow")).await;
    let asking = service.clone();
    assert!(tokio::spawn(async move { asking.send(user("broken")).await }).await.is_err());
    assert_eq!(active(&service).await, 0);
    assert_eq!(service.send(user("ada")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn requests_that_wait_hold_nobody_up() {
    let (service, users) = service(get(guarded));
    let mut waiting = Box::pin(service.send(user("slow")));
    tokio::select! {
        biased;
        _ = &mut waiting => panic!("answered"),
        () = std::future::ready(()) => {}
    }
    assert_eq!(service.send(user("ada")).await.status, StatusCode::OK);
    assert_eq!(users.asked(), 2);
    drop(waiting);
    assert_eq!(service.send(user("bob")).await.status, StatusCode::OK);
}
