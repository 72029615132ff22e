//! `tollgate.limits()` over a server that several processes share, and without it.

use std::time::Duration;

use tollgate::Key;
use tollgate_servers::RedisServer;

use crate::service::{Node, PATIENT, on};

/// How many requests are left to a client, and whether that is what this process knows by itself.
async fn left(node: &Node, client: &str) -> (u32, bool) {
    let told = node.tollgate.limits().read("local", &Key::bytes(client)).await.unwrap();
    let [limit] = &told[..] else { panic!("{told:?}") };
    (limit.rates[0].remaining, limit.local)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn budgets_are_read_and_reset_for_all_processes() {
    let server = RedisServer::start();
    let nodes = Node::several(2, &on(&server.url(), PATIENT));
    let [one, other] = &nodes[..] else { unreachable!() };
    assert_eq!(left(one, "ada").await, (5, false));
    assert_eq!(one.ask_often("/local", "ada", 9).await.passed, 5);
    assert_eq!(other.ask("/local", "ada").await.status, 429);
    assert_eq!([left(one, "ada").await, left(other, "ada").await], [(0, false); 2]);
    one.tollgate.limits().reset("local", &Key::bytes("ada")).await.unwrap();
    assert_eq!(left(other, "ada").await, (5, false));
    assert_eq!(one.ask("/local", "ada").await.status, 200, "at once where it was reset");
    other.clock.advance(Duration::from_secs(2));
    assert_eq!(other.ask_often("/local", "ada", 9).await.passed, 4, "and after a second at most elsewhere");

    server.kill();
    assert_eq!(left(one, "ada").await, (4, true), "what this process has seen");
    assert_eq!(left(other, "ada").await, (0, true));
    let refused = one.tollgate.limits().reset("local", &Key::bytes("ada")).await.unwrap_err();
    assert!(refused.is_unavailable(), "{refused}");
}
