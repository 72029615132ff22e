//! Holding circuit breakers open or closed in all processes of a service.

use std::fmt;

use super::Tollgate;
use super::breakers::BreakerControl;
use crate::circuit_breaker::{Forced, Unavailable};

impl BreakerControl {
    /// Refuses every call in all processes of the service, whatever the key, until [`automatic_everywhere`](Self::automatic_everywhere): also
    /// in those that start later, or missed the message. It needs a [store](crate::TollgateBuilder::redis) that processes share.
    ///
    /// Of what is said here and of [`force_open`](Self::force_open) and the like the later one holds in each process. The store remembers
    /// it for as long as any process runs, and a month; a store that has lost it is told again.
    ///
    /// ```no_run
    /// # async fn hold(tollgate: tollgate::Tollgate) -> Result<(), Box<dyn std::error::Error>> {
    /// tollgate.breaker("airports::weather")?.force_open_everywhere().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Where the store is away: then nothing has changed anywhere, here neither. Where it did not answer in time nobody knows whether
    /// anything has; saying it once more does no harm. And where there is no such store, or this is the breaker of one key.
    pub async fn force_open_everywhere(&self) -> Result<(), EverywhereError> {
        self.force_everywhere(Forced::Open).await
    }

    /// Lets every call pass in all processes of the service, and counts them, as [`force_open_everywhere`](Self::force_open_everywhere)
    /// refuses them.
    ///
    /// # Errors
    /// As that.
    pub async fn force_closed_everywhere(&self) -> Result<(), EverywhereError> {
        self.force_everywhere(Forced::Closed).await
    }

    /// Nobody holds it any more, in no process of the service: each opens and closes its own again, as its attribute or configuration says.
    ///
    /// # Errors
    /// As [`force_open_everywhere`](Self::force_open_everywhere).
    pub async fn automatic_everywhere(&self) -> Result<(), EverywhereError> {
        self.force_everywhere(Forced::Not).await
    }

    async fn force_everywhere(&self, forced: Forced) -> Result<(), EverywhereError> {
        if self.is_of_key() {
            return Err(EverywhereError(Fault::OneKey));
        }
        let tollgate = self.tollgate();
        let (Some(fleet), Some(group)) = (&tollgate.inner.fleet, self.group()) else {
            return Err(EverywhereError(Fault::OneProcess));
        };
        let ordered = fleet.force(&group.called(), forced).await;
        ordered.map_err(|unavailable| {
            tollgate.instruments().store_failed();
            EverywhereError(Fault::Away(unavailable))
        })
    }
}

impl Tollgate {
    /// Sees to it that somebody listens to other processes, where there is a runtime by now.
    pub(super) fn see_to_hearing(&self) {
        if let Some(fleet) = &self.inner.fleet {
            fleet.see_to_hearing();
        }
    }
}

/// A circuit breaker could not be held in all processes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EverywhereError(Fault);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    OneProcess,
    OneKey,
    Away(Unavailable),
}

impl EverywhereError {
    /// Whether the store that processes share is away, or did not answer in time.
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        matches!(self.0, Fault::Away(_))
    }

    /// Whether it may have been done nonetheless: the answer of the store was lost.
    #[must_use]
    pub const fn may_be_done(&self) -> bool {
        matches!(self.0, Fault::Away(Unavailable::Unknown))
    }
}

impl fmt::Display for EverywhereError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Fault::OneProcess => {
                "this process shares no store with others: `.redis(..)` names one, and `force_open()` and the like are for this process alone"
            }
            Fault::OneKey => {
                "in all processes a circuit breaker is held for all keys: the breaker of one key is held in each process by itself"
            }
            Fault::Away(Unavailable::Unchanged) => {
                "the store that processes share is away: nothing was changed, neither here nor elsewhere"
            }
            Fault::Away(Unavailable::Unknown) => {
                "the store that processes share did not answer in time: it may have been done, so say it again"
            }
        })
    }
}

impl std::error::Error for EverywhereError {}
