//! One bulkhead: its places, and those who wait for one.

use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::policy::Bulkhead;
use crate::backend::within;
use crate::core::Clock;

/// How many run and wait, and how long: the numbers that a configuration may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    pub(crate) max_concurrent: u32,
    pub(crate) queue: u32,
    /// In nanoseconds.
    pub(crate) wait: u64,
}

impl From<&Bulkhead> for Terms {
    fn from(policy: &Bulkhead) -> Self {
        Self { max_concurrent: policy.max_concurrent, queue: policy.queue, wait: policy.wait }
    }
}

/// As many run, and wait, as may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

/// Places for so many at a time. Whoever waits is served in the order of arrival.
#[derive(Debug)]
pub(crate) struct Compartment {
    places: Semaphore,
    /// Places that are to go once they are given back: there were more of them when they were taken.
    surplus: AtomicUsize,
    max_concurrent: AtomicU32,
    queue: AtomicU32,
    wait: AtomicU64,
    queued: AtomicU32,
    /// Held while the numbers are changed, so that two changes do not mix.
    tuning: Mutex<()>,
}

/// A place, given back when it is dropped.
#[must_use = "a place is taken as long as this lives"]
#[derive(Debug)]
pub(crate) struct Place<'a> {
    taken: Option<(&'a Compartment, SemaphorePermit<'a>)>,
}

/// A place in the queue, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Queued<'a>(&'a Compartment);

fn permits(places: u32) -> usize {
    usize::try_from(places).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS)
}

impl Compartment {
    /// With all places free.
    pub(crate) fn new(terms: Terms) -> Self {
        Self {
            places: Semaphore::new(permits(terms.max_concurrent)),
            surplus: AtomicUsize::new(0),
            max_concurrent: AtomicU32::new(terms.max_concurrent),
            queue: AtomicU32::new(terms.queue),
            wait: AtomicU64::new(terms.wait),
            queued: AtomicU32::new(0),
            tuning: Mutex::new(()),
        }
    }

    /// A place that is free. Nobody gets ahead of those who wait: what is given back is theirs before anybody sees it.
    #[inline]
    pub(crate) fn try_enter(&self) -> Option<Place<'_>> {
        loop {
            let permit = self.places.try_acquire().ok()?;
            if let Some(place) = self.keep(permit) {
                return Some(place);
            }
        }
    }

    /// A place in the queue, unless that is full, or nobody may wait.
    pub(crate) fn queue_up(&self) -> Option<Queued<'_>> {
        let queue = self.queue.load(Ordering::Relaxed);
        if self.wait.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let one_more = |queued| (queued < queue).then(|| queued + 1);
        let counted = self.queued.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        counted.ok().map(|_| Queued(self))
    }

    /// Waits for a place, as long as that is allowed. The place in the queue is given back with the end of the wait, however it ends.
    pub(crate) async fn wait<'a>(&'a self, queued: Queued<'a>, clock: &dyn Clock) -> Result<Place<'a>, Full> {
        let deadline = clock.now().saturating_add_nanos(self.wait.load(Ordering::Relaxed));
        let place = loop {
            // It is never closed.
            let Some(Ok(permit)) = within(clock, deadline, self.places.acquire()).await else {
                break Err(Full);
            };
            if let Some(place) = self.keep(permit) {
                break Ok(place);
            }
        };
        drop(queued);
        place
    }

    /// From now on these hold. Whoever runs goes on; where there are too many for that, nobody follows them until there are not.
    #[cold]
    fn tune(&self, terms: Terms) {
        let _tuning = self.tuning.lock().unwrap_or_else(PoisonError::into_inner);
        self.queue.store(terms.queue, Ordering::Relaxed);
        self.wait.store(terms.wait, Ordering::Relaxed);
        let before = permits(self.max_concurrent.swap(terms.max_concurrent, Ordering::Relaxed));
        let now = permits(terms.max_concurrent);
        if now >= before {
            let more = now - before;
            let kept = self.take_surplus(more);
            self.places.add_permits(more - kept);
        } else {
            let fewer = before - now;
            let gone = self.places.forget_permits(fewer);
            self.surplus.fetch_add(fewer - gone, Ordering::Relaxed);
        }
    }

    /// The same, where others hold. A configuration tells nobody: whoever comes next brings along what it says.
    #[inline]
    pub(crate) fn follow(&self, terms: Terms) {
        if self.terms() != terms {
            self.tune(terms);
        }
    }

    /// The numbers that hold.
    #[inline]
    pub(crate) fn terms(&self) -> Terms {
        Terms {
            max_concurrent: self.max_concurrent.load(Ordering::Relaxed),
            queue: self.queue.load(Ordering::Relaxed),
            wait: self.wait.load(Ordering::Relaxed),
        }
    }

    /// How many run.
    pub(crate) fn running(&self) -> u64 {
        let places = permits(self.max_concurrent.load(Ordering::Relaxed));
        let places = places.saturating_add(self.surplus.load(Ordering::Relaxed));
        places.saturating_sub(self.places.available_permits()) as u64
    }

    /// How many wait.
    pub(crate) fn queued(&self) -> u64 {
        u64::from(self.queued.load(Ordering::Relaxed))
    }

    /// A place, unless it is one of those that are to go.
    #[inline]
    fn keep<'a>(&'a self, permit: SemaphorePermit<'a>) -> Option<Place<'a>> {
        if self.take_surplus(1) == 0 {
            return Some(Place { taken: Some((self, permit)) });
        }
        permit.forget();
        None
    }

    /// So many places that are to go, or as many as there are.
    #[inline]
    fn take_surplus(&self, most: usize) -> usize {
        if self.surplus.load(Ordering::Relaxed) == 0 {
            return 0;
        }
        let fewer = |surplus: usize| Some(surplus.saturating_sub(most));
        let before = self.surplus.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fewer);
        before.unwrap_or_default().min(most)
    }
}

impl Place<'_> {
    /// Where there is no bulkhead that would know.
    pub(crate) const fn unbounded() -> Self {
        Self { taken: None }
    }
}

impl Drop for Place<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some((compartment, permit)) = self.taken.take()
            && compartment.take_surplus(1) == 1
        {
            permit.forget();
        }
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.queued.fetch_sub(1, Ordering::Relaxed);
    }
}
