//! `MetricsLayer`: what is measured without an attribute, and nothing twice.

use std::convert::Infallible;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::error_handling::HandleErrorLayer;
use axum::response::Response;
use axum::routing::{get, get_service};
use axum::{Router, middleware};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, pending, ready};
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use tollgate::{MeasuredBody, MetricsLayer, Policy, Tollgate, with_metrics};
use tollgate_tests::{Service, request, send, site};
use tower::{Layer, Service as _, ServiceBuilder, ServiceExt, service_fn};

use crate::support::{abandon, active, answer, never, requests, text};

#[with_metrics]
async fn annotated() -> &'static str {
    "annotated"
}

async fn bare() -> &'static str {
    "bare"
}

fn router() -> Router {
    Router::new().route("/annotated", get(annotated)).route("/bare/{id}", get(bare))
}

#[tokio::test]
async fn handlers_without_an_attribute_and_what_no_route_matches_are_measured() {
    let service = Service::of(router().layer(MetricsLayer::new()));
    for (method, path, status) in [
        (Method::GET, "/bare/1", 200),
        (Method::HEAD, "/bare/2", 200),
        (Method::POST, "/bare/3", 405),
        (Method::GET, "/nowhere", 404),
        (Method::POST, "/nowhere/else", 404),
    ] {
        assert_eq!(service.send(request(method, path)).await.status, status);
    }
    assert_eq!(
        requests(&service.tollgate),
        [
            "GET /bare/{id} 200: 1 in 0.0",
            "GET _unmatched 404: 1 in 0.0",
            "HEAD /bare/{id} 200: 1 in 0.0",
            "POST /bare/{id} 405: 1 in 0.0",
            "POST _unmatched 404: 1 in 0.0",
        ]
    );
}

#[tokio::test]
async fn an_annotated_handler_behind_the_layer_is_measured_once_and_decides_as_ever() {
    let service = Service::of(router().layer(MetricsLayer::new()));
    service.get("/annotated").await;
    assert_eq!(requests(&service.tollgate), ["GET /annotated 200: 1 in 0.0"]);
    assert_eq!(service.counts(site!(annotated)), "with_metrics completed 1");
    drop(answer(&service, tollgate_tests::get("/annotated")).await);
    assert_eq!(
        requests(&service.tollgate),
        ["GET /annotated 200 cancelled: 1 in 0.0", "GET /annotated 200: 1 in 0.0"]
    );
    assert_eq!(service.counts(site!(annotated)), "with_metrics completed 1, cancelled 1");
    assert_eq!(active(&service.tollgate), 0);
}

#[tokio::test]
async fn the_gauge_counts_an_annotated_handler_once() {
    #[with_metrics]
    async fn endless() {
        never().await;
    }
    let router = Router::new().route("/", get(endless)).layer(MetricsLayer::new());
    let service = Service::of(router.layer(MetricsLayer::new()));
    let mut asked = Box::pin(service.get("/"));
    assert!(asked.as_mut().now_or_never().is_none());
    assert_eq!(active(&service.tollgate), 1);
    drop(asked);
    assert_eq!(active(&service.tollgate), 0);
    assert_eq!(requests(&service.tollgate), ["GET / - cancelled: 1 in 0.0"]);
}

#[tokio::test]
async fn two_layers_measure_once() {
    let router = router().layer(MetricsLayer::new()).layer(MetricsLayer::new());
    let nested = Router::new().nest("/nested", router).layer(MetricsLayer::new());
    let service = Service::of(nested);
    for path in ["/nested/annotated", "/nested/bare/1"] {
        service.get(path).await;
    }
    assert_eq!(
        requests(&service.tollgate),
        ["GET /nested/annotated 200: 1 in 0.0", "GET /nested/bare/{id} 200: 1 in 0.0"]
    );
}

#[tokio::test]
async fn around_a_nested_router_it_measures_that_alone() {
    let nested = router().fallback(bare).layer(MetricsLayer::new());
    let service = Service::of(Router::new().nest("/nested", nested).route("/", get(bare)));
    for path in ["/nested/bare/1", "/nested/annotated", "/nested/nowhere", "/", "/nowhere"] {
        service.get(path).await;
    }
    assert_eq!(
        requests(&service.tollgate),
        [
            "GET /nested/annotated 200: 1 in 0.0",
            "GET /nested/bare/{id} 200: 1 in 0.0",
            "GET _unmatched 200: 1 in 0.0",
        ]
    );
}

#[tokio::test]
async fn on_one_handler_it_measures_that_alone() {
    let router = Router::new().route("/one", get(bare).layer(MetricsLayer::new())).route("/other", get(bare));
    let service = Service::of(router);
    for path in ["/one", "/other", "/nowhere"] {
        service.get(path).await;
    }
    assert_eq!(requests(&service.tollgate), ["GET /one 200: 1 in 0.0"]);
}

#[tokio::test]
async fn around_a_whole_service_no_route_is_known() {
    let tollgate = Tollgate::builder().build().unwrap();
    let service = ServiceBuilder::new().layer(tollgate.layer()).layer(MetricsLayer::new()).service(router());
    let response = service.oneshot(tollgate_tests::get("/bare/1")).await.unwrap();
    response.into_body().collect().await.unwrap();
    let requests = requests(&tollgate);
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert!(requests[0].starts_with("GET _unmatched 200: 1 in "), "{requests:?}");
}

#[tokio::test]
async fn what_is_below_a_service_that_is_nested_whole_has_no_template() {
    let nested = Router::new().nest_service("/nested", get(bare)).layer(MetricsLayer::new());
    let service = Service::of(nested);
    for path in ["/nested", "/nested/a/b"] {
        assert_eq!(service.get(path).await.status, StatusCode::OK);
    }
    assert_eq!(requests(&service.tollgate), ["GET /nested 200: 1 in 0.0", "GET _unmatched 200: 1 in 0.0"]);
}

#[tokio::test]
async fn what_other_layers_answer_is_measured() {
    let teapot =
        middleware::from_fn(async |_: axum::extract::Request, _: middleware::Next| StatusCode::IM_A_TEAPOT);
    let service = Service::of(router().layer(teapot).layer(MetricsLayer::new()));
    assert_eq!(service.get("/annotated").await.status, StatusCode::IM_A_TEAPOT);
    assert_eq!(requests(&service.tollgate), ["GET /annotated 418: 1 in 0.0"]);
    assert_eq!(service.counts(site!(annotated)), "", "nobody got there");
}

#[tokio::test]
async fn a_tollgate_measures_its_own_requests_even_where_the_layers_are_in_the_wrong_order() {
    let (own, outer) = (Tollgate::builder().build().unwrap(), Tollgate::builder().build().unwrap());
    let wrong = router().layer(own.layer()).layer(MetricsLayer::new());
    outer.scope(send(&wrong, tollgate_tests::get("/annotated"))).await;
    for tollgate in [&own, &outer] {
        let requests = requests(tollgate);
        assert_eq!(requests.len(), 1, "{requests:?}");
        assert!(requests[0].starts_with("GET /annotated 200: 1 in "), "{requests:?}");
        assert_eq!(active(tollgate), 0);
    }
}

#[tokio::test]
async fn a_nested_tollgate_measures_what_is_behind_it() {
    let (outer, inner) = (Tollgate::builder().build().unwrap(), Tollgate::builder().build().unwrap());
    let nested = router().layer(MetricsLayer::new()).layer(inner.layer());
    let router = Router::new().nest("/nested", nested).layer(MetricsLayer::new()).layer(outer.layer());
    for path in ["/nested/annotated", "/nested/bare/1", "/nowhere"] {
        send(&router, tollgate_tests::get(path)).await;
    }
    assert_eq!(requests(&inner).len(), 2);
    assert_eq!(requests(&outer).len(), 3);
}

#[tokio::test]
async fn disabled_metrics_measure_nothing_and_change_nothing() {
    let router = router().layer(MetricsLayer::new());
    let service = Service::with(Tollgate::builder().disable(Policy::Metrics), router);
    for path in ["/annotated", "/bare/1"] {
        let answer = service.get(path).await;
        assert_eq!((answer.status, answer.field("content-length").is_empty()), (StatusCode::OK, false));
    }
    drop(answer(&service, tollgate_tests::get("/annotated")).await);
    assert_eq!(requests(&service.tollgate), [""; 0]);
    assert_eq!(service.counts(site!(annotated)), "");
    assert!(text(&service.tollgate).contains("outcome=\"completed\"} 0\n"), "the series stay");
}

#[tokio::test]
async fn a_request_that_is_dropped_behind_the_layer_was_cancelled() {
    let service = Service::of(Router::new().route("/", get(never)).layer(MetricsLayer::new()));
    abandon(service.get("/"));
    assert_eq!(requests(&service.tollgate), ["GET / - cancelled: 1 in 0.0"]);
    assert_eq!(active(&service.tollgate), 0);
}

#[tokio::test]
async fn a_timeout_outside_cancels_and_one_inside_is_an_answer() {
    use tower_http::timeout::TimeoutLayer;
    let timeout = || TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, Duration::ZERO);
    let router = || Router::new().route("/", get(never));
    for (router, expected) in [
        (router().layer(MetricsLayer::new()).layer(timeout()), "GET / - cancelled: 1 in 0.0"),
        (router().layer(timeout()).layer(MetricsLayer::new()), "GET / 504 504: 1 in 0.0"),
    ] {
        let service = Service::of(router);
        assert_eq!(service.get("/").await.status, StatusCode::GATEWAY_TIMEOUT);
        assert_eq!(requests(&service.tollgate), [expected]);
    }
}

/// Panics when it is called, before there is a future.
#[derive(Clone)]
struct Abrupt;

impl tower::Service<Request<Body>> for Abrupt {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        panic!("a service panics")
    }
}

#[tokio::test]
async fn a_service_that_panics_when_it_is_called_has_panicked() {
    let service = Service::of(Router::new().route_service("/", MetricsLayer::new().layer(Abrupt)));
    let router = service.router();
    let task = tokio::spawn(router.oneshot(tollgate_tests::get("/")));
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(requests(&service.tollgate), ["GET / - panic: 1 in 0.0"]);
    assert_eq!(active(&service.tollgate), 0);
}

#[tokio::test]
async fn a_future_that_answers_behind_its_panic_is_measured_once() {
    let mut panicked = false;
    let inner = poll_fn(move |_| {
        assert!(std::mem::replace(&mut panicked, true), "a future panics");
        Poll::Ready(Ok::<_, Infallible>(Response::new(Full::from("late"))))
    });
    let mut inner = Some(inner);
    let service = service_fn(move |_: Request<()>| inner.take().unwrap());
    let tollgate = Tollgate::builder().build().unwrap();
    let mut service =
        ServiceBuilder::new().layer(tollgate.layer()).layer(MetricsLayer::new()).service(service);
    let mut answer = Box::pin(service.call(Request::new(())));
    let polled = catch_unwind(AssertUnwindSafe(|| abandon(&mut answer)));
    assert!(polled.is_err());
    assert_eq!(answer.await.unwrap().into_body().collect().await.unwrap().to_bytes(), "late");
    let requests = requests(&tollgate);
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert!(requests[0].starts_with("GET _unmatched - panic: 1 in "), "{requests:?}");
}

#[tokio::test]
async fn a_service_that_fails_has_no_answer() {
    let failing = service_fn(|_: Request<Body>| ready(Err::<Response, _>("away")));
    let inner = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(async |_: &'static str| StatusCode::BAD_GATEWAY))
        .layer(MetricsLayer::new())
        .service(failing);
    let service = Service::of(Router::new().route("/", get_service(inner)));
    assert_eq!(service.get("/").await.status, StatusCode::BAD_GATEWAY);
    assert_eq!(requests(&service.tollgate), ["GET / - cancelled: 1 in 0.0"]);
    assert_eq!(active(&service.tollgate), 0);
}

#[tokio::test]
async fn any_body_of_bytes_can_be_measured() {
    let tollgate = Tollgate::builder().build().unwrap();
    let hello = service_fn(|_: Request<()>| ready(Ok::<_, Infallible>(Response::new(Full::from("hello")))));
    let mut service = ServiceBuilder::new().layer(tollgate.layer()).layer(MetricsLayer::new()).service(hello);
    let response = service.ready().await.unwrap().call(Request::new(())).await.unwrap();
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "hello");
    assert_eq!(requests(&tollgate).len(), 1);
}

#[tokio::test]
async fn a_service_that_is_not_ready_keeps_its_callers_waiting() {
    #[derive(Clone)]
    struct Busy;
    impl tower::Service<Request<Body>> for Busy {
        type Response = Response;
        type Error = Infallible;
        type Future = BoxFuture<'static, Result<Response, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Pending
        }

        fn call(&mut self, _: Request<Body>) -> Self::Future {
            Box::pin(pending())
        }
    }
    let service = Service::of(Router::new().route_service("/", MetricsLayer::new().layer(Busy)));
    abandon(service.get("/"));
    assert_eq!((requests(&service.tollgate).len(), active(&service.tollgate)), (0, 0));
}

fn is_send<T: Send>(value: T) -> T {
    value
}

#[tokio::test]
async fn a_measured_body_can_be_made_of_nothing_and_sent() {
    let body = is_send(MeasuredBody::<Full<Bytes>>::default());
    assert!(format!("{body:?}").starts_with("MeasuredBody { inner: Full"));
    assert_eq!(body.collect().await.unwrap().to_bytes(), "");
    let layered = MetricsLayer::new().layer(router());
    let future = is_send(layered.clone().oneshot(tollgate_tests::get("/bare/1")));
    assert!(format!("{layered:?}").starts_with("MetricsService"));
    assert!(format!("{:?}", layered.clone().call(tollgate_tests::get("/"))).starts_with("MeasuredFuture"));
    assert_eq!(future.await.unwrap().status(), StatusCode::OK);
}
