//! `tollgate.breaker("..")`: how circuit breakers stand, and holding them open or closed.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Tollgate;
use super::sites::{UnknownSite, site_named};
use crate::circuit_breaker::{Breakers, Group, Mode, Slot, Snapshot};
use crate::core::{BreakerState, Policy, Registry, SiteId};

/// The circuit breaker of a function, or those of all of its keys: for operators, tests and code of your own. A cheap-to-clone handle, from
/// [`Tollgate::breaker`].
///
/// What is said here holds in this process, and before a [configuration](crate::TollgateBuilder::config), until it is
/// [`automatic`](Self::automatic) or [`reset`](Self::reset). Nobody can make a breaker half-open: it is when its time is over.
///
/// ```
/// use tollgate::{BreakerState, Tollgate};
///
/// # fn holding() -> Result<(), Box<dyn std::error::Error>> {
/// let tollgate = Tollgate::builder().build()?;
/// let breaker = tollgate.breaker("airports::weather")?;
/// breaker.force_open();
/// assert_eq!(breaker.state(), BreakerState::ForcedOpen);
/// breaker.automatic();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct BreakerControl {
    tollgate: Tollgate,
    site: SiteId,
    key: Option<Arc<str>>,
}

/// How a circuit breaker stands.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BreakerStatus {
    /// The name of its function; of a breaker that several share, of the first of them in the [inventory](Tollgate::inventory).
    pub site: &'static str,
    /// Whose it is, where the function has one for each key: as [`Key`](crate::Key) reads it. `None` where there is one for all calls; of
    /// keys, it is that of calls without one, and of those keys that found no room.
    pub key: Option<Arc<str>>,
    /// How it stands. One that is open stays so after its time, until the next call tries it.
    pub state: BreakerState,
    /// How many calls count: those of the window, or the failures in a row.
    pub calls: u32,
    /// How many of these failed.
    pub failures: u32,
    /// How many of these were slow.
    pub slow: u32,
    /// Which part of these failed, from 0 to 1; `None` where these are too few to say so, and where failures in a row count.
    pub failure_rate: Option<f64>,
    /// For how long it is open yet.
    pub open_for: Option<Duration>,
}

impl Tollgate {
    /// The circuit breaker of a function, by its name in the [inventory](Self::inventory).
    ///
    /// # Errors
    /// Where no function of that name has one.
    pub fn breaker(&self, site: &str) -> Result<BreakerControl, BreakerError> {
        let has_one = |site: &crate::core::Site| {
            site.policies().iter().any(|entry| entry.policy == Policy::CircuitBreaker)
        };
        let site = site_named(site, has_one).map_err(|unknown| BreakerError(Fault::Site(unknown)))?;
        Ok(BreakerControl { tollgate: self.clone(), site: site.id(), key: None })
    }

    /// How all circuit breakers stand, in the order of the [inventory](Self::inventory): one for each function or shared name, and one for each
    /// key that has called.
    #[must_use]
    pub fn circuit_breakers(&self) -> Vec<BreakerStatus> {
        let now = self.clock().now();
        self.breakers().groups().flat_map(|group| statuses(group, now)).collect()
    }
}

fn statuses(group: &Group, now: crate::core::Moment) -> impl Iterator<Item = BreakerStatus> {
    let slots = std::iter::once(group.common()).chain(group.slots());
    slots.map(move |slot| status(group, slot, now))
}

fn status(group: &Group, slot: &Slot, now: crate::core::Moment) -> BreakerStatus {
    let Snapshot { state, calls, failures, slow, failure_rate, open_for, .. } = slot.snapshot(now);
    BreakerStatus {
        site: group.site(),
        key: slot.key(),
        state,
        calls,
        failures,
        slow,
        failure_rate,
        open_for,
    }
}

impl BreakerControl {
    /// The breaker of one key, as [`keys`](Self::keys) tells it: `text:acme`, `ip:203.0.113.7`.
    ///
    /// # Errors
    /// Where there is one breaker for all calls, or nobody has called by this key.
    pub fn key(&self, key: &str) -> Result<Self, BreakerError> {
        let group = self.group();
        if !group.is_some_and(Group::is_keyed) {
            return Err(BreakerError(Fault::NoKeys));
        }
        let slot = group.and_then(|group| group.named(key)).ok_or(BreakerError(Fault::Key))?;
        Ok(Self { key: slot.key(), ..self.clone() })
    }

    /// The keys that have a breaker now, sorted; none where there is one for all calls.
    #[must_use]
    pub fn keys(&self) -> Vec<Arc<str>> {
        let mut keys: Vec<_> =
            self.group().into_iter().flat_map(Group::slots).filter_map(Slot::key).collect();
        keys.sort_unstable();
        keys
    }

    /// How it stands; of a function with keys the breaker of those without one.
    #[must_use]
    pub fn state(&self) -> BreakerState {
        self.slot().map_or(BreakerState::Closed, |(_, slot)| slot.state())
    }

    /// The same, with what it has counted; `None` where its key has been forgotten for another.
    #[must_use]
    pub fn status(&self) -> Option<BreakerStatus> {
        self.slot().map(|(group, slot)| status(group, slot, self.tollgate.clock().now()))
    }

    /// Refuses every call from now on. Of a function with keys: whatever the key.
    pub fn force_open(&self) {
        self.hold(Some(Mode::ForcedOpen));
    }

    /// Lets every call pass from now on, and counts them.
    pub fn force_closed(&self) {
        self.hold(Some(Mode::ForcedClosed));
    }

    /// Lets every call pass from now on, and counts none.
    pub fn disable(&self) {
        self.hold(Some(Mode::Disabled));
    }

    /// Nobody holds it any more: it opens and closes by itself again, as its attribute or the configuration says. One that is open by
    /// itself stays so.
    pub fn automatic(&self) {
        self.hold(None);
    }

    /// The same, and it is closed and has counted nothing. Of a function with keys: all of them.
    pub fn reset(&self) {
        let now = self.tollgate.clock().now();
        match (self.group(), &self.key) {
            (Some(group), None) => group.reset(now),
            (Some(group), Some(key)) => {
                if let Some(slot) = group.named(key) {
                    group.reset_one(slot, now);
                }
            }
            (None, _) => {}
        }
    }

    fn hold(&self, mode: Option<Mode>) {
        let now = self.tollgate.clock().now();
        match (self.group(), &self.key) {
            (Some(group), None) => group.hold(mode, now),
            (Some(group), Some(key)) => {
                if let Some(slot) = group.named(key) {
                    group.hold_one(slot, mode, now);
                }
            }
            (None, _) => {}
        }
    }

    fn slot(&self) -> Option<(&Group, &Slot)> {
        let group = self.group()?;
        let slot = match &self.key {
            None => Some(group.common()),
            Some(key) => group.named(key),
        };
        Some((group, slot?))
    }

    fn group(&self) -> Option<&Group> {
        let breakers: &Breakers = self.tollgate.breakers();
        breakers.group(self.site)
    }
}

impl fmt::Debug for BreakerControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let site = Registry::get().sites().get(self.site.index()).map(|site| site.name());
        f.debug_struct("BreakerControl").field("site", &site).finish_non_exhaustive()
    }
}

/// There is no such circuit breaker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakerError(Fault);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    Site(UnknownSite),
    NoKeys,
    Key,
}

impl BreakerError {
    /// The name that was most likely meant, where no function of the one that was given has a breaker.
    #[must_use]
    pub const fn nearest(&self) -> Option<&'static str> {
        match &self.0 {
            Fault::Site(unknown) => unknown.nearest(),
            Fault::NoKeys | Fault::Key => None,
        }
    }

    /// Whether no function of that name has a breaker.
    #[must_use]
    pub const fn is_unknown_site(&self) -> bool {
        matches!(self.0, Fault::Site(_))
    }
}

impl fmt::Display for BreakerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fault::Site(unknown) => unknown.told(f, "function with a circuit breaker"),
            Fault::NoKeys => {
                f.write_str("this function has one circuit breaker for all calls, and none for keys")
            }
            Fault::Key => f.write_str(
                "no circuit breaker has this key: nobody has called by it, or it has been forgotten since",
            ),
        }
    }
}

impl std::error::Error for BreakerError {}
