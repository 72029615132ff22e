//! The inventory: what is protected by what, and what is not. This program has the sites below and no others.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and the helpers have none

use axum::Router;
use axum::routing::get;
use tollgate::{
    Inventory, Key, OperationEntry, Policy, RateLimitKey, RequestFacts, Tollgate, rate_limited, with_metrics,
};
use tollgate_tests::Service;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// In the order of the source, whatever the order in which they are used.
mod handlers {
    use super::{Tenant, rate_limited, with_metrics};

    #[utoipa::path(get, path = "/zebras", responses((status = 200)))]
    #[rate_limited("5/second", "100/minute", key = header("x-api-key"))]
    #[with_metrics]
    pub(super) async fn zebras() {}

    #[utoipa::path(get, path = "/ants", responses((status = 200)))]
    #[with_metrics]
    pub(super) async fn ants() {}

    #[utoipa::path(get, path = "/bees", responses((status = 200)))]
    #[rate_limited("1/second", shadow)]
    pub(super) async fn bees() {}

    /// No operation of any document.
    #[rate_limited("10/10s", key = (ip, Tenant))]
    #[with_metrics(name = "the yaks")]
    #[rate_limited("100/minute", burst = 200, key = global)]
    pub(super) async fn yaks() {}
}

struct Tenant;

impl RateLimitKey for Tenant {
    fn key(facts: &RequestFacts<'_>) -> Option<Key> {
        facts.headers().get("x-tenant").map(Key::bytes)
    }
}

/// Bare.
#[utoipa::path(get, path = "/cats", responses((status = 200)))]
async fn cats() {}

fn first_body() -> Router {
    #[with_metrics]
    async fn repeated() {}
    Router::new().route("/first", get(repeated))
}

fn second_body() -> Router {
    #[with_metrics]
    async fn repeated() {}
    Router::new().route("/second", get(repeated))
}

fn tollgate() -> Tollgate {
    Tollgate::builder().build().unwrap()
}

fn documented() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(handlers::ants))
        .routes(routes!(handlers::zebras))
        .routes(routes!(handlers::bees))
        .routes(routes!(cats))
}

/// The names of the sites of an inventory without their lines, each with what its policies say.
fn listed(inventory: &Inventory) -> Vec<(&str, Vec<String>)> {
    let policies = |site: &tollgate::SiteEntry| {
        site.policies.iter().map(|entry| format!("{} {}", entry.label, entry.summary)).collect()
    };
    inventory.sites.iter().map(|site| (site.name.split('@').next().unwrap(), policies(site))).collect()
}

#[test]
fn every_site_is_listed_in_the_order_of_the_source_with_its_policies_outermost_first() {
    let inventory = tollgate().inventory();
    let expected = [
        (
            "inventory::handlers::zebras",
            vec!["with_metrics ", "rate_limited 5 per second and 100 per minute by header x-api-key"],
        ),
        ("inventory::handlers::ants", vec!["with_metrics "]),
        ("inventory::handlers::bees", vec!["rate_limited 1 per second by ip, shadow"]),
        (
            "the yaks",
            vec![
                "with_metrics ",
                "rate_limited 100 per minute, burst 200, by global",
                "rate_limited:ip-Tenant 10 per 10s by ip and Tenant",
            ],
        ),
        ("inventory::repeated", vec!["with_metrics "]),
        ("inventory::repeated", vec!["with_metrics "]),
    ];
    let listed = listed(&inventory);
    let listed: Vec<_> = listed
        .iter()
        .map(|(name, policies)| (*name, policies.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(listed, expected);
    assert!(inventory.operations.is_empty());
}

#[tokio::test]
async fn a_name_that_is_not_unique_bears_its_line() {
    let inventory = tollgate().inventory();
    let repeated: Vec<_> = inventory.sites.iter().filter(|site| site.origin.function == "repeated").collect();
    for site in &repeated {
        assert_eq!(site.name, format!("inventory::repeated@{}", site.origin.line));
        assert_eq!((site.origin.file, site.origin.module), (file!(), module_path!()));
    }
    let service = Service::of(first_body().merge(second_body()));
    service.get("/second").await;
    assert_eq!(service.counts(repeated[0].name), "");
    assert_eq!(service.counts(repeated[1].name), "with_metrics completed 1");
}

#[tokio::test]
async fn a_written_name_stands_on_any_attribute_and_is_that_of_the_counters() {
    let service = Service::of(Router::new().route("/", get(handlers::yaks)));
    let answer = service.get("/").await;
    assert_eq!(answer.rate_limit(), r#""global-minute";r=199;t=1, "ip-Tenant-10s";r=9;t=1"#);
    let counts = "with_metrics completed 1, rate_limited admitted 1, rate_limited:ip-Tenant admitted 1";
    assert_eq!(service.counts("the yaks"), counts);
}

#[test]
fn what_is_disabled_is_not_listed() {
    let inventory = Tollgate::builder().disable(Policy::RateLimit).build().unwrap().inventory();
    let kinds: Vec<_> =
        inventory.sites.iter().flat_map(|site| &site.policies).map(|entry| entry.policy).collect();
    assert_eq!(kinds, [Policy::Metrics; 5]);
}

fn paths<'a>(operations: impl Iterator<Item = &'a OperationEntry>) -> Vec<&'a str> {
    operations.map(|operation| operation.path.as_str()).collect()
}

#[test]
fn joined_with_a_document_it_tells_what_is_protected_what_is_not_and_what_is_missing() {
    let inventory = tollgate().inventory_of(&documented().into_openapi());
    assert_eq!(paths(inventory.operations.iter()), ["/ants", "/bees", "/cats", "/zebras"]);
    assert_eq!(paths(inventory.protected()), ["/zebras"]);
    assert_eq!(paths(inventory.unprotected()), ["/ants", "/bees", "/cats"], "only counted, in shadow, bare");
    let undocumented: Vec<_> = inventory.undocumented().map(|site| site.origin.function).collect();
    assert_eq!(undocumented, ["yaks", "repeated", "repeated"]);
    let sites = inventory.operations.iter().map(|operation| operation.site.as_ref().map(|site| site.name));
    assert_eq!(
        sites.collect::<Vec<_>>(),
        [
            Some("inventory::handlers::ants"),
            Some("inventory::handlers::bees"),
            None,
            Some("inventory::handlers::zebras"),
        ]
    );
}

#[test]
fn derived_documents_are_joined_as_well() {
    #[derive(OpenApi)]
    #[openapi(paths(handlers::zebras, cats))]
    struct Api;

    let inventory = tollgate().inventory_of(&Api::openapi());
    assert_eq!(paths(inventory.protected()), ["/zebras"]);
    assert_eq!(paths(inventory.unprotected()), ["/cats"]);
}

#[test]
fn a_site_that_is_mounted_twice_is_two_operations_and_one_site() {
    let router = OpenApiRouter::new().nest("/v1", documented()).nest("/v2", documented());
    let inventory = tollgate().inventory_of(&router.into_openapi());
    assert_eq!(paths(inventory.protected()), ["/v1/zebras", "/v2/zebras"]);
    assert_eq!(inventory.sites.len(), 6);
    assert_eq!(inventory.undocumented().count(), 3);
}

#[test]
fn an_operation_whose_policies_are_disabled_is_not_protected() {
    let tollgate = Tollgate::builder().disable(Policy::RateLimit).build().unwrap();
    let inventory = tollgate.inventory_of(&documented().into_openapi());
    assert_eq!(paths(inventory.protected()), [""; 0]);
}

#[test]
fn it_is_printed_as_a_table() {
    let inventory = tollgate().inventory_of(&documented().into_openapi());
    let mut table = inventory.to_string();
    for site in &inventory.sites {
        table = table.replace(&format!("@{}", site.origin.line), "@line");
    }
    insta::assert_snapshot!(table);
}
