//! Limits that charge failed attempts alone, with a server that goes away between the attempt and its outcome.

use tokio::task::block_in_place;
use tollgate_servers::RedisServer;

use crate::service::{Node, PATIENT, SHORT, on, outcome, outcomes, until, until_decided};
use crate::traffic::{Traffic, total};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failed_attempts_count_in_all_processes_and_others_in_none() {
    let server = RedisServer::start();
    let nodes = Node::several(2, &on(&server.url(), PATIENT));
    for node in nodes.iter().cycle().take(20) {
        assert_eq!(node.ask_with("/login", "ada", "x-password").await.status, 200);
    }
    for (nth, node) in nodes.iter().cycle().take(8).enumerate() {
        assert_eq!(node.ask("/login", "ada").await.status, if nth < 5 { 401 } else { 429 });
    }
    server.kill();
    for node in &nodes {
        node.clock.advance(std::time::Duration::from_secs(2));
        for _ in 0..20 {
            assert_eq!(node.ask_with("/login", "ada", "x-password").await.status, 429, "{node:?}");
            assert_eq!(node.ask_with("/login", "bob", "x-password").await.status, 200);
        }
        for nth in 0..8 {
            assert_eq!(node.ask("/login", "bob").await.status, if nth < 5 { 401 } else { 429 });
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_under_an_outage_are_no_more_than_all_processes_allow() {
    let server = RedisServer::start();
    let nodes = Node::several(4, &on(&server.url(), SHORT));
    until_decided(&nodes[0], "/open").await;
    let traffic = Traffic::start(&nodes, "/login");
    until("guesses", async || outcome(&nodes, "login", "admitted") > 20).await;
    block_in_place(|| server.kill());
    until("guesses", async || outcome(&nodes, "login", "locally_admitted") > 20).await;
    let clients = traffic.stop().await;
    for (client, sent) in &clients {
        assert!(sent.passed <= 5 + 5 * 4, "{client}: {sent:?}");
    }
    let sent = total(&clients);
    let told = outcomes(&nodes, "login");
    assert_eq!(told["admitted"] + told["locally_admitted"], sent.passed, "{told:?}");
}
