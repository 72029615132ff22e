//! A shared store in this process: what a server does, by a clock that a test moves.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::super::called::Called;
use super::super::remote::{Forced, Heard, MOST_NODES, Node, Openings, Order, Remote, Reply, Unavailable};
use super::remote::Place;
use crate::core::{Clock, Moment};
use crate::testing::ManualClock;

/// The server.
#[derive(Default)]
pub(crate) struct Server {
    kept: Mutex<Kept>,
    listeners: Mutex<Vec<Listener>>,
    is_away: AtomicBool,
    /// Messages are lost.
    pub(crate) is_mute: AtomicBool,
    pub(crate) calls: AtomicUsize,
}

type Listener = Arc<dyn Fn(Heard) + Send + Sync>;

#[derive(Default)]
struct Kept {
    open: HashMap<Called, HashMap<Node, Moment>>,
    orders: HashMap<Called, Order>,
}

/// One process's connection to it.
pub(crate) struct Fake {
    server: Arc<Server>,
    clock: ManualClock,
}

impl Server {
    pub(crate) fn set_away(&self, is_away: bool) {
        self.is_away.store(is_away, Ordering::SeqCst);
        if !is_away {
            self.tell(&Heard::Missed);
        }
    }

    /// It starts again, and knows nothing.
    pub(crate) fn forget(&self) {
        *self.kept() = Kept::default();
    }

    pub(crate) fn order_for(&self, called: &Called) -> Option<Order> {
        self.kept().orders.get(called).copied()
    }

    fn tell(&self, heard: &Heard) {
        let listeners: Vec<_> = self.listeners.lock().unwrap().clone();
        if !self.is_mute.load(Ordering::SeqCst) || *heard == Heard::Missed {
            for listener in listeners {
                listener(heard.clone());
            }
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn openings(&self, called: &Called, now: Moment) -> Openings {
        let mut kept = self.kept();
        let Some(open) = kept.open.get_mut(called) else { return Vec::new() };
        open.retain(|_, until| *until > now);
        let mut openings: Openings =
            open.iter().map(|(node, until)| (*node, Duration::from_nanos(until.nanos_since(now)))).collect();
        openings.sort_unstable_by_key(|(_, left)| std::cmp::Reverse(*left));
        openings.truncate(MOST_NODES);
        openings
    }

    fn put(&self, called: &Called, order: Order) {
        self.kept().orders.insert(called.clone(), order);
        self.tell(&Heard::Forced(called.clone(), order));
    }
}

impl Fake {
    pub(crate) fn new(server: &Arc<Server>, clock: &ManualClock) -> Arc<Self> {
        Arc::new(Self { server: Arc::clone(server), clock: clock.clone() })
    }

    fn reply<'a, T: Send + 'a>(&'a self, say: impl FnOnce(&Server, Moment) -> T + Send + 'a) -> Reply<'a, T> {
        Box::pin(async move {
            // As a server's reply, it is never there at once.
            tokio::task::yield_now().await;
            self.server.calls.fetch_add(1, Ordering::SeqCst);
            if self.server.is_away.load(Ordering::SeqCst) {
                return Err(Unavailable::Unchanged);
            }
            Ok(say(&self.server, self.clock.now()))
        })
    }
}

impl fmt::Debug for Fake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fake").finish_non_exhaustive()
    }
}

impl Remote for Fake {
    fn opened<'a>(&'a self, called: &'a Called, node: Node, left: Duration) -> Reply<'a, ()> {
        self.reply(move |server, now| {
            let until = now.saturating_add(left);
            server.kept().open.entry(called.clone()).or_default().insert(node, until);
            server.tell(&Heard::Opened(called.clone(), server.openings(called, now)));
        })
    }

    fn closed<'a>(&'a self, called: &'a Called, node: Node) -> Reply<'a, ()> {
        self.reply(move |server, _| {
            server.kept().open.entry(called.clone()).or_default().remove(&node);
        })
    }

    fn openings<'a>(&'a self, called: &'a Called) -> Reply<'a, Openings> {
        self.reply(move |server, now| server.openings(called, now))
    }

    fn force<'a>(&'a self, called: &'a Called, forced: Forced, known: u64) -> Reply<'a, Order> {
        self.reply(move |server, now| {
            let before = server.order_for(called).map_or(0, |order| order.stamp);
            let order = Order { stamp: (now.as_nanos() / 1_000).max(known.max(before) + 1), forced };
            server.put(called, order);
            order
        })
    }

    fn restore<'a>(&'a self, called: &'a Called, order: Order) -> Reply<'a, ()> {
        self.reply(move |server, _| {
            if server.order_for(called).is_none_or(|before| before.stamp < order.stamp) {
                server.put(called, order);
            }
        })
    }

    fn orders(&self) -> Reply<'_, Vec<(Called, Order)>> {
        self.reply(|server, _| server.kept().orders.clone().into_iter().collect())
    }

    fn listen(&self, hear: Box<dyn Fn(Heard) + Send + Sync>) {
        let hear: Listener = hear.into();
        self.server.listeners.lock().unwrap().push(Arc::clone(&hear));
        hear(Heard::Missed);
    }

    fn see_to_hearing(&self) {}
}

#[tokio::test]
async fn the_fake_does_what_a_shared_store_does() {
    let (server, clock) = (Arc::default(), ManualClock::new());
    let (one, other) = (Fake::new(&server, &clock), Fake::new(&server, &clock));
    let pass = Box::new(move |time| {
        clock.advance(time);
        clock.sleep_until(clock.now())
    });
    Place { one, other, pass }.all().await;
}
