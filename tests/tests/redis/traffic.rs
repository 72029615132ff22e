//! Requests that go on while something is broken.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;
use tollgate::{Clock, SystemClock};

use crate::service::{Node, Sent};

/// So many ask at the same time.
const ASKERS: usize = 8;
/// So many requests come from one client, and then a new one begins, which nobody remembers.
const OF_ONE: u64 = 100;
/// The client who asks all the time, between the others.
const STEADY: &str = "steady";

/// What became of the requests of each client.
pub(crate) type ByClient = BTreeMap<String, Sent>;

/// Requests of clients that come and go, until they are told to stop.
pub(crate) struct Traffic {
    is_over: Arc<AtomicBool>,
    sent: Arc<AtomicU64>,
    askers: JoinSet<ByClient>,
}

impl Traffic {
    pub(crate) fn start(nodes: &[Node], path: &'static str) -> Self {
        let (is_over, sent, mut askers) = (Arc::default(), Arc::default(), JoinSet::new());
        for _ in 0..ASKERS {
            askers.spawn(go_on(nodes.to_vec(), path, Arc::clone(&is_over), Arc::clone(&sent)));
        }
        Self { is_over, sent, askers }
    }

    /// How many requests have been answered.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    pub(crate) async fn stop(self) -> ByClient {
        self.is_over.store(true, Ordering::Relaxed);
        let mut all = ByClient::new();
        for (client, sent) in self.askers.join_all().await.into_iter().flatten() {
            all.entry(client).or_default().add(sent);
        }
        all
    }
}

/// All together.
pub(crate) fn total(clients: &ByClient) -> Sent {
    let mut all = Sent::default();
    for sent in clients.values() {
        all.add(*sent);
    }
    all
}

async fn go_on(
    nodes: Vec<Node>,
    path: &'static str,
    is_over: Arc<AtomicBool>,
    sent: Arc<AtomicU64>,
) -> ByClient {
    let clock = SystemClock::new();
    let mut all = ByClient::new();
    while !is_over.load(Ordering::Relaxed) {
        let number = sent.fetch_add(1, Ordering::Relaxed);
        let client =
            if number.is_multiple_of(10) { STEADY.to_owned() } else { (number / OF_ONE).to_string() };
        let node = &nodes[usize::try_from(number).unwrap() % nodes.len()];
        all.entry(client.clone()).or_default().note(&node.ask(path, &client).await);
        clock.sleep_until(clock.now().saturating_add(Duration::from_millis(2))).await;
    }
    all
}
