//! A Redis Cluster: three masters, each with a replica.

use std::collections::BTreeSet;

use crate::redis::RedisServer;
use crate::resp::Reply;
use crate::wait_until;

const MASTERS: usize = 3;
const SLOTS: usize = 16_384;

/// After so many milliseconds without an answer a node counts as lost. Short while one is to be lost, and while the nodes get
/// to know each other; a busy machine must not make them lose one besides.
const SHORT: &str = "1000";
const LONG: &str = "10000";

/// What the nodes are told: to put the replica in the place of a lost master at once.
const OPTIONS: &[(&str, &str)] = &[
    ("cluster-enabled", "yes"),
    ("cluster-config-file", "nodes.conf"),
    ("cluster-node-timeout", SHORT),
    ("cluster-replica-validity-factor", "0"),
    ("cluster-migration-barrier", "5"), // a replica stays with its master
    ("repl-ping-replica-period", "1"),
];

/// Six servers that are one cluster. Each third of the slots is a shard: shard 0 has the lowest ones. Ends when it is dropped.
#[derive(Debug)]
pub struct RedisCluster {
    /// Those of one shard stand three apart; which of them is the master changes.
    nodes: Vec<RedisServer>,
}

impl RedisCluster {
    /// A cluster in which every node is well and every replica up to date. Takes a few seconds.
    ///
    /// # Panics
    /// As [`RedisServer::start`], or if the nodes do not come together.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// A cluster whose nodes have lines of their own in `redis.conf`.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    #[must_use]
    pub fn start_with(options: &[(&str, &str)]) -> Self {
        let options: Vec<_> = OPTIONS.iter().chain(options).copied().collect();
        let nodes = (0..2 * MASTERS).map(|_| RedisServer::start_with(&options)).collect();
        let cluster = Self { nodes };
        cluster.hand_out_slots();
        cluster.introduce();
        cluster.attach_replicas();
        cluster.wait_until_well();
        cluster.be_patient();
        cluster
    }

    fn hand_out_slots(&self) {
        for (nth, node) in self.nodes.iter().enumerate() {
            must(node, &["CLUSTER", "SET-CONFIG-EPOCH", &(nth + 1).to_string()]);
        }
        for (nth, master) in self.nodes.iter().take(MASTERS).enumerate() {
            let slots = (nth * SLOTS).div_ceil(MASTERS)..((nth + 1) * SLOTS).div_ceil(MASTERS);
            let slots: Vec<String> = slots.map(|slot| slot.to_string()).collect();
            let words: Vec<&str> =
                ["CLUSTER", "ADDSLOTS"].into_iter().chain(slots.iter().map(String::as_str)).collect();
            must(master, &words);
        }
    }

    /// Everybody meets everybody: to leave that to gossip takes seconds.
    fn introduce(&self) {
        for (nth, node) in self.nodes.iter().enumerate() {
            for other in self.nodes.iter().skip(nth + 1) {
                must(node, &["CLUSTER", "MEET", "127.0.0.1", &other.port().to_string()]);
            }
        }
        let knows_all = |node: &RedisServer| cluster_info(node, "cluster_known_nodes") == "6";
        wait_until("nodes that know each other", || self.nodes.iter().all(knows_all));
    }

    fn attach_replicas(&self) {
        for (master, replica) in self.nodes.iter().zip(self.nodes.iter().skip(MASTERS)) {
            let id = id(master);
            // Refused for as long as the replica has not heard who its master is.
            wait_until("a replica", || !replica.command(&["CLUSTER", "REPLICATE", &id]).is_error());
        }
    }

    /// Waits until every shard has a master and an up-to-date replica, and all nodes agree about that.
    ///
    /// # Panics
    /// If that does not happen.
    pub fn wait_until_well(&self) {
        wait_until("a cluster that is well", || self.is_well());
    }

    fn is_well(&self) -> bool {
        let roles: BTreeSet<_> = (0..MASTERS).map(|nth| self.roles(nth)).collect();
        let is_ok = |node: &RedisServer| cluster_info(node, "cluster_state") == "ok";
        roles == BTreeSet::from([Some((1, 1))]) && self.nodes.iter().all(is_ok) && self.agree()
    }

    /// How many masters and up-to-date replicas a shard has; `None` while a node of it is away.
    fn roles(&self, shard: usize) -> Option<(usize, usize)> {
        let nodes = self.nodes_of(shard);
        nodes.iter().try_fold((0, 0), |(masters, replicas), node| match role(node)?.as_slice() {
            [kind, ..] if *kind == text("master") => Some((masters + 1, replicas)),
            [_, _, _, link, _] if *link == text("connected") => Some((masters, replicas + 1)),
            _ => None,
        })
    }

    /// Whether all nodes tell the same about who has which slots.
    fn agree(&self) -> bool {
        let told = |node: &RedisServer| {
            let ranges = node.command(&["CLUSTER", "SLOTS"]);
            let range = |range: &Reply| match range.list() {
                [from, to, nodes @ ..] => {
                    let ports: BTreeSet<i64> = nodes.iter().map(|node| node.list()[1].number()).collect();
                    (from.number(), to.number(), nodes[0].list()[1].number(), ports)
                }
                _ => panic!("{range:?}"),
            };
            ranges.list().iter().map(range).collect::<BTreeSet<_>>()
        };
        let all: BTreeSet<_> = self.nodes.iter().map(told).collect();
        all.len() == 1 && all.iter().flatten().all(|(_, _, _, ports)| ports.len() == 2)
    }

    /// The URLs of all nodes, masters and replicas.
    #[must_use]
    pub fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(RedisServer::url).collect()
    }

    /// All nodes: those of the first three shards, then the ones beside them.
    #[must_use]
    pub fn nodes(&self) -> &[RedisServer] {
        &self.nodes
    }

    /// How many shards there are: 3.
    #[must_use]
    pub fn shards(&self) -> usize {
        MASTERS
    }

    /// The node that is the master of a shard now.
    ///
    /// # Panics
    /// If the shard has none that can be reached.
    #[must_use]
    pub fn master(&self, shard: usize) -> &RedisServer {
        self.find(shard, "master").unwrap_or_else(|| panic!("shard {shard} has no master"))
    }

    /// The node that is the replica of a shard now.
    ///
    /// # Panics
    /// If the shard has none that can be reached.
    #[must_use]
    pub fn replica(&self, shard: usize) -> &RedisServer {
        self.find(shard, "slave").unwrap_or_else(|| panic!("shard {shard} has no replica"))
    }

    fn find(&self, shard: usize, kind: &str) -> Option<&RedisServer> {
        let is_it = |node: &&RedisServer| role(node).is_some_and(|role| role.first() == Some(&text(kind)));
        self.nodes_of(shard).into_iter().find(is_it)
    }

    fn nodes_of(&self, shard: usize) -> [&RedisServer; 2] {
        assert!(shard < MASTERS, "there is no shard {shard}");
        [&self.nodes[shard], &self.nodes[shard + MASTERS]]
    }

    /// Sends a command to every node, such as `&["SCRIPT", "FLUSH"]`.
    ///
    /// # Panics
    /// If one of them cannot be reached, or refuses it.
    pub fn command_on_all(&self, words: &[&str]) {
        for node in &self.nodes {
            must(node, words);
        }
    }

    /// The slot that a key is in.
    ///
    /// # Panics
    /// If the first node cannot be reached.
    #[must_use]
    pub fn slot_of(&self, key: &str) -> u16 {
        let slot = self.nodes[0].command(&["CLUSTER", "KEYSLOT", key]).number();
        u16::try_from(slot).unwrap()
    }

    /// Kills the master of a shard and waits until its replica has taken over, everywhere: a second or two. Gives the
    /// dead node, which [`bring_back`](Self::bring_back) starts again.
    ///
    /// # Panics
    /// If the replica does not take over.
    #[allow(clippy::must_use_candidate)] // whoever leaves the node dead needs it no more
    pub fn fail_over(&self, shard: usize) -> &RedisServer {
        let (master, replica) = (self.master(shard), self.replica(shard));
        self.be_impatient();
        master.kill();
        self.wait_for_promotion(replica);
        self.be_patient();
        master
    }

    /// From now on a master that does not answer for a second is replaced, as [`fail_over`](Self::fail_over) sees to by itself;
    /// for a test that stops one.
    pub fn be_impatient(&self) {
        self.count_as_lost_after(SHORT);
    }

    /// Nobody is replaced for not answering in time, be the machine as busy as it may. It is so from the start.
    pub fn be_patient(&self) {
        self.count_as_lost_after(LONG);
    }

    fn count_as_lost_after(&self, millis: &str) {
        for node in self.nodes.iter().filter(|node| !node.is_stopped()) {
            // One that is dead is told when it comes back.
            let _ = node.try_command(&["CONFIG", "SET", "cluster-node-timeout", millis]);
        }
    }

    /// Lets the replica of a shard take over from its master, which stays and becomes its replica.
    ///
    /// # Panics
    /// If the replica does not take over.
    pub fn hand_over(&self, shard: usize) {
        let replica = self.replica(shard);
        must(replica, &["CLUSTER", "FAILOVER"]);
        self.wait_for_promotion(replica);
        self.wait_until_well();
    }

    /// Until it is a master, and all that can be reached say that it has its slots and the cluster is well.
    fn wait_for_promotion(&self, node: &RedisServer) {
        let port = i64::from(node.port());
        let has_slots =
            |slots: &Reply| slots.list().iter().any(|range| range.list()[2].list()[1].number() == port);
        let agrees = |node: &RedisServer| match node.try_command(&["CLUSTER", "SLOTS"]) {
            Ok(slots) => has_slots(&slots) && cluster_info(node, "cluster_state") == "ok",
            Err(_) => true, // it is dead
        };
        wait_until("a replica that takes over", || {
            self.nodes.iter().filter(|node| !node.is_stopped()).all(agrees)
        });
    }

    /// Starts a node again that [`fail_over`](Self::fail_over) killed, and waits until it is an up-to-date replica.
    ///
    /// # Panics
    /// If that does not happen.
    pub fn bring_back(&self, node: &RedisServer) {
        node.start_again();
        self.wait_until_well();
        self.be_patient();
    }

    /// Moves a slot with its keys from one shard to another.
    ///
    /// # Panics
    /// If the slot is not in shard `from`, or a node cannot be reached.
    pub fn move_slot(&self, slot: u16, from: usize, to: usize) {
        self.begin_moving(slot, from, to);
        self.move_keys(slot, from, to);
        self.end_moving(slot, from, to);
    }

    /// The first step of [`move_slot`](Self::move_slot): from now on keys that shard `from` does not have are asked for in
    /// shard `to` (`ASK`), and commands on several keys of which only some have moved are put off (`TRYAGAIN`).
    ///
    /// # Panics
    /// As [`move_slot`](Self::move_slot).
    pub fn begin_moving(&self, slot: u16, from: usize, to: usize) {
        let (slot, from, to) = (slot.to_string(), self.master(from), self.master(to));
        must(to, &["CLUSTER", "SETSLOT", &slot, "IMPORTING", &id(from)]);
        must(from, &["CLUSTER", "SETSLOT", &slot, "MIGRATING", &id(to)]);
    }

    /// The second step: all keys of the slot that shard `from` has. May be done again.
    ///
    /// # Panics
    /// As [`move_slot`](Self::move_slot).
    pub fn move_keys(&self, slot: u16, from: usize, to: usize) {
        let (slot, from, port) = (slot.to_string(), self.master(from), self.master(to).port().to_string());
        loop {
            let keys = must(from, &["CLUSTER", "GETKEYSINSLOT", &slot, "100"]);
            let keys: Vec<&str> = keys.list().iter().map(Reply::text).collect();
            if keys.is_empty() {
                return;
            }
            let mut words = vec!["MIGRATE", "127.0.0.1", &port, "", "0", "5000", "KEYS"];
            words.extend(keys);
            must(from, &words);
        }
    }

    /// The last step: the slot is in shard `to`, and everybody knows.
    ///
    /// # Panics
    /// As [`move_slot`](Self::move_slot), or if shard `from` still has keys of the slot.
    pub fn end_moving(&self, slot: u16, from: usize, to: usize) {
        let (slot, from, to) = (slot.to_string(), self.master(from), self.master(to));
        let others = (0..MASTERS).filter_map(|shard| self.find(shard, "master"));
        let others = others.filter(|node| node.port() != to.port() && node.port() != from.port());
        // In this order there is always one that has the slot.
        for node in [to, from].into_iter().chain(others) {
            must(node, &["CLUSTER", "SETSLOT", &slot, "NODE", &id(to)]);
        }
        wait_until("a slot that moved", || self.agree());
    }
}

fn must(node: &RedisServer, words: &[&str]) -> Reply {
    let reply = node.command(words);
    assert!(!reply.is_error(), "{words:?} to {}: {reply:?}", node.url());
    reply
}

fn id(node: &RedisServer) -> String {
    must(node, &["CLUSTER", "MYID"]).text().to_owned()
}

fn text(text: &str) -> Reply {
    Reply::Text(text.to_owned())
}

fn role(node: &RedisServer) -> Option<Vec<Reply>> {
    if node.is_stopped() {
        return None;
    }
    match node.try_command(&["ROLE"]) {
        Ok(Reply::List(role)) => Some(role),
        _ => None,
    }
}

/// A line of `CLUSTER INFO`.
fn cluster_info(node: &RedisServer, name: &str) -> String {
    let info = node.command(&["CLUSTER", "INFO"]);
    let value = info.text().lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    value.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One cluster for all: its start takes longer than the rest.
    #[test]
    fn a_cluster_fails_over_hands_over_and_moves_slots() {
        let cluster = RedisCluster::start();
        let slot = cluster.slot_of("{a}1");
        let shard =
            (0..cluster.shards()).find(|shard| !cluster.master(*shard).command(&["GET", "{a}1"]).is_error());
        let (shard, other) = (shard.unwrap(), (shard.unwrap() + 1) % cluster.shards());
        must(cluster.master(shard), &["MSET", "{a}1", "one", "{a}2", "two"]);

        cluster.move_slot(slot, shard, other);
        assert!(cluster.master(shard).command(&["GET", "{a}1"]).is_error());
        assert_eq!(cluster.master(other).command(&["GET", "{a}1"]), text("one"));

        let before = cluster.master(other).port();
        cluster.hand_over(other);
        assert_ne!(cluster.master(other).port(), before);

        let dead = cluster.fail_over(other);
        assert_eq!(cluster.master(other).port(), before);
        assert_eq!(cluster.master(other).command(&["GET", "{a}2"]), text("two"));
        cluster.bring_back(dead);
        assert_eq!(cluster.replica(other).port(), dead.port());
    }
}
