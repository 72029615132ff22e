//! The store against servers that the tests start.

#[cfg(feature = "redis-cluster")]
mod cluster;
mod contract;
mod faults;
mod hearing;
mod promises;

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Runtime;
use tollgate_servers::{RedisServer, wait_until};

use super::*;
use crate::backend::SystemClock;
use crate::backend::redis::{Redis, Settings};
use crate::cache::life::Terms;
use crate::cache::marks::Mark;
use crate::cache::remote::{Found, Heard, Looked, Remote, Unavailable};

const MILLI: u64 = 1_000_000;
const MINUTE: u64 = 60_000 * MILLI;

/// Where connections live while tests block.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
});

/// One server for all tests that do it no harm.
static SERVER: LazyLock<RedisServer> = LazyLock::new(RedisServer::start);

/// Long enough for a machine that does much else.
const PATIENT: Duration = Duration::from_secs(5);
/// As in production, but for that machine.
const SHORT: Duration = Duration::from_millis(300);

fn connect(url: String, namespace: &str, timeout: Duration) -> RedisCache {
    let settings = Settings { url, namespace: namespace.to_owned(), timeout };
    RedisCache::new(Redis::new(&settings, Arc::new(SystemClock::new())).unwrap())
}

/// One that no other test has.
fn namespace() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("test{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

fn shared(namespace: &str) -> RedisCache {
    connect(SERVER.url(), namespace, PATIENT)
}

fn fresh_for(fresh: u64) -> Terms {
    Terms { fresh, ..Terms::default() }
}

fn entry(payload: &[u8]) -> Found {
    Found { terms: fresh_for(MINUTE), for_nanos: 0, payload: payload.to_vec() }
}

fn look(cache: &RedisCache, name: &str, marks: &[Mark]) -> Result<Looked, Unavailable> {
    RUNTIME.block_on(cache.look(name, marks))
}

/// Looks, and keeps, as one does who found nothing.
fn keep(cache: &RedisCache, name: &str, marks: &[Mark], found: &Found) -> Result<(), Unavailable> {
    let versions = look(cache, name, marks)?.versions;
    let marks: Vec<_> = marks.iter().copied().zip(versions).collect();
    RUNTIME.block_on(cache.keep(name, found, &marks))
}

fn invalidate(cache: &RedisCache, marks: &[Mark]) -> Result<(), Unavailable> {
    RUNTIME.block_on(cache.invalidate(marks))
}

fn payload(looked: Looked) -> Option<Vec<u8>> {
    looked.found.map(|found| found.payload)
}

/// What is heard, in order.
#[derive(Clone, Default)]
struct Ear {
    marks: Arc<Mutex<Vec<Mark>>>,
    missed: Arc<AtomicUsize>,
}

impl Ear {
    fn at(cache: &RedisCache) -> Self {
        let ear = Self::default();
        let own = ear.clone();
        let _runtime = RUNTIME.enter();
        cache.listen(Box::new(move |heard| match heard {
            Heard::Invalidated(marks) => {
                own.marks.lock().unwrap_or_else(PoisonError::into_inner).extend(marks);
            }
            Heard::Missed => drop(own.missed.fetch_add(1, Ordering::Relaxed)),
        }));
        ear
    }

    fn marks(&self) -> Vec<Mark> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn missed(&self) -> usize {
        self.missed.load(Ordering::Relaxed)
    }

    /// Each is told when it begins and when it ends.
    fn wait_for_connection(&self, number: usize) {
        wait_until("a subscription", || self.missed() >= 2 * number - 1);
    }
}
