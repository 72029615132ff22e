//! A call whose end is counted and whose duration is measured, however it ends.

use std::thread;
use std::time::Duration;

use super::site::CallSite;
use crate::app::Held;
use crate::core::{Moment, Outcome, Policy, Sink, Told, marking};

/// Measures a call. `is_failure` says whether its answer is an error.
pub async fn measured<R, F>(site: &'static CallSite, function: F, is_failure: impl FnOnce(&R) -> bool) -> R
where
    F: Future<Output = R>,
{
    let held = Held::of_task();
    if !held.is_enabled(Policy::Metrics) {
        return function.await;
    }
    let mut under_way = UnderWay::of(&held, site);
    let answer = marking(&mut under_way.is_inside, function).await;
    under_way.ends(if is_failure(&answer) { Outcome::Failed } else { Outcome::Completed });
    answer
}

/// A call that has not ended. Dropped, it was cancelled or panicked.
struct UnderWay<'a> {
    held: &'a Held,
    site: &'static CallSite,
    began: Moment,
    is_over: bool,
    /// Whether it is being polled or judged, so that what unwinds comes from it.
    is_inside: bool,
}

impl<'a> UnderWay<'a> {
    #[inline]
    fn of(held: &'a Held, site: &'static CallSite) -> Self {
        Self { held, site, began: held.clock().now(), is_over: false, is_inside: false }
    }

    #[inline]
    fn ends(&mut self, outcome: Outcome) {
        self.is_over = true;
        let (id, instruments) = (self.site.site().id(), self.held.instruments());
        let nanos = self.held.clock().now().nanos_since(self.began);
        instruments.call_ended(id, Duration::from_nanos(nanos));
        instruments.tell(Told::new(id, self.site.slot_of(Policy::Metrics), outcome));
    }
}

impl Drop for UnderWay<'_> {
    #[inline]
    fn drop(&mut self) {
        if !self.is_over {
            self.ends(if self.is_inside && thread::panicking() {
                Outcome::Panicked
            } else {
                Outcome::Cancelled
            });
        }
    }
}
