//! Who has which slots, as far as we were told.

use std::collections::HashMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ::redis::Value;

use super::super::node::Node;
use super::address::Address;
use super::slot::SLOTS;

/// A node, master or replica. Nothing is connected to before it is asked something.
pub(super) struct Member {
    pub(super) address: Address,
    pub(super) node: Node,
    /// Whether calls wait for it to become able to serve them.
    patient: AtomicBool,
}

impl Member {
    pub(super) fn new(address: Address, node: Node) -> Self {
        Self { address, node, patient: AtomicBool::new(true) }
    }

    /// Calls wait for a server that cannot serve them for a moment. One that has not become able to until the end of a
    /// call is not waited for again before it has served one: an outage delays a few calls, not all.
    pub(super) fn is_patient(&self) -> bool {
        self.patient.load(Ordering::Relaxed)
    }

    pub(super) fn served(&self, it_did: bool) {
        if self.is_patient() != it_did {
            self.patient.store(it_did, Ordering::Relaxed);
        }
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Member").field(&self.address).field(&self.node).finish()
    }
}

/// Slots that have one master, and its replicas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    pub(super) slots: RangeInclusive<u16>,
    /// The master first.
    pub(super) nodes: Vec<Address>,
}

/// The reply to `CLUSTER SLOTS`; nothing where it tells of no slot, as a node does that is in no cluster.
pub(super) fn read(reply: &Value, from: &Address) -> Option<Vec<Shard>> {
    let Value::Array(shards) = reply else { return None };
    let shards: Vec<Shard> = shards.iter().filter_map(|shard| read_shard(shard, from)).collect();
    (!shards.is_empty()).then_some(shards)
}

fn read_shard(shard: &Value, from: &Address) -> Option<Shard> {
    let Value::Array(shard) = shard else { return None };
    let [Value::Int(first), Value::Int(last), master, replicas @ ..] = shard.as_slice() else { return None };
    let (first, last) = (u16::try_from(*first).ok()?, u16::try_from(*last).ok()?);
    let master = Address::listed(master, from)?;
    let replicas = replicas.iter().filter_map(|node| Address::listed(node, from));
    let nodes = [master].into_iter().chain(replicas).collect();
    (first <= last && last < SLOTS).then_some(Shard { slots: first..=last, nodes })
}

/// Masters by slot, and everybody by address.
pub(super) struct Topology {
    masters: Vec<Option<Arc<Member>>>,
    members: HashMap<Address, Arc<Member>>,
}

impl Topology {
    /// Nothing was told yet.
    pub(super) fn unknown() -> Self {
        Self { masters: Vec::new(), members: HashMap::new() }
    }

    /// What was told, with the members of `earlier` that still belong to it, and new ones as `make` makes them.
    pub(super) fn new(
        shards: &[Shard],
        earlier: &HashMap<Address, Arc<Member>>,
        make: impl Fn(&Address) -> Option<Arc<Member>>,
    ) -> Self {
        let mut topology = Self { masters: vec![None; SLOTS.into()], members: HashMap::new() };
        for Shard { slots, nodes } in shards {
            for address in nodes {
                let known = topology.members.get(address).or_else(|| earlier.get(address));
                if let Some(member) = known.cloned().or_else(|| make(address)) {
                    topology.members.insert(address.clone(), member);
                }
            }
            let master = nodes.first().and_then(|master| topology.members.get(master));
            let slots = usize::from(*slots.start())..=usize::from(*slots.end());
            if let (Some(master), Some(slots)) = (master, topology.masters.get_mut(slots)) {
                slots.fill(Some(Arc::clone(master)));
            }
        }
        topology
    }

    pub(super) fn master_of(&self, slot: u16) -> Option<&Arc<Member>> {
        self.masters.get(usize::from(slot))?.as_ref()
    }

    pub(super) fn members(&self) -> &HashMap<Address, Arc<Member>> {
        &self.members
    }

    /// The member at an address, new where there is none.
    pub(super) fn member(
        &mut self,
        address: &Address,
        make: impl FnOnce(&Address) -> Option<Arc<Member>>,
    ) -> Option<Arc<Member>> {
        if let Some(member) = self.members.get(address) {
            return Some(Arc::clone(member));
        }
        // As many as can have a slot: more than that are no cluster, whatever servers say.
        let member = (self.members.len() < SLOTS.into()).then(|| make(address))??;
        self.members.insert(address.clone(), Arc::clone(&member));
        Some(member)
    }

    /// A slot has another master than we were told.
    pub(super) fn moved(&mut self, slot: u16, to: &Arc<Member>) {
        if let Some(master) = self.masters.get_mut(usize::from(slot)) {
            *master = Some(Arc::clone(to));
        }
    }

    /// Who has slots.
    pub(super) fn masters(&self) -> usize {
        let mut masters: Vec<_> = self.masters.iter().flatten().map(Arc::as_ptr).collect();
        masters.sort_unstable();
        masters.dedup();
        masters.len()
    }
}
