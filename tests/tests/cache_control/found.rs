//! Two processes on one Redis: what one made, the other finds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::extract::Path;
use axum::routing::get;
use http::{Method, StatusCode, header};
use serde::{Deserialize, Serialize};
use tollgate::{Clock, SystemClock, cached, call};
use tollgate_servers::RedisServer;
use tollgate_tests::{Answer, events, request};

use crate::shared::{Node, on, until};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Airport {
    iata: String,
    run: u32,
}

fn run() -> u32 {
    static RUNS: AtomicU32 = AtomicU32::new(1);
    RUNS.fetch_add(1, Ordering::Relaxed)
}

#[call::cached(ttl = "1m", name = "found_airport")]
async fn airport(iata: &str) -> Airport {
    Airport { iata: iata.to_owned(), run: run() }
}

/// Nobody can write it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bare(u32);

#[call::cached(ttl = "1m", name = "found_bare")]
async fn bare(iata: &str) -> Bare {
    let _ = iata;
    Bare(run())
}

#[cached(ttl = "1m", name = "found_answer")]
async fn answer(Path(iata): Path<String>) -> String {
    format!("{iata} {}", run())
}

fn two(server: &RedisServer) -> [Node; 2] {
    let settings = on(&server.url());
    [settings.clone(), settings].map(|settings| {
        let tollgate = settings.build().unwrap();
        let router = axum::Router::new().route("/{iata}", get(answer)).layer(tollgate.layer());
        Node { tollgate, router }
    })
}

/// The names of entries on the server.
fn entries(server: &RedisServer) -> Vec<String> {
    let tollgate_servers::Reply::List(names) = server.command(&["KEYS", "*:c:*"]) else { return Vec::new() };
    names.into_iter().map(|name| format!("{name:?}").split('"').nth(1).unwrap().to_owned()).collect()
}

/// Entries are on their way while whoever made them has his answer already.
async fn until_kept(server: &RedisServer, number: usize) {
    until("the server has it", async || entries(server).len() == number).await;
}

async fn on_node(node: &Node, iata: &str) -> Airport {
    node.tollgate.scope(airport(iata)).await
}

async fn send(node: &Node, method: Method, wish: &'static str) -> Answer {
    let mut request = request(method, "/CDG");
    request.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static(wish));
    tollgate_tests::send(&node.router, request).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_is_made_once_for_all_processes() {
    let server = RedisServer::start();
    let [one, other] = two(&server);
    let made = on_node(&one, "CDG").await;
    until_kept(&server, 1).await;
    assert_eq!(on_node(&other, "CDG").await, made, "one run");
    assert_eq!(tollgate_tests::counts(&other.tollgate, "found_airport"), "cached hit 1");
    assert_ne!(on_node(&other, "ORY").await, made);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_made_once_for_all_processes() {
    let server = RedisServer::start();
    let [one, other] = two(&server);
    let made = one.get("/CDG").await.body;
    until_kept(&server, 1).await;
    let found = other.get("/CDG").await;
    assert_eq!(found.body, made, "one run");
    assert!(found.field("cache-status").starts_with("tollgate; hit"), "{found:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_nothing_made_finds_what_another_process_made() {
    let server = RedisServer::start();
    for (number, method) in [(1, Method::GET), (2, Method::HEAD)] {
        let [one, other] = two(&server);
        let before = send(&other, method.clone(), "only-if-cached").await;
        assert_eq!(before.status, StatusCode::GATEWAY_TIMEOUT, "nobody has it");
        let made = one.get("/CDG").await.body;
        until_kept(&server, number).await;
        let found = send(&other, method.clone(), "only-if-cached").await;
        assert_eq!(found.status, StatusCode::OK, "{method}");
        assert!(found.field("cache-status").starts_with("tollgate; hit"), "{method}: {found:?}");
        assert_eq!(found.body, if method == Method::GET { made } else { String::new() });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_alone_finds_what_another_process_made() {
    let server = RedisServer::start();
    let [one, other] = two(&server);
    let made = one.get("/CDG").await;
    until_kept(&server, 1).await;
    let found = send(&other, Method::HEAD, "max-stale=0").await;
    assert!(found.field("cache-status").starts_with("tollgate; hit"), "{found:?}");
    assert_eq!(found.field("content-length"), made.body.len().to_string());
    assert_eq!(tollgate_tests::counts(&other.tollgate, "found_answer"), "cached hit 1");
    server.kill();
    let [_, third] = two(&server);
    let alone = send(&third, Method::HEAD, "max-stale=0").await;
    assert_eq!(alone.status, StatusCode::OK, "a server that is away does not fail it");
    assert_eq!(send(&third, Method::GET, "only-if-cached").await.status, StatusCode::GATEWAY_TIMEOUT);
}

#[tokio::test]
async fn a_value_that_nobody_can_write_stays_here_and_says_so_once() {
    let server = RedisServer::start();
    let [one, other] = two(&server);
    events::listen();
    let made = one.tollgate.scope(bare("CDG")).await;
    assert_eq!(one.tollgate.scope(bare("CDG")).await, made, "memory has it");
    assert_ne!(other.tollgate.scope(bare("CDG")).await, made, "the other process does not");
    let told = events::heard().iter().filter(|line| line.contains("found_bare")).count();
    assert_eq!((told, entries(&server).len()), (1, 0), "{:?}", events::heard());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_of_another_shape_is_a_miss() {
    let server = RedisServer::start();
    let [one, other] = two(&server);
    let made = on_node(&one, "CDG").await;
    until_kept(&server, 1).await;
    for name in entries(&server) {
        let length = server.command(&["STRLEN", &name]).number();
        let at = (length - 1).to_string();
        server.command(&["SETRANGE", &name, &at, "\u{1}\u{1}\u{1}\u{1}"]);
    }
    let anew = on_node(&other, "CDG").await;
    assert!(anew.run > made.run, "made anew: {anew:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_goes_away_between_reading_and_writing_harms_nobody() {
    let server = Arc::new(RedisServer::start());
    let [one, other] = two(&server);
    let killed = Arc::clone(&server);
    let values = one.tollgate.scope(dies_meanwhile(&killed)).await;
    assert_eq!(one.tollgate.scope(dies_meanwhile(&killed)).await, values, "memory has it");
    assert_ne!(other.tollgate.scope(dies_meanwhile(&killed)).await, values);
}

#[call::cached(ttl = "1m", skip(server), name = "found_dying")]
async fn dies_meanwhile(server: &RedisServer) -> u32 {
    server.kill();
    run()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_known_to_be_away_adds_no_wait() {
    let server = RedisServer::start();
    let [node, _] = two(&server);
    on_node(&node, "CDG").await;
    server.kill();
    let clock = SystemClock::new();
    // The first one finds out.
    on_node(&node, "ORY").await;
    let begun = clock.now();
    for number in 0..200 {
        on_node(&node, &format!("{number}")).await;
        assert_eq!(node.get(&format!("/{number}")).await.status, StatusCode::OK);
    }
    let took = clock.now().nanos_since(begun);
    // Each of them would take up to five seconds if it waited.
    assert!(took < 5_000_000_000, "{took} ns for 400");
}
