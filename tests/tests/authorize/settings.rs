//! What the settings of a `Tollgate` change, and which one is asked.

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use tollgate::testing::Client;
use tollgate::{Policy, Principal, RequestFacts, Tollgate, authorize, rate_limited};
use tollgate_tests::{Service, send, site};

use crate::support::{Users, nobody, statuses, user, with};

#[authorize(role = "editor")]
async fn guarded() {}

#[authorize(role = "editor")]
async fn guarded_argument(_: Principal) {}

#[tokio::test]
async fn disabled_authorize_refuses_nobody_counts_nothing_and_asks_nobody() {
    let (service, users) = with(Tollgate::builder().disable(Policy::Authorize), get(guarded));
    assert_eq!(statuses(&service, "- wrong away bob ada broken").await, "200 200 200 200 200 200");
    assert_eq!(service.counts(site!(guarded)), "");
    assert_eq!(users.asked(), 0);
}

#[tokio::test]
async fn disabled_authorize_leaves_arguments_in_force() {
    let (service, _) = with(Tollgate::builder().disable(Policy::Authorize), get(guarded_argument));
    assert_eq!(statuses(&service, "- wrong away bob").await, "401 401 503 200");
}

#[rate_limited("2/minute", after = authorize)]
#[rate_limited("3/minute", key = principal)]
#[authorize(role = "editor")]
async fn limits_behind() {}

#[tokio::test]
async fn disabled_authorize_leaves_the_limits_behind_it_in_force() {
    let (service, users) = with(Tollgate::builder().disable(Policy::Authorize), get(limits_behind));
    assert_eq!(statuses(&service, "- bob ada").await, "200 200 429");
    assert_eq!(users.asked(), 3);
    assert_eq!(
        service.counts(site!(limits_behind)),
        "rate_limited admitted 2, refused 1, rate_limited:principal admitted 2"
    );
}

#[tokio::test]
async fn disabled_limits_leave_authorize_in_force() {
    let (service, _) = with(Tollgate::builder().disable(Policy::RateLimit), get(limits_behind));
    assert_eq!(statuses(&service, "- bob ada ada ada").await, "401 403 200 200 200");
    assert_eq!(service.send(user("ada")).await.rate_limit(), "");
    assert_eq!(service.counts(site!(limits_behind)), "authorize admitted 4, refused 2");
}

#[rate_limited("1/minute", key = principal, missing = reject)]
async fn only_limited() {}

#[tokio::test]
async fn disabled_limits_ask_nobody_and_reject_nobody() {
    let (service, users) = with(Tollgate::builder().disable(Policy::RateLimit), get(only_limited));
    assert_eq!(statuses(&service, "- ada ada wrong away").await, "200 200 200 200 200");
    assert_eq!(users.asked(), 0);
}

#[tokio::test]
async fn a_scope_brings_its_resolver() {
    let router = Router::new().route("/", get(guarded));
    let tollgate = Tollgate::builder().principal(Users::default()).build().unwrap();
    let answer = tollgate.scope(async { send(&router, user("ada")).await }).await;
    assert_eq!(answer.status, StatusCode::OK);
}

async fn subject(somebody: Principal) -> String {
    somebody.subject().to_owned()
}

/// A resolver that takes everybody for one.
fn everybody_is(name: &'static str) -> Tollgate {
    let all = tollgate::FromExtension::new(move |_: &Everybody| Some(Principal::new(name)));
    Tollgate::builder().principal(all).build().unwrap()
}

#[derive(Clone)]
struct Everybody;

fn anybody() -> http::Request<axum::body::Body> {
    let mut request = nobody();
    request.extensions_mut().insert(Everybody);
    request
}

#[tokio::test]
async fn the_inner_layer_is_asked_and_a_layer_wins_over_a_scope() {
    let inner = Router::new().route("/", get(subject)).layer(everybody_is("inner").layer());
    let outer = Router::new().merge(inner).layer(everybody_is("outer").layer());
    assert_eq!(everybody_is("scope").scope(async { send(&outer, anybody()).await.body }).await, "inner");
}

/// Behind an extractor of the outer router's, which has found out who asks, as the outer one knows it.
#[tokio::test]
async fn who_one_tollgate_takes_a_request_for_is_nothing_to_another() {
    let inner = Router::new().route("/", get(subject)).layer(everybody_is("inner").layer());
    let outer =
        inner.layer(axum::middleware::from_extractor::<Principal>()).layer(everybody_is("outer").layer());
    assert_eq!(send(&outer, anybody()).await.body, "inner");
}

#[tokio::test]
async fn a_test_client_is_its_principal_to_every_tollgate() {
    let inner = Router::new().route("/", get(subject)).layer(everybody_is("inner").layer());
    let outer =
        inner.layer(axum::middleware::from_extractor::<Principal>()).layer(everybody_is("outer").layer());
    let ada = Client::new(outer).as_principal(Principal::new("ada"));
    assert_eq!(ada.get("/").await.text(), "ada");
}

fn never(_: &Principal, _: &RequestFacts<'_>) -> bool {
    false
}

#[rate_limited("1/minute", key = principal, missing = reject)]
#[authorize(role = "editor", check = never)]
async fn behind_everything(somebody: Option<Principal>) -> String {
    format!("{somebody:?}")
}

#[tokio::test]
async fn an_open_gate_asks_for_nobody() {
    for _ in 0..3 {
        assert_eq!(behind_everything(tollgate::open((None,))).await.status(), StatusCode::OK);
    }
    let ada = Principal::new("ada");
    assert_eq!(behind_everything(tollgate::open((Some(ada),))).await.status(), StatusCode::OK);
}

#[test]
fn debug_output_of_settings_shows_no_secret() {
    let settings = Tollgate::builder().admin_token("correct-horse-battery").principal(Users::default());
    let shown = format!("{settings:?} {:?}", settings.clone().build().unwrap());
    assert!(!shown.contains("correct"), "{shown}");
}

#[tokio::test]
async fn two_services_of_a_process_know_different_people() {
    let router = || Router::new().route("/", get(guarded));
    let known = Service::with(Tollgate::builder().principal(Users::default()), router());
    let unknown = Service::of(router());
    assert_eq!(
        (statuses(&known, "ada").await, statuses(&unknown, "ada").await),
        ("200".into(), "401".into())
    );
}
