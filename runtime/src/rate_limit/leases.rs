//! Blocks of permits that this process has taken from a shared store and spends without asking: `lease = n`.
//!
//! # How much more is admitted
//! A permit is charged in the store when its block is taken, and spent later. Two things bound how much later:
//!
//! * A process holds at most `n` permits of a key, because it takes one block at a time, no more than it lacks, and lets go what comes
//!   back beyond that. What is
//!   spent in a span was charged in it or held at its beginning, so `p` processes spend at most `p × n` more in any span
//!   than the store grants in it.
//! * A block lives no longer than `L` from the moment in which the store was asked for it. What is spent in a span of `T` was
//!   therefore charged in one of `T + L`.
//!
//! So in any span of `T`, where a store by itself grants at most `capacity + T / emission`, all processes admit at most
//!
//! ```text
//! capacity + T / emission + min(p × n, L / emission)
//! ```
//!
//! `L` is the time in which the rate earns `n` permits, `n × emission`, and never below one second (a block must
//! outlive the way to the store many times) nor above ten. Between these bounds `L / emission` is `n`: then it is `n` more,
//! however many processes there are. Several rates hold each for itself, by the shortest emission.
//!
//! With costs above one, what is left of a block may be too little for the next request and joins the next block, where it
//! is spent first. The second bound then grows by the highest cost less one; the first holds as it is.
//!
//! In return less may be admitted: what is left of a block when it expires is lost, up to `n` in `L` for each process.

use super::denials::room;
use super::policy::Rate;
use super::store::Ask;
use crate::backend::{Expires, Table};
use crate::core::Moment;

const SHORTEST_NANOS: u64 = 1_000_000_000;
const LONGEST_NANOS: u64 = 10 * SHORTEST_NANOS;

/// Permits that were taken and not spent yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Lease {
    left: u32,
    /// How many more are on their way.
    coming: u32,
    /// When they came.
    since: Moment,
    /// When what is left is lost.
    until: Moment,
}

impl Expires for Lease {
    fn expires_at(&self) -> Moment {
        self.until
    }
}

impl Lease {
    /// What may still be spent. A block from far ahead was taken before the clock stepped back.
    fn left(self, now: Moment) -> u32 {
        let life = self.until.nanos_since(now);
        if life > 0 && life <= 2 * LONGEST_NANOS { self.left } else { 0 }
    }

    /// After taking `cost` out of it, where it is there.
    fn take(self, cost: u32, now: Moment) -> Option<Self> {
        Some(Self { left: self.left(now).checked_sub(cost)?, ..self })
    }

    /// With a new block in it, never above `most`.
    fn fill(self, granted: u32, most: u32, block: Block, now: Moment) -> Self {
        let left = self.left(now).saturating_add(granted).min(most);
        Self { left, coming: 0, since: now, until: block.until }
    }

    /// After giving `cost` back to it, never above `most` together with what is on its way. What is more is lost.
    fn put_back(self, cost: u32, most: u32) -> Self {
        let most = most.saturating_sub(self.coming).max(self.left);
        Self { left: self.left.saturating_add(cost).min(most), ..self }
    }
}

/// Names a block of a key: there are no two with one end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    until: Moment,
}

impl Block {
    /// A block that is asked for now.
    pub(super) fn asked_for(ask: &Ask<'_>, now: Moment) -> Self {
        Self { until: now.saturating_add_nanos(life_nanos(ask)) }
    }
}

/// How long a block of that ask lives at most.
pub(super) fn life_nanos(ask: &Ask<'_>) -> u64 {
    let emission = ask.rates.iter().map(Rate::emission_nanos).min().unwrap_or_default();
    emission.saturating_mul(u64::from(ask.lease)).clamp(SHORTEST_NANOS, LONGEST_NANOS)
}

/// Whether permits for that ask may be taken in blocks: one that needs more than half a block asks for itself, or a
/// process would hold more than a block.
pub(super) fn is_leased(ask: &Ask<'_>) -> bool {
    ask.cost > 0 && ask.cost <= ask.lease / 2
}

/// Blocks by identity of scope and key.
pub(super) struct Leases(Table<Lease>);

impl Leases {
    /// Blocks of at most `max_keys` keys.
    pub(super) fn new(max_keys: usize) -> Self {
        Self(Table::with_capacity(max_keys))
    }

    /// How many permits of a key are there.
    pub(super) fn left(&self, identity: u128, now: Moment) -> u32 {
        let place = self.0.place(identity);
        self.0.view(place.shard, now).get(place, 0).map_or(0, |lease| lease.left(now))
    }

    /// Takes the permits for an ask out of its block, and puts them back when it is dropped before it was
    /// [spent](Reserved::spend).
    pub(super) fn reserve(&self, identity: u128, ask: &Ask<'_>, now: Moment) -> Option<Reserved<'_>> {
        let place = self.0.place(identity);
        let mut view = self.0.view(place.shard, now);
        let lease = view.get_mut(place)?;
        *lease = lease.take(ask.cost, now)?;
        let block = Block { until: lease.until };
        Some(Reserved { leases: self, identity, cost: ask.cost, most: ask.lease, block })
    }

    /// Sees to it that a block has room when it comes, and tells how much is left of the last one. Where that is
    /// too little, the new one is to have as many as are lacking.
    pub(super) fn make_room(&self, identity: u128, ask: &Ask<'_>, block: Block, now: Moment) -> Option<u32> {
        let place = self.0.place(identity);
        let mut view = self.0.view(place.shard, now);
        if !view.reserve(place, 1, room(&ask.key)) {
            return None;
        }
        let lease = view.get(place, 0).copied().unwrap_or_default();
        let left = lease.left(now);
        if left >= ask.cost {
            return Some(left);
        }
        // A block that lives is left as it is: what was taken out of it may come back.
        let lease = if lease.until > now {
            lease
        } else {
            Lease { left: 0, since: now, until: block.until, ..lease }
        };
        view.set(place, 0, Lease { coming: ask.lease.saturating_sub(left), ..lease });
        Some(left)
    }

    /// Keeps a block that came, and tells how much there is now.
    pub(super) fn fill(&self, identity: u128, ask: &Ask<'_>, granted: u32, block: Block, now: Moment) -> u32 {
        let place = self.0.place(identity);
        let mut view = self.0.view(place.shard, now);
        if !view.reserve(place, 1, room(&ask.key)) {
            return 0;
        }
        let lease = view.get(place, 0).copied().unwrap_or_default().fill(granted, ask.lease, block, now);
        view.set(place, 0, lease);
        lease.left(now)
    }

    /// No block came.
    pub(super) fn keep_none(&self, identity: u128, now: Moment) {
        let place = self.0.place(identity);
        if let Some(lease) = self.0.view(place.shard, now).get_mut(place) {
            lease.coming = 0;
        }
    }

    /// Puts permits back that were spent at that moment; tells whether they came out of the block that is there.
    pub(super) fn refund(&self, identity: u128, ask: &Ask<'_>, spent_at: Moment, now: Moment) -> bool {
        let place = self.0.place(identity);
        let mut view = self.0.view(place.shard, now);
        match view.get_mut(place) {
            Some(lease) if lease.until > now && lease.since <= spent_at => {
                *lease = lease.put_back(ask.cost, ask.lease);
                true
            }
            _ => false,
        }
    }

    /// Forgets what is left of a block.
    pub(super) fn forget(&self, identity: u128, now: Moment) {
        let place = self.0.place(identity);
        self.0.view(place.shard, now).remove(place, 0);
    }

    fn put_back(&self, reserved: &Reserved<'_>) {
        let place = self.0.place(reserved.identity);
        if let Some(lease) = self.0.view(place.shard, Moment::ORIGIN).get_mut(place) {
            // What comes back too late is lost, or it would live as long as the next block.
            if lease.until == reserved.block.until {
                *lease = lease.put_back(reserved.cost, reserved.most);
            }
        }
    }
}

/// Permits out of a block, for a request that is not decided yet.
pub(super) struct Reserved<'a> {
    leases: &'a Leases,
    identity: u128,
    cost: u32,
    most: u32,
    block: Block,
}

impl Reserved<'_> {
    /// Has them spent for good.
    pub(super) fn spend(mut self) {
        self.cost = 0;
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        if self.cost > 0 {
            self.leases.put_back(self);
        }
    }
}
