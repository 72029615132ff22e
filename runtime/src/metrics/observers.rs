//! The observers of the user's, and the walls around them.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Once};

use crate::core::{Observer, Transition, discard};

/// Everybody who wants to hear.
#[derive(Clone, Default)]
pub(crate) struct Observers(Vec<Arc<dyn Observer>>);

impl Observers {
    /// One more.
    pub(crate) fn add(&mut self, observer: impl Observer) {
        self.0.push(Arc::new(observer));
    }

    /// Whether nobody wants to hear.
    #[inline]
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells all of them.
    #[inline]
    pub(super) fn tell(&self, tell: impl Fn(&dyn Observer)) {
        if !self.0.is_empty() {
            self.tell_each(&tell);
        }
    }

    /// Tells all of them of a circuit breaker that changed.
    pub(crate) fn transitioned(&self, transition: &Transition) {
        self.tell(|observer| observer.transitioned(transition));
    }

    /// A request may end while its handler unwinds, where a second panic would end the process: none gets out.
    #[cold]
    fn tell_each(&self, tell: &dyn Fn(&dyn Observer)) {
        static WARNED: Once = Once::new();
        for observer in &self.0 {
            if let Err(payload) = catch_unwind(AssertUnwindSafe(|| tell(&**observer))) {
                discard(payload);
                WARNED.call_once(|| {
                    tracing::error!("an observer of tollgate panics: its panics are caught, and it stays");
                });
            }
        }
    }
}

impl fmt::Debug for Observers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observers").field("len", &self.0.len()).finish()
    }
}
