//! A shared store in this process: what a server does, by a clock that a test moves.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::remote::Place;
use crate::cache::Mark;
use crate::cache::remote::Unavailable;
use crate::cache::remote::{Found, Heard, Looked, Remote, Reply, Version};
use crate::core::{Clock, Moment};
use crate::testing::ManualClock;

/// The server.
#[derive(Default)]
pub(crate) struct Server {
    kept: Mutex<Kept>,
    listeners: Mutex<Vec<Listener>>,
    pub(crate) is_away: AtomicBool,
    /// Messages are lost.
    pub(crate) is_mute: AtomicBool,
    pub(crate) looks: AtomicUsize,
    pub(crate) keeps: AtomicUsize,
    next: AtomicU64,
}

type Listener = Box<dyn Fn(Heard) + Send + Sync>;

/// An entry, what its marks stood at, and when it was kept.
type Stored = (Found, Vec<(Mark, Version)>, Moment);

#[derive(Default)]
struct Kept {
    entries: HashMap<String, Stored>,
    versions: HashMap<Mark, Version>,
    leases: HashMap<String, (u64, Moment)>,
}

/// One process's connection to it.
pub(crate) struct Fake {
    pub(crate) server: Arc<Server>,
    clock: ManualClock,
    unsent: Mutex<BTreeSet<Mark>>,
}

impl Server {
    /// Foreign bytes in every entry.
    pub(crate) fn spoil(&self) {
        for (found, ..) in self.kept().entries.values_mut() {
            found.payload = b"\xff\xfeforeign".to_vec();
        }
    }

    /// Everything is forgotten but the marks.
    pub(crate) fn evict(&self) {
        self.kept().entries.clear();
    }

    pub(crate) fn tell(&self, heard: impl Fn() -> Heard) {
        for listener in self.listeners.lock().unwrap().iter() {
            listener(heard());
        }
    }

    pub(crate) fn set_away(&self, is_away: bool) {
        self.is_away.store(is_away, Ordering::SeqCst);
        self.tell(|| Heard::Missed);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn throw_away(&self, marks: &[Mark]) {
        let mut kept = self.kept();
        for mark in marks {
            kept.versions.insert(*mark, self.next.fetch_add(1, Ordering::SeqCst) + 1);
        }
        drop(kept);
        if !self.is_mute.load(Ordering::SeqCst) {
            self.tell(|| Heard::Invalidated(marks.to_vec()));
        }
    }
}

impl Fake {
    pub(crate) fn new(server: &Arc<Server>, clock: &ManualClock) -> Arc<Self> {
        Arc::new(Self { server: Arc::clone(server), clock: clock.clone(), unsent: Mutex::default() })
    }

    fn reply<'a, T: Send + 'a>(&'a self, say: impl FnOnce(&Server, Moment) -> T + Send + 'a) -> Reply<'a, T> {
        Box::pin(async move {
            // As a server's reply, it is never there at once.
            tokio::task::yield_now().await;
            if self.server.is_away.load(Ordering::SeqCst) {
                return Err(Unavailable);
            }
            let unsent = std::mem::take(&mut *self.unsent.lock().unwrap());
            if !unsent.is_empty() {
                self.server.throw_away(&Vec::from_iter(unsent));
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
    fn look<'a>(&'a self, name: &'a str, marks: &'a [Mark]) -> Reply<'a, Looked> {
        self.server.looks.fetch_add(1, Ordering::SeqCst);
        self.reply(move |server, now| {
            let kept = server.kept();
            let stands = |mark: &Mark| kept.versions.get(mark).copied().unwrap_or_default();
            let versions = marks.iter().map(stands).collect();
            let found = kept.entries.get(name).and_then(|(found, marks, since)| {
                let age = now.nanos_since(*since);
                let holds = marks.iter().all(|(mark, version)| stands(mark) == *version);
                (holds && age < found.terms.total())
                    .then(|| Found { for_nanos: found.for_nanos + age, ..found.clone() })
            });
            Looked { versions, found }
        })
    }

    fn keep<'a>(&'a self, name: &'a str, found: &'a Found, marks: &'a [(Mark, Version)]) -> Reply<'a, ()> {
        self.reply(move |server, now| {
            server.keeps.fetch_add(1, Ordering::SeqCst);
            server.kept().entries.insert(name.to_owned(), (found.clone(), marks.to_vec(), now));
        })
    }

    fn invalidate<'a>(&'a self, marks: &'a [Mark]) -> Reply<'a, ()> {
        Box::pin(async move {
            // Slower than a question, so that one can come in between.
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
            let sent = self.reply(move |server, _| server.throw_away(marks)).await;
            if sent.is_err() {
                self.unsent.lock().unwrap().extend(marks);
            }
            sent
        })
    }

    fn lease<'a>(&'a self, name: &'a str, token: u64, time: Duration) -> Reply<'a, bool> {
        self.reply(move |server, now| {
            let mut kept = server.kept();
            let is_free = kept.leases.get(name).is_none_or(|(_, until)| *until <= now);
            if is_free {
                kept.leases.insert(name.to_owned(), (token, now.saturating_add(time)));
            }
            is_free
        })
    }

    fn release<'a>(&'a self, name: &'a str, token: u64) -> Reply<'a, ()> {
        self.reply(move |server, _| {
            let mut kept = server.kept();
            if kept.leases.get(name).is_some_and(|(own, _)| *own == token) {
                kept.leases.remove(name);
            }
        })
    }

    fn listen(&self, hear: Box<dyn Fn(Heard) + Send + Sync>) {
        self.server.listeners.lock().unwrap().push(hear);
    }
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
