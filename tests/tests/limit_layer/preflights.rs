//! CORS preflights: what a browser asks before a page may send its request.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use tollgate::{RateLimitLayer, limits};
use tollgate_tests::request;

use crate::support::{and, behind};

fn preflight() -> Request<Body> {
    let asked = and(request(Method::OPTIONS, "/"), "origin", "https://airports.example");
    and(asked, "access-control-request-method", "DELETE")
}

#[tokio::test]
async fn preflights_pass_uncharged_also_where_the_budget_is_spent() {
    let service = behind(RateLimitLayer::new(limits!("1/minute", name = "free preflights")));
    for _ in 0..3 {
        let answer = service.send(preflight()).await;
        assert_eq!((answer.status, answer.rate_limit()), (StatusCode::OK, ""));
    }
    assert_eq!(service.get("/").await.status, StatusCode::OK);
    assert_eq!(service.get("/").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(service.send(preflight()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn they_are_charged_where_it_says_so() {
    let service =
        behind(RateLimitLayer::new(limits!("1/minute", name = "charged preflights")).charge_preflights());
    assert_eq!(
        service.send(preflight()).await.rate_limit(),
        r#""charged preflights";r=0;t=60"#.replace(' ', "_")
    );
    assert_eq!(service.send(preflight()).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn what_only_looks_like_one_is_charged() {
    let service = behind(RateLimitLayer::new(limits!("9/minute", name = "almost")));
    let asked = and(request(Method::OPTIONS, "/"), "origin", "https://airports.example");
    let without_origin = and(request(Method::OPTIONS, "/"), "access-control-request-method", "GET");
    let another = and(and(request(Method::GET, "/"), "origin", "x"), "access-control-request-method", "GET");
    for (place, request) in [asked, without_origin, another].into_iter().enumerate() {
        assert_eq!(service.send(request).await.rate_limit(), format!("\"almost\";r={};t=7", 8 - place));
    }
}
