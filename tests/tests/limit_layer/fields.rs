//! The fields of answers that pass several layers, and the gates behind them.

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use http::StatusCode;
use tollgate::{RateLimitLayer, limits, rate_limited, with_metrics};
use tollgate_tests::{Service, site};

#[rate_limited("10/minute")]
#[with_metrics]
async fn airport() -> &'static str {
    "CDG"
}

#[tokio::test]
async fn a_layer_appends_to_what_a_gate_has_told() {
    let service = Service::of(
        Router::new()
            .route("/", get(airport))
            .layer(RateLimitLayer::new(limits!("100/minute", name = "api"))),
    );
    let answer = service.get("/").await;
    assert_eq!(answer.rate_limit(), r#""default";r=9;t=6, "api";r=99;t=1"#);
    assert_eq!(answer.field("ratelimit-policy"), r#""default";q=10;w=60, "api";q=100;w=60"#);
}

#[tokio::test]
async fn several_layers_tell_of_themselves_from_the_inside_out() {
    let service = Service::of(
        Router::new()
            .route("/", get(airport))
            .layer(RateLimitLayer::new(limits!("5/second", "100/minute", name = "inner")))
            .layer(RateLimitLayer::new(limits!("1000/hour"))),
    );
    let expected = r#""default";r=9;t=6, "inner-second";r=4;t=1, "inner-minute";r=99;t=1, "layer";r=999;t=4"#;
    assert_eq!(service.get("/").await.rate_limit(), expected);
}

#[tokio::test]
async fn a_refusal_by_the_gate_tells_of_both_and_one_by_the_layer_of_itself() {
    let service = Service::of(
        Router::new()
            .route("/", get(airport))
            .layer(RateLimitLayer::new(limits!("12/minute", name = "outer"))),
    );
    for _ in 0..10 {
        assert_eq!(service.get("/").await.status, StatusCode::OK);
    }
    let by_gate = service.get("/").await;
    assert_eq!(by_gate.json()["violated-policies"][0], "default");
    assert_eq!(by_gate.rate_limit(), r#""default";r=0;t=6, "outer";r=1;t=5"#);
    assert_eq!(service.get("/").await.status, StatusCode::TOO_MANY_REQUESTS);
    let by_layer = service.get("/").await;
    assert_eq!(by_layer.json()["violated-policies"][0], "outer");
    assert_eq!(by_layer.rate_limit(), r#""outer";r=0;t=5"#);
    assert_eq!(
        service.counts(site!(airport)),
        "with_metrics completed 12, rate_limited admitted 10, refused 2"
    );
    assert_eq!(service.counts("outer"), "rate_limited admitted 12, refused 1");
}

#[tokio::test]
async fn a_layer_between_two_is_charged_only_by_what_the_outer_one_admits() {
    let service = Service::of(
        Router::new()
            .route("/", get(async || "x"))
            .layer(RateLimitLayer::new(limits!("9/minute", name = "behind")))
            .layer(RateLimitLayer::new(limits!("1/minute", name = "in front"))),
    );
    for _ in 0..4 {
        let _ = service.get("/").await;
    }
    assert_eq!(service.counts("in front"), "rate_limited admitted 1, refused 3");
    assert_eq!(service.counts("behind"), "rate_limited admitted 1");
}

#[tokio::test]
async fn what_is_on_several_lines_inside_is_one_list_outside() {
    let several = async || {
        let lines = [("ratelimit", r#""a";r=1"#), ("ratelimit", r#""b";r=2"#)];
        let policies = [("ratelimit-policy", r#""a";q=1"#), ("ratelimit-policy", r#""b";q=2"#)];
        let mut response = StatusCode::OK.into_response();
        for (name, value) in lines.into_iter().chain(policies) {
            response.headers_mut().append(name, value.parse().unwrap());
        }
        response
    };
    let layer = RateLimitLayer::new(limits!("1/minute", name = "c"));
    let service = Service::of(Router::new().route("/", get(several)).layer(layer));
    let answer = service.get("/").await;
    assert_eq!(answer.rate_limit(), r#""a";r=1, "b";r=2, "c";r=0;t=60"#);
    assert_eq!(answer.field("ratelimit-policy"), r#""a";q=1, "b";q=2, "c";q=1;w=60"#);
}
