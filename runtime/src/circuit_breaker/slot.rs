//! A breaker in its place, where it may be one key's after the other.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::breaker::{Breaker, Terms};
use super::group::Teller;
use super::policy::CircuitBreaker;
use super::state::{BreakerState, Mode, Snapshot};
use crate::core::{Moment, Transition};

/// The numbers and the mode that hold now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ruling {
    pub(super) terms: Terms,
    pub(super) mode: Mode,
}

/// A breaker, and whose it is.
#[derive(Debug)]
pub(crate) struct Slot {
    breaker: Breaker,
    tenant: Arc<Tenant>,
    /// How many keys it has been of.
    tenancy: AtomicU64,
    /// Whether somebody called since whoever looks for room came by.
    is_used: AtomicBool,
    /// What somebody said of this key alone.
    by_hand: Mutex<Option<Mode>>,
}

/// What a change is told of.
#[derive(Debug, Default)]
struct Tenant {
    key: RwLock<Option<Arc<str>>>,
    /// While it goes from one key to another nobody hears of it.
    is_hushed: AtomicBool,
}

impl Slot {
    pub(super) fn new(
        site: &'static str,
        key: Option<Arc<str>>,
        policy: &CircuitBreaker,
        ruling: Ruling,
        teller: &Teller,
    ) -> Self {
        let tenant = Arc::new(Tenant { key: RwLock::new(key), is_hushed: AtomicBool::new(false) });
        // A mode is what is said of it now, and may go again.
        let breaker = Breaker::new(&CircuitBreaker { metrics_only: false, ..*policy });
        breaker.tune(ruling.terms);
        breaker.set_mode(ruling.mode, Moment::ORIGIN);
        let breaker = breaker.listening({
            let (tenant, teller) = (Arc::clone(&tenant), Arc::clone(teller));
            move |change| {
                if !tenant.is_hushed.load(Ordering::Relaxed) {
                    let (from, to, why) = (change.from, change.to, change.why);
                    teller(&Transition { site, key: tenant.key(), from, to, why });
                }
            }
        });
        Self {
            breaker,
            tenant,
            tenancy: AtomicU64::new(0),
            is_used: AtomicBool::new(true),
            by_hand: Mutex::new(None),
        }
    }

    #[inline]
    pub(super) const fn breaker(&self) -> &Breaker {
        &self.breaker
    }

    /// How many keys it was of before the one that has it now.
    #[inline]
    pub(super) fn tenancy(&self) -> u64 {
        self.tenancy.load(Ordering::Acquire)
    }

    /// Whose it is.
    pub(crate) fn key(&self) -> Option<Arc<str>> {
        self.tenant.key()
    }

    pub(crate) fn state(&self) -> BreakerState {
        self.breaker.state()
    }

    pub(crate) fn snapshot(&self, now: Moment) -> Snapshot {
        self.breaker.snapshot(now)
    }

    #[inline]
    pub(super) fn note_use(&self) {
        if !self.is_used.load(Ordering::Relaxed) {
            self.is_used.store(true, Ordering::Relaxed);
        }
    }

    /// Whether another key may have it: nobody has called since the last time somebody asked, it keeps nobody out, and nobody holds it.
    pub(super) fn is_idle(&self) -> bool {
        let was_used = self.is_used.swap(false, Ordering::Relaxed);
        !was_used && !self.state().is_degraded() && self.by_hand().is_none()
    }

    /// It is another key's from now on. What was let pass for the former one no longer counts once it is [cleared](Self::clear).
    pub(super) fn move_in(&self, key: Arc<str>) {
        self.tenancy.fetch_add(1, Ordering::AcqRel);
        *self.tenant.key.write().unwrap_or_else(PoisonError::into_inner) = Some(key);
        self.is_used.store(true, Ordering::Relaxed);
    }

    /// Forgets what it has counted, and tells nobody.
    pub(super) fn clear(&self, ruling: Ruling, now: Moment) {
        self.tenant.is_hushed.store(true, Ordering::Relaxed);
        self.breaker.reset(now);
        self.breaker.set_mode(ruling.mode, now);
        self.tenant.is_hushed.store(false, Ordering::Relaxed);
    }

    /// Goes by this, unless somebody holds it.
    pub(super) fn obey(&self, ruling: Ruling, now: Moment) {
        self.breaker.tune(ruling.terms);
        let by_hand = self.by_hand();
        self.breaker.set_mode(by_hand.unwrap_or(ruling.mode), now);
    }

    /// Is held so, or by nobody any more.
    pub(super) fn hold(&self, mode: Option<Mode>, ruling: Ruling, now: Moment) {
        *self.by_hand.lock().unwrap_or_else(PoisonError::into_inner) = mode;
        self.obey(ruling, now);
    }

    /// Begins anew, and goes by this.
    pub(super) fn reset(&self, ruling: Ruling, now: Moment) {
        *self.by_hand.lock().unwrap_or_else(PoisonError::into_inner) = None;
        if ruling.mode == Mode::Normal {
            self.breaker.reset(now);
        } else {
            self.clear(ruling, now);
        }
    }

    fn by_hand(&self) -> Option<Mode> {
        *self.by_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tenant {
    fn key(&self) -> Option<Arc<str>> {
        self.key.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
