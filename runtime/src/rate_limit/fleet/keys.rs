//! Reading, resetting and giving back.

use super::super::leases::life_nanos;
use super::super::policy::OnStoreError;
use super::super::store::{Ask, Unavailable};
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
        charged_at: Moment,
    ) -> Result<(), Unavailable> {
        let shared = &*self.0;
        let now = shared.clock.now();
        match how {
            How::Decided => {
                shared.local.give_back(asks, charged_at, now);
                shared.give_back(asks, charged_at, now).await
            }
            How::Locally => {
                let local = asks.iter().filter(|ask| ask.on_store_error == OnStoreError::Local);
                let local: Each<_> = local.take(super::MAX_RATES).cloned().collect();
                shared.local.give_back(&local, charged_at, now);
                Ok(())
            }
            How::Undecided | How::Closed => Ok(()),
        }
    }
}

impl Shared {
    async fn give_back(&self, asks: &[Ask<'_>], charged_at: Moment, now: Moment) -> Result<(), Unavailable> {
        let (mut exact, mut leased) = (Each::new(), Each::new());
        for ask in asks.iter().take(super::MAX_RATES) {
            let identity = self.identity(ask);
            if ask.lease == 0 {
                exact.push(ask.clone());
            } else if !self.leases.refund(identity, ask, charged_at, now) {
                leased.push(ask.clone());
            }
        }
        let forget = OnDrop(|| {
            let now = self.clock.now();
            for ask in asks {
                self.denials.forget(self.identity(ask), ask, now);
            }
        });
        let age = now.nanos_since(charged_at);
        let mut reply = Ok(());
        if !exact.is_empty() {
            reply = self.remote.give_back(&exact, age).await;
        }
        // The store charged a block for them before they were spent, at most its life.
        if let (Some(life), true) = (leased.iter().map(life_nanos).max(), reply.is_ok()) {
            let age = age.saturating_add(life);
            reply = self.remote.give_back(&leased, age).await;
        }
        drop(forget);
        reply
    }
}

/// Does something when it is dropped, at the end or wherever its future is.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
