//! Which `Tollgate` serves a request, and what its settings do.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and the helpers have none

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::handler::Handler;
use axum::routing::get;
use http::{Request, StatusCode};
use tollgate::{Policy, Tollgate, rate_limited, with_metrics};
use tollgate_tests::{Service, counts, send, site};
use tower::{Layer, ServiceExt};

const PASSED: &str = "with_metrics completed 1, rate_limited admitted 1";

#[rate_limited("2/day", key = global)]
async fn set_up_by_nobody() {}

#[tokio::test]
async fn without_any_set_up_budgets_are_kept_in_memory() {
    let router = Router::new().route("/", get(set_up_by_nobody));
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let answer = send(&router, tollgate_tests::get("/")).await;
        assert!(answer.rate_limit().starts_with(r#""default";r="#), "{:?}", answer.headers);
        statuses.push(answer.status.as_u16());
    }
    assert_eq!(statuses, [200, 200, 429]);
}

#[rate_limited("1/minute")]
#[with_metrics]
async fn handler() {}

fn router() -> Router {
    Router::new().route("/", get(handler))
}

fn tollgate() -> Tollgate {
    Tollgate::builder().build().unwrap()
}

async fn status(router: &Router) -> StatusCode {
    send(router, tollgate_tests::get("/")).await.status
}

#[tokio::test]
async fn a_scope_serves_what_runs_in_it() {
    let (one, other) = (tollgate(), tollgate());
    assert_eq!(one.scope(async { status(&router()).await }).await, StatusCode::OK);
    assert_eq!(other.scope(async { status(&router()).await }).await, StatusCode::OK, "a budget of its own");
    assert_eq!(one.scope(async { status(&router()).await }).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(counts(&other, site!(handler)), PASSED);
}

#[tokio::test]
async fn an_inner_scope_wins() {
    let (outer, inner) = (tollgate(), tollgate());
    outer.scope(inner.scope(async { status(&router()).await })).await;
    assert_eq!(
        (counts(&outer, site!(handler)).as_str(), counts(&inner, site!(handler)).as_str()),
        ("", PASSED)
    );
}

#[tokio::test]
async fn a_spawned_task_is_outside_of_the_scope() {
    let tollgate = tollgate();
    tollgate.scope(async { tokio::spawn(async { status(&router()).await }).await.unwrap() }).await;
    assert_eq!(counts(&tollgate, site!(handler)), "");
}

#[tokio::test]
async fn a_layer_wins_over_a_scope() {
    let (layer, scope) = (tollgate(), tollgate());
    let router = router().layer(layer.layer());
    scope.scope(async { status(&router).await }).await;
    assert_eq!(
        (counts(&layer, site!(handler)).as_str(), counts(&scope, site!(handler)).as_str()),
        (PASSED, "")
    );
}

#[tokio::test]
async fn an_inner_layer_wins_over_an_outer_one() {
    let (outer, inner) = (tollgate(), tollgate());
    let nested = Router::new().nest("/inner", router().layer(inner.layer())).merge(router());
    let nested = nested.layer(outer.layer());
    assert_eq!(send(&nested, tollgate_tests::get("/inner")).await.status, StatusCode::OK);
    assert_eq!(counts(&outer, site!(handler)), "");
    assert_eq!(status(&nested).await, StatusCode::OK);
    assert_eq!(
        (counts(&outer, site!(handler)).as_str(), counts(&inner, site!(handler)).as_str()),
        (PASSED, PASSED)
    );
}

#[tokio::test]
async fn two_services_of_a_process_share_neither_budgets_nor_counters() {
    let (one, other) = (Service::of(router()), Service::of(router()));
    assert_eq!(one.get("/").await.status, StatusCode::OK);
    assert_eq!(other.get("/").await.status, StatusCode::OK);
    assert_eq!(one.get("/").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(other.counts(site!(handler)), PASSED);
}

#[tokio::test]
async fn two_routers_of_one_tollgate_share_budgets_and_counters() {
    let tollgate = tollgate();
    let routers = [router().layer(tollgate.layer()), router().layer(tollgate.clone().layer())];
    assert_eq!(status(&routers[0]).await, StatusCode::OK);
    assert_eq!(status(&routers[1]).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        counts(&tollgate, site!(handler)),
        "with_metrics completed 2, rate_limited admitted 1, refused 1"
    );
}

#[tokio::test]
async fn a_layer_stands_around_routes_handlers_fallbacks_and_other_services() {
    let layers: [fn(&Tollgate) -> Router; 4] = [
        |tollgate| Router::new().route("/", get(handler).layer(tollgate.layer())),
        |tollgate| Router::new().route("/", get(handler.layer(tollgate.layer()))),
        |tollgate| Router::new().fallback(handler).layer(tollgate.layer()),
        |tollgate| Router::new().fallback_service(tollgate.layer().layer(router())),
    ];
    for layered in layers {
        let tollgate = tollgate();
        assert_eq!(status(&layered(&tollgate)).await, StatusCode::OK);
        assert_eq!(counts(&tollgate, site!(handler)), PASSED);
    }
}

#[tokio::test]
async fn a_layer_stands_around_a_service_of_any_body() {
    let tollgate = tollgate();
    let service = tower::service_fn(|request: Request<&'static str>| async move {
        let (head, body) = request.into_parts();
        let answer = router().oneshot(Request::from_parts(head, axum::body::Body::empty())).await;
        Ok::<_, Infallible>((body, answer.map(|answer| answer.status())))
    });
    let answer = tollgate.layer().layer(service).oneshot(Request::new("any body")).await;
    assert_eq!(answer, Ok(("any body", Ok(StatusCode::OK))));
    assert_eq!(counts(&tollgate, site!(handler)), PASSED);
}

#[tokio::test]
async fn the_clock_of_a_tollgate_moves_its_budgets() {
    let service = Service::of(router());
    assert_eq!(service.get("/").await.status, StatusCode::OK);
    service.clock.advance(Duration::from_secs(59));
    assert_eq!(service.get("/").await.field("retry-after"), "1");
    service.clock.advance(Duration::from_secs(1));
    assert_eq!(service.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_disabled_limit_neither_refuses_nor_counts_nor_sends_fields() {
    let service = Service::with(Tollgate::builder().disable(Policy::RateLimit), router());
    for _ in 0..3 {
        let answer = service.get("/").await;
        assert_eq!((answer.status, answer.rate_limit()), (StatusCode::OK, ""));
        assert_eq!(answer.field("ratelimit-policy"), "");
    }
    assert_eq!(service.counts(site!(handler)), "with_metrics completed 3");
}

#[tokio::test]
async fn disabled_metrics_leave_the_limits_alone() {
    let service = Service::with(Tollgate::builder().disable(Policy::Metrics), router());
    service.get("/").await;
    assert_eq!(service.get("/").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(service.counts(site!(handler)), "rate_limited admitted 1, refused 1");
}

#[tokio::test]
async fn everything_is_disabled_kind_by_kind() {
    let disabled = Policy::ALL.iter().fold(Tollgate::builder(), |builder, policy| builder.disable(*policy));
    let service = Service::with(disabled, router());
    for _ in 0..3 {
        assert_eq!(service.get("/").await.status, StatusCode::OK);
    }
    assert_eq!(service.counts(site!(handler)), "");
}

#[test]
fn a_tollgate_without_room_for_a_client_is_not_built() {
    let error = Tollgate::builder().max_keys(0).build().unwrap_err();
    assert_eq!(error.to_string(), "`max_keys(0)` leaves no room for any client: give at least 1");
    assert!(Tollgate::builder().max_keys(1).build().is_ok());
}

#[tokio::test]
async fn handles_move_between_threads_and_scopes_outlive_them() {
    fn assert_shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    let tollgate = tollgate();
    assert_shared(&tollgate);
    assert_shared(&tollgate.layer());
    assert_shared(&tollgate.layer().layer(router()));
    let scope = tollgate.scope(async { status(&router()).await });
    drop(tollgate);
    assert_eq!(tokio::spawn(scope).await.unwrap(), StatusCode::OK);
}

#[tokio::test]
async fn an_extension_of_the_users_is_no_layer() {
    let (layer, extension) = (tollgate(), tollgate());
    let router = router().layer(layer.layer()).layer(axum::Extension(extension.clone()));
    send(&router, tollgate_tests::get("/")).await;
    assert_eq!(counts(&extension, site!(handler)), "");
    assert_eq!(counts(&layer, site!(handler)), PASSED);
}
