//! One run for all who want the same thing at the same time.
//!
//! A flight is one run of some work for a key. Whoever wants that key meanwhile takes a seat in it:
//!
//! * `Run` is held by whoever does the work. It lands, with something for all seats, or is dropped, and then one of those who sit
//!   there takes over.
//! * `Seat` is held by whoever waits. When the last one is dropped the work is, too, if it goes on in a task of its own.
//! * What is no longer to be joined (something was thrown away since it began) is replaced: it lands for those who sit in it, and
//!   nobody else hears of it.
//!
//! There are as many flights as there is work under way. No lock is held while anything is awaited.

mod caught;
mod passing;
mod waits;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::watch;
use tokio::task::AbortHandle;

pub(super) use self::caught::{Payload, caught, panic_again, text_of};
pub(super) use self::passing::Passing;
pub(super) use self::waits::{Number, next_number};

use self::waits::{Wait, within};
use super::marks::Epoch;
use crate::core::Moment;

/// Those under way, by what they are for.
type Flying<T> = HashMap<Arc<[u8]>, Arc<Flight<T>>>;

/// The flights of one cache, which land with a `T` each.
pub(super) struct Flights<T> {
    flying: Mutex<Flying<T>>,
}

/// What is known of a flight when it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// What is thrown away later takes along what it brings.
    pub(super) born: Epoch,
    /// It brings something new, and not what somebody had kept.
    pub(super) is_new: bool,
    /// It goes on when nobody waits.
    pub(super) is_background: bool,
    /// When it began.
    pub(super) since: Moment,
}

struct Flight<T> {
    number: Number,
    key: Arc<[u8]>,
    plan: Plan,
    /// How many wait. Changed under the lock of all flights.
    seats: AtomicUsize,
    /// Its work is done, or nobody does it any more. Changed under the same lock.
    is_over: AtomicBool,
    landed: watch::Receiver<Option<T>>,
    /// Where it goes on without whoever began it.
    task: OnceLock<AbortHandle>,
}

/// What comes of wanting a key.
pub(super) enum Boarding<T> {
    /// Nobody does the work: do it.
    Lead(Run<T>, Seat<T>),
    /// Somebody does it.
    Join(Seat<T>),
    /// Somebody does it who waits for this one: do it without waiting for anybody.
    Alone,
}

impl<T> Flights<T> {
    pub(super) fn new() -> Self {
        Self { flying: Mutex::default() }
    }

    /// A seat in the flight to this key: in the one that is under way, if it is one to be joined, or in a new one.
    pub(super) fn board(
        self: &Arc<Self>,
        key: &Arc<[u8]>,
        plan: Plan,
        joins: impl FnOnce(&Plan) -> bool,
    ) -> Boarding<T> {
        let mut flying = self.flying();
        if let Some(flight) = flying.get(key).filter(|flight| joins(&flight.plan)) {
            let Some(wait) = Wait::of(within(), flight.number) else { return Boarding::Alone };
            return Boarding::Join(self.seat(flight, wait));
        }
        let (run, replaced) = self.begin(&mut flying, key, plan);
        // Nobody waits for a number that nobody had before, so there is no circle.
        let wait = Wait::of(within(), run.flight.number).unwrap_or_default();
        let seat = self.seat(&run.flight, wait);
        drop(flying);
        drop(replaced);
        Boarding::Lead(run, seat)
    }

    /// A flight that nobody has to wait for; `None` where there is one already.
    pub(super) fn depart(
        self: &Arc<Self>,
        key: &Arc<[u8]>,
        plan: Plan,
        joins: impl FnOnce(&Plan) -> bool,
    ) -> Option<Run<T>> {
        let mut flying = self.flying();
        if flying.get(key).is_some_and(|flight| joins(&flight.plan)) {
            return None;
        }
        let (run, replaced) = self.begin(&mut flying, key, plan);
        drop(flying);
        drop(replaced);
        Some(run)
    }

    /// Whether there is one to this key that is to be joined.
    pub(super) fn has(&self, key: &[u8], joins: impl FnOnce(&Plan) -> bool) -> bool {
        self.flying().get(key).is_some_and(|flight| joins(&flight.plan))
    }

    /// How many are under way.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.flying().len()
    }

    fn begin(
        self: &Arc<Self>,
        flying: &mut Flying<T>,
        key: &Arc<[u8]>,
        plan: Plan,
    ) -> (Run<T>, Option<Arc<Flight<T>>>) {
        let (to, landed) = watch::channel(None);
        let flight = Arc::new(Flight {
            number: next_number(),
            key: Arc::clone(key),
            plan,
            seats: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
            landed,
            task: OnceLock::new(),
        });
        let replaced = flying.insert(Arc::clone(key), Arc::clone(&flight));
        (Run { flights: Arc::clone(self), flight, to }, replaced)
    }

    fn seat(self: &Arc<Self>, flight: &Arc<Flight<T>>, wait: Wait) -> Seat<T> {
        flight.seats.fetch_add(1, Ordering::Relaxed);
        Seat { flights: Arc::clone(self), flight: Arc::clone(flight), _wait: wait }
    }

    /// Whoever wants the key from now on begins anew.
    fn clear(&self, flight: &Arc<Flight<T>>) {
        if flight.is_over.load(Ordering::Relaxed) {
            return; // it has landed, which whoever asks has done
        }
        let mut flying = self.flying();
        flight.is_over.store(true, Ordering::Relaxed);
        let gone = Self::take(&mut flying, flight);
        drop(flying);
        drop(gone); // no longer under the lock
    }

    fn take(flying: &mut Flying<T>, flight: &Arc<Flight<T>>) -> Option<Arc<Flight<T>>> {
        let is_this = flying.get(&flight.key).is_some_and(|present| Arc::ptr_eq(present, flight));
        is_this.then(|| flying.remove(&flight.key)).flatten()
    }

    fn flying(&self) -> MutexGuard<'_, Flying<T>> {
        self.flying.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> fmt::Debug for Flights<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flights").field("flying", &self.flying().len()).finish()
    }
}

/// The work of a flight is under way as long as this is kept.
pub(super) struct Run<T> {
    flights: Arc<Flights<T>>,
    flight: Arc<Flight<T>>,
    to: watch::Sender<Option<T>>,
}

impl<T> Run<T> {
    pub(super) fn plan(&self) -> Plan {
        self.flight.plan
    }

    /// Tells it apart from all others; a later one has a higher number.
    pub(super) fn number(&self) -> Number {
        self.flight.number
    }

    /// The same work as part of this flight: what it waits for, the flight waits for.
    pub(super) fn aboard<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F, T> {
        waits::scope(self.flight.number, work)
    }

    /// Ends it, with something for all who wait.
    pub(super) fn land(self, landed: T) {
        self.flights.clear(&self.flight);
        self.to.send_replace(Some(landed));
    }
}

impl<T> Drop for Run<T> {
    fn drop(&mut self) {
        // Those who wait are woken when `to` goes, which is later: they do not find this one again.
        self.flights.clear(&self.flight);
    }
}

/// A place among those who wait for a flight.
pub(super) struct Seat<T> {
    flights: Arc<Flights<T>>,
    flight: Arc<Flight<T>>,
    _wait: Wait,
}

impl<T: Clone> Seat<T> {
    /// What it landed with; `None` where whoever did the work is gone.
    pub(super) async fn landed(&self) -> Option<T> {
        let mut landed = self.flight.landed.clone();
        let landed = landed.wait_for(Option::is_some).await;
        landed.map_or(None, |landed| landed.clone())
    }
}

impl<T> Seat<T> {
    /// The work goes on in this task: until nobody sits here any more.
    pub(super) fn goes_on_in(&self, task: AbortHandle) {
        // There is one task, that of whoever leads.
        let _ = self.flight.task.set(task);
    }
}

impl<T> Drop for Seat<T> {
    fn drop(&mut self) {
        let flight = &self.flight;
        let mut flying = self.flights.flying();
        let is_last = flight.seats.fetch_sub(1, Ordering::Relaxed) == 1;
        if !is_last || flight.plan.is_background || flight.is_over.load(Ordering::Relaxed) {
            return;
        }
        let Some(task) = flight.task.get() else { return };
        // Nobody can join any more, so nobody waits for what is stopped now.
        let gone = Flights::take(&mut flying, flight);
        drop(flying);
        drop(gone);
        task.abort();
    }
}

#[cfg(test)]
mod tests;
