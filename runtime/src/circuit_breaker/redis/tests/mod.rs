//! The store against servers that the tests start.

#[cfg(feature = "redis-cluster")]
mod cluster;
mod faults;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::runtime::Runtime;
use tollgate_servers::{RedisServer, wait_until};

use super::super::called::Called;
use super::super::contract::remote::Place;
use super::super::remote::{Forced, Heard, Node, Order, Remote, Unavailable};
use super::*;
use crate::backend::SystemClock;
use crate::backend::redis::{Redis, Settings};
use crate::core::Clock;

/// Where connections live while tests block.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
});

/// One server for all tests that do it no harm.
static SERVER: LazyLock<RedisServer> = LazyLock::new(RedisServer::start);

/// Long enough for a machine that does much else.
const PATIENT: Duration = Duration::from_secs(5);

fn connect(url: String, namespace: &str) -> RedisBreakers {
    let settings = Settings { url, namespace: namespace.to_owned(), timeout: PATIENT };
    RedisBreakers::new(Redis::new(&settings, Arc::new(SystemClock::new())).unwrap())
}

/// One that no other test has.
fn namespace() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("test{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

fn place(one: RedisBreakers, other: RedisBreakers) -> Place {
    let pass = |time| {
        let clock = SystemClock::new();
        clock.sleep_until(clock.now().saturating_add(time))
    };
    Place { one: Arc::new(one), other: Arc::new(other), pass: Box::new(pass) }
}

fn named(name: &str) -> Called {
    Called::site(name, None)
}

#[test]
fn a_server_does_all_that_a_shared_store_does() {
    let namespace = namespace();
    let connect = || connect(SERVER.url(), &namespace);
    RUNTIME.block_on(place(connect(), connect()).all());
}

#[test]
fn every_key_has_a_time_to_live_and_is_called_by_the_breaker_name() {
    let namespace = namespace();
    let breakers = connect(SERVER.url(), &namespace);
    RUNTIME.block_on(async {
        breakers.opened(&named("a::b"), Node(1), Duration::from_secs(20)).await.unwrap();
        breakers.opened(&named("a::b"), Node(2), Duration::from_secs(10)).await.unwrap();
        breakers.force(&Called::share("c", None), Forced::Open, 0).await.unwrap();
    });
    let left = |key: &str| SERVER.command(&["PTTL", &format!("{namespace}:cb:{key}")]).number();
    assert!((15_000..=20_000).contains(&left("{a::b}")), "the longest counts: {}", left("{a::b}"));
    assert!(left("orders") > 29 * 24 * 3_600 * 1_000);
    let field = SERVER.command(&["HGET", &format!("{namespace}:cb:orders"), "%share/c"]);
    assert!(!field.is_error());
    assert_eq!(SERVER.command(&["KEYS", &format!("{namespace}*")]).list().len(), 2);
}

#[test]
fn other_services_are_neither_heard_nor_obeyed() {
    let (own, other) = (namespace(), namespace());
    let (one, stranger) = (connect(SERVER.url(), &own), connect(SERVER.url(), &other));
    RUNTIME.block_on(async {
        stranger.opened(&named("a"), Node(1), PATIENT).await.unwrap();
        stranger.force(&named("a"), Forced::Open, 0).await.unwrap();
        assert_eq!(one.openings(&named("a")).await.unwrap(), []);
        assert_eq!(one.orders().await.unwrap(), []);
    });
}

#[test]
fn foreign_bytes_are_nothing_at_all() {
    let namespace = namespace();
    let breakers = connect(SERVER.url(), &namespace);
    let key = |of: &str| format!("{namespace}:cb:{of}");
    for (field, order) in
        [("a", "x"), ("b{", "1 o"), ("c", "1 z"), ("d", "99999999999999999999 o"), ("e", "5 c")]
    {
        SERVER.command(&["HSET", &key("orders"), field, order]);
    }
    SERVER.command(&["SET", &key("{f}"), "text"]);
    SERVER.command(&["ZADD", &key("{g}"), "9000000000000", "not a node"]);
    RUNTIME.block_on(async {
        let known = Order { stamp: 5, forced: Forced::Closed };
        assert_eq!(breakers.orders().await.unwrap(), [(named("e"), known)]);
        assert_eq!(breakers.opened(&named("f"), Node(1), PATIENT).await, Err(Unavailable::Unchanged));
        assert_eq!(breakers.openings(&named("f")).await, Err(Unavailable::Unchanged));
        assert!(breakers.openings(&named("g")).await.is_err());
        let order = breakers.force(&named("a"), Forced::Open, 0).await.unwrap();
        assert_eq!(order.forced, Forced::Open);
    });
}
