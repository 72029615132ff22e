//! A server that takes what it is sent, and answers late or not at all.

use std::time::Duration;

use tokio::task::block_in_place;
use tollgate::Clock;
use tollgate_servers::RedisServer;

use crate::proxy::Proxy;
use crate::service::{
    LITTLE, MODERATE, Node, PATIENT, SHORT, Sent, crowd, metrics_tell, on, outcome, until_decided,
};
use crate::traffic::{Traffic, total};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stands_still_costs_a_few_calls_their_wait() {
    let server = RedisServer::start();
    let nodes = Node::several(4, &on(&server.url(), MODERATE));
    for node in &nodes {
        until_decided(node, "/open").await;
    }
    server.stop();
    let mut sent = crowd(&nodes, "/local", "ada", 100).await;
    assert_eq!(sent, Sent { passed: 20, refused: 80, closed: 0 });
    for node in &nodes {
        sent.add(node.ask_often("/local", "bob", 10).await);
        assert!(node.median("/local", "bob", 100).await < LITTLE);
        sent.refused += 100;
    }
    assert_eq!(sent.passed, 40);
    assert_eq!(outcome(&nodes, "local", "locally_admitted"), 40);
    assert_eq!(outcome(&nodes, "local", "locally_refused"), sent.refused);
    assert_eq!(crowd(&nodes, "/closed", "ada", 100).await.closed, 100);
    server.resume();
    for node in &nodes {
        until_decided(node, "/open").await;
    }
    // What was sent before may have been charged by now; nothing of it was admitted.
    let passed = crowd(&nodes, "/closed", "cy", 100).await.passed;
    assert_eq!(passed, 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_and_goes_on_under_traffic_is_survived() {
    let server = RedisServer::start();
    let nodes = Node::several(4, &on(&server.url(), SHORT));
    let traffic = Traffic::start(&nodes, "/local");
    let more = async |name: &str| {
        let before = outcome(&nodes, "local", name);
        crate::service::until(name, async || outcome(&nodes, "local", name) > before + 20).await;
    };
    for _ in 0..2 {
        more("admitted").await;
        server.stop();
        more("locally_admitted").await;
        server.resume();
    }
    more("admitted").await;
    let clients = traffic.stop().await;
    for (client, sent) in &clients {
        assert!(sent.passed <= 5 + 5 * 4, "{client}: {sent:?}");
    }
    metrics_tell(&nodes, "local", total(&clients)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_starts_beside_a_server_that_stands_still_waits_for_a_few_calls_alone() {
    let server = RedisServer::start();
    server.stop();
    let node = Node::new(on(&server.url(), SHORT));
    assert!(node.median("/local", "ada", 11).await < LITTLE, "three wait for a connection, and no more");
    assert_eq!(node.ask_often("/local", "ada", 10).await.refused, 10);
    metrics_tell(std::slice::from_ref(&node), "local", Sent { passed: 5, refused: 16, closed: 0 }).await;
    server.resume();
    until_decided(&node, "/local").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_long_for_a_call_waits_as_long_for_the_connection() {
    let server = RedisServer::start();
    server.stop();
    let node = Node::new(on(&server.url(), PATIENT));
    let resume = async {
        node.clock.sleep_until(node.clock.now().saturating_add(Duration::from_millis(1_200))).await;
        server.resume();
    };
    let (answer, ()) = tokio::join!(node.ask("/closed", "ada"), resume);
    assert_eq!(answer.status, 200);
    assert_eq!(node.store_errors().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_slow_decides_within_the_timeout_and_is_away_beyond_it() {
    let server = RedisServer::start();
    let proxy = Proxy::to(&server).await;
    proxy.delay(Duration::from_millis(20));
    let patient = Node::several(2, &on(&proxy.url(), PATIENT));
    let sent = crowd(&patient, "/closed", "ada", 100).await;
    assert_eq!(sent, Sent { passed: 5, refused: 95, closed: 0 }, "late, and in time");

    proxy.delay(Duration::ZERO);
    let nodes = Node::several(2, &on(&proxy.url(), MODERATE));
    for node in &nodes {
        until_decided(node, "/open").await;
    }
    proxy.delay(Duration::from_secs(3));
    let mut sent = crowd(&nodes, "/local", "ada", 100).await;
    assert_eq!(sent, Sent { passed: 10, refused: 90, closed: 0 }, "too late");
    for node in &nodes {
        assert!(node.median("/local", "ada", 100).await < LITTLE);
        sent.refused += 100;
    }
    metrics_tell_but_open(&nodes, sent).await;
    proxy.delay(Duration::ZERO);
    for node in &nodes {
        until_decided(node, "/open").await;
    }
    assert_eq!(crowd(&nodes, "/closed", "bob", 100).await, Sent { passed: 5, refused: 95, closed: 0 });
}

/// As `metrics_tell`, beside requests of `/open` that were all decided.
async fn metrics_tell_but_open(nodes: &[Node], sent: Sent) {
    let undecided = outcome(nodes, "open", "store_failed");
    assert_eq!(outcome(nodes, "local", "locally_admitted"), sent.passed);
    assert_eq!(outcome(nodes, "local", "locally_refused"), sent.refused);
    let mut errors = 0;
    for node in nodes {
        errors += node.store_errors().await;
    }
    assert_eq!(errors, sent.passed + sent.refused + undecided);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_wait_for_a_silent_server_leaves_nothing_behind() {
    let server = RedisServer::start();
    let nodes = Node::several(2, &on(&server.url(), PATIENT));
    assert_eq!(crowd(&nodes, "/closed", "ada", 20).await.passed, 5);
    server.stop();
    for _ in 0..3 {
        let requests = crowd(&nodes, "/closed", "bob", 100);
        assert!(tokio::time::timeout(Duration::from_millis(50), requests).await.is_err(), "nobody answers");
    }
    server.resume();
    for node in &nodes {
        until_decided(node, "/open").await;
    }
    // What was sent may have been charged, and what was not is not.
    let sent = crowd(&nodes, "/closed", "bob", 100).await;
    assert!(sent.passed <= 5 && sent.closed == 0, "{sent:?}");
    assert_eq!(crowd(&nodes, "/closed", "cy", 100).await, Sent { passed: 5, refused: 95, closed: 0 });
    assert_eq!(outcome(&nodes, "closed", "admitted"), 10 + sent.passed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_pauses_its_clients_loses_and_grants_nothing() {
    let server = RedisServer::start();
    let nodes = Node::several(4, &on(&server.url(), PATIENT));
    block_in_place(|| server.command(&["CLIENT", "PAUSE", "300", "ALL"]));
    let sent = crowd(&nodes, "/closed", "ada", 100).await;
    assert_eq!(sent, Sent { passed: 5, refused: 95, closed: 0 });
    metrics_tell(&nodes, "closed", sent).await;
}
