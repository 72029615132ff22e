//! Reading, resetting and giving back.

use std::slice;

use super::super::engine::Charge;
use super::super::leases::life_nanos;
use super::super::policy::OnStoreError;
use super::super::store::{Ask, Charges, Unavailable};
use super::{Each, Fleet, How, Reading, Shared, with};
use crate::core::Moment;

impl Fleet {
    /// How budgets stand: what the store says, and what this process has taken and not spent.
    pub(super) async fn read(&self, asks: &[Ask<'_>]) -> Reading {
        let shared = &*self.0;
        let rates: usize = asks.iter().map(|ask| ask.rates.len()).sum();
        let reply = shared.remote.read(asks).await;
        let reply = reply.and_then(|told| if told.len() == rates { Ok(told) } else { Err(Unavailable) });
        let now = shared.clock.now();
        let Ok(told) = reply else {
            return Reading { standings: shared.local.read(asks, now), how: How::Locally };
        };
        let held = asks.iter().flat_map(|ask| {
            let held = if ask.lease > 0 { shared.leases.left(shared.identity(ask), now) } else { 0 };
            ask.rates.iter().map(move |rate| (rate.capacity(), held))
        });
        let standings = told.into_iter().zip(held);
        let standings = standings.map(|(standing, (capacity, held))| with(standing, held, capacity));
        Reading { standings: standings.collect(), how: How::Decided }
    }

    /// Forgets the budgets of these keys.
    pub(super) async fn reset(&self, asks: &[Ask<'_>]) -> Result<(), Unavailable> {
        let shared = &*self.0;
        // When the store has done it: what it refused before is not to be remembered after. And where the caller goes away.
        let forget = OnDrop(|| {
            let now = shared.clock.now();
            for ask in asks {
                let identity = shared.identity(ask);
                shared.denials.forget(identity, ask, now);
                shared.leases.forget(identity, now);
            }
            shared.local.reset(asks);
        });
        let reply = shared.remote.reset(asks).await;
        drop(forget);
        reply
    }

    /// Gives permits back to whoever charged them.
    pub(super) async fn give_back(
        &self,
        asks: &[Ask<'_>],
        how: How,
        charges: &[Charge],
    ) -> Result<(), Unavailable> {
        let shared = &*self.0;
        let now = shared.clock.now();
        match how {
            How::Decided => {
                shared.local.give_back(asks, charges, now);
                shared.give_back(asks, charges, now).await
            }
            How::Locally => {
                for (ask, own) in each(asks, charges) {
                    if ask.on_store_error == OnStoreError::Local {
                        shared.local.give_back(slice::from_ref(ask), own, now);
                    }
                }
                Ok(())
            }
            How::Undecided | How::Closed => Ok(()),
        }
    }
}

impl Shared {
    async fn give_back(&self, asks: &[Ask<'_>], charges: &[Charge], now: Moment) -> Result<(), Unavailable> {
        let (mut owed, mut known) = (Each::new(), Charges::new());
        for (ask, own) in each(asks, charges).take(super::MAX_RATES) {
            // The store paid a block for them before they were spent, at most its life.
            let earlier = if ask.lease > 0 { life_nanos(ask) } else { 0 };
            let is_refunded =
                || own.first().is_some_and(|own| self.leases.refund(self.identity(ask), ask, own.at, now));
            if ask.lease == 0 || !is_refunded() {
                owed.push(ask.clone());
                known.extend(own.iter().map(|own| before(*own, earlier)));
            }
        }
        let forget = OnDrop(|| {
            let now = self.clock.now();
            for ask in asks {
                self.denials.forget(self.identity(ask), ask, now);
            }
        });
        let reply = if owed.is_empty() { Ok(()) } else { self.remote.give_back(&owed, &known, now).await };
        drop(forget);
        reply
    }
}

/// Each ask with what is known of its charges.
fn each<'a, 'b>(
    asks: &'b [Ask<'a>],
    charges: &'b [Charge],
) -> impl Iterator<Item = (&'b Ask<'a>, &'b [Charge])> {
    let mut rest = charges;
    asks.iter().map(move |ask| (ask, rest.split_off(..ask.rates.len().min(rest.len())).unwrap_or_default()))
}

/// A charge that was made so much earlier than is known.
const fn before(charge: Charge, nanos: u64) -> Charge {
    Charge { at: earlier(charge.at, nanos), full_at: earlier(charge.full_at, nanos) }
}

const fn earlier(moment: Moment, nanos: u64) -> Moment {
    Moment::from_nanos(moment.as_nanos().saturating_sub(nanos))
}

/// Does something when it is dropped, at the end or wherever its future is.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
