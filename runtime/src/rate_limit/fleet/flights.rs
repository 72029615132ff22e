//! One question at a time for a block of a key, and everybody who waits for it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// More questions for blocks are not on their way at a time: whoever comes then asks for itself.
const MOST: usize = 4_096;

/// Questions for blocks that are on their way, by identity of scope and key.
#[derive(Default)]
pub(super) struct Flights(Mutex<HashMap<u128, watch::Receiver<Stage>>>);

/// How far a question is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    OnItsWay,
    /// The store answered.
    Landed,
    /// It did not.
    Lost,
}

/// How one takes part in a question.
pub(super) enum Boarding {
    /// By waiting for it.
    Joined(Waiting),
    /// By asking it.
    Leads(Landing, Waiting),
}

/// Waits for a question that somebody else holds. Dropping it disturbs nobody.
pub(super) struct Waiting(watch::Receiver<Stage>);

/// Asks a question, and tells everybody how it ended: as lost where it is dropped before.
pub(super) struct Landing {
    flights: Arc<Flights>,
    identity: u128,
    /// Until it ended.
    tell: Option<watch::Sender<Stage>>,
}

impl Flights {
    /// Joins the question for a block of a key, or leads it. Nothing where there are too many.
    pub(super) fn board(self: &Arc<Self>, identity: u128) -> Option<Boarding> {
        let mut flights = self.lock();
        let is_full = flights.len() >= MOST;
        match flights.entry(identity) {
            Entry::Occupied(flight) => Some(Boarding::Joined(Waiting(flight.get().clone()))),
            Entry::Vacant(_) if is_full => None,
            Entry::Vacant(place) => {
                let (tell, told) = watch::channel(Stage::OnItsWay);
                place.insert(told.clone());
                Some(Boarding::Leads(
                    Landing { flights: Arc::clone(self), identity, tell: Some(tell) },
                    Waiting(told),
                ))
            }
        }
    }

    /// Has the next one lead a question of its own. This one ends for those who wait for it, whenever that is.
    pub(super) fn forget(&self, identity: u128, waiting: &Waiting) {
        self.remove(identity, &waiting.0);
    }

    /// Removes a question, and no later one for the same key.
    fn remove(&self, identity: u128, told: &watch::Receiver<Stage>) {
        if let Entry::Occupied(flight) = self.lock().entry(identity)
            && flight.get().same_channel(told)
        {
            flight.remove();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u128, watch::Receiver<Stage>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// How it ended.
    pub(super) async fn end(&self) -> Stage {
        match self.0.clone().wait_for(|stage| *stage != Stage::OnItsWay).await {
            Ok(stage) => *stage,
            Err(_) => Stage::Lost,
        }
    }
}

impl Landing {
    /// Tells how it ended. Whatever the answer changed is to be in place by now: the next question may begin.
    pub(super) fn land(mut self, stage: Stage) {
        self.end(stage);
    }

    fn end(&mut self, stage: Stage) {
        if let Some(tell) = self.tell.take() {
            // First, so that whoever wakes up begins anew.
            self.flights.remove(self.identity, &tell.subscribe());
            tell.send_replace(stage);
        }
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.end(Stage::Lost);
    }
}

#[cfg(test)]
impl Flights {
    /// How many are on their way.
    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }
}
