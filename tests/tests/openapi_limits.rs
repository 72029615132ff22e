//! `x-rate-limit`: the rates of an operation for programs to read, and what a configuration makes of them.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and the helpers have none

use serde_json::{Value, json};
use tollgate::{Key, RateLimitKey, Rates, RequestFacts, Tollgate, authorize, limits, rate_limited, rates};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

struct Tenant;

impl RateLimitKey for Tenant {
    fn key(facts: &RequestFacts<'_>) -> Option<Key> {
        Some(Key::bytes(facts.headers().get("x-tenant")?.as_bytes()))
    }
}

fn plan(_: &RequestFacts<'_>) -> Rates {
    rates!("500/minute")
}

#[utoipa::path(get, path = "/plain", responses((status = 200)))]
#[rate_limited("100/minute", "5/250ms", name = "plain")]
async fn plain() {}

#[utoipa::path(get, path = "/several", responses((status = 200), (status = 429, description = "my own words")))]
#[rate_limited("100/minute", burst = 200, key = (ip, Tenant), name = "several")]
#[rate_limited("9/hour", key = principal, algorithm = fixed_window, missing = reject)]
#[rate_limited("1/day", key = global, shadow)]
#[authorize]
async fn several() {}

#[utoipa::path(get, path = "/tiers", responses((status = 200)))]
#[rate_limited("10/minute", key = principal, tiers = plan, on_store_error = closed, name = "tiers")]
async fn tiers() {}

#[utoipa::path(post, path = "/login", responses((status = 200), (status = 401)))]
#[rate_limited("5/minute", charge_on = [401, 403], name = "login")]
async fn login() {}

#[utoipa::path(get, path = "/trial", responses((status = 200)))]
#[rate_limited("5/minute", missing = reject, key = header("x-api-key"), shadow, name = "trial")]
async fn trial() {}

fn documented(config: &str) -> Value {
    let (_, document) = OpenApiRouter::<()>::new()
        .routes(routes!(plain))
        .routes(routes!(several))
        .routes(routes!(tiers))
        .routes(routes!(login))
        .routes(routes!(trial))
        .split_for_parts();
    let tollgate = Tollgate::builder().config(config).build().unwrap();
    serde_json::to_value(tollgate.openapi(document)).unwrap()["paths"].take()
}

fn fields(responses: &Value) -> Vec<&str> {
    let has_fields = |(status, response): (&'static str, &Value)| {
        let headers = response["headers"].as_object();
        headers.is_some_and(|headers| headers.contains_key("RateLimit")).then_some(status)
    };
    let statuses = ["200", "400", "401", "403", "429", "503"];
    statuses.into_iter().filter_map(|status| has_fields((status, &responses[status]))).collect()
}

#[test]
fn every_announced_rate_is_told_with_what_it_counts_by() {
    let paths = documented("");
    assert_eq!(
        paths["/plain"]["get"]["x-rate-limit"],
        json!([
            {"name": "minute", "quota": 100, "window": 60, "burst": 100, "algorithm": "gcra", "key": "ip", "policy": "rate_limited"},
            {"name": "250ms", "quota": 5, "window": 0.25, "burst": 5, "algorithm": "gcra", "key": "ip", "policy": "rate_limited"},
        ])
    );
    assert_eq!(
        paths["/several"]["get"]["x-rate-limit"],
        json!([
            {"name": "ip-Tenant-minute", "quota": 100, "window": 60, "burst": 200, "algorithm": "gcra", "key": "ip and custom",
             "policy": "rate_limited:ip-Tenant"},
            {"name": "principal-hour", "quota": 9, "window": 3600, "burst": 9, "algorithm": "fixed_window", "key": "principal",
             "policy": "rate_limited:principal"},
        ])
    );
    assert_eq!(paths["/tiers"]["get"]["x-rate-limit"][0]["tiers"], true);
    assert_eq!(paths["/login"]["post"]["x-rate-limit"][0]["charge-on"], json!([401, 403]));
    assert_eq!(paths["/trial"]["get"]["x-rate-limit"], Value::Null);
}

#[test]
fn a_refusal_says_what_the_rates_depend_on() {
    let paths = documented("");
    let description =
        |path: &str, method: &str| paths[path][method]["responses"]["429"]["description"].clone();
    assert_eq!(description("/plain", "get"), "Too many requests: a rate limit is used up.");
    assert_eq!(description("/several", "get"), "my own words");
    assert_eq!(
        description("/tiers", "get"),
        "Too many requests: a rate limit is used up. The rates depend on who asks: those of the request stand in `RateLimit-Policy`."
    );
    assert_eq!(
        description("/login", "post"),
        "Too many requests: a rate limit is used up. Only answers with status 401 or 403 count."
    );
    let closed = &paths["/tiers"]["get"]["responses"]["503"];
    assert_eq!(closed["content"]["application/problem+json"]["example"]["status"], 503, "{closed:#}");
    assert!(closed["headers"]["Retry-After"].is_object());
}

#[test]
fn what_is_in_force_is_documented_in_the_place_of_what_is_declared() {
    let (declared, now) =
        (documented(""), documented("[sites.plain.rate_limited]\nrates = [\"7/minute\"]\n"));
    let operation = &now["/plain"]["get"];
    assert_eq!(
        operation["x-rate-limit"],
        json!([{"name": "default", "quota": 7, "window": 60, "burst": 7, "algorithm": "gcra", "key": "ip", "policy": "rate_limited"}])
    );
    let responses = &operation["responses"];
    assert_eq!(fields(responses), ["200", "429"]);
    assert_eq!(responses["200"]["headers"]["RateLimit-Policy"]["example"], "\"default\";q=7;w=60");
    let example = &responses["429"]["content"]["application/problem+json"]["example"];
    assert_eq!(example["detail"], "the rate limit admits 7 per minute: try again in 9 seconds");
    for path in ["/several", "/tiers", "/login", "/trial"] {
        assert_eq!(now[path], declared[path], "{path} is as it is declared");
    }
}

#[test]
fn a_limit_that_is_disabled_or_tried_out_leaves_nothing_but_what_the_user_wrote() {
    for setting in ["disabled = true", "shadow = true"] {
        let limits = [
            "plain.rate_limited",
            "several.\"rate_limited:ip-Tenant\"",
            "several.\"rate_limited:principal\"",
            "tiers.rate_limited",
        ];
        let now = documented(&limits.map(|limit| format!("[sites.{limit}]\n{setting}\n")).concat());
        for path in ["/plain", "/several", "/tiers"] {
            let operation = &now[path]["get"];
            assert_eq!(operation["x-rate-limit"], Value::Null, "{path}");
            assert_eq!(fields(&operation["responses"]), [""; 0], "{path}");
            assert_eq!(operation["responses"]["503"], Value::Null, "{path}");
        }
        assert_eq!(now["/plain"]["get"]["responses"]["429"], Value::Null);
        assert_eq!(now["/several"]["get"]["responses"]["429"]["description"], "my own words");
    }
}

#[test]
fn a_limit_that_is_no_longer_tried_out_is_documented() {
    let now = documented("[sites.trial.rate_limited]\nshadow = false\n");
    let operation = &now["/trial"]["get"];
    assert_eq!(operation["x-rate-limit"][0]["quota"], 5);
    assert_eq!(fields(&operation["responses"]), ["200", "429"]);
    assert!(operation["responses"]["400"].is_object(), "without its key");
}

#[test]
fn limits_of_layers_are_on_no_operation() {
    let limits = limits!("1/minute", name = "openapi-layer");
    assert!(!documented("").to_string().contains(limits.name()));
}
