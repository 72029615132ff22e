//! A server that is full, or forgets its scripts.

use std::time::Duration;

use tokio::task::block_in_place;
use tollgate_servers::RedisServer;

use crate::service::{LITTLE, Node, PATIENT, Sent, crowd, metrics_tell, on, outcome, outcomes, until};
use crate::traffic::{Traffic, total};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_server_is_an_outage_that_ends_with_its_cause() {
    let server = RedisServer::start_with(&[("maxmemory-policy", "noeviction")]);
    let nodes = Node::several(4, &on(&server.url(), PATIENT));
    assert_eq!(crowd(&nodes, "/rates", "known", 100).await.passed, 5);
    server.command(&["CONFIG", "SET", "maxmemory", "1"]);
    let mut sent = crowd(&nodes, "/local", "ada", 100).await;
    assert_eq!(sent, Sent { passed: 20, refused: 80, closed: 0 });
    assert_eq!(crowd(&nodes, "/closed", "ada", 100).await.closed, 100);
    assert_eq!(crowd(&nodes, "/open", "ada", 100).await.passed, 100);
    assert_eq!(outcomes(&nodes, "open").into_iter().collect::<Vec<_>>(), [("store_failed", 100)]);
    for node in &nodes {
        assert!(node.median("/local", "ada", 100).await < LITTLE);
        sent.refused += 100;
    }
    assert_eq!(outcome(&nodes, "local", "locally_admitted"), 20);
    assert_eq!(outcome(&nodes, "local", "locally_refused"), sent.refused);
    server.command(&["CONFIG", "SET", "maxmemory", "0"]);
    for path in ["/local", "/closed", "/open"] {
        let sent = crowd(&nodes, path, "ada", 100).await;
        assert_eq!(
            sent,
            Sent { passed: 5, refused: 95, closed: 0 },
            "{path}: nothing was charged while it was full"
        );
    }
    for node in &nodes {
        node.clock.advance(Duration::from_secs(2));
    }
    assert_eq!(crowd(&nodes, "/rates", "known", 100).await.refused, 100, "and nothing was forgotten");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scripts_that_are_flushed_under_traffic_are_taught_again_unseen() {
    let server = RedisServer::start();
    let nodes = Node::several(4, &on(&server.url(), PATIENT));
    for path in ["/closed", "/rates"] {
        let site = &path[1..];
        let traffic = Traffic::start(&nodes, path);
        for _ in 0..20 {
            let before = outcome(&nodes, site, "admitted");
            block_in_place(|| server.command(&["SCRIPT", "FLUSH"]));
            until("admissions", async || outcome(&nodes, site, "admitted") > before).await;
        }
        let clients = traffic.stop().await;
        // Those who have asked often enough got all that there is, and nobody more.
        for (client, sent) in &clients {
            assert!(sent.passed <= 5 && (sent.refused == 0 || sent.passed == 5), "{client}: {sent:?}");
        }
        let sent = total(&clients);
        assert_eq!(sent.closed, 0);
        metrics_tell(&nodes, site, sent).await;
    }
}
