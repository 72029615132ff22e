//! What stands between a limiter and the store that decides: nothing but memory, or what a fleet of processes needs.
//!
//! | file | what |
//! | --- | --- |
//! | `mod.rs` | [`Limits`]: what a `Tollgate` has; [`Fleet`]: a shared store and what this process knows of it |
//! | `question.rs` | one decision: what is known here, what is taken out of blocks, what is asked, what holds without an answer |
//! | `blocks.rs` | taking a block of permits |
//! | `flights.rs` | one question for a block at a time |
//! | `keys.rs` | reading, resetting and giving back |
//!
//! Memory is kept warm: it absorbs what every reply says, so that it hands out no fresh budgets when the store goes away.
//! What it admits then is never sent later. The store's own state rules again as soon as it answers, whatever that is.

mod blocks;
mod flights;
mod keys;
mod question;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use arrayvec::ArrayVec;
use smallvec::SmallVec;

use self::flights::Flights;
use super::denials::{Denials, Epoch, full};
use super::engine::{Charge, Standing};
use super::leases::Leases;
use super::memory::Memory;
use super::policy::MAX_RATES;
use super::remote::{Remote, RemoteDecision};
use super::store::{Ask, Decision, Ruling, Store, Unavailable};
use crate::backend::Fingerprints;
use crate::core::{Clock, Moment};

/// What keeps the budgets of a `Tollgate`.
pub(crate) enum Limits {
    /// This process alone.
    Memory(Memory),
    /// A store that processes share.
    Fleet(Fleet),
}

/// What came out of a question.
#[derive(Clone, Debug)]
pub(crate) struct Settled {
    /// One for each rate of each ask, in order. An ask that nobody decided has rulings that fit, with full budgets.
    pub(crate) rulings: Decision,
    /// Who said so.
    pub(crate) how: How,
}

/// Who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// The store, or what this process knows of it.
    Decided,
    /// The memory of this process, because the store is away. Asks that say `open` stood aside.
    Locally,
    /// Nobody, and it may pass.
    Undecided,
    /// Nobody, and it may not. Nothing was charged, and the rulings refuse nothing.
    Closed,
}

/// How budgets stand.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// One for each rate of each ask, in order.
    pub(crate) standings: SmallVec<[Standing; 2]>,
    /// [`How::Decided`] or, where the store is away, [`How::Locally`].
    pub(crate) how: How,
}

impl Limits {
    /// Those of this process alone, in at most `max_keys` budgets.
    #[must_use]
    pub(crate) fn new(max_keys: usize) -> Self {
        Self::Memory(Memory::new(max_keys))
    }

    /// Those that processes share in `remote`.
    #[must_use]
    #[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "nobody has a shared store"))]
    pub(crate) fn shared(max_keys: usize, clock: Arc<dyn Clock>, remote: Arc<dyn Remote>) -> Self {
        Self::Fleet(Fleet::new(max_keys, clock, remote))
    }

    /// The memory that decides, where nothing has to be waited for.
    pub(crate) const fn memory(&self) -> Option<&Memory> {
        match self {
            Self::Memory(memory) => Some(memory),
            Self::Fleet(_) => None,
        }
    }

    /// The name of the store in metrics.
    pub(crate) fn store(&self) -> &'static str {
        match self {
            Self::Memory(_) => "memory",
            Self::Fleet(fleet) => fleet.0.remote.name(),
        }
    }

    /// Decides, and charges where everything fits. The future may be dropped at any time.
    ///
    /// A question has at most [`MAX_RATES`] asks; further ones are not answered.
    pub(crate) async fn decide(&self, asks: &[Ask<'_>], now: Moment) -> Settled {
        match self {
            Self::Memory(memory) => {
                let rulings = memory.decide(asks, now).unwrap_or_else(|_| nobodys(asks));
                Settled { rulings, how: How::Decided }
            }
            Self::Fleet(fleet) => fleet.decide(asks).await,
        }
    }

    /// How budgets stand, without charging them.
    pub(crate) async fn read(&self, asks: &[Ask<'_>], now: Moment) -> Reading {
        match self {
            Self::Memory(memory) => Reading { standings: memory.read(asks, now), how: How::Decided },
            Self::Fleet(fleet) => fleet.read(asks).await,
        }
    }

    /// Forgets the budgets of these keys: they are full. Of a shared store, other processes remember what it refused for a
    /// second at most, and keep the blocks that they hold.
    ///
    /// # Errors
    /// Where the shared store is away. This process has forgotten them then.
    pub(crate) async fn reset(&self, asks: &[Ask<'_>]) -> Result<(), Unavailable> {
        match self {
            Self::Memory(memory) => {
                memory.reset(asks);
                Ok(())
            }
            Self::Fleet(fleet) => fleet.reset(asks).await,
        }
    }

    /// Gives back `ask.cost` permits each, which a decision of that kind charged: one charge for each rate of each ask.
    ///
    /// # Errors
    /// Where the shared store is away. The permits are lost then: nobody gives them back later.
    pub(crate) async fn give_back(
        &self,
        asks: &[Ask<'_>],
        how: How,
        charges: &[Charge],
        now: Moment,
    ) -> Result<(), Unavailable> {
        match self {
            Self::Memory(memory) => {
                memory.give_back(asks, charges, now);
                Ok(())
            }
            Self::Fleet(fleet) => fleet.give_back(asks, how, charges).await,
        }
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory(memory) => memory.fmt(f),
            Self::Fleet(fleet) => fleet.0.remote.fmt(f),
        }
    }
}

/// A shared store, and what this process knows of it.
pub(crate) struct Fleet(Arc<Shared>);

/// What the tasks that take blocks have in common with it.
struct Shared {
    /// What the store said, and what was decided without it.
    local: Memory,
    denials: Denials,
    leases: Leases,
    flights: Arc<Flights>,
    fingerprints: Fingerprints,
    remote: Arc<dyn Remote>,
    clock: Arc<dyn Clock>,
}

/// An ask on its way to the store, and what is to be known when the reply comes.
#[derive(Clone, Copy)]
struct Sent {
    identity: u128,
    epoch: Epoch,
}

/// One for each ask of a question.
type Each<T> = ArrayVec<T, MAX_RATES>;

impl Fleet {
    fn new(max_keys: usize, clock: Arc<dyn Clock>, remote: Arc<dyn Remote>) -> Self {
        Self(Arc::new(Shared {
            local: Memory::new(max_keys),
            denials: Denials::new(max_keys),
            leases: Leases::new(max_keys),
            flights: Arc::default(),
            fingerprints: Fingerprints::new(),
            remote,
            clock,
        }))
    }
}

/// Spreads every bit of a number over 64 (the finalizer of `SplitMix64`).
fn mix(mixed: u64, number: u64) -> u64 {
    let mut bits = mixed.wrapping_add(number).wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

impl Shared {
    /// Whose refusals and blocks these are: by other rates, such as those of a new configuration, they are others.
    fn identity(&self, ask: &Ask<'_>) -> u128 {
        let rates = ask.rates.iter().fold(0, |mixed: u64, rate| {
            [u64::from(rate.quota()), rate.period_nanos(), u64::from(rate.capacity())]
                .into_iter()
                .fold(mixed, mix)
        });
        self.fingerprints.identity(ask.scope.bits() ^ (rates >> 16), &ask.key)
    }

    fn sent(&self, ask: &Ask<'_>) -> Sent {
        let identity = self.identity(ask);
        Sent { identity, epoch: self.denials.epoch(identity) }
    }

    /// Asks the store, and learns from its reply.
    async fn ask(&self, asks: &[Ask<'_>]) -> Result<RemoteDecision, Unavailable> {
        let sent: Each<_> = asks.iter().map(|ask| self.sent(ask)).collect();
        let decision = Self::heard(asks, self.remote.decide(asks).await)?;
        let now = self.clock.now();
        self.absorb(asks, &decision.rulings, 0, now);
        let mut rest = decision.rulings.as_slice();
        for (ask, sent) in asks.iter().zip(sent) {
            let rulings = rest.split_off(..ask.rates.len()).unwrap_or_default();
            self.denials.remember(sent.identity, ask, rulings, sent.epoch, now);
        }
        Ok(decision)
    }

    /// A reply that answers the question; everything else counts as none.
    fn heard(
        asks: &[Ask<'_>],
        reply: Result<RemoteDecision, Unavailable>,
    ) -> Result<RemoteDecision, Unavailable> {
        let rates: usize = asks.iter().map(|ask| ask.rates.len()).sum();
        reply.and_then(
            |decision| if decision.rulings.len() == rates { Ok(decision) } else { Err(Unavailable) },
        )
    }

    /// Keeps memory warm with what the store said. Of the permits that it charged, this process still has `held`: they are
    /// spent there when they are spent here.
    ///
    /// As of the moment in which the reply came: the store's own was earlier, so memory is stricter by the way between.
    fn absorb(&self, asks: &[Ask<'_>], rulings: &[Ruling], held: u32, now: Moment) {
        let rates = asks.iter().flat_map(|ask| ask.rates);
        let standings: SmallVec<[Standing; 2]> = rates
            .zip(rulings)
            .map(|(rate, ruling)| with(ruling.standing(rate, now), held, rate.capacity()))
            .collect();
        self.local.absorb(asks, &standings, now);
    }
}

/// A standing with that many permits more.
fn with(standing: Standing, permits: u32, capacity: u32) -> Standing {
    let remaining = standing.remaining.saturating_add(permits);
    if permits > 0 && remaining >= capacity {
        return Standing { remaining: capacity, grows_in_nanos: 0 };
    }
    Standing { remaining, ..standing }
}

/// What is said of asks that nobody decided.
fn nobodys(asks: &[Ask<'_>]) -> Decision {
    asks.iter().flat_map(|ask| ask.rates).map(full).collect()
}
