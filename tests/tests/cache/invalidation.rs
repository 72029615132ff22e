//! `#[invalidates]`: what is thrown away, and when.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;
use http::request::Parts;
use http::{Method, StatusCode};
use tollgate::{Policy, Tollgate, cached, invalidates};
use tollgate_tests::{Service, request};

use crate::support::{Script, answer, is_hit, router};

#[invalidates(tags = ["items"])]
pub(crate) async fn gone() {}

type Status = State<Arc<AtomicU16>>;

fn said(status: &Status) -> Response {
    answer(StatusCode::from_u16(status.load(Ordering::SeqCst)).unwrap(), &[("location", "/")], "")
}

#[invalidates(tags = ["item:{id}"])]
async fn tag_gone(State(status): Status, Path(id): Path<String>) -> Response {
    let _ = id;
    said(&State(status))
}

#[invalidates(keys = ["item:{id}"])]
async fn key_gone(State(status): Status, Path(id): Path<String>) -> Response {
    let _ = id;
    said(&State(status))
}

#[invalidates(keys = ["/numbers?a=1&b=2"])]
async fn path_gone(State(status): Status) -> Response {
    said(&State(status))
}

#[cached(ttl = "10s", name = "numbers")]
async fn numbers(State(script): State<Script>) -> String {
    let _ = &script;
    script.runs().to_string()
}

#[invalidates(site = "numbers")]
async fn site_gone(State(status): Status) -> Response {
    said(&State(status))
}

struct Setup {
    service: Service,
    script: Script,
    status: Arc<AtomicU16>,
}

fn setup() -> Setup {
    setup_with(Tollgate::builder())
}

fn setup_with(settings: tollgate::TollgateBuilder) -> Setup {
    let (script, status) = (Script::counting(), Arc::new(AtomicU16::new(200)));
    let changes = Router::new()
        .route("/tag-gone/{id}", post(tag_gone))
        .route("/key-gone/{id}", post(key_gone))
        .route("/path-gone", post(path_gone))
        .route("/site-gone", post(site_gone))
        .with_state(Arc::clone(&status));
    let reads = Router::new()
        .route("/numbers", axum::routing::get(numbers))
        .route("/gone", post(gone))
        .with_state(script.clone());
    let service = Service::with(settings, router(&script).merge(changes).merge(reads));
    Setup { service, script, status }
}

impl Setup {
    async fn post(&self, path: &str) -> StatusCode {
        self.service.send(request(Method::POST, path)).await.status
    }

    async fn is_kept(&self, path: &str) -> bool {
        is_hit(&self.service.get(path).await)
    }
}

#[tokio::test]
async fn a_tag_takes_along_all_that_has_it_and_nothing_else() {
    let setup = setup();
    for path in ["/keyed/7", "/keyed/8", "/plain"] {
        setup.service.get(path).await;
    }
    setup.post("/tag-gone/7").await;
    assert!(!setup.is_kept("/keyed/7").await);
    assert!(setup.is_kept("/keyed/8").await && setup.is_kept("/plain").await);
    setup.post("/gone").await;
    assert!(!setup.is_kept("/keyed/7").await && !setup.is_kept("/keyed/8").await);
    assert!(setup.is_kept("/plain").await);
}

#[tokio::test]
async fn a_key_takes_along_all_variants_of_its_entry() {
    let setup = setup();
    let of_host = |host: &'static str| crate::support::get_with("/keyed/7", &[("host", host)]);
    setup.service.send(of_host("a.example")).await;
    setup.service.send(of_host("b.example")).await;
    setup.service.get("/keyed/8").await;
    setup.post("/key-gone/7").await;
    assert!(!is_hit(&setup.service.send(of_host("a.example")).await));
    assert!(!is_hit(&setup.service.send(of_host("b.example")).await));
    assert!(setup.is_kept("/keyed/8").await);
}

#[tokio::test]
async fn without_a_key_of_its_own_path_and_sorted_query_are_the_key() {
    let setup = setup();
    setup.service.get("/numbers?b=2&a=1").await;
    setup.service.get("/numbers?a=1").await;
    setup.post("/path-gone").await;
    assert!(!setup.is_kept("/numbers?a=1&b=2").await);
    assert!(setup.is_kept("/numbers?a=1").await);
}

#[tokio::test]
async fn a_site_takes_along_all_of_its_function() {
    let setup = setup();
    for path in ["/numbers?a=1", "/numbers?a=2", "/plain"] {
        setup.service.get(path).await;
    }
    setup.post("/site-gone").await;
    assert!(!setup.is_kept("/numbers?a=1").await && !setup.is_kept("/numbers?a=2").await);
    assert!(setup.is_kept("/plain").await);
}

#[tokio::test]
async fn only_a_success_throws_away() {
    let setup = setup();
    for (status, goes) in [
        (200, true),
        (201, true),
        (204, true),
        (303, true),
        (304, true),
        (400, false),
        (404, false),
        (409, false),
        (429, false),
        (500, false),
    ] {
        setup.service.get("/keyed/7").await;
        setup.status.store(status, Ordering::SeqCst);
        assert_eq!(setup.post("/key-gone/7").await, status);
        assert_eq!(setup.is_kept("/keyed/7").await, !goes, "{status}");
    }
    assert_eq!(setup.service.counts("cache::invalidation::key_gone"), "invalidates invalidated 5");
}

#[tokio::test]
async fn a_function_that_panics_or_is_left_throws_away_what_it_may_have_changed() {
    #[invalidates(tags = ["items"])]
    async fn panics() {
        panic!("on purpose");
    }
    #[invalidates(tags = ["items"])]
    async fn waits() {
        std::future::pending::<()>().await;
    }
    let script = Script::counting();
    let changes = Router::new().route("/panics", post(panics)).route("/waits", post(waits));
    let service = Service::of(router(&script).merge(changes));
    for path in ["/panics", "/waits"] {
        service.get("/keyed/7").await;
        let task = tokio::spawn({
            let service = service.clone();
            async move { service.send(request(Method::POST, path)).await }
        });
        crate::support::settle().await;
        if path == "/waits" {
            assert!(is_hit(&service.get("/keyed/7").await), "nothing goes while it is under way");
        }
        task.abort();
        assert!(task.await.is_err());
        assert!(!is_hit(&service.get("/keyed/7").await), "{path}");
    }
}

#[tokio::test]
async fn it_can_be_switched_off() {
    let setup = setup_with(Tollgate::builder().disable(Policy::Invalidate));
    setup.service.get("/keyed/7").await;
    setup.post("/key-gone/7").await;
    assert!(setup.is_kept("/keyed/7").await);
    assert_eq!(setup.script.runs(), 1);
}

#[tokio::test]
async fn a_function_may_be_kept_and_throw_away() {
    #[cached(ttl = "10s")]
    #[invalidates(tags = ["items"])]
    async fn both(State(script): State<Script>, parts: Parts) -> String {
        let _ = (script, parts);
        "both".to_owned()
    }
    let script = Script::counting();
    let service = Service::of(
        router(&script)
            .merge(Router::new().route("/both", axum::routing::get(both)).with_state(script.clone())),
    );
    for _ in 0..2 {
        service.get("/keyed/7").await;
        assert_eq!(service.get("/both").await.body, "both");
        assert!(!is_hit(&service.get("/keyed/7").await), "a kept answer is a success, too");
    }
    service.clock.advance(Duration::from_secs(1));
}
