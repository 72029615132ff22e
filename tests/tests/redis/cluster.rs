//! A cluster of three masters with a replica each, under four processes: masters that are lost, hand over, and give slots away.

use tokio::task::{block_in_place, spawn_blocking};
use tollgate::Tollgate;
use tollgate_servers::{RedisCluster, RedisServer, wait_until};

use crate::service::{LITTLE, Node, PATIENT, Sent, crowd, namespace, outcome, outcomes, until};
use crate::traffic::{Traffic, total};

const FIVE: Sent = Sent { passed: 5, refused: 95, closed: 0 };

fn nodes(cluster: &RedisCluster, namespace: &str, timeout: &str) -> Vec<Node> {
    let settings = Tollgate::builder().redis_cluster(cluster.urls());
    Node::several(4, &settings.namespace(namespace).store_timeout(timeout))
}

/// The names of all budgets that a master has.
fn budgets(server: &RedisServer, namespace: &str) -> Vec<String> {
    let names = server.command(&["KEYS", &format!("{namespace}:*")]);
    names.list().iter().map(|name| name.text().to_owned()).collect()
}

/// A client whose budget is in that shard, and its slot. It has used up what there is.
async fn spent_in(cluster: &RedisCluster, nodes: &[Node], space: &str, shard: usize) -> (String, u16) {
    loop {
        let client = namespace();
        let before = block_in_place(|| budgets(cluster.master(shard), space));
        assert_eq!(crowd(nodes, "/closed", &client, 100).await, FIVE, "{client}");
        let after = block_in_place(|| budgets(cluster.master(shard), space));
        if let Some(name) = after.iter().find(|name| !before.contains(name)) {
            return (client, cluster.slot_of(name));
        }
    }
}

/// Until the replica has all that its master has.
fn wait_for_replica(cluster: &RedisCluster, shard: usize) {
    let offset = |server: &RedisServer| server.info("master_repl_offset").parse::<u64>().unwrap();
    let written = offset(cluster.master(shard));
    wait_until("a replica that has it all", || offset(cluster.replica(shard)) >= written);
}

/// Forgets what the processes remember, so that they ask.
fn forget(nodes: &[Node]) {
    for node in nodes {
        node.clock.advance(std::time::Duration::from_secs(2));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_hold_while_a_cluster_loses_masters_and_moves_slots() {
    let cluster = spawn_blocking(|| RedisCluster::start_with(&[("cluster-require-full-coverage", "no")]));
    let cluster = cluster.await.unwrap();
    five_of_a_hundred(&cluster).await;
    slots_move(&cluster).await;
    a_master_hands_over(&cluster).await;
    a_master_is_lost(&cluster).await;
    a_master_stands_still(&cluster).await;
    the_whole_cluster_is_lost(cluster).await;
}

async fn five_of_a_hundred(cluster: &RedisCluster) {
    let nodes = nodes(cluster, &namespace(), PATIENT);
    for path in ["/local", "/closed", "/global", "/rates"] {
        assert_eq!(crowd(&nodes, path, "ada", 100).await, FIVE, "{path}");
    }
    for client in 0..10 {
        assert_eq!(
            crowd(&nodes, "/both", &client.to_string(), 20).await.passed,
            5,
            "limits that are decided together"
        );
    }
    assert_eq!(crowd(&nodes, "/both", "one more", 20).await.passed, 0);
    assert_eq!(outcome(&nodes, "both", "store_refused"), 0);
}

async fn slots_move(cluster: &RedisCluster) {
    let space = namespace();
    let nodes = nodes(cluster, &space, PATIENT);
    let (client, slot) = spent_in(cluster, &nodes, &space, 0).await;
    let traffic = Traffic::start(&nodes, "/rates");
    for (from, to) in [(0, 1), (1, 2), (2, 0)] {
        block_in_place(|| cluster.begin_moving(slot, from, to));
        forget(&nodes);
        assert_eq!(crowd(&nodes, "/closed", &client, 100).await.refused, 100, "it is still there");
        block_in_place(|| cluster.move_keys(slot, from, to));
        forget(&nodes);
        assert_eq!(crowd(&nodes, "/closed", &client, 100).await.refused, 100, "it has gone there");
        block_in_place(|| cluster.end_moving(slot, from, to));
        forget(&nodes);
        assert_eq!(crowd(&nodes, "/closed", &client, 100).await.refused, 100, "all know that");
    }
    let clients = traffic.stop().await;
    assert!(clients.values().all(|sent| sent.passed <= 5), "{clients:?}");
    assert_eq!(outcome(&nodes, "closed", "store_refused"), 0);
}

async fn a_master_hands_over(cluster: &RedisCluster) {
    let nodes = nodes(cluster, &namespace(), PATIENT);
    let traffic = Traffic::start(&nodes, "/closed");
    until("admissions", async || outcome(&nodes, "closed", "admitted") > 20).await;
    block_in_place(|| cluster.hand_over(1));
    let before = outcome(&nodes, "closed", "admitted");
    until("admissions", async || outcome(&nodes, "closed", "admitted") > before + 20).await;
    let clients = traffic.stop().await;
    assert!(clients.values().all(|sent| sent.passed <= 5), "{clients:?}");
    assert_eq!(outcomes(&nodes, "closed").get("admitted"), Some(&total(&clients).passed));
}

async fn a_master_is_lost(cluster: &RedisCluster) {
    let space = namespace();
    let nodes = nodes(cluster, &space, "300ms");
    let patient = self::nodes(cluster, &space, PATIENT);
    let (client, _) = spent_in(cluster, &patient, &space, 2).await;
    let (elsewhere, _) = spent_in(cluster, &patient, &space, 0).await;
    block_in_place(|| wait_for_replica(cluster, 2));
    let (traffic, beside) = (Traffic::start(&nodes, "/closed"), Traffic::start(&nodes, "/local"));
    until("admissions", async || outcome(&nodes, "closed", "admitted") > 20).await;
    let dead = block_in_place(|| cluster.fail_over(2));
    until("a replica that is found", async || {
        forget(&nodes);
        crowd(&nodes, "/closed", &client, 20).await.closed == 0
    })
    .await;
    let (clients, locally) = (traffic.stop().await, beside.stop().await);
    // Writes that the replica had not seen are lost with their master, and may be granted once more.
    assert!(clients.values().all(|sent| sent.passed <= 2 * 5), "{clients:?}");
    assert!(locally.values().all(|sent| sent.passed <= 2 * 5 + 4 * 5), "{locally:?}");
    assert!(outcome(&nodes, "closed", "store_refused") > 0, "an outage of a third was told");
    let both = outcome(&nodes, "local", "admitted") + outcome(&nodes, "local", "locally_admitted");
    assert_eq!(both, total(&locally).passed);
    for client in [&client, &elsewhere] {
        forget(&patient);
        let sent = crowd(&patient, "/closed", client, 100).await;
        assert_eq!(sent.passed, 0, "{client} has used up its budget, and the replica knows");
    }
    block_in_place(|| cluster.bring_back(dead));
}

async fn a_master_stands_still(cluster: &RedisCluster) {
    let space = namespace();
    let nodes = nodes(cluster, &space, "300ms");
    let patient = self::nodes(cluster, &space, PATIENT);
    let (still, _) = spent_in(cluster, &patient, &space, 0).await;
    let (elsewhere, _) = spent_in(cluster, &patient, &space, 1).await;
    block_in_place(|| wait_for_replica(cluster, 0));
    for client in [&still, &elsewhere] {
        until("a connection", async || crowd(&nodes, "/closed", client, 4).await.closed == 0).await;
        forget(&nodes);
    }
    let master = cluster.master(0);
    master.stop();
    assert_eq!(crowd(&nodes, "/closed", &still, 40).await.closed, 40, "it does not answer");
    for node in &nodes {
        assert!(node.median("/closed", &still, 20).await < LITTLE, "and is not waited for again and again");
    }
    until("the others", async || crowd(&nodes, "/closed", &elsewhere, 4).await.refused == 4).await;
    cluster.be_impatient();
    until("a replica that is found", async || {
        forget(&nodes);
        crowd(&nodes, "/closed", &still, 20).await.refused == 20
    })
    .await;
    master.resume();
    block_in_place(|| {
        cluster.be_patient();
        cluster.wait_until_well();
    });
}

async fn the_whole_cluster_is_lost(cluster: RedisCluster) {
    let nodes = nodes(&cluster, &namespace(), "300ms");
    assert!(crowd(&nodes, "/open", "ada", 20).await.passed >= 5);
    block_in_place(|| drop(cluster));
    assert_eq!(crowd(&nodes, "/local", "bob", 100).await, Sent { passed: 20, refused: 80, closed: 0 });
    assert_eq!(crowd(&nodes, "/closed", "bob", 100).await.closed, 100);
    for node in &nodes {
        assert!(node.median("/local", "bob", 100).await < LITTLE);
    }
}
