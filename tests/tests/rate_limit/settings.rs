//! What the settings of a `Tollgate` change about limits.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use tollgate::{Key, Policy, RateLimitKey, RequestFacts, Tollgate, rate_limited, with_metrics};
use tollgate_tests::{Answer, Service, from_client, site};

use crate::support::{admitted, from, request, with};

#[rate_limited("2/minute", key = header("a"), missing = reject)]
#[rate_limited("2/minute")]
#[with_metrics]
async fn limited() {}

#[tokio::test]
async fn a_disabled_limit_admits_everything_and_sends_no_fields() {
    let router = Router::new().route("/", get(limited));
    let service = Service::with(Tollgate::builder().disable(Policy::RateLimit), router);
    for _ in 0..5 {
        let answer = service.get("/").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!((answer.rate_limit(), answer.field("ratelimit-policy")), ("", ""));
    }
    assert_eq!(service.counts(site!(limited)), "with_metrics completed 5", "and other policies stay");
}

#[tokio::test]
async fn another_disabled_policy_leaves_limits_alone() {
    let router = Router::new().route("/", get(limited));
    let service = Service::with(Tollgate::builder().disable(Policy::Metrics), router);
    assert_eq!(admitted(&service, || with("a", "x")).await, 2);
    let counts = "rate_limited admitted 2, refused 1, rate_limited:a admitted 2, refused 1";
    assert_eq!(service.counts(site!(limited)), counts);
}

#[rate_limited("3/minute")]
async fn crowded() {}

#[rate_limited("3/minute", key = global)]
async fn crowded_by_all() {}

/// A service that keeps no more than `max_keys` budgets.
fn small(max_keys: usize) -> Service {
    let router = Router::new().route("/", get(crowded)).route("/all", get(crowded_by_all));
    Service::with(Tollgate::builder().max_keys(max_keys), router)
}

async fn ask(service: &Service, client: u32) -> Answer {
    let [_, b, c, d] = client.to_be_bytes();
    service.send(from(&format!("10.{b}.{c}.{d}"))).await
}

#[tokio::test]
async fn new_clients_of_a_full_memory_share_one_budget_and_push_nobody_out() {
    let service = small(4);
    assert_eq!(ask(&service, 0).await.rate_limit(), "\"default\";r=2;t=20");
    for client in 1..4 {
        assert_eq!(ask(&service, client).await.rate_limit(), "\"default\";r=2;t=20", "{client}");
    }
    for (client, remaining) in [(4, 2), (5, 1), (6, 0)] {
        assert_eq!(ask(&service, client).await.rate_limit(), format!("\"default\";r={remaining};t=20"));
    }
    for client in 7..2_000 {
        assert_eq!(ask(&service, client).await.status, StatusCode::TOO_MANY_REQUESTS, "{client}");
    }
    for (remaining, status) in [(1, 200), (0, 200), (0, 429)] {
        let answer = ask(&service, 0).await;
        assert_eq!(answer.status.as_u16(), status);
        assert_eq!(
            answer.rate_limit(),
            format!("\"default\";r={remaining};t=20"),
            "its own budget, as it left it"
        );
    }
}

#[tokio::test]
async fn a_flood_of_new_clients_is_admitted_no_more_than_memory_holds() {
    let service = small(100);
    let mut admitted = 0;
    for client in 0..5_000 {
        admitted += u32::from(ask(&service, client).await.status == StatusCode::OK);
    }
    assert_eq!(admitted, 100 + 3, "one request each, and those of the shared budget");
}

#[tokio::test]
async fn once_budgets_are_full_again_new_clients_have_their_own() {
    let service = small(4);
    for client in 0..100 {
        ask(&service, client).await;
    }
    service.clock.advance(Duration::from_secs(60));
    for client in 200..204 {
        assert_eq!(ask(&service, client).await.rate_limit(), "\"default\";r=2;t=20", "{client}");
    }
}

#[tokio::test]
async fn a_flood_of_clients_leaves_the_budget_of_all_of_them_exact() {
    let service = small(4);
    for client in 0..100 {
        ask(&service, client).await;
    }
    let all = || from_client("10.0.0.1", tollgate_tests::get("/all"));
    assert_eq!(admitted(&service, all).await, 3);
    service.clock.advance(Duration::from_secs(20));
    assert_eq!(admitted(&service, all).await, 1);
}

#[tokio::test]
async fn without_an_address_a_flood_is_one_client() {
    let service = small(4);
    assert_eq!(admitted(&service, request).await, 3);
    for client in 0..4 {
        assert_eq!(ask(&service, client).await.rate_limit(), "\"default\";r=2;t=20");
    }
}

/// An address that anybody can make up.
struct RealIp;

impl RateLimitKey for RealIp {
    fn key(facts: &RequestFacts<'_>) -> Option<Key> {
        let address = facts.headers().get("x-real-ip")?.to_str().ok()?;
        Some(Key::address(address.parse().ok()?))
    }
}

#[rate_limited("1/minute", key = RealIp)]
async fn by_real_ip() {}

#[tokio::test]
async fn addresses_that_a_type_names_leave_room_to_those_of_connections() {
    let router = Router::new().route("/", get(by_real_ip)).route("/all", get(crowded));
    let service = Service::with(Tollgate::builder().max_keys(400), router);
    for client in 0..2_000_u32 {
        service.send(with("x-real-ip", std::net::Ipv4Addr::from_bits(client).to_string())).await;
    }
    for client in 0..50 {
        let mut request = from(&format!("192.0.2.{client}"));
        *request.uri_mut() = "/all".parse().unwrap();
        assert_eq!(service.send(request).await.rate_limit(), "\"default\";r=2;t=20", "{client}");
    }
}
