//! What a site has, or several that share: one breaker, and where it says so one for each key.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::breaker::{Breaker, Terms};
use super::breakers::BreakerRef;
use super::called::Called;
use super::keyed::Keyed;
use super::policy::{CircuitBreaker, Forced};
use super::slot::{Ruling, Slot};
use super::state::{BreakerState, Mode};
use crate::core::{Circuit, Clock, Key, Moment, Over, Transition};

/// Who hears of changes.
pub(crate) type Teller = Arc<dyn Fn(&Transition) + Send + Sync>;

/// The breakers of a site, or of several that share.
pub(crate) struct Group {
    /// The name of the first of these sites.
    site: &'static str,
    policy: &'static CircuitBreaker,
    /// That of all calls without a key, and of keys that found no room.
    one: Slot,
    keyed: Option<Keyed>,
    said: Mutex<Said>,
    teller: Teller,
}

/// What is said of them besides the attribute.
#[derive(Clone, Copy, Debug)]
struct Said {
    by_configuration: Ruling,
    by_hand: Option<Mode>,
}

impl Group {
    pub(super) fn new(site: &'static str, policy: &'static CircuitBreaker, teller: &Teller) -> Self {
        let ruling = Ruling::of(Over::As(*policy), policy);
        Self {
            site,
            policy,
            one: Slot::new(site, None, policy, ruling, teller),
            keyed: (!policy.key.is_empty()).then(|| Keyed::new(policy.max_keys)),
            said: Mutex::new(Said { by_configuration: ruling, by_hand: None }),
            teller: Arc::clone(teller),
        }
    }

    /// The name of the first site that has it.
    pub(crate) const fn site(&self) -> &'static str {
        self.site
    }

    /// What it is called in all processes of the service.
    pub(crate) fn called(&self) -> Called {
        self.policy.share.map_or_else(|| Called::site(self.site), Called::share)
    }

    /// Whether there is a breaker for each key.
    pub(crate) const fn is_keyed(&self) -> bool {
        self.keyed.is_some()
    }

    /// That of calls without a key.
    #[inline]
    pub(super) const fn one(&self) -> &Breaker {
        self.one.breaker()
    }

    /// The same with whose it is.
    pub(crate) const fn common(&self) -> &Slot {
        &self.one
    }

    /// That of a key.
    pub(super) fn of(&self, key: &Key, clock: &dyn Clock) -> BreakerRef<'_> {
        let make = |name| Slot::new(self.site, Some(name), self.policy, self.ruling(), &self.teller);
        match self.keyed.as_ref().and_then(|keyed| keyed.find(key, make)) {
            None => BreakerRef::one(self.one()),
            Some(found) => {
                if found.is_new_tenant {
                    found.slot.clear(self.ruling(), clock.now());
                }
                BreakerRef::tenant(found.slot, found.tenancy)
            }
        }
    }

    /// Those of keys, as they are now.
    pub(crate) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.keyed.iter().flat_map(Keyed::slots)
    }

    /// That of the key of that name.
    pub(crate) fn named(&self, key: &str) -> Option<&Slot> {
        self.slots().find(|slot| slot.key().as_deref() == Some(key))
    }

    /// Goes by what a configuration says of it.
    pub(super) fn configure(&self, over: Option<Over<CircuitBreaker>>, now: Moment) {
        let ruling = Ruling::of(over.unwrap_or(Over::As(*self.policy)), self.policy);
        let is_new = {
            let mut said = self.said();
            let is_new =
                said.by_configuration.mode != ruling.mode || said.by_configuration.terms != ruling.terms;
            said.by_configuration = ruling;
            is_new
        };
        if is_new {
            self.apply(now);
        }
    }

    /// Is held so, with all of its keys, or by nobody any more.
    pub(crate) fn hold(&self, mode: Option<Mode>, now: Moment) {
        self.said().by_hand = mode;
        self.apply(now);
    }

    /// The breaker of one key is held so, or goes with the others again.
    pub(crate) fn hold_one(&self, slot: &Slot, mode: Option<Mode>, now: Moment) {
        slot.hold(mode, self.ruling(), now);
    }

    /// Begins anew, with all of its keys. Nobody holds it any more.
    pub(crate) fn reset(&self, now: Moment) {
        self.said().by_hand = None;
        let ruling = self.ruling();
        self.settle();
        self.one.reset(ruling, now);
        self.slots().for_each(|slot| slot.reset(ruling, now));
    }

    /// The breaker of one key begins anew.
    pub(crate) fn reset_one(&self, slot: &Slot, now: Moment) {
        slot.reset(self.ruling(), now);
    }

    /// Whether it keeps somebody out.
    pub(crate) fn is_degraded(&self) -> bool {
        self.one.state().is_degraded() || self.slots().any(|slot| slot.state().is_degraded())
    }

    /// How it stands, by the name of one of its sites.
    pub(super) fn circuit(&self, site: &'static str) -> Circuit {
        let mut state = self.one.state();
        let mut open = 0;
        for slot in self.slots() {
            let of_key = slot.state();
            open += u64::from(of_key.is_degraded());
            if badness(of_key) > badness(state) {
                state = of_key;
            }
        }
        Circuit { site, state, open_keys: self.is_keyed().then_some(open) }
    }

    fn apply(&self, now: Moment) {
        let ruling = self.ruling();
        self.settle();
        self.one.obey(ruling, now);
        self.slots().for_each(|slot| slot.obey(ruling, now));
    }

    /// Waits for those who are making a breaker by what was said before. No lock is held while changes are told.
    fn settle(&self) {
        if let Some(keyed) = &self.keyed {
            keyed.settle();
        }
    }

    fn ruling(&self) -> Ruling {
        let Said { by_configuration, by_hand } = *self.said();
        Ruling { mode: by_hand.unwrap_or(by_configuration.mode), ..by_configuration }
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ruling {
    fn of(over: Over<CircuitBreaker>, declared: &CircuitBreaker) -> Self {
        match over {
            Over::Disabled => Self { terms: Terms::from(declared), mode: Mode::Disabled },
            Over::As(policy) => Self { terms: Terms::from(&policy), mode: mode_of(&policy) },
        }
    }
}

const fn mode_of(policy: &CircuitBreaker) -> Mode {
    match (policy.forced, policy.metrics_only) {
        (Some(Forced::Open), _) => Mode::ForcedOpen,
        (Some(Forced::Closed), _) => Mode::ForcedClosed,
        (None, true) => Mode::MetricsOnly,
        (None, false) => Mode::Normal,
    }
}

/// Of two states the one that somebody has to hear of first has more of it.
const fn badness(state: BreakerState) -> u8 {
    match state {
        BreakerState::Closed => 0,
        BreakerState::Disabled => 1,
        BreakerState::MetricsOnly => 2,
        BreakerState::ForcedClosed => 3,
        BreakerState::HalfOpen => 4,
        BreakerState::Open => 5,
        BreakerState::ForcedOpen => 6,
    }
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group").field("site", &self.site).finish_non_exhaustive()
    }
}
