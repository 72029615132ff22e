//! What a process knows of budgets while their store is away, and what of that reaches the store.

use std::time::Duration;

use tollgate::Clock;
use tollgate_servers::RedisServer;

use crate::proxy::Proxy;
use crate::service::{Node, PATIENT, Sent, namespace, on, outcomes, until_away, until_decided};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_hands_out_no_fresh_budgets() {
    let server = RedisServer::start();
    let nodes = Node::several(3, &on(&server.url(), PATIENT));
    let [spender, refused, stranger] = &nodes[..] else { unreachable!() };
    for path in ["/local", "/rates"] {
        assert_eq!(spender.ask_often(path, "ada", 5).await.passed, 5);
        assert_eq!(refused.ask(path, "ada").await.status, 429, "all that this one has seen");
        assert_eq!(spender.ask_often(path, "bob", 3).await.passed, 3);
        assert_eq!(refused.ask(path, "bob").await.status, 200);
    }
    server.kill();
    for node in &nodes {
        node.clock.advance(Duration::from_secs(2)); // refusals are remembered for a second, and longer by memory
    }
    for path in ["/local", "/rates"] {
        assert_eq!(spender.ask_often(path, "ada", 50).await.passed, 0, "{path}");
        assert_eq!(refused.ask_often(path, "ada", 50).await.passed, 0, "{path}");
        assert_eq!(
            spender.ask_often(path, "bob", 50).await.passed,
            2,
            "{path}: of which it has seen three spent"
        );
        assert_eq!(refused.ask_often(path, "bob", 50).await.passed, 1, "{path}: and this one all four");
        assert_eq!(stranger.ask_often(path, "ada", 50).await.passed, 5, "{path}: of which it knows nothing");
    }
    let told = |site| outcomes(&nodes, site).into_iter().collect::<Vec<_>>();
    assert_eq!(
        told("local"),
        [("admitted", 9), ("locally_admitted", 8), ("locally_refused", 242), ("refused", 1)]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_that_are_five_seconds_apart_share_exactly() {
    let server = RedisServer::start();
    let nodes = Node::several(2, &on(&server.url(), PATIENT));
    nodes[1].clock.advance(Duration::from_secs(5));
    for (path, nanos, earned_at_once) in [("/brief", 4_000_000_000, 1), ("/brief_log", 4_000_000_000, 5)] {
        for order in [[0, 1, 0, 1], [1, 0, 1, 0]] {
            let (client, begun) = (namespace(), nodes[0].clock.now());
            let mut passed = 0;
            for place in order {
                passed += nodes[place].ask_often(path, &client, 5).await.passed;
            }
            let earned = nodes[0].clock.now().nanos_since(begun) / nanos * earned_at_once;
            let told = outcomes(&nodes, path.trim_start_matches('/'));
            assert!(
                (5..=5 + earned).contains(&passed),
                "{path}: {passed}, of which {earned} came back: {told:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_admitted_without_the_server_is_not_counted_there_later() {
    let server = RedisServer::start();
    let proxy = Proxy::to(&server).await;
    let nodes = Node::several(2, &on(&proxy.url(), PATIENT));
    let [one, other] = &nodes[..] else { unreachable!() };
    assert_eq!(one.ask_often("/local", "ada", 2).await.passed, 2);
    until_decided(other, "/open").await;
    proxy.cut();
    for node in &nodes {
        until_away(node, "/open").await;
    }
    assert_eq!(one.ask_often("/local", "ada", 9).await, Sent { passed: 3, refused: 6, closed: 0 });
    assert_eq!(other.ask_often("/local", "ada", 9).await, Sent { passed: 5, refused: 4, closed: 0 });
    proxy.mend();
    for node in &nodes {
        until_decided(node, "/open").await;
    }
    let told = other.ask("/local", "ada").await;
    assert_eq!(
        (told.status.as_u16(), told.rate_limit()),
        (200, "\"default\";r=2;t=720"),
        "the server's word"
    );
    assert_eq!(one.ask_often("/local", "ada", 9).await, Sent { passed: 2, refused: 7, closed: 0 });
    assert_eq!(other.ask_often("/local", "ada", 9).await.refused, 9);
}
