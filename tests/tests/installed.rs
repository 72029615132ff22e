//! A `Tollgate` that was installed serves the whole process. This program installs one and tries no other way first.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and the helpers have none

use std::sync::LazyLock;

use axum::Router;
use axum::routing::get;
use http::header::AUTHORIZATION;
use http::{HeaderValue, StatusCode};
use tollgate::testing::ManualClock;
use tollgate::{
    Admin, AlreadyInstalled, BearerTokens, Principal, Tollgate, authorize, rate_limited, with_metrics,
};
use tollgate_tests::{counts, send, site};

const PASSED: &str = "with_metrics completed 1, rate_limited admitted 1";

static INSTALLED: LazyLock<Tollgate> = LazyLock::new(|| {
    let tokens = BearerTokens::new([("installed", Principal::new("ada"))]);
    let settings = Tollgate::builder().clock(ManualClock::new()).principal(tokens);
    let tollgate = settings.admin_token("the-admin-installed").build().unwrap();
    tollgate.install().unwrap();
    tollgate
});

fn tollgate() -> Tollgate {
    Tollgate::builder().clock(ManualClock::new()).build().unwrap()
}

async fn status(router: &Router) -> StatusCode {
    send(router, tollgate_tests::get("/")).await.status
}

#[rate_limited("1/minute")]
#[with_metrics]
async fn plain() {}

#[tokio::test]
async fn it_serves_every_router_and_every_task() {
    LazyLock::force(&INSTALLED);
    let router = || Router::new().route("/", get(plain));
    assert_eq!(status(&router()).await, StatusCode::OK);
    let task = tokio::spawn(async move { status(&router()).await });
    assert_eq!(task.await.unwrap(), StatusCode::TOO_MANY_REQUESTS);
    let expected = "with_metrics completed 2, rate_limited admitted 1, refused 1";
    assert_eq!(counts(&INSTALLED, site!(plain)), expected);
    assert_eq!(tollgate::default_fallbacks(), 0);
}

#[rate_limited("1/minute")]
#[with_metrics]
async fn twice() {}

#[tokio::test]
async fn a_second_one_is_an_error_and_changes_nothing() {
    LazyLock::force(&INSTALLED);
    let second = tollgate();
    assert!(matches!(second.install(), Err(AlreadyInstalled { .. })));
    let again = INSTALLED.install().unwrap_err();
    assert_eq!(
        again.to_string(),
        "this process has a Tollgate installed already: install one at start-up, or use `layer()` or `scope(..)`"
    );
    assert_eq!(status(&Router::new().route("/", get(twice))).await, StatusCode::OK);
    assert_eq!(counts(&INSTALLED, site!(twice)), PASSED);
    assert_eq!(counts(&second, site!(twice)), "");
}

#[rate_limited("1/minute")]
#[with_metrics]
async fn overridden() {}

#[tokio::test]
async fn layers_and_scopes_win_over_it() {
    LazyLock::force(&INSTALLED);
    let (layer, scope) = (tollgate(), tollgate());
    let router = || Router::new().route("/", get(overridden));
    assert_eq!(status(&router().layer(layer.layer())).await, StatusCode::OK);
    assert_eq!(scope.scope(async { status(&router()).await }).await, StatusCode::OK);
    assert_eq!(counts(&layer, site!(overridden)), PASSED);
    assert_eq!(counts(&scope, site!(overridden)), PASSED);
    assert_eq!(counts(&INSTALLED, site!(overridden)), "");
}

#[authorize]
async fn who(somebody: Principal, again: Option<Principal>) -> String {
    format!("{} {}", somebody.subject(), again.is_some())
}

async fn operate(_: Admin) -> &'static str {
    "operated"
}

#[tokio::test]
async fn it_knows_principals_and_operators() {
    LazyLock::force(&INSTALLED);
    let router = Router::new().route("/", get(who)).route("/operate", get(operate));
    let with = |path: &str, value: &'static str| {
        let mut request = tollgate_tests::get(path);
        request.headers_mut().insert(AUTHORIZATION, HeaderValue::from_static(value));
        request
    };
    assert_eq!(send(&router, with("/", "Bearer installed")).await.body, "ada true");
    assert_eq!(status(&router).await, StatusCode::UNAUTHORIZED);
    assert_eq!(send(&router, with("/operate", "Bearer the-admin-installed")).await.body, "operated");
    let layered = router.layer(tollgate().layer());
    assert_eq!(send(&layered, with("/", "Bearer installed")).await.status, StatusCode::UNAUTHORIZED);
    let operator = send(&layered, with("/operate", "Bearer the-admin-installed")).await;
    assert_eq!(operator.status, StatusCode::FORBIDDEN);
}
