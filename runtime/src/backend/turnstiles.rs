//! Lines of those who wait for one thing: first come, first served, and whoever goes leaves nothing behind.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::future::poll_fn;
use std::hash::Hash;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use tokio::sync::OwnedMutexGuard;

use crate::core::{Moment, Sleep};

/// One line for each key that somebody waits for, and none for the others.
///
/// Who stands at its head has the turn, and keeps it until it leaves. Whoever is dropped while it waits leaves the line as well.
pub(crate) struct Turnstiles<K> {
    lines: Mutex<HashMap<K, Line>>,
    /// How many stand in all lines together: who finds nobody waiting need not look for a line.
    waiting: AtomicUsize,
    /// As many may.
    room: usize,
}

struct Line {
    /// Hands the turn on in the order in which it was asked for.
    turn: Arc<tokio::sync::Mutex<()>>,
    waiting: usize,
    /// What all that stand here want together.
    cost: u64,
    head: Option<Head>,
}

/// What is known of the one that has the turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// When it expects to be served.
    pub(crate) served_at: Moment,
    /// What it wants.
    pub(crate) cost: u32,
}

/// What stands in front of somebody in a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ahead {
    /// The one that has the turn, as soon as it knows when it is served.
    pub(crate) head: Option<Head>,
    /// What all of them want together, the head too.
    pub(crate) cost: u64,
}

/// There is room for no more that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Crowded;

/// A place in a line, for as long as it is kept.
pub(crate) struct Place<'a, K: Clone + Eq + Hash> {
    turnstiles: &'a Turnstiles<K>,
    key: K,
    cost: u32,
    line: Arc<tokio::sync::Mutex<()>>,
    /// At the head of the line. It is handed on with the place, after that is out of the books.
    turn: Option<OwnedMutexGuard<()>>,
}

impl<K: Clone + Eq + Hash> Turnstiles<K> {
    /// With room for so many in all lines together.
    pub(crate) fn with_room_for(room: usize) -> Self {
        Self { lines: Mutex::default(), waiting: AtomicUsize::new(0), room }
    }

    /// What stands in the line of that key; `None` where nobody does.
    pub(crate) fn line_of(&self, key: &K) -> Option<Ahead> {
        if self.waiting.load(Ordering::Relaxed) == 0 {
            return None;
        }
        self.lines().get(key).map(Line::ahead)
    }

    /// A place at the end of the line of that key.
    pub(crate) fn join(&self, key: K, cost: u32) -> Result<Place<'_, K>, Crowded> {
        let mut lines = self.lines();
        // Counted under the lock, so that they are never more than there is room for.
        if self.waiting.load(Ordering::Relaxed) >= self.room {
            return Err(Crowded);
        }
        let line = lines.entry(key.clone()).or_insert_with(Line::new);
        line.waiting += 1;
        line.cost = line.cost.saturating_add(u64::from(cost));
        let turn = Arc::clone(&line.turn);
        self.waiting.fetch_add(1, Ordering::Relaxed);
        drop(lines);
        Ok(Place { turnstiles: self, key, cost, line: turn, turn: None })
    }

    /// How many wait.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<K, Line>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K> fmt::Debug for Turnstiles<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = self.waiting.load(Ordering::Relaxed);
        f.debug_struct("Turnstiles").field("waiting", &waiting).finish_non_exhaustive()
    }
}

impl Line {
    fn new() -> Self {
        Self { turn: Arc::default(), waiting: 0, cost: 0, head: None }
    }

    const fn ahead(&self) -> Ahead {
        Ahead { head: self.head, cost: self.cost }
    }
}

impl<K: Clone + Eq + Hash> Place<'_, K> {
    /// Waits until this place is the head of its line, which it then is until it is dropped; `false` where patience ends first.
    pub(crate) async fn is_next(&mut self, mut patience: Sleep) -> bool {
        let mut turn = pin!(Arc::clone(&self.line).lock_owned());
        let turn = poll_fn(|cx| match turn.as_mut().poll(cx) {
            Poll::Ready(turn) => Poll::Ready(Some(turn)),
            Poll::Pending => patience.as_mut().poll(cx).map(|()| None),
        });
        self.turn = turn.await;
        self.turn.is_some()
    }

    /// Tells those that come later when the head of the line is served. Only the head knows.
    pub(crate) fn is_served_at(&self, served_at: Moment) {
        if self.turn.is_some()
            && let Some(line) = self.turnstiles.lines().get_mut(&self.key)
        {
            line.head = Some(Head { served_at, cost: self.cost });
        }
    }
}

impl<K: Clone + Eq + Hash> Drop for Place<'_, K> {
    fn drop(&mut self) {
        let mut lines = self.turnstiles.lines();
        let Entry::Occupied(mut entry) = lines.entry(self.key.clone()) else { return };
        let line = entry.get_mut();
        line.waiting = line.waiting.saturating_sub(1);
        line.cost = line.cost.saturating_sub(u64::from(self.cost));
        if self.turn.is_some() {
            line.head = None;
        }
        let gone = (line.waiting == 0).then(|| entry.remove());
        self.turnstiles.waiting.fetch_sub(1, Ordering::Relaxed);
        drop(lines);
        drop(gone); // no longer under the lock
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

    use super::*;

    /// A patience without end.
    fn patience() -> Sleep {
        Box::pin(std::future::pending())
    }

    fn is_next(place: &mut Place<'_, &str>) -> bool {
        let waits = pin!(place.is_next(patience()));
        waits.poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[test]
    fn the_turn_is_handed_on_in_the_order_of_the_line() {
        let turnstiles = Turnstiles::with_room_for(9);
        let mut first = turnstiles.join("a", 1).ok().unwrap();
        let (mut second, mut third) =
            (turnstiles.join("a", 1).ok().unwrap(), turnstiles.join("a", 1).ok().unwrap());
        assert!(is_next(&mut first));
        let (mut waits_second, mut waits_third) =
            (Box::pin(second.is_next(patience())), Box::pin(third.is_next(patience())));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(waits_second.as_mut().poll(&mut cx).is_pending());
        assert!(waits_third.as_mut().poll(&mut cx).is_pending());
        drop(first);
        assert!(waits_third.as_mut().poll(&mut cx).is_pending(), "the second is before the third");
        assert!(waits_second.as_mut().poll(&mut cx).is_ready());
    }

    #[test]
    fn whoever_is_dropped_leaves_nothing_behind() {
        let turnstiles = Turnstiles::with_room_for(9);
        let mut head = turnstiles.join("a", 2).ok().unwrap();
        let other = turnstiles.join("b", 1).ok().unwrap();
        assert!(is_next(&mut head));
        head.is_served_at(Moment::from_nanos(7));
        let known = Head { served_at: Moment::from_nanos(7), cost: 2 };
        assert_eq!(turnstiles.line_of(&"a"), Some(Ahead { head: Some(known), cost: 2 }));
        let behind = turnstiles.join("a", 3).ok().unwrap();
        drop(head);
        assert_eq!(turnstiles.line_of(&"a"), Some(Ahead { head: None, cost: 3 }));
        drop((behind, other));
        assert_eq!(turnstiles.waiting(), 0);
        assert!(turnstiles.lines().is_empty());
    }

    #[test]
    fn a_full_house_lets_nobody_else_wait() {
        let turnstiles = Turnstiles::with_room_for(2);
        let places = [turnstiles.join("a", 1), turnstiles.join("b", 1)];
        assert_eq!(turnstiles.join("c", 1).err(), Some(Crowded));
        drop(places);
        assert!(turnstiles.join("c", 1).is_ok());
    }
}
