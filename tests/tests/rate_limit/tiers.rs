//! `tiers`: a function chooses the rates of each request.

use axum::routing::get;
use tollgate::{Rates, RequestFacts, rate_limited, rates};
use tollgate_tests::site;

use crate::support::{service, with};

const FREE: Rates = rates!("2/minute");
const PRO: Rates = rates!("5/second", "10/minute");

fn plan(facts: &RequestFacts<'_>) -> Rates {
    if facts.headers().contains_key("x-pro") { PRO } else { FREE }
}

#[rate_limited("2/minute", tiers = plan)]
async fn search() {}

#[tokio::test]
async fn each_request_has_the_rates_of_its_tier_and_is_told_so() {
    let service = service(get(search));
    let free = service.get("/").await;
    assert_eq!(
        (free.rate_limit(), free.field("ratelimit-policy")),
        ("\"default\";r=1;t=30", "\"default\";q=2;w=60")
    );
    let pro = service.send(with("x-pro", "1")).await;
    assert_eq!(pro.rate_limit(), "\"second\";r=4;t=1, \"minute\";r=9;t=6");
    assert_eq!(pro.field("ratelimit-policy"), "\"second\";q=5;w=1, \"minute\";q=10;w=60");
}

#[tokio::test]
async fn tiers_have_budgets_of_their_own() {
    let service = service(get(search));
    for expected in [200, 200, 429] {
        assert_eq!(service.get("/").await.status.as_u16(), expected);
    }
    let refused = service.get("/").await;
    assert_eq!(refused.json()["violated-policies"], serde_json::json!(["default"]));
    for _ in 0..5 {
        assert_eq!(service.send(with("x-pro", "1")).await.status.as_u16(), 200);
    }
    let refused = service.send(with("x-pro", "1")).await;
    assert_eq!(refused.json()["violated-policies"], serde_json::json!(["second"]));
    assert_eq!(service.get("/").await.status.as_u16(), 429, "a tier does not refill another");
    assert_eq!(service.counts(site!(search)), "rate_limited admitted 7, refused 4");
}

#[rate_limited("2/minute", tiers = plan)]
#[rate_limited("9/hour", key = global)]
async fn beside_another() {}

#[tokio::test]
async fn beside_another_limit_its_rates_are_named_by_the_key() {
    let service = service(get(beside_another));
    let pro = service.send(with("x-pro", "1")).await;
    assert_eq!(pro.rate_limit(), "\"ip-second\";r=4;t=1, \"ip-minute\";r=9;t=6, \"global-hour\";r=8;t=400");
    assert_eq!(
        pro.field("ratelimit-policy"),
        "\"ip-second\";q=5;w=1, \"ip-minute\";q=10;w=60, \"global-hour\";q=9;w=3600"
    );
}

const SLOW: Rates = rates!("10/minute");
const BURSTY: Rates = rates!("10/minute", burst = 100);

fn burst(facts: &RequestFacts<'_>) -> Rates {
    if facts.headers().contains_key("x-pro") { BURSTY } else { SLOW }
}

#[rate_limited("10/minute", tiers = burst)]
async fn bursts() {}

#[tokio::test]
async fn tiers_that_differ_in_the_burst_alone_have_budgets_of_their_own() {
    let service = service(get(bursts));
    for _ in 0..100 {
        assert_eq!(service.send(with("x-pro", "1")).await.status.as_u16(), 200);
    }
    assert_eq!(service.send(with("x-pro", "1")).await.status.as_u16(), 429);
    assert_eq!(service.get("/").await.rate_limit(), "\"default\";r=9;t=6");
}
