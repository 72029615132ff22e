//! One process of many does the work, and the others wait for what it keeps: for so long, and no longer.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use super::Cache;
use super::run::{Goal, Ground, Known};
use super::shared::Asked;
use crate::cache::remote::{Remote, Unavailable};

/// How long it takes to look again, at first and at last. Nanoseconds.
const PAUSE: (u64, u64) = (20_000_000, 100_000_000);

/// The right to make an entry, which is given back with this.
pub(super) struct Lease {
    remote: Arc<dyn Remote>,
    name: String,
    token: u64,
    is_over: bool,
}

impl Cache {
    /// Takes the right to make it, or waits for whoever has it. Never for longer than a lease and what its last question takes: then this
    /// process goes on by itself.
    pub(super) async fn leased(self: &Arc<Self>, asked: &Asked<'_>, goal: Goal, mut ground: Ground) -> Known {
        let deadline = self.clock.now().saturating_add_nanos(asked.question.lease);
        let mut pause = PAUSE.0;
        loop {
            match self.take(asked).await {
                Ok(Some(lease)) => return Known::Nothing(Ground { lease: Some(lease), ..ground }),
                Ok(None) if matches!(goal, Goal::Better) => {
                    return Known::Nothing(Ground { is_taken: true, ..ground });
                }
                Ok(None) => {}
                Err(Unavailable) => return Known::Nothing(ground),
            }
            let now = self.clock.now();
            if now >= deadline {
                return Known::Nothing(ground);
            }
            self.clock.sleep_until(now.saturating_add_nanos(pause).min(deadline)).await;
            pause = (pause + pause / 2).min(PAUSE.1);
            let doubts = self.invalidations.doubts();
            let Ok(looked) = asked.remote.look(&asked.name, &asked.marks).await else {
                self.store_failed();
                return Known::Nothing(ground);
            };
            match self.weigh(asked, goal, ground.present.take(), looked, doubts) {
                Known::Nothing(later) => ground = later,
                known @ Known::Entry(..) => return known,
            }
        }
    }

    async fn take(&self, asked: &Asked<'_>) -> Result<Option<Lease>, Unavailable> {
        let (remote, name, token) = (Arc::clone(asked.remote), asked.name.clone(), self.draw());
        // Given back also where this is dropped while it waits, or the reply is lost: it may be had all the same.
        let mut lease = Lease { remote, name, token, is_over: false };
        let time = Duration::from_nanos(asked.question.lease);
        let is_ours =
            asked.remote.lease(&asked.name, token, time).await.inspect_err(|_| self.store_failed())?;
        lease.is_over = !is_ours;
        Ok(is_ours.then_some(lease))
    }
}

impl Lease {
    /// Lets others make it.
    pub(super) async fn give_back(mut self) -> Result<(), Unavailable> {
        self.is_over = true;
        self.remote.release(&self.name, self.token).await
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let (remote, name, token) = (Arc::clone(&self.remote), std::mem::take(&mut self.name), self.token);
        // Without a runtime it ends by itself.
        if let Ok(runtime) = Handle::try_current() {
            drop(runtime.spawn(async move { remote.release(&name, token).await }));
        }
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").finish_non_exhaustive()
    }
}
