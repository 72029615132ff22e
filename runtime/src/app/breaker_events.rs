//! Hearing of circuit breakers that change.

use std::fmt;
use std::sync::Arc;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{self, Receiver, Sender};

use super::Tollgate;
use crate::circuit_breaker::Teller;
use crate::core::{Transition, log_transition};
use crate::metrics::Observers;

/// How many changes wait for whoever is slow to hear of them.
const MOST_WAITING: usize = 256;

/// Changes of circuit breakers, from [`Tollgate::breaker_events`].
#[derive(Debug)]
#[must_use = "changes are heard of by `.next().await`"]
pub struct BreakerEvents {
    receiver: Receiver<Transition>,
    missed: u64,
}

impl Tollgate {
    /// The changes of all circuit breakers from now on: they open, are tried, close, or somebody holds them.
    ///
    /// 256 of them wait for whoever is slow, then the oldest go, and [`missed`](BreakerEvents::missed) counts them. An
    /// [`Observer`](crate::Observer) hears of every one at once; so does the log, under the target `tollgate::breaker`.
    ///
    /// ```
    /// use tollgate::Tollgate;
    ///
    /// async fn page_somebody(tollgate: Tollgate) {
    ///     let mut events = tollgate.breaker_events();
    ///     // It would wait for ever where it kept the `Tollgate` alive.
    ///     drop(tollgate);
    ///     while let Some(transition) = events.next().await {
    ///         println!("{}: {} -> {}", transition.site, transition.from, transition.to);
    ///     }
    /// }
    /// ```
    pub fn breaker_events(&self) -> BreakerEvents {
        BreakerEvents { receiver: self.inner.transitions.subscribe(), missed: 0 }
    }
}

impl BreakerEvents {
    /// The next change; `None` once the `Tollgate` is gone. Dropping the future loses none.
    pub async fn next(&mut self) -> Option<Transition> {
        loop {
            match self.receiver.recv().await {
                Ok(transition) => return Some(transition),
                Err(RecvError::Lagged(missed)) => self.missed = self.missed.saturating_add(missed),
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// How many were missed so far, because nobody took them in time.
    #[must_use]
    pub const fn missed(&self) -> u64 {
        self.missed
    }
}

/// Those who asked for events.
#[derive(Clone)]
pub(super) struct Transitions(Sender<Transition>);

impl Transitions {
    pub(super) fn new() -> Self {
        Self(broadcast::channel(MOST_WAITING).0)
    }

    fn subscribe(&self) -> Receiver<Transition> {
        self.0.subscribe()
    }

    /// Tells the log, the observers and those who asked for events.
    pub(super) fn teller(&self, observers: &Observers) -> Teller {
        // Breakers have to know somebody who does not keep the events open: who waits for them hears when the `Tollgate` is gone.
        let (sender, observers) = (self.0.downgrade(), observers.clone());
        Arc::new(move |transition| {
            log_transition(transition);
            observers.transitioned(transition);
            if let Some(sender) = sender.upgrade() {
                // Nobody may have asked.
                let _ = sender.send(transition.clone());
            }
        })
    }
}

impl fmt::Debug for Transitions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transitions(..)")
    }
}
