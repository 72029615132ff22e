//! Limits by principal, which ask the resolver as gates do.

use std::future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::get as route;
use http::request::Parts;
use tollgate::{
    Principal, PrincipalResolver, RateLimitLayer, Refusal, Tollgate, authorize, limits, rate_limited,
};
use tollgate_tests::{Service, get};

use crate::support::and;

/// Knows whoever the field `x-user` names, and counts how often it is asked.
#[derive(Clone, Default)]
struct Users(Arc<AtomicUsize>);

impl PrincipalResolver for Users {
    async fn resolve(&self, parts: &Parts) -> Result<Option<Principal>, Refusal> {
        self.0.fetch_add(1, Ordering::SeqCst);
        match parts.headers.get("x-user").and_then(|user| user.to_str().ok()) {
            None => Ok(None),
            Some("wrong") => Err(Refusal::invalid("a reason that nobody is told")),
            Some("away") => Err(Refusal::unavailable("a reason that nobody is told")),
            Some("slow") => future::pending().await,
            Some(user) => Ok(Some(Principal::new(user))),
        }
    }
}

#[authorize]
#[rate_limited("50/minute", key = principal)]
async fn own(principal: Principal) -> String {
    principal.subject().to_owned()
}

fn service(layer: RateLimitLayer) -> (Service, Users) {
    let users = Users::default();
    let router = Router::new().route("/", route(own)).route("/open", route(async || "open")).layer(layer);
    (Service::with(Tollgate::builder().principal(users.clone()), router), users)
}

#[tokio::test]
async fn each_has_a_budget_and_the_resolver_is_asked_once_for_layer_and_gate() {
    let (service, users) = service(RateLimitLayer::new(limits!("2/minute", key = principal, name = "users")));
    for user in ["ada", "bob"] {
        let ask = async || service.send(and(get("/"), "x-user", user)).await;
        let first = ask().await;
        assert_eq!(
            (first.body.as_str(), first.rate_limit()),
            (user, r#""default";r=49;t=2, "users";r=1;t=30"#)
        );
        assert_eq!(ask().await.status.as_u16(), 200);
        assert_eq!(ask().await.status.as_u16(), 429);
    }
    assert_eq!(users.0.load(Ordering::SeqCst), 6, "once per request");
    assert_eq!(service.counts("users"), "rate_limited admitted 4, refused 2");
}

#[tokio::test]
async fn whoever_is_nobody_shares_a_budget_or_is_told_to_present_credentials() {
    let (anonymous, _) = service(RateLimitLayer::new(limits!("1/minute", key = principal, name = "shared")));
    assert_eq!(anonymous.get("/open").await.status.as_u16(), 200);
    assert_eq!(anonymous.send(and(get("/open"), "x-user", "wrong")).await.status.as_u16(), 429);

    let strict = limits!("1/minute", key = principal, missing = reject, name = "strict");
    let (strict, _) = service(RateLimitLayer::new(strict));
    for (user, status, challenge) in [
        (None, 401, "Bearer"),
        (Some("wrong"), 401, "Bearer error=\"invalid_token\""),
        (Some("away"), 503, ""),
    ] {
        let request = user.into_iter().fold(get("/open"), |request, user| and(request, "x-user", user));
        let refused = strict.send(request).await;
        assert_eq!(
            (refused.status.as_u16(), refused.field("www-authenticate")),
            (status, challenge),
            "{user:?}"
        );
        assert!(!refused.body.contains("nobody is told"), "{}", refused.body);
    }
}

#[tokio::test]
async fn limits_at_the_door_come_first_and_spare_the_resolver() {
    let layer = RateLimitLayer::new(limits!("9/minute", key = principal, name = "both"; "2/minute"));
    let (service, users) = service(layer);
    let ask = async || service.send(and(get("/open"), "x-user", "ada")).await;
    assert_eq!(ask().await.rate_limit(), r#""both-ip-minute";r=1;t=30, "both-principal-minute";r=8;t=7"#);
    assert_eq!(ask().await.status.as_u16(), 200);
    let refused = ask().await;
    assert_eq!((refused.status.as_u16(), refused.rate_limit()), (429, r#""both-ip-minute";r=0;t=30"#));
    assert_eq!(users.0.load(Ordering::SeqCst), 2);
    let counts = "rate_limited admitted 2, refused 1, rate_limited:principal admitted 2";
    assert_eq!(service.counts("both"), counts);
}

#[tokio::test]
async fn a_refusal_behind_the_door_tells_of_both() {
    let layer = RateLimitLayer::new(limits!("9/minute", name = "told"; "1/minute", key = principal));
    let (service, _) = service(layer);
    let ask = async || service.send(and(get("/open"), "x-user", "ada")).await;
    assert_eq!(ask().await.status.as_u16(), 200);
    let refused = ask().await;
    assert_eq!(refused.rate_limit(), r#""told-ip-minute";r=7;t=7, "told-principal-minute";r=0;t=60"#);
    assert_eq!(refused.json()["violated-policies"][0], "told-principal-minute");
}

#[tokio::test]
async fn dropped_while_the_resolver_is_waited_for_it_holds_nobody_up() {
    let (service, _) =
        service(RateLimitLayer::new(limits!("9/minute", name = "patient"; "9/minute", key = principal)));
    tokio::select! {
        biased;
        answer = service.send(and(get("/open"), "x-user", "slow")) => panic!("answered: {answer:?}"),
        () = future::ready(()) => {}
    }
    let next = service.send(and(get("/open"), "x-user", "ada")).await;
    assert_eq!(next.rate_limit(), r#""patient-ip-minute";r=7;t=7, "patient-principal-minute";r=8;t=7"#);
}

#[tokio::test]
async fn a_limit_that_does_not_apply_lends_its_name_to_no_other() {
    let skipped = limits!("9/minute", key = header("x-key"), missing = skip, name = "named"; "5/minute", key = principal);
    let (service, _) = service(RateLimitLayer::new(skipped));
    let answer = service.send(and(get("/open"), "x-user", "ada")).await;
    assert_eq!(answer.rate_limit(), r#""named-principal-minute";r=4;t=12"#);
}

#[tokio::test]
async fn what_is_charged_on_some_answers_alone_is_given_back_after_others() {
    let layer = RateLimitLayer::new(limits!("1/minute", key = ip, charge_on = [404], name = "misses"));
    let (service, _) = service(layer);
    for _ in 0..3 {
        let answer = service.get("/open").await;
        assert_eq!((answer.status.as_u16(), answer.rate_limit()), (200, r#""misses";r=1"#));
    }
    assert_eq!(service.get("/nowhere").await.rate_limit(), r#""misses";r=0;t=60"#);
    assert_eq!(service.get("/open").await.status.as_u16(), 429);
}
