//! Measuring one request from its arrival to the end of its answer's body, whichever way it ends.
//!
//! A [`Measuring`] travels with the request: through the gate or the layer that began it, then with the body of the
//! answer. Wherever it is dropped, that is how the request ended, so gauges always come back.

mod body;
mod layer;

pub use self::body::MeasuredBody;
pub use self::layer::{MeasuredFuture, MetricsLayer, MetricsService};

pub(crate) use self::body::{is_head, measure_body};
pub(crate) use self::layer::is_measured_outside;

use std::{mem, thread};

use http::StatusCode;

use crate::app::Held;
use crate::core::{Outcome, Sink, SiteId, Told};
use crate::metrics::{Ending, Exchange, Fault};

/// A request that is being measured.
pub(crate) struct Measuring {
    /// `None` once it has been told how the request ended.
    held: Option<Held>,
    /// `None` where a layer further out measures, and this counts the outcome alone.
    exchange: Option<Exchange>,
    /// Where the outcome is counted: a site, and the place of `with_metrics` among its policies.
    place: Option<(SiteId, usize)>,
    /// The status of the answer, once there is one.
    status: u16,
}

impl Measuring {
    pub(crate) const fn new(held: Held, exchange: Option<Exchange>, place: Option<(SiteId, usize)>) -> Self {
        Self { held: Some(held), exchange, place, status: 0 }
    }

    /// There is an answer, whose body may follow.
    const fn answered(&mut self, status: StatusCode) {
        self.status = status.as_u16();
    }

    /// The request ended, in its one way.
    #[inline]
    fn end(&mut self, fault: Fault) {
        let Some(held) = self.held.take() else { return };
        if let Some(exchange) = &self.exchange {
            held.instruments().end(exchange, Ending::new(self.status, fault), held.clock().now());
        }
        if let Some((site, slot)) = self.place {
            held.instruments().tell(Told::new(site, slot, outcome(fault)));
        }
    }
}

const fn outcome(fault: Fault) -> Outcome {
    match fault {
        Fault::Nothing => Outcome::Completed,
        Fault::Cancelled => Outcome::Cancelled,
        Fault::Panic => Outcome::Panicked,
        Fault::Body => Outcome::Failed,
    }
}

impl Drop for Measuring {
    #[inline]
    fn drop(&mut self) {
        if self.held.is_some() {
            self.end(if thread::panicking() { Fault::Panic } else { Fault::Cancelled });
        }
    }
}

/// Polls what is measured. A panic ends the request here: whoever catches it may drop what was polled much later, when
/// nothing panics any more, and it would look like a cancellation.
#[inline]
fn watched<T>(measuring: &mut Option<Measuring>, poll: impl FnOnce() -> T) -> T {
    let watch = Watch(measuring);
    let polled = poll();
    mem::forget(watch);
    polled
}

/// Dropped by a panic alone.
struct Watch<'a>(&'a mut Option<Measuring>);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.0.take();
    }
}
