//! Where the cache stands among the other policies.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use tollgate::{Tollgate, cached, rate_limited, with_metrics};
use tollgate_tests::{Service, from_client};

use crate::support::is_hit;

#[with_metrics]
#[rate_limited("3/minute")]
#[cached(ttl = "10s")]
async fn limited(Path(id): Path<u32>) -> String {
    id.to_string()
}

fn service() -> Service {
    Service::with(Tollgate::builder(), Router::new().route("/limited/{id}", get(limited)))
}

async fn ask(service: &Service, path: &str) -> tollgate_tests::Answer {
    service.send(from_client("192.0.2.1", tollgate_tests::get(path))).await
}

#[tokio::test]
async fn a_hit_is_charged_and_counted_and_what_limits_say_is_never_kept() {
    let service = service();
    for (left, hit) in [(2, false), (1, true), (0, true)] {
        let answer = ask(&service, "/limited/7").await;
        assert_eq!(is_hit(&answer), hit);
        assert!(answer.rate_limit().contains(&format!("r={left}")), "{}", answer.rate_limit());
        assert_eq!(answer.headers.get_all("ratelimit").iter().count(), 1);
    }
    assert_eq!(ask(&service, "/limited/7").await.status, 429);
    assert_eq!(
        service.counts("cache::order::limited"),
        "with_metrics completed 4, rate_limited admitted 3, refused 1, cached hit 2, miss 1"
    );
}

#[tokio::test]
async fn extractors_refuse_before_the_cache_is_asked() {
    let service = service();
    assert_eq!(ask(&service, "/limited/x").await.status, 400);
    assert_eq!(service.counts("cache::order::limited"), "with_metrics completed 1, rate_limited admitted 1");
}

#[tokio::test]
async fn an_opened_gate_has_no_cache() {
    for _ in 0..2 {
        let response = limited(tollgate::open((Path(7),))).await;
        assert!(!response.headers().contains_key("cache-status"));
    }
}

#[tokio::test]
async fn an_error_that_is_shared_is_completed_for_each_request() {
    #[derive(Debug, thiserror::Error, tollgate::ApiError)]
    enum Fault {
        #[error("no such thing")]
        #[api_error(status = 404, code = "no_such_thing_in_the_cache")]
        Missing,
    }
    #[cached(ttl = "10s")]
    async fn missing() -> Result<String, Fault> {
        Err(Fault::Missing)
    }
    let routes = Router::new().route("/missing", get(missing)).layer(tollgate::ErrorLayer::new());
    let service = Service::of(routes);
    let answer = service.get("/missing").await;
    let problem = answer.json();
    assert_eq!(
        (&problem["instance"], &problem["code"]),
        (&"/missing".into(), &"no_such_thing_in_the_cache".into())
    );
    assert!(problem["request_id"].is_string());
}
