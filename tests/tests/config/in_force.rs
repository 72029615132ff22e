//! What a configuration says is what requests meet, from the first one after a reload on.

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use tollgate::{Tollgate, TollgateBuilder};
use tollgate_tests::{Answer, Service};

use crate::sites;
use crate::support::File;

fn service(settings: TollgateBuilder) -> Service {
    let router = Router::new()
        .route("/bursts", get(sites::bursts))
        .route("/search", get(sites::search))
        .route("/login", get(sites::login))
        .route("/password", get(sites::password));
    Service::with(settings, router)
}

fn configured(toml: &str) -> Service {
    service(Tollgate::builder().config(toml))
}

fn fields(answer: &Answer) -> (StatusCode, &str, &str) {
    (answer.status, answer.field("ratelimit-policy"), answer.rate_limit())
}

#[tokio::test]
async fn configured_rates_are_in_force() {
    let service = configured("[sites.bursts.rate_limited]\nrates = [\"2/minute\"]");
    let policy = r#""default";q=2;w=60"#;
    for (status, standing) in [
        (StatusCode::OK, r#""default";r=1;t=30"#),
        (StatusCode::OK, r#""default";r=0;t=30"#),
        (StatusCode::TOO_MANY_REQUESTS, r#""default";r=0;t=30"#),
    ] {
        assert_eq!(fields(&service.get("/bursts").await), (status, policy, standing));
    }
    assert_eq!(service.counts("bursts"), "rate_limited admitted 2, refused 1");
}

#[tokio::test]
async fn several_rates_are_called_by_their_periods() {
    let service = configured("[sites.bursts.rate_limited]\nrates = [\"5/second\", \"9 per 2 minutes\"]");
    let answer = service.get("/bursts").await;
    let policy = r#""second";q=5;w=1, "2 minutes";q=9;w=120"#;
    assert_eq!(fields(&answer), (StatusCode::OK, policy, r#""second";r=4;t=1, "2 minutes";r=8;t=14"#));
}

#[tokio::test]
async fn a_limit_in_shadow_refuses_nobody_and_says_nothing() {
    let service = configured("[sites.bursts.rate_limited]\nrates = [\"1/minute\"]\nshadow = true");
    for _ in 0..3 {
        assert_eq!(fields(&service.get("/bursts").await), (StatusCode::OK, "", ""));
    }
    assert_eq!(service.counts("bursts"), "rate_limited admitted 1, shadow_refused 2");
}

#[tokio::test]
async fn a_limit_that_is_disabled_does_not_apply() {
    let service = configured("[sites.\"airports::search\".rate_limited]\ndisabled = true");
    for _ in 0..20 {
        assert_eq!(fields(&service.get("/search").await), (StatusCode::OK, "", ""));
    }
}

#[tokio::test]
async fn a_limit_that_was_tried_out_refuses() {
    let toml = "[sites.\"airports::search\".\"rate_limited:global\"]\nshadow = false\nrates = [\"1/second\"]";
    let service = configured(toml);
    let policy = r#""ip-second";q=5;w=1, "global-second";q=1;w=1"#;
    let answer = service.get("/search").await;
    assert_eq!(fields(&answer), (StatusCode::OK, policy, r#""ip-second";r=4;t=1, "global-second";r=0;t=1"#));
    assert_eq!(service.get("/search").await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn one_budget_has_the_same_rates_wherever_it_is_shared() {
    let service = configured("[sites.password.rate_limited]\nrates = [\"3/hour\"]");
    assert_eq!(service.get("/login").await.rate_limit(), r#""default";r=2;t=1200"#);
    let standing = r#""ip-hour";r=1;t=1200, "global-hour";r=8;t=400"#;
    assert_eq!(service.get("/password").await.rate_limit(), standing);
    assert_eq!(service.get("/login").await.rate_limit(), r#""default";r=0;t=1200"#);
    for path in ["/login", "/password"] {
        assert_eq!(service.get(path).await.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
}

#[tokio::test]
async fn a_reload_loses_neither_budgets_nor_counts() {
    let file = File::new("kept.toml", "[sites.bursts.rate_limited]\nrates = [\"3/minute\"]");
    let service = service(Tollgate::builder().config_file(file.path()));
    for _ in 0..2 {
        service.get("/bursts").await;
    }
    file.write(
        "[sites.bursts.rate_limited]\nrates = [\"3/minute\"]\n[sites.twins.rate_limited]\ndisabled = true",
    );
    assert_eq!(service.tollgate.reload().unwrap().policies.len(), 1);
    assert_eq!(service.get("/bursts").await.rate_limit(), r#""default";r=0;t=20"#);
    assert_eq!(service.get("/bursts").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(service.counts("bursts"), "rate_limited admitted 3, refused 1");
}

#[tokio::test]
async fn a_reload_is_in_force_at_once_and_a_faulty_one_never() {
    let file = File::new("at_once.toml", "[sites.bursts.rate_limited]\ndisabled = true");
    let service = service(Tollgate::builder().config_file(file.path()));
    assert_eq!(service.get("/bursts").await.rate_limit(), "");
    file.write("");
    service.tollgate.reload().unwrap();
    assert_eq!(service.get("/bursts").await.rate_limit(), r#""default";r=199;t=1"#);
    file.write("[sites.bursts.rate_limited]\ndisabled = true\nbrust = 5");
    service.tollgate.reload().unwrap_err();
    assert_eq!(service.get("/bursts").await.rate_limit(), r#""default";r=198;t=1"#);
}

#[tokio::test]
async fn a_configuration_is_that_of_one_service() {
    let limited = configured("[sites.bursts.rate_limited]\nrates = [\"1/minute\"]");
    let other = service(Tollgate::builder());
    limited.get("/bursts").await;
    assert_eq!(limited.get("/bursts").await.status, StatusCode::TOO_MANY_REQUESTS);
    for remaining in [199, 198] {
        assert_eq!(other.get("/bursts").await.rate_limit(), format!("\"default\";r={remaining};t=1"));
    }
}
