//! Two processes on one Redis: what one throws away, the other does not serve.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::task::block_in_place;
use tollgate::{Clock, Tollgate, TollgateBuilder};
use tollgate_servers::RedisServer;
use tollgate_tests::Answer;

use crate::kept::{ALL, router};

/// What stands for one process: by the system's clock, because connections come back in its time.
pub(crate) struct Node {
    pub(crate) tollgate: Tollgate,
    pub(crate) router: axum::Router,
}

pub(crate) fn node(settings: TollgateBuilder) -> Node {
    let tollgate = settings.build().unwrap();
    Node { router: router().layer(tollgate.layer()), tollgate }
}

impl Node {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        tollgate_tests::send(&self.router, tollgate_tests::get(path)).await
    }
}

/// The settings of processes of one service that no other test has.
pub(crate) fn on(url: &str) -> TollgateBuilder {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let namespace = format!("cache-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    Tollgate::builder().redis(url).namespace(namespace).store_timeout("5s")
}

/// Asks again and again until it is so: what happens elsewhere comes when it comes.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let clock = tollgate::SystemClock::new();
    let begun = clock.now();
    while !is_so().await {
        assert!(clock.now().nanos_since(begun) < 30_000_000_000, "waited for half a minute, in vain: {what}");
        clock.sleep_until(clock.now().saturating_add(std::time::Duration::from_millis(5))).await;
    }
}

/// Both have it in memory, and give what they have. What was thrown away before may be heard of late, so both are asked until they agree
/// with themselves.
async fn kept(one: &Node, other: &Node, path: &str) -> (String, String) {
    let mut bodies = (String::new(), String::new());
    until("both have it in memory", async || {
        let now = (one.get(path).await.body, other.get(path).await.body);
        let is_so = now == bodies;
        bodies = now;
        is_so
    })
    .await;
    bodies
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_one_throws_away_is_gone_from_the_memory_of_the_other() {
    let server = RedisServer::start();
    let settings = on(&server.url());
    let (one, other) = (node(settings.clone()), node(settings));
    let cache = one.tollgate.cache();
    for round in 0..4 {
        for path in ALL {
            let (mine, theirs) = kept(&one, &other, path).await;
            match round {
                0 => cache.invalidate_tag("airports").await.unwrap(),
                1 => cache.invalidate_site("kept_airport").await.unwrap(),
                2 => cache.invalidate_key("/airports").await.unwrap(),
                _ => cache.invalidate_all().await.unwrap(),
            }
            let goes = match round {
                0 => path.starts_with("/airports"),
                1 => path.starts_with("/airports/"),
                2 => path == "/airports",
                _ => true,
            };
            if goes {
                assert_ne!(one.get(path).await.body, mine, "{path} at once");
                until("the other hears of it", async || other.get(path).await.body != theirs).await;
            } else {
                assert_eq!(one.get(path).await.body, mine, "{path} in round {round}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_does_not_hear_is_gone_here_and_told_later() {
    let server = RedisServer::start();
    let settings = on(&server.url());
    let (one, other) = (node(settings.clone()), node(settings));
    let (mine, _) = kept(&one, &other, "/airports/CDG").await;
    server.kill();
    let error = one.tollgate.cache().invalidate_tag("airport:CDG").await.unwrap_err();
    assert!(error.is_unavailable() && !error.is_unknown_site() && error.nearest().is_none(), "{error}");
    let next = one.get("/airports/CDG").await.body;
    assert_ne!(next, mine, "gone in the process that threw it away");
    assert_eq!(one.get("/airports/CDG").await.body, next, "and kept anew in its memory");
    block_in_place(|| server.start_again());
    until("the store is seen again", async || one.tollgate.cache().invalidate_tag("nobody").await.is_ok())
        .await;
    one.tollgate.cache().invalidate_all().await.unwrap();
    until("the other hears again", async || {
        let before = other.get("/airports/CDG").await.body;
        one.tollgate.cache().invalidate_all().await.is_ok() && other.get("/airports/CDG").await.body != before
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_of_the_store_are_counted() {
    let server = RedisServer::start();
    let node = node(on(&server.url()));
    server.kill();
    for number in 0..3 {
        assert_eq!(node.get(&format!("/airports/{number}")).await.status.as_u16(), 200);
    }
    let counts = tollgate_tests::counts(&node.tollgate, "kept_airport");
    assert!(counts.contains("miss 3") && counts.contains("store_failed"), "{counts}");
    let router = axum::Router::new().route("/", axum::routing::get(node.tollgate.metrics_handler()));
    let text = tollgate_tests::send(&router, tollgate_tests::get("/")).await.body;
    let line =
        text.lines().find_map(|line| line.strip_prefix("tollgate_store_errors_total{store=\"redis\"} "));
    assert!(line.unwrap().parse::<u64>().unwrap() > 0, "{text}");
}
