//! Finding out who has which slots, and keeping that.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};

use super::super::failure::Failure;
use super::super::health::Stage;
use super::super::node::Node;
use super::super::pause::Pauses;
use super::address::{Address, Seeds};
use super::topology::{self, Member, Shard, Topology};
use crate::core::{Clock, Moment};

/// A failover takes a second or more, and its end should be noticed soon. Looking up is one command to one node.
const LONGEST_PAUSE: Duration = Duration::from_millis(250);
/// A round that goes on no further for so long, besides a pause and a call, is stuck: its runtime is blocked, or nobody drives it.
const STUCK: Duration = Duration::from_secs(1);
/// Trouble after so long a time of quiet is new trouble, of which nothing is known.
const QUIET: Duration = Duration::from_secs(2);

/// What the calls and the task in the background share.
pub(super) struct Lookup {
    seeds: Seeds,
    timeout: Duration,
    clock: Arc<dyn Clock>,
    status: Mutex<Status>,
    /// Wakes the task: each, also where an earlier one is stuck and would take the wish away.
    wanted: watch::Sender<()>,
    /// Wakes who waits for the end of a round.
    done: Notify,
}

struct Status {
    topology: Topology,
    rounds: usize,
    last_round: Moment,
    /// When a round that is wanted, or under way, last went on.
    alive_at: Option<Moment>,
}

impl Lookup {
    pub(super) fn new(seeds: Seeds, timeout: Duration, clock: Arc<dyn Clock>) -> Self {
        let status =
            Status { topology: Topology::unknown(), rounds: 0, last_round: Moment::ORIGIN, alive_at: None };
        let (wanted, done) = (watch::Sender::new(()), Notify::new());
        Self { seeds, timeout, clock, status: Mutex::new(status), wanted, done }
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    pub(super) fn done(&self) -> &Notify {
        &self.done
    }

    /// What is known is not right any more, or not known to be.
    pub(super) fn want(&self) {
        let now = self.clock.now();
        self.status().alive_at.get_or_insert(now);
        self.wanted.send_replace(());
    }

    /// A round begins, or goes on.
    pub(super) fn goes_on(&self) {
        let now = self.clock.now();
        self.status().alive_at = Some(now);
    }

    /// Whether a round is wanted and nobody sees to it.
    pub(super) fn is_stuck(&self) -> bool {
        let longest = (LONGEST_PAUSE + STUCK).saturating_add(self.timeout);
        let alive_at = self.status().alive_at;
        alive_at.is_some_and(|alive_at| self.clock.now() > alive_at.saturating_add(longest))
    }

    /// Whether there was no trouble lately, so that a round may well bring news.
    pub(super) fn was_quiet(&self) -> bool {
        let last_round = self.status().last_round;
        self.clock.now() > last_round.saturating_add(QUIET)
    }

    /// The master of a slot; nothing before anybody was asked.
    pub(super) fn master_of(&self, slot: u16) -> Option<Result<Arc<Member>, Failure>> {
        let status = self.status();
        match status.topology.master_of(slot) {
            Some(master) => Some(Ok(Arc::clone(master))),
            None if status.rounds == 0 => None,
            None => Some(Err(Failure::Away)),
        }
    }

    /// The node at an address that another one named.
    pub(super) fn member(&self, address: &Address) -> Option<Arc<Member>> {
        self.status().topology.member(address, |address| self.make(address))
    }

    pub(super) fn moved(&self, slot: u16, to: &Arc<Member>) {
        self.status().topology.moved(slot, to);
    }

    /// Looks up whenever somebody wants it, at a measured pace while that does not help.
    pub(super) async fn keep(self: Arc<Self>) {
        let mut pauses = Pauses::new(LONGEST_PAUSE);
        let mut wanted = self.wanted.subscribe();
        loop {
            self.round().await;
            self.done.notify_waiters();
            if wanted.changed().await.is_err() {
                return;
            }
            self.goes_on();
            if self.was_quiet() {
                pauses.begin_anew();
            }
            let pause = pauses.next(getrandom::u32().unwrap_or_default());
            if !pause.is_zero() {
                self.clock.sleep_until(self.clock.now().saturating_add(pause)).await;
            }
        }
    }

    /// Asks one after another until one tells. Those that are away tell nothing, at once.
    async fn round(&self) {
        for member in self.candidates() {
            self.goes_on();
            let deadline = self.clock.now().saturating_add(self.timeout);
            let mut command = ::redis::cmd("CLUSTER");
            command.arg("SLOTS");
            match member.node.call(&command, deadline).await {
                Ok(reply) => {
                    if let Some(shards) = topology::read(&reply, &member.address) {
                        self.learn(&shards);
                        break;
                    }
                    tracing::warn!(target: "tollgate::redis", node = %member.address, "the node knows of no slots");
                }
                Err(Failure::Refused(error)) => {
                    tracing::warn!(target: "tollgate::redis", node = %member.address, %error, "the node is in no cluster");
                }
                Err(failure) => {
                    tracing::debug!(target: "tollgate::redis", node = %member.address, %failure, "a node tells nothing");
                }
            }
        }
        let mut status = self.status();
        status.rounds = status.rounds.saturating_add(1);
        status.last_round = self.clock.now();
        status.alive_at = None;
    }

    /// Those that answer come first, a different one each time: what one of them tells may be old. Where nobody answers,
    /// those that the user named are asked again too.
    pub(super) fn candidates(&self) -> Vec<Arc<Member>> {
        let mut status = self.status();
        let answers = |member: &&Arc<Member>| member.node.stage() == Stage::Up;
        let mut members: Vec<_> = status.topology.members().values().filter(answers).cloned().collect();
        if !members.is_empty() {
            let turn = status.rounds % members.len();
            members.rotate_left(turn);
            return members;
        }
        for seed in self.seeds.addresses() {
            let _ = status.topology.member(seed, |address| self.make(address));
        }
        status.topology.members().values().cloned().collect()
    }

    fn learn(&self, shards: &[Shard]) {
        let earlier = self.status().topology.members().clone();
        let topology = Topology::new(shards, &earlier, |address| self.make(address));
        tracing::debug!(target: "tollgate::redis", masters = topology.masters(), "looked up who has which slots");
        self.status().topology = topology;
    }

    fn make(&self, address: &Address) -> Option<Arc<Member>> {
        let node = Node::new(self.seeds.client(address)?, self.timeout, Arc::clone(&self.clock));
        Some(Arc::new(Member::new(address.clone(), node)))
    }

    fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members: Vec<_> = self.status().topology.members().values().cloned().collect();
        f.debug_set().entries(members).finish()
    }
}
