//! Several servers that are one: a Redis Cluster.
//!
//! | file | what |
//! | --- | --- |
//! | `slot.rs` | the slot of a key |
//! | `address.rs` | where nodes are, and how one connects to them |
//! | `topology.rs` | who has which slots |
//! | `lookup.rs` | finding that out, in the background |
//!
//! Every node has a connection and a health of its own, so that one which is away delays no call to another. A call that
//! was refused because it met the wrong node, or a moment in which none could serve it, was not carried out, and goes on
//! until its deadline. One that may have been carried out is never sent again: that is why this is not left to the
//! cluster client of the crate `redis`, which does so.

mod address;
mod lookup;
mod slot;
mod topology;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use ::redis::{Client, ErrorKind, RedisError, ServerErrorKind, Value};

use self::address::Address;
use self::lookup::Lookup;
use self::topology::Member;
use super::failure::Failure;
use super::keeper::Keeper;
use super::script::{Arg, Script};
use crate::backend::within;
use crate::core::{Clock, Moment};

pub(super) use self::address::Seeds;
pub(super) use self::slot::slot_of;

/// So many times in a row a call goes on at once. After that it waits in between: nodes that send it to and fro have yet to
/// agree.
const QUICK_HOPS: u32 = 4;
const LONGEST_WAIT: Duration = Duration::from_millis(16);

/// The nodes of a cluster. Clones are one.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    kept: Arc<Kept>,
}

/// Ends the task when the last clone is dropped.
#[derive(Debug)]
struct Kept {
    lookup: Arc<Lookup>,
    keeper: Keeper,
}

/// Where a call goes next.
#[derive(Debug)]
struct Hop {
    member: Arc<Member>,
    /// The slot is on its way there.
    asking: bool,
}

/// What follows from a failure.
#[derive(Debug)]
enum Advice {
    /// Another node has the slot.
    Moved(Address),
    /// The slot is on its way to another node, and so may the keys be.
    Ask(Address),
    /// Some of the keys are on their way, and some are not.
    Again,
    /// The node cannot serve anybody now.
    Wait,
    /// The node is known to be away, and nothing was sent.
    Away,
    /// The node is lost, and nobody knows what it did.
    Lost,
    /// It is an answer.
    None,
}

impl Cluster {
    /// Connects to nothing yet.
    pub(super) fn new(seeds: Seeds, timeout: Duration, clock: Arc<dyn Clock>) -> Self {
        let lookup = Arc::new(Lookup::new(seeds, timeout, clock));
        Self { kept: Arc::new(Kept { lookup, keeper: Keeper::default() }) }
    }

    /// Runs a script, on the master of the slot that its keys are in.
    pub(super) async fn eval(
        &self,
        script: &Script,
        keys: &[String],
        args: &[Arg<'_>],
        deadline: Moment,
    ) -> Result<Value, Failure> {
        let slot = keys.first().map_or(0, |key| slot_of(key));
        let mut hop = self.to_master(slot, deadline).await?;
        let mut hops = 0;
        loop {
            let Hop { member, asking } = &hop;
            let answer = match asking {
                false => member.node.eval(script, keys, args, deadline).await,
                true => member.node.eval_asking(script, keys, args, deadline).await,
            };
            match answer {
                Ok(value) => {
                    member.served(true);
                    return Ok(value);
                }
                Err(failure) => hop = self.follow(slot, &hop, failure, hops, deadline).await?,
            }
            hops += 1;
        }
    }

    /// How to connect to one of the nodes: those that answer first, another one with each attempt.
    pub(super) fn client_for(&self, attempt: usize) -> Option<Client> {
        let members = self.kept.lookup.candidates();
        let member = members.get(attempt.checked_rem(members.len())?)?;
        Some(member.node.client())
    }

    /// Where a call goes that failed, or the failure where it goes nowhere.
    async fn follow(
        &self,
        slot: u16,
        hop: &Hop,
        failure: Failure,
        hops: u32,
        deadline: Moment,
    ) -> Result<Hop, Failure> {
        let lookup = &self.kept.lookup;
        let advice = Advice::of(&failure, &hop.member.address);
        if matches!(advice, Advice::Moved(_) | Advice::Wait | Advice::Lost) {
            self.want_lookup();
        }
        let next = match &advice {
            Advice::Moved(to) => lookup.member(to).inspect(|member| lookup.moved(slot, member)).map(Hop::to),
            Advice::Ask(to) => lookup.member(to).map(Hop::asking),
            Advice::Away => return self.to_another(slot, &hop.member, deadline).await.ok_or(failure),
            Advice::Wait if !hop.member.is_patient() => None,
            Advice::Wait | Advice::Again => return self.wait(slot, hop, failure, hops, deadline).await,
            Advice::Lost | Advice::None => None,
        };
        match next {
            Some(next) if hops < QUICK_HOPS || self.pause(hops, deadline).await => Ok(next),
            _ => Err(failure),
        }
    }

    /// Begins anew, in a moment.
    async fn wait(
        &self,
        slot: u16,
        hop: &Hop,
        failure: Failure,
        hops: u32,
        deadline: Moment,
    ) -> Result<Hop, Failure> {
        if self.pause(hops, deadline).await {
            return self.to_master(slot, deadline).await;
        }
        if matches!(Advice::of(&failure, &hop.member.address), Advice::Wait) {
            hop.member.served(false);
        }
        Err(failure)
    }

    /// Waits for a moment, unless that takes until the deadline.
    async fn pause(&self, hops: u32, deadline: Moment) -> bool {
        let clock = self.kept.lookup.clock();
        let factor = 1_u32.checked_shl(hops).unwrap_or(u32::MAX);
        let pause = Duration::from_millis(factor.into()).min(LONGEST_WAIT);
        let end = clock.now().saturating_add(pause);
        let is_early = end < deadline;
        if is_early {
            clock.sleep_until(end).await;
        }
        is_early
    }

    /// The master, as far as it is known, which the first calls wait for.
    async fn to_master(&self, slot: u16, deadline: Moment) -> Result<Hop, Failure> {
        let found = match self.kept.lookup.master_of(slot) {
            Some(found) => found,
            None => self.looked_up(slot, deadline).await,
        };
        found.map(Hop::to).inspect_err(|_| self.want_lookup())
    }

    /// The master, after the first round.
    async fn looked_up(&self, slot: u16, deadline: Moment) -> Result<Arc<Member>, Failure> {
        let lookup = &self.kept.lookup;
        let mut done = pin!(lookup.done().notified());
        done.as_mut().enable();
        if let Some(found) = lookup.master_of(slot) {
            return found;
        }
        self.see_to_lookup()?;
        within(lookup.clock(), deadline, done).await;
        lookup.master_of(slot).unwrap_or(Err(Failure::TimedOut))
    }

    /// The master that took the place of a node which went away while nobody looked. In the midst of an outage there is none.
    async fn to_another(&self, slot: u16, lost: &Arc<Member>, deadline: Moment) -> Option<Hop> {
        let lookup = &self.kept.lookup;
        let was_quiet = lookup.was_quiet();
        let mut done = pin!(lookup.done().notified());
        done.as_mut().enable();
        self.want_lookup();
        if was_quiet {
            within(lookup.clock(), deadline, done).await;
        }
        let master = lookup.master_of(slot)?.ok()?;
        (!Arc::ptr_eq(&master, lost)).then(|| Hop::to(master))
    }

    fn want_lookup(&self) {
        if self.see_to_lookup().is_ok() {
            self.kept.lookup.want();
        }
    }

    fn see_to_lookup(&self) -> Result<(), Failure> {
        let lookup = &self.kept.lookup;
        let start = || {
            lookup.goes_on();
            Arc::clone(lookup).keep()
        };
        self.kept.keeper.see_to(|| lookup.is_stuck(), start)
    }
}

impl Hop {
    fn to(member: Arc<Member>) -> Self {
        Self { member, asking: false }
    }

    fn asking(member: Arc<Member>) -> Self {
        Self { member, asking: true }
    }
}

impl Advice {
    fn of(failure: &Failure, from: &Address) -> Self {
        match failure {
            Failure::Refused(error) => Self::of_error(error, from),
            Failure::Away => Self::Away,
            Failure::TimedOut | Failure::Broken => Self::Lost,
        }
    }

    fn of_error(error: &RedisError, from: &Address) -> Self {
        let ErrorKind::Server(kind) = error.kind() else { return Self::None };
        let to = || Address::redirected(error.redirect_node()?.0, from);
        match kind {
            ServerErrorKind::Moved => to().map_or(Self::None, Self::Moved),
            ServerErrorKind::Ask => to().map_or(Self::None, Self::Ask),
            ServerErrorKind::TryAgain => Self::Again,
            ServerErrorKind::ClusterDown | ServerErrorKind::MasterDown | ServerErrorKind::BusyLoading => {
                Self::Wait
            }
            ServerErrorKind::ReadOnly => Self::Lost,
            _ => Self::None,
        }
    }
}

#[cfg(test)]
mod tests;
