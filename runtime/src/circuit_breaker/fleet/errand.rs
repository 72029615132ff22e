//! The task that tells and looks, while there is anything to do.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::super::called::Called;
use super::super::remote::{Order, Unavailable};
use super::status::Unsent;
use super::{News, Shared, Source};

/// How long to wait where the store is away.
const PAUSE: Duration = Duration::from_secs(1);
/// Of so many breakers it is asked where they are open, where messages may have been missed.
const MOST_ASKED: usize = 256;

impl Shared {
    /// Until there is nothing more to do.
    pub(super) async fn run(self: Arc<Self>) {
        loop {
            if self.round().await.is_err() {
                self.clock.sleep_until(self.clock.now().saturating_add(PAUSE)).await;
            }
            if self.status.ends_work() {
                return;
            }
        }
    }

    async fn round(&self) -> Result<(), Unavailable> {
        if self.status.takes_look() {
            let looked = self.look().await;
            looked.inspect_err(|_| self.status.look())?;
        }
        while let Some(unsent) = self.status.take_unsent() {
            let told = self.tell(&unsent).await;
            told.inspect_err(|_| self.status.put_back(unsent))?;
        }
        Ok(())
    }

    async fn tell(&self, Unsent { called, news }: &Unsent) -> Result<(), Unavailable> {
        match news {
            News::Closed => self.remote.closed(called, self.node).await,
            News::Opened(until) => match until.nanos_since(self.clock.now()) {
                0 => Ok(()),
                left => self.remote.opened(called, self.node, Duration::from_nanos(left)).await,
            },
        }
    }

    /// What was missed: orders, and where breakers are open. Orders that the store has lost are put back.
    async fn look(&self) -> Result<(), Unavailable> {
        let found: HashMap<Called, Order> = self.remote.orders().await?.into_iter().collect();
        for (called, order) in &found {
            self.obey(called, *order, Source::Found);
        }
        let is_lost =
            |called: &Called, known: &Order| found.get(called).is_none_or(|found| found.stamp < known.stamp);
        for (called, known) in self.status.orders() {
            if is_lost(&called, &known) {
                self.remote.restore(&called, known).await?;
            }
        }
        if self.hints.is_some() {
            for called in self.locals.names().into_iter().take(MOST_ASKED) {
                let openings = self.remote.openings(&called).await?;
                self.hint(&called, openings);
            }
        }
        Ok(())
    }
}
