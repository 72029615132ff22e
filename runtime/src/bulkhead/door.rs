//! A call that needs a place, counted however that ends.

use std::pin::Pin;
use std::time::Duration;

use super::compartment::{Compartment, Full, Place, Queued, Terms};
use super::compartments::Bulkheads;
use crate::core::{Clock, Moment, Outcome, Sink, Site, Told};

/// The bulkhead of a site, as somebody stands before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Door<'a, S> {
    pub(crate) bulkheads: &'a Bulkheads,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) sink: &'a S,
    pub(crate) site: &'static Site,
    /// Its place among the policies of the site.
    pub(crate) slot: usize,
    /// The numbers in force.
    pub(crate) terms: Terms,
}

/// Whether somebody is in.
pub(crate) enum Entered<'a> {
    In(Place<'a>),
    /// Somebody waits, who hears whether that was worth it.
    Queued(Queueing<'a>),
    Full,
}

/// Ends with a place, or when that took too long.
pub(crate) type Queueing<'a> = Pin<Box<dyn Future<Output = Result<Place<'a>, Full>> + Send + 'a>>;

impl<'a, S: Sink> Door<'a, S> {
    /// Takes a place, or one in the queue where that is allowed. Whoever finds one waits for nobody and allocates nothing.
    #[inline]
    pub(crate) fn enter(self) -> Entered<'a> {
        let Some(compartment) = self.bulkheads.of(self.site) else { return Entered::In(Place::unbounded()) };
        compartment.follow(self.terms);
        if let Some(place) = compartment.try_enter() {
            self.tell(Outcome::Admitted);
            return Entered::In(place);
        }
        self.queue_up(compartment)
    }

    #[cold]
    fn queue_up(self, compartment: &'a Compartment) -> Entered<'a> {
        let Some(queued) = compartment.queue_up() else {
            self.tell(Outcome::Refused);
            return Entered::Full;
        };
        Entered::Queued(Box::pin(self.wait(compartment, queued)))
    }

    async fn wait(self, compartment: &'a Compartment, queued: Queued<'a>) -> Result<Place<'a>, Full> {
        let clock = self.clock;
        let mut waiting = Waiting { door: self, since: clock.now(), outcome: Outcome::Cancelled };
        let place = compartment.wait(queued, clock).await;
        waiting.outcome = if place.is_ok() { Outcome::Admitted } else { Outcome::Refused };
        drop(waiting);
        place
    }

    #[inline]
    fn tell(&self, outcome: Outcome) {
        self.sink.tell(Told::new(self.site.id(), self.slot, outcome));
    }
}

/// Somebody waits. Dropped before that is over, it left the queue.
struct Waiting<'a, S: Sink> {
    door: Door<'a, S>,
    since: Moment,
    outcome: Outcome,
}

impl<S: Sink> Drop for Waiting<'_, S> {
    fn drop(&mut self) {
        let waited = Duration::from_nanos(self.door.clock.now().nanos_since(self.since));
        self.door.sink.waited(self.door.site.id(), waited);
        self.door.tell(self.outcome);
    }
}
