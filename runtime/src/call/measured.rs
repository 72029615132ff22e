//! A call whose end is counted and whose duration is measured, however it ends.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use pin_project_lite::pin_project;

use super::site::CallSite;
use crate::app::Held;
use crate::core::{Moment, Outcome, Policy, Sink, Told};

/// Measures a call. `is_failure` says whether its answer is an error.
#[inline]
pub fn measured<R, F>(
    site: &'static CallSite,
    function: F,
    is_failure: impl FnOnce(&R) -> bool,
) -> impl Future<Output = R>
where
    F: Future<Output = R>,
{
    Measured { function, is_failure: Some(is_failure), under_way: UnderWay::of(site) }
}

pin_project! {
    /// A call, which is polled in its place. Dropped, it drops the function before that is counted.
    struct Measured<F, J> {
        #[pin]
        function: F,
        // None once it is over.
        is_failure: Option<J>,
        // None where nobody measures.
        under_way: Option<UnderWay>,
    }
}

impl<R, F, J> Future for Measured<F, J>
where
    F: Future<Output = R>,
    J: FnOnce(&R) -> bool,
{
    type Output = R;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<R> {
        let this = self.project();
        let Some(under_way) = this.under_way else { return this.function.poll(context) };
        under_way.is_inside = true;
        let polled = this.function.poll(context);
        under_way.is_inside = polled.is_ready();
        if let Poll::Ready(answer) = &polled
            && let Some(is_failure) = this.is_failure.take()
        {
            under_way.ends(if is_failure(answer) { Outcome::Failed } else { Outcome::Completed });
        }
        polled
    }
}

/// A call that has not ended. Dropped, it was cancelled or panicked.
struct UnderWay {
    held: Held,
    site: &'static CallSite,
    began: Moment,
    is_over: bool,
    /// Whether it is being polled or judged, so that what unwinds comes from it.
    is_inside: bool,
}

impl UnderWay {
    /// `None` where nobody measures.
    #[inline]
    fn of(site: &'static CallSite) -> Option<Self> {
        let held = Held::of_task();
        let began = held.is_enabled(Policy::Metrics).then(|| held.clock().now())?;
        Some(Self { held, site, began, is_over: false, is_inside: false })
    }

    #[inline]
    fn ends(&mut self, outcome: Outcome) {
        self.is_over = true;
        let (id, instruments) = (self.site.site().id(), self.held.instruments());
        let nanos = self.held.clock().now().nanos_since(self.began);
        instruments.call_ended(id, Duration::from_nanos(nanos));
        instruments.tell(Told::new(id, self.site.slot_of(Policy::Metrics), outcome));
    }

    #[cold]
    fn is_dropped(&mut self) {
        let is_panic = self.is_inside && thread::panicking();
        self.ends(if is_panic { Outcome::Panicked } else { Outcome::Cancelled });
    }
}

impl Drop for UnderWay {
    #[inline]
    fn drop(&mut self) {
        if !self.is_over {
            self.is_dropped();
        }
    }
}
