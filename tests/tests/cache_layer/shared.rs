//! Layers of one name in two processes on one Redis.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, Request, StatusCode};
use tollgate::{CacheLayer, Clock, Outcome, SystemClock, Tollgate, TollgateBuilder};
use tollgate_servers::RedisServer;
use tollgate_tests::{Answer, send};

use crate::support::check;

/// What stands for one process: by the system's clock, because connections come back in its time.
struct Node {
    layer: CacheLayer,
    router: Router,
    reached: Arc<AtomicU32>,
}

/// A process whose service answers with its own name and those fields, and 304 to whoever knows its tag.
fn node(settings: &TollgateBuilder, layer: CacheLayer, own: &'static str, fields: &'static [Field]) -> Node {
    let tollgate: Tollgate = settings.clone().build().unwrap();
    let reached = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&reached);
    let answer = async move |request: HeaderMap| -> Response {
        count.fetch_add(1, Ordering::Relaxed);
        let status = match request.get("if-none-match") {
            Some(tag) if tag == "\"a\"" => StatusCode::NOT_MODIFIED,
            _ => StatusCode::OK,
        };
        let headers: HeaderMap =
            fields.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        (status, headers, if status == StatusCode::OK { own } else { "" }).into_response()
    };
    let router = Router::new().fallback(answer).layer(layer.clone()).layer(tollgate.layer());
    Node { layer, router, reached }
}

type Field = (&'static str, &'static str);

const FRESH: &[Field] = &[("cache-control", "max-age=600")];

impl Node {
    async fn get(&self, path: &str, fields: &[Field]) -> Answer {
        self.ask(Method::GET, path, fields).await
    }

    async fn ask(&self, method: Method, path: &str, fields: &[Field]) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "own.test");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        send(&self.router, request.body(axum::body::Body::empty()).unwrap()).await
    }
}

/// The settings of processes of one service that no other test has.
fn on(server: &RedisServer) -> TollgateBuilder {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let namespace = format!("layer-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    Tollgate::builder().redis(server.url()).namespace(namespace).store_timeout("5s")
}

fn edge() -> CacheLayer {
    CacheLayer::new().name("edge")
}

/// Tries it with another path again and again until it is so: what one process keeps, the others find a little later.
async fn path_where(what: &str, mut is_so: impl AsyncFnMut(&str) -> bool) -> String {
    let clock = SystemClock::new();
    let begun = clock.now();
    for number in 0.. {
        let path = format!("/x?{number}");
        if is_so(&path).await {
            return path;
        }
        assert!(clock.now().nanos_since(begun) < 30_000_000_000, "tried for half a minute, in vain: {what}");
        clock.sleep_until(clock.now().saturating_add(Duration::from_millis(5))).await;
    }
    unreachable!("there are always more paths")
}

/// A path of which the second has what the first made.
async fn shared(one: &Node, other: &Node, fields: &[Field]) -> String {
    let clock = SystemClock::new();
    path_where("the other has it", async |path| {
        assert_eq!(one.get(path, fields).await.body, "one");
        clock.sleep_until(clock.now().saturating_add(Duration::from_millis(20))).await;
        let answer = other.get(path, fields).await;
        answer.body == "one" && answer.field("cache-status").contains("edge; hit")
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn layers_of_one_name_share_what_they_keep() {
    let server = RedisServer::start();
    let settings = on(&server);
    let (one, other) = (node(&settings, edge(), "one", FRESH), node(&settings, edge(), "other", FRESH));
    let path = shared(&one, &other, &[]).await;
    let again = other.get(&path, &[]).await;
    assert_eq!((again.body.as_str(), again.field("age").is_empty()), ("one", false), "and in memory now");
    assert!(other.layer.count_of(Outcome::Hit) >= 2);
    let renewed = other.get(&path, &[("cache-control", "no-cache")]).await;
    assert_eq!(renewed.body, "other", "whoever wants it anew is given nothing that another process left");
    for layer in [CacheLayer::new().name("other"), CacheLayer::new()] {
        let own = node(&settings, layer, "own", FRESH);
        assert_eq!(own.get(&path, &[]).await.body, "own", "{:?}", own.layer);
    }
    let third = node(&settings, edge(), "third", FRESH);
    let picky = third.get(&path, &[("cache-control", "no-cache")]).await;
    check("with nothing in memory", &picky, false);
    assert_eq!(picky.body, "third");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn variants_and_those_who_say_who_they_are_are_told_apart() {
    const VARIED: &[Field] = &[("cache-control", "max-age=600"), ("vary", "accept-language")];
    let server = RedisServer::start();
    let settings = on(&server);
    let (one, other) = (node(&settings, edge(), "one", VARIED), node(&settings, edge(), "other", VARIED));
    let path = shared(&one, &other, &[("accept-language", "en")]).await;
    let third = node(&settings, edge(), "third", VARIED);
    assert_eq!(third.get(&path, &[("accept-language", "de")]).await.body, "third", "another language");
    assert_eq!(third.get(&path, &[("accept-language", "en")]).await.body, "one", "the same");
    let fourth = node(&settings, edge(), "fourth", VARIED);
    let personal = [("accept-language", "en"), ("authorization", "Bearer x")];
    assert_eq!(fourth.get(&path, &personal).await.body, "fourth", "one who says who it is");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_at_one_throws_away_what_the_other_has() {
    let server = RedisServer::start();
    let settings = on(&server);
    let (one, other) = (node(&settings, edge(), "one", FRESH), node(&settings, edge(), "other", FRESH));
    let path = shared(&one, &other, &[]).await;
    one.ask(Method::POST, &path, &[]).await;
    let clock = SystemClock::new();
    let begun = clock.now();
    while other.get(&path, &[]).await.body != "other" {
        assert!(clock.now().nanos_since(begun) < 30_000_000_000, "the other never heard of it");
        clock.sleep_until(clock.now().saturating_add(Duration::from_millis(5))).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_process_kept_can_be_asked_about() {
    const TAGGED: &[Field] = &[("cache-control", "no-cache"), ("etag", "\"a\"")];
    let server = RedisServer::start();
    let settings = on(&server);
    let layer = || edge().revalidate(true);
    let (one, other) = (node(&settings, layer(), "one", TAGGED), node(&settings, layer(), "other", TAGGED));
    let clock = SystemClock::new();
    let path = path_where("the other asks about it", async |path| {
        assert_eq!(one.get(path, &[]).await.body, "one");
        clock.sleep_until(clock.now().saturating_add(Duration::from_millis(20))).await;
        let answer = other.get(path, &[]).await;
        answer.body == "one" && answer.field("cache-status").contains("fwd-status=304")
    })
    .await;
    let before = other.reached.load(Ordering::Relaxed);
    assert_eq!(other.get(&path, &[]).await.body, "one");
    assert_eq!(other.reached.load(Ordering::Relaxed), before + 1, "it is asked about each time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_store_a_layer_goes_on_in_memory() {
    let server = RedisServer::start();
    let node = node(&on(&server), edge(), "one", FRESH);
    server.kill();
    check("first", &node.get("/x", &[]).await, false);
    check("second", &node.get("/x", &[]).await, true);
    assert!(node.layer.count_of(Outcome::StoreFailed) > 0);
}
