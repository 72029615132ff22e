//! Taking permits out of blocks, and taking blocks from the store.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::super::denials::Rulings;
use super::super::engine::Verdict;
use super::super::leases::{Block, Reserved, is_leased};
use super::super::policy::Rate;
use super::super::store::{Ask, Ruling, Store};
use super::flights::{Boarding, Landing, Stage, Waiting};
use super::{Sent, Shared};
use crate::backend::within;
use crate::core::Moment;

/// How many blocks somebody waits for in vain before it asks for itself. Each block serves as many as it has permits, and
/// nobody waits for ever because others are faster.
const MOST_BLOCKS: usize = 4;

/// What came of an ask that takes permits out of a block.
pub(super) enum Taken<'a> {
    /// It has them.
    Reserved(Reserved<'a>),
    /// The store has none.
    Refused(Rulings),
    /// It has to ask for itself.
    Exact,
    /// The store is away.
    Away,
}

/// An ask that outlives its request.
struct Owned {
    ask: Ask<'static>,
    rates: Box<[Rate]>,
    block: Block,
}

impl Shared {
    /// Takes the permits for an ask out of its block, and sees to it that there is one.
    pub(super) async fn take(self: &Arc<Self>, identity: u128, ask: &Ask<'_>) -> Taken<'_> {
        for waited in 0..=MOST_BLOCKS {
            let now = self.clock.now();
            if let Some(reserved) = self.leases.reserve(identity, ask, now) {
                return Taken::Reserved(reserved);
            }
            // Where the store had nothing for whoever asked it, it has nothing for those who waited.
            if let Some(rulings) = self.denials.recall(identity, ask, now) {
                return Taken::Refused(rulings);
            }
            let may_wait = waited < MOST_BLOCKS && is_leased(ask);
            let Some(waiting) = may_wait.then(|| self.board(identity, ask, now)).flatten() else {
                return Taken::Exact;
            };
            if self.end(identity, waiting).await == Stage::Lost {
                return Taken::Away;
            }
        }
        Taken::Exact
    }

    /// How a question for a block ended, which is lost where that is not told in time: it is asked on the runtime of whoever
    /// leads it, which may be blocked, or kept without being driven. The next one asks anew.
    async fn end(&self, identity: u128, waiting: Waiting) -> Stage {
        let timeout = self.remote.timeout();
        // Half as long again, so that one that is asked in time also ends in time.
        let deadline = self.clock.now().saturating_add(timeout.saturating_add(timeout / 2));
        if let Some(stage) = within(&*self.clock, deadline, waiting.end()).await {
            return stage;
        }
        self.flights.forget(identity, &waiting);
        Stage::Lost
    }

    /// Joins those who wait for a block of that key, and has it asked for where nobody has. Nothing where this process has
    /// no room for it.
    fn board(self: &Arc<Self>, identity: u128, ask: &Ask<'_>, now: Moment) -> Option<Waiting> {
        let runtime = Handle::try_current().ok()?;
        let (landing, waiting) = match self.flights.board(identity)? {
            Boarding::Joined(waiting) => return Some(waiting),
            Boarding::Leads(landing, waiting) => (landing, waiting),
        };
        let block = Block::asked_for(ask, now);
        let left = self.leases.make_room(identity, ask, block, now);
        match left {
            // A block came between the look at the last one and this question.
            Some(left) if left >= ask.cost => landing.land(Stage::Landed),
            Some(left) => {
                let owned = Owned {
                    ask: Ask { rates: &[], lease: ask.lease.saturating_sub(left), ..owned(ask) },
                    rates: ask.rates.into(),
                    block,
                };
                // A task of its own: whoever waits may go away, and the block comes all the same.
                runtime.spawn(Self::fetch(Arc::clone(self), identity, owned, ask.lease, landing));
            }
            None => {
                landing.land(Stage::Landed);
                return None;
            }
        }
        Some(waiting)
    }

    /// Asks the store for a block.
    async fn fetch(self: Arc<Self>, identity: u128, owned: Owned, most: u32, landing: Landing) {
        let ask = Ask { rates: &owned.rates, ..owned.ask };
        let sent = Sent { identity, epoch: self.denials.epoch(identity) };
        let asks = std::slice::from_ref(&ask);
        let Ok(decision) = Self::heard(asks, self.remote.decide(asks).await) else {
            self.leases.keep_none(identity, self.clock.now());
            landing.land(Stage::Lost);
            return;
        };
        let now = self.clock.now();
        let is_granted = decision.rulings.iter().all(Ruling::fits);
        let held = if is_granted {
            let whole = Ask { lease: most, ..ask.clone() };
            self.leases.fill(identity, &whole, decision.granted.min(ask.lease), owned.block, now)
        } else {
            self.leases.keep_none(identity, now);
            0
        };
        self.absorb(asks, &decision.rulings, held, now);
        self.denials.remember(sent.identity, &ask, &decision.rulings, sent.epoch, now);
        landing.land(Stage::Landed);
    }

    /// Has permits out of a block spent for good, and tells how the budgets stand: as the last reply said, less what was
    /// spent since. That is what memory knows.
    pub(super) fn spend(&self, ask: &Ask<'_>, reserved: Reserved<'_>, now: Moment) -> Rulings {
        reserved.spend();
        let told = self.local.decide(std::slice::from_ref(ask), now).unwrap_or_default();
        ask.rates
            .iter()
            .zip(told)
            .map(|(rate, ruling)| Ruling::told(Verdict::Fits, ruling.standing(rate, now)))
            .collect()
    }
}

/// The same ask without its rates.
fn owned(ask: &Ask<'_>) -> Ask<'static> {
    Ask {
        scope: ask.scope,
        key: ask.key.clone(),
        cost: ask.cost,
        rates: &[],
        algorithm: ask.algorithm,
        shadow: ask.shadow,
        on_store_error: ask.on_store_error,
        lease: ask.lease,
    }
}
