//! `share`: functions that have one budget.

use axum::Router;
use axum::routing::get;
use tollgate::rate_limited;
use tollgate_tests::{Service, from_client};

#[rate_limited("3/minute", share = "exports")]
async fn csv() {}

#[rate_limited("3/minute", share = "exports")]
async fn pdf() {}

#[rate_limited("3/minute")]
async fn other() {}

fn service() -> Service {
    Service::of(Router::new().route("/csv", get(csv)).route("/pdf", get(pdf)).route("/other", get(other)))
}

#[tokio::test]
async fn what_one_of_them_spends_the_others_lack() {
    let service = service();
    for (path, remaining) in [("/csv", 2), ("/pdf", 1), ("/csv", 0)] {
        assert_eq!(service.get(path).await.rate_limit(), format!("\"default\";r={remaining};t=20"));
    }
    assert_eq!(service.get("/pdf").await.status.as_u16(), 429);
    assert_eq!(service.get("/other").await.status.as_u16(), 200);
    let somebody_else = from_client("203.0.113.9", tollgate_tests::get("/pdf"));
    assert_eq!(service.send(somebody_else).await.status.as_u16(), 200);
}
