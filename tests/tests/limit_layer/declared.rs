//! What `limits!` declares: a site that is there before the first request.

use tollgate::{Key, RateLimitKey, RateLimitLayer, RequestFacts, Tollgate, limits};
use tollgate_tests::{get, site};

use crate::support::{and, behind};

struct Tenant;

impl RateLimitKey for Tenant {
    fn key(facts: &RequestFacts<'_>) -> Option<Key> {
        Some(Key::bytes(facts.headers().get("x-tenant")?.as_bytes()))
    }
}

fn cost(facts: &RequestFacts<'_>) -> u32 {
    if facts.headers().contains_key("x-heavy") { 3 } else { 1 }
}

/// Declared and never put around anything.
pub(crate) fn unused() -> RateLimitLayer {
    RateLimitLayer::new(limits!("5/second"; "1000/hour", key = global, shadow, name = "declared"))
}

#[test]
fn counters_are_there_at_zero_and_the_inventory_lists_it() {
    let tollgate = Tollgate::builder().build().unwrap();
    let policies: Vec<_> =
        tollgate.decisions().into_iter().filter(|count| count.site == "declared").map(|c| c.policy).collect();
    assert!(policies.contains(&"rate_limited") && policies.contains(&"rate_limited:global"), "{policies:?}");
    let inventory = tollgate.inventory();
    let entry = inventory.sites.iter().find(|site| site.name == "declared").unwrap();
    let summaries: Vec<_> = entry.policies.iter().map(|policy| policy.summary.as_str()).collect();
    assert_eq!(summaries, ["5 per second by ip", "1000 per hour by global, shadow"]);
    assert!(entry.origin.file.ends_with("declared.rs"), "{:?}", entry.origin);
    let _ = unused();
}

#[test]
fn without_a_name_it_is_called_by_its_module_and_line() {
    let (limits, line) = (limits!("1/minute"), line!());
    assert_eq!(limits.name(), format!("{}::limits@{line}", module_path!()));
    assert_eq!(site!(limits), format!("{}::limits", module_path!()));
    assert_ne!(limits!("1/minute").name(), limits!("1/minute").name(), "two on one line");
}

#[tokio::test]
async fn it_takes_every_argument_of_the_attribute() {
    let service = behind(RateLimitLayer::new(limits!(
        "10/minute", key = (header("x-tenant"), Tenant), burst = 20, cost = cost, missing = skip, name = "all";
        "5/second", "100/minute", key = Tenant, missing = reject;
    )));
    let lacking = service.get("/").await;
    assert_eq!((lacking.status.as_u16(), lacking.rate_limit()), (400, ""));
    let answer = service.send(and(and(get("/"), "x-tenant", "acme"), "x-heavy", "1")).await;
    assert_eq!(
        answer.rate_limit(),
        r#""all-Tenant-second";r=4;t=1, "all-Tenant-minute";r=99;t=1, "all-x-tenant-Tenant-minute";r=17;t=6"#
    );
    let counts = "rate_limited admitted 1, refused 1, rate_limited:x-tenant-Tenant admitted 1";
    assert_eq!(service.counts("all"), counts);
}

#[tokio::test]
async fn limits_in_shadow_mode_count_and_tell_nothing() {
    let service = behind(RateLimitLayer::new(limits!("1/minute", shadow, name = "tried out")));
    for _ in 0..3 {
        let answer = service.get("/").await;
        assert_eq!((answer.status.as_u16(), answer.rate_limit()), (200, ""));
    }
    assert_eq!(service.counts("tried out"), "rate_limited admitted 1, shadow_refused 2");
}

#[tokio::test]
async fn one_value_in_two_layers_is_one_budget() {
    let limits = limits!("3/minute", name = "twice around");
    let (one, other) = (RateLimitLayer::new(limits).prefix("/a"), RateLimitLayer::new(limits).prefix("/b"));
    let router = axum::Router::new().fallback(async || "anything").layer(one).layer(other);
    let service = tollgate_tests::Service::of(router);
    assert_eq!(service.get("/a").await.rate_limit(), r#""twice_around";r=2;t=20"#);
    assert_eq!(service.get("/b").await.rate_limit(), r#""twice_around";r=1;t=20"#);
}
