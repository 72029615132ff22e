//! How the budgets of a key stand: for operators, who may make them full, and for clients about themselves.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::request::Parts;
use http::{Method, Request};
use serde_json::json;
use tollgate::{
    Key, Principal, PrincipalResolver, RateLimitLayer, Rates, Refusal, Rejected, RequestFacts, Tollgate,
    TollgateBuilder, call, limits, rate_limited, rates,
};
use tollgate_tests::{Answer, Service, from_client, request};

const TOKEN: &str = "an-admin-token-of-a-test";

struct Users;

impl PrincipalResolver for Users {
    async fn resolve(&self, parts: &Parts) -> Result<Option<Principal>, Refusal> {
        Ok(parts.headers.get("x-user").map(|user| Principal::new(user.to_str().unwrap())))
    }
}

#[rate_limited("5/second", "100/minute", name = "lookup")]
#[rate_limited("10/minute", key = principal)]
#[rate_limited("50/minute", burst = 60, key = global, shadow)]
async fn lookup() {}

fn plan(facts: &RequestFacts<'_>) -> Rates {
    if facts.headers().contains_key("x-paid") { rates!("100/minute") } else { rates!("10/minute") }
}

#[rate_limited("1/minute", tiers = plan, name = "planned")]
async fn planned() {}

#[rate_limited("9/minute", key = (ip, header("x-tenant")), missing = skip)]
async fn tenants() {}

fn service() -> Service {
    with(Tollgate::builder())
}

fn with(settings: TollgateBuilder) -> Service {
    let tollgate = settings.principal(Users).admin_token(TOKEN);
    let router = Router::new()
        .route("/", get(lookup))
        .route("/planned", get(planned))
        .route("/tenants", get(tenants))
        .layer(RateLimitLayer::new(limits!("1000/hour", name = "everything")).prefix("/"));
    Service::with(tollgate, router)
}

fn from(address: &str, path: &str) -> Request<Body> {
    from_client(address, tollgate_tests::get(path))
}

fn and(mut request: Request<Body>, name: &'static str, value: &str) -> Request<Body> {
    request.headers_mut().append(name, value.parse().unwrap());
    request
}

fn key(text: &str) -> Key {
    text.parse().unwrap()
}

#[tokio::test]
async fn reading_tells_how_every_limit_of_the_kind_stands_and_charges_nothing() {
    let service = service();
    for _ in 0..3 {
        service.send(from("192.0.2.1", "/")).await;
    }
    let limits = service.tollgate.limits();
    for _ in 0..10 {
        let [state] = &limits.read("lookup", &key("ip:192.0.2.1")).await.unwrap()[..] else {
            panic!("one limit")
        };
        assert_eq!(
            (state.policy, state.key, state.shadow, state.local),
            ("rate_limited", "ip", false, false)
        );
        let rates: Vec<_> = state.rates.iter().map(|rate| (rate.name, rate.quota, rate.remaining)).collect();
        assert_eq!(rates, [("ip-second", 5, 2), ("ip-minute", 100, 97)]);
        assert_eq!(state.rates[1].grows_in, Duration::from_millis(600));
        assert_eq!(state.rates[1].window, Duration::from_secs(60));
    }
    let [global] = &limits.read("lookup", &key("global")).await.unwrap()[..] else { panic!("one limit") };
    assert_eq!((global.shadow, global.rates[0].remaining, global.rates[0].burst), (true, 57, 60));
    let [anybody] = &limits.read("lookup", &key("ip:192.0.2.2")).await.unwrap()[..] else {
        panic!("one limit")
    };
    assert_eq!((anybody.rates[0].remaining, anybody.rates[0].grows_in), (5, Duration::ZERO));
    let [layer] = &limits.read("everything", &key("ip:192.0.2.1")).await.unwrap()[..] else {
        panic!("one limit")
    };
    assert_eq!(layer.rates[0].remaining, 997);
}

#[tokio::test]
async fn resetting_fills_the_budgets_of_one_key() {
    let service = service();
    let ask = async |address| {
        // Without a name they would share a budget.
        service.send(and(from(address, "/"), "x-user", address)).await.status.as_u16()
    };
    for address in ["192.0.2.1", "192.0.2.2"] {
        for _ in 0..5 {
            assert_eq!(ask(address).await, 200);
        }
        assert_eq!(ask(address).await, 429);
    }
    service.tollgate.limits().reset("lookup", &key("ip:192.0.2.1")).await.unwrap();
    assert_eq!(ask("192.0.2.1").await, 200);
    assert_eq!(ask("192.0.2.2").await, 429, "another key");
}

#[tokio::test]
async fn keys_are_those_that_limits_count_by() {
    let service = service();
    service.send(and(from("192.0.2.1", "/"), "x-user", "ada")).await;
    service.send(and(from("192.0.2.1", "/tenants"), "x-tenant", "a,b")).await;
    let left = async |site: &str, text: &str| {
        service.tollgate.limits().read(site, &key(text)).await.unwrap()[0].rates[0].remaining
    };
    assert_eq!(left("lookup", "principal:ada").await, 9);
    assert_eq!(left("lookup", "principal:bob").await, 10);
    let site = tollgate_tests::site!(tenants);
    assert_eq!(left(site, "ip:192.0.2.1,header:a%2Cb").await, 8);
    assert_eq!(left(site, "ip:192.0.2.1,header:other").await, 9);
}

#[tokio::test]
async fn every_tier_that_was_chosen_is_read_and_reset() {
    let service = service();
    service.send(from("192.0.2.1", "/planned")).await;
    service.send(and(from("192.0.2.1", "/planned"), "x-paid", "yes")).await;
    let read = async || {
        let states = service.tollgate.limits().read("planned", &key("ip:192.0.2.1")).await.unwrap();
        let mut left: Vec<_> =
            states.iter().map(|state| (state.rates[0].quota, state.rates[0].remaining)).collect();
        left.sort_unstable();
        left
    };
    assert_eq!(read().await, [(10, 9), (100, 99)]);
    service.tollgate.limits().reset("planned", &key("ip:192.0.2.1")).await.unwrap();
    assert_eq!(read().await, [(10, 10), (100, 100)]);
}

#[tokio::test]
async fn what_a_configuration_says_is_what_is_read() {
    let config = "[sites.lookup.rate_limited]\nrates = [\"7/minute\"]\n[sites.everything.rate_limited]\ndisabled = true";
    let service = with(Tollgate::builder().config(config));
    service.send(from("192.0.2.1", "/")).await;
    let limits = service.tollgate.limits();
    let [state] = &limits.read("lookup", &key("ip:192.0.2.1")).await.unwrap()[..] else {
        panic!("one limit")
    };
    assert_eq!((state.rates[0].quota, state.rates[0].remaining), (7, 6));
    assert_eq!(limits.read("everything", &key("ip:192.0.2.1")).await, Ok(Vec::new()));
}

#[tokio::test]
async fn unknown_functions_and_keys_of_another_kind_are_errors_with_what_was_meant() {
    let limits = service().tollgate.limits();
    let error = limits.read("lokup", &Key::EVERYONE).await.unwrap_err();
    assert_eq!(error.nearest(), Some("lookup"));
    assert_eq!(error.to_string(), "no function has this name: did you mean `lookup`?");
    let by_its_end = limits.reset("tenants", &Key::EVERYONE).await.unwrap_err();
    assert_eq!(by_its_end.nearest(), Some(tollgate_tests::site!(tenants)));
    let nothing = limits.read("something else altogether", &Key::EVERYONE).await.unwrap_err();
    assert_eq!((nothing.is_unknown_site(), nothing.nearest()), (true, None));
    let other = limits.reset("lookup", &key("header:sk_live_secret")).await.unwrap_err();
    assert_eq!(
        other.to_string(),
        "no limit of this function counts by a key of this kind (value), but by ip, global, principal"
    );
}

#[rate_limited("3/hour", key = global, name = "everybody")]
async fn everybody() {}

#[tokio::test]
async fn nobody_is_anonymous_where_all_share_one_budget() {
    let _ = everybody;
    let limits = service().tollgate.limits();
    let error = limits.read("everybody", &Key::ANONYMOUS).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no limit of this function counts by a key of this kind (anonymous), but by global"
    );
    assert_eq!(limits.reset("everybody", &Key::ANONYMOUS).await, Err(error));
    let [by_address, by_principal] = &limits.read("lookup", &Key::ANONYMOUS).await.unwrap()[..] else {
        panic!("two limits")
    };
    assert_eq!((by_address.key, by_principal.key), ("ip", "principal"));
}

async fn operate(service: &Service, method: Method, query: &str, token: Option<&str>) -> Answer {
    let handler = service.tollgate.limits_handler();
    let router = Router::new().route("/limits", axum::routing::any(handler));
    let request = token.into_iter().fold(request(method, &format!("/limits{query}")), |request, token| {
        and(request, "authorization", &format!("Bearer {token}"))
    });
    tollgate_tests::send(&router, request).await
}

#[tokio::test]
async fn operators_read_and_reset_by_a_route() {
    let service = service();
    service.send(and(from("192.0.2.1", "/"), "x-user", "ada")).await;
    let query = "?site=lookup&key=principal%3Aada";
    let read = async || operate(&service, Method::GET, query, Some(TOKEN)).await;
    let answer = read().await;
    assert_eq!((answer.status.as_u16(), answer.field("cache-control")), (200, "no-store"));
    let rate = json!({"name": "principal-minute", "quota": 10, "window": 60.0, "burst": 10, "remaining": 9, "grows_in": 6.0});
    let limit = json!({"policy": "rate_limited:principal", "key": "principal", "shadow": false, "local": false, "rates": [rate]});
    assert_eq!(answer.json(), json!({"site": "lookup", "limits": [limit]}));
    let reset = operate(&service, Method::DELETE, query, Some(TOKEN)).await;
    assert_eq!((reset.status.as_u16(), reset.body.as_str()), (204, ""));
    assert_eq!(read().await.json()["limits"][0]["rates"][0]["remaining"], 10);
}

#[tokio::test]
async fn nobody_else_may_and_what_is_wrong_is_told() {
    let service = service();
    for token in [None, Some("wrong")] {
        for method in [Method::GET, Method::DELETE, Method::POST] {
            let refused = operate(&service, method, "?site=lookup&key=global", token).await;
            assert_eq!(refused.status.as_u16(), 401, "{token:?}");
        }
    }
    let cases = [
        (Method::GET, "", 400, "name a function and a key"),
        (Method::GET, "?site=lookup", 400, "name a function and a key"),
        (Method::GET, "?site=lookup&key=global&key=global", 400, "once each"),
        (Method::GET, "?site=lookup&key=global&all", 400, "nothing else"),
        (Method::GET, "?site=lookup&key=%ff", 400, "no text"),
        (Method::GET, "?site=lookup&key=principle:ada", 400, "did you mean `principal`?"),
        (Method::GET, "?site=lookup&key=header:x", 400, "but by ip, global, principal"),
        (Method::DELETE, "?site=lookpu&key=global", 404, "did you mean `lookup`?"),
        (Method::PUT, "?site=lookup&key=global", 405, ""),
    ];
    for (method, query, status, told) in cases {
        let answer = operate(&service, method, query, Some(TOKEN)).await;
        assert_eq!(answer.status.as_u16(), status, "{query}: {answer:?}");
        assert_eq!(answer.field("content-type"), "application/problem+json");
        assert!(answer.body.contains(told), "{query}: {}", answer.body);
    }
}

fn own(service: &Service) -> Service {
    let tollgate = &service.tollgate;
    let some = tollgate.own_limits_handler_of(&["lookup"]).unwrap();
    let router = Router::new().route("/mine", get(tollgate.own_limits_handler())).route("/some", get(some));
    Service::of(router)
}

#[tokio::test]
async fn clients_see_what_is_known_of_them_and_are_not_charged() {
    let service = service();
    service.send(and(from("192.0.2.1", "/"), "x-user", "ada")).await;
    let own = own(&service);
    let ask = async |request| own.send(request).await.json();
    for _ in 0..20 {
        let anonymous = ask(from("192.0.2.1", "/some")).await;
        assert_eq!(anonymous["sites"][0]["site"], "lookup");
        let limits = anonymous["sites"][0]["limits"].as_array().unwrap();
        assert_eq!(limits.len(), 1, "neither the one in shadow mode nor that of principals: {limits:?}");
        assert_eq!(limits[0]["rates"][0]["remaining"], 4);
    }
    let ada = ask(and(from("192.0.2.1", "/some"), "x-user", "ada")).await;
    assert_eq!(ada["sites"][0]["limits"][1]["rates"][0]["remaining"], 9);
    let paid = ask(and(from("192.0.2.1", "/mine"), "x-paid", "yes")).await;
    let sites: Vec<_> =
        paid["sites"].as_array().unwrap().iter().map(|site| site["site"].as_str().unwrap()).collect();
    assert!(
        sites.contains(&"everything") && sites.contains(&"planned") && !sites.contains(&"tenants"),
        "{sites:?}"
    );
    let planned = paid["sites"].as_array().unwrap().iter().find(|site| site["site"] == "planned").unwrap();
    assert_eq!(planned["limits"][0]["rates"][0]["quota"], 100, "its own tier");
    let tenant = ask(and(from("192.0.2.1", "/mine"), "x-tenant", "a")).await;
    assert!(tenant.to_string().contains("\"tenants\""), "without its module: {tenant}");
    assert!(!tenant.to_string().contains("limits_introspection"), "{tenant}");
}

#[call::rate_limited("50/second", name = "outbound")]
async fn outbound() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/second", key = "{tenant}", name = "outbound_of_tenants")]
async fn outbound_of_tenants(tenant: &str) -> Result<(), Rejected> {
    let _ = tenant;
    Ok(())
}

#[tokio::test]
async fn limits_of_calls_are_told_to_no_client() {
    let service = service();
    let told = own(&service).send(from("192.0.2.1", "/mine")).await;
    assert!(told.body.contains("\"everything\"") && !told.body.contains("outbound"), "{}", told.body);
}

#[tokio::test]
async fn limits_of_calls_are_read_and_reset_by_keys_that_they_count_by() {
    let tollgate = service().tollgate;
    tollgate.scope(async { outbound().await.and(outbound_of_tenants("acme").await) }).await.unwrap();
    let limits = tollgate.limits();
    let left = async || limits.read("outbound", &Key::EVERYONE).await.unwrap()[0].rates[0].remaining;
    assert_eq!(left().await, 49);
    limits.reset("outbound", &Key::EVERYONE).await.unwrap();
    assert_eq!(left().await, 50);
    for text in ["global", "anonymous", "text:acme", "header:acme", "text:acme,text:acme", "ip:192.0.2.1"] {
        let error = limits.read("outbound_of_tenants", &key(text)).await.unwrap_err();
        assert!(error.to_string().ends_with("but by {tenant}"), "{text}: {error}");
        assert_eq!(limits.reset("outbound_of_tenants", &key(text)).await, Err(error), "{text}");
    }
}

#[test]
fn functions_that_are_not_there_are_an_error() {
    let Err(error) = service().tollgate.own_limits_handler_of(&["lookup", "lokup"]).map(drop) else {
        panic!("there is no such function");
    };
    assert_eq!(error.nearest(), Some("lookup"));
}
