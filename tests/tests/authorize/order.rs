//! What comes before what, and who is charged for it.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Path};
use axum::routing::{get, post};
use futures_util::stream;
use http::request::Parts;
use http::{Request, StatusCode};
use tollgate::{Key, Principal, RateLimitKey, RequestFacts, authorize, rate_limited, with_metrics};
use tollgate_tests::{from_client, site};

use crate::support::{and, nobody, service, statuses, user};

#[with_metrics]
#[rate_limited("3/minute")]
#[authorize(role = "editor")]
async fn door_and_authorize() {}

#[tokio::test]
async fn limits_at_the_door_count_guesses_and_nobody_is_asked_once_they_refuse() {
    let (service, users) = service(get(door_and_authorize));
    assert_eq!(statuses(&service, "- wrong bob ada away -").await, "401 401 403 429 429 429");
    assert_eq!(users.asked(), 3);
    let counts = "with_metrics completed 6, rate_limited admitted 3, refused 3, authorize refused 3";
    assert_eq!(service.counts(site!(door_and_authorize)), counts);
}

#[with_metrics]
#[rate_limited("9/minute")]
#[rate_limited("9/minute", key = principal)]
#[rate_limited("9/minute", key = (ip, principal))]
#[rate_limited("9/minute", key = global, after = authorize)]
#[authorize(check = anybody)]
async fn everything(ada: Principal, same: Option<Principal>, again: Principal) -> String {
    format!("{} {} {}", ada.subject(), same.unwrap().subject(), again.subject())
}

fn anybody(_: &Principal, _: &RequestFacts<'_>) -> bool {
    true
}

#[tokio::test]
async fn the_resolver_is_asked_once_a_request_however_many_want_to_know() {
    let (service, users) = service(get(everything));
    for (asked, name) in (1..).zip(["ada", "bob", "ada"]) {
        assert_eq!(service.send(user(name)).await.body, format!("{name} {name} {name}"));
        assert_eq!(users.asked(), asked);
    }
    for (asked, request) in (4..).zip([nobody(), user("wrong"), user("away")]) {
        service.send(request).await;
        assert_eq!(users.asked(), asked, "refusals are remembered, too");
    }
}

#[with_metrics]
#[rate_limited("9/minute", key = (ip, header("x-user")))]
async fn needs_nobody(_: Bytes) {}

#[tokio::test]
async fn the_resolver_is_not_asked_for_functions_that_need_no_principal() {
    let (service, users) = service(get(needs_nobody));
    assert_eq!(statuses(&service, "- ada wrong slow broken").await, "200 200 200 200 200");
    assert_eq!(users.asked(), 0);
}

/// Two where somebody has proven who it is.
fn by_principal(facts: &RequestFacts<'_>) -> u32 {
    if facts.principal().is_some() { 2 } else { 1 }
}

struct Subject;

impl RateLimitKey for Subject {
    fn key(facts: &RequestFacts<'_>) -> Option<Key> {
        facts.principal().map(Principal::key)
    }
}

#[rate_limited("9/minute", cost = by_principal)]
#[rate_limited("9/minute", key = global, cost = by_principal, after = authorize)]
#[rate_limited("9/minute", key = Subject, missing = reject, after = authorize)]
#[authorize]
async fn facts_on_both_sides() {}

#[tokio::test]
async fn facts_name_the_principal_behind_authorize_and_not_before() {
    let (service, _) = service(get(facts_on_both_sides));
    let answer = service.send(user("ada")).await;
    assert_eq!(
        answer.rate_limit(),
        r#""ip-minute";r=8;t=7, "global-minute";r=7;t=7, "Subject-minute";r=8;t=7"#
    );
}

#[rate_limited("9/minute", key = Subject, missing = reject)]
#[authorize]
async fn needs_a_principal_too_early() {}

#[tokio::test]
async fn a_key_that_needs_the_principal_finds_none_at_the_door() {
    let (service, users) = service(get(needs_a_principal_too_early));
    assert_eq!(statuses(&service, "ada").await, "400");
    assert_eq!(users.asked(), 0);
}

#[rate_limited("2/minute", after = authorize)]
#[authorize(role = "editor")]
async fn only_behind() {}

#[tokio::test]
async fn a_limit_after_authorize_charges_only_who_has_passed() {
    let (service, _) = service(get(only_behind));
    assert_eq!(statuses(&service, "- bob wrong away - bob bob").await, "401 403 401 503 401 403 403");
    assert_eq!(statuses(&service, "ada ada ada bob -").await, "200 200 429 403 401");
    let counts = "authorize admitted 3, refused 8, unavailable 1, rate_limited admitted 2, refused 1";
    assert_eq!(service.counts(site!(only_behind)), counts);
}

#[with_metrics]
#[rate_limited("4/minute")]
#[rate_limited("2/minute", key = principal)]
#[authorize(role = "editor")]
async fn one_order() {}

#[authorize(role = "editor")]
#[rate_limited("2/minute", key = principal)]
#[rate_limited("4/minute")]
#[with_metrics]
async fn other_order() {}

#[tokio::test]
async fn the_order_of_attributes_makes_no_difference() {
    let names = "- bob ada ada ada bob";
    for (handler, site) in [(get(one_order), site!(one_order)), (get(other_order), site!(other_order))] {
        let (service, _) = service(handler);
        assert_eq!(statuses(&service, names).await, "401 403 200 200 429 429");
        let counts = "with_metrics completed 6, rate_limited admitted 4, refused 2, authorize admitted 2, \
                      refused 2, rate_limited:principal admitted 2";
        assert_eq!(service.counts(site), counts);
    }
}

#[tokio::test]
async fn a_request_that_a_limit_behind_refuses_has_been_charged_at_the_door() {
    let (service, _) = service(get(one_order));
    assert_eq!(statuses(&service, "ada ada").await, "200 200");
    let from = |address: &str, name: &str| from_client(address, user(name));
    for _ in 0..4 {
        assert_eq!(
            service.send(from("10.0.0.9", "ada")).await.json()["violated-policies"][0],
            "principal-minute"
        );
    }
    let last = service.send(from("10.0.0.9", "ada")).await;
    assert_eq!(last.json()["violated-policies"], serde_json::json!(["ip-minute"]));
}

#[authorize]
async fn upload(body: Bytes) -> String {
    body.len().to_string()
}

#[tokio::test]
async fn who_is_refused_costs_no_body_read() {
    let (service, _) = service(post(upload));
    let stalled = || Body::from_stream(stream::pending::<Result<Bytes, axum::Error>>());
    let request = Request::post("/").body(stalled()).unwrap();
    assert_eq!(service.send(request).await.status, StatusCode::UNAUTHORIZED);
    let request = and(Request::post("/").body(Body::from("abc")).unwrap(), "x-user", "ada");
    assert_eq!(service.send(request).await.body, "3");
}

/// An extractor that counts how often it is asked, and always refuses.
struct Refusing;

static REFUSED: AtomicUsize = AtomicUsize::new(0);

impl<S: Send + Sync> FromRequestParts<S> for Refusing {
    type Rejection = StatusCode;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        REFUSED.fetch_add(1, Ordering::SeqCst);
        Err(StatusCode::IM_A_TEAPOT)
    }
}

#[rate_limited("2/minute", key = principal)]
#[authorize(role = "editor")]
async fn with_an_extractor(_: Refusing) {}

#[tokio::test]
async fn extractors_run_for_those_alone_who_have_passed_everything() {
    let (service, _) = service(get(with_an_extractor));
    assert_eq!(statuses(&service, "- bob wrong away").await, "401 403 401 503");
    assert_eq!(REFUSED.load(Ordering::SeqCst), 0);
    assert_eq!(statuses(&service, "ada ada ada").await, "418 418 429");
    assert_eq!(REFUSED.load(Ordering::SeqCst), 2);
}

#[authorize]
async fn at_a_path(Path(number): Path<u32>) -> String {
    number.to_string()
}

#[tokio::test]
async fn a_path_that_cannot_be_read_is_told_to_principals_alone() {
    let users = crate::support::Users::default();
    let router = axum::Router::new().route("/{number}", get(at_a_path));
    let service = tollgate_tests::Service::with(tollgate::Tollgate::builder().principal(users), router);
    let ask = |path: &str, name| and(tollgate_tests::get(path), "x-user", name);
    assert_eq!(service.get("/x").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(service.send(ask("/x", "ada")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(service.send(ask("/7", "ada")).await.body, "7");
}
