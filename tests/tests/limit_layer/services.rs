//! Around services that are no routers: their errors, bodies and readiness stay what they are.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Request, Response};
use http_body_util::Full;
use tollgate::{Policy, RateLimitLayer, Tollgate, limits};
use tollgate_tests::{Service, get as request};
use tower::{Layer, Service as _, ServiceExt, service_fn};

#[derive(Debug, PartialEq, Eq)]
struct Broken;

#[tokio::test]
async fn errors_of_the_service_pass() {
    let broken = service_fn(async |_: Request<Body>| Err::<Response<Body>, _>(Broken));
    let limited = RateLimitLayer::new(limits!("9/minute", name = "broken")).layer(broken);
    assert_eq!(limited.oneshot(request("/")).await.err(), Some(Broken));
}

#[tokio::test]
async fn bodies_of_any_type_go_in_and_come_out() {
    let echo = service_fn(async |request: Request<Full<axum::body::Bytes>>| {
        Ok::<_, Infallible>(Response::new(request.into_body()))
    });
    let limited = RateLimitLayer::new(limits!("9/minute", name = "echo")).layer(echo);
    let response = limited.oneshot(Request::new(Full::from("abc"))).await.unwrap();
    assert_eq!(response.headers()["ratelimit"], r#""echo";r=8;t=7"#);
    assert_eq!(axum::body::to_bytes(response.into_body(), 10).await.unwrap(), "abc");
}

/// May be called once for each time that it was ready, as a service with a place for each request.
#[derive(Default)]
struct OneAtATime {
    is_ready: bool,
}

impl Clone for OneAtATime {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl tower::Service<Request<Body>> for OneAtATime {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        assert!(std::mem::take(&mut self.is_ready), "called without having been ready");
        std::future::ready(Ok(Response::default()))
    }
}

#[tokio::test]
async fn the_service_that_was_ready_is_the_one_that_is_called() {
    for limits in
        [limits!("9/minute", name = "at once"), limits!("9/minute", key = principal, name = "waiting")]
    {
        let mut limited = RateLimitLayer::new(limits).layer(OneAtATime::default());
        for left in [8, 7] {
            let response = limited.ready().await.unwrap().call(request("/")).await.unwrap();
            let field = response.headers()["ratelimit"].to_str().unwrap().to_owned();
            assert!(field.contains(&format!(";r={left};")), "{field}");
        }
    }
}

#[tokio::test]
async fn a_tollgate_that_disables_limits_switches_it_off() {
    let layer = RateLimitLayer::new(limits!("1/minute", name = "off"));
    let router = Router::new().route("/", get(async || "x")).layer(layer);
    let service = Service::with(Tollgate::builder().disable(Policy::RateLimit), router);
    for _ in 0..3 {
        let answer = service.get("/").await;
        assert_eq!((answer.status.as_u16(), answer.rate_limit()), (200, ""));
    }
}

#[tokio::test]
async fn of_many_requests_at_once_as_many_pass_as_the_rate_admits() {
    let layer = RateLimitLayer::new(limits!("5/hour", key = global, name = "crowded"));
    let service = Service::of(Router::new().route("/", get(async || "x")).layer(layer));
    let asked = (0..100).map(|_| {
        let service = service.clone();
        tokio::spawn(async move { service.get("/").await.status.as_u16() })
    });
    let mut admitted = 0;
    for status in asked.collect::<Vec<_>>() {
        admitted += u32::from(status.await.unwrap() == 200);
    }
    assert_eq!(admitted, 5);
}
