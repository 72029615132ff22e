//! The store against servers that the tests start.

#[cfg(feature = "redis-cluster")]
mod cluster;
mod decisions;
mod faults;
mod runtimes;
mod together;

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::runtime::Runtime;
use tollgate_servers::RedisServer;

use super::*;
use crate::backend::SystemClock;
use crate::backend::redis::{Redis, Settings};
use crate::core::{Key, Moment};
use crate::rate_limit::policy::Rate;
use crate::rate_limit::remote::Remote;
use crate::rate_limit::store::{Ask, Decision, Ruling, Scope, Store, Unavailable};

const SECOND: u64 = 1_000_000_000;
const HOUR: u64 = 3_600 * SECOND;

/// A time that stands still in the place of the server's clock, in microseconds; none unless it is set.
#[derive(Debug, Default)]
pub(super) struct TestTime(AtomicU64);

impl TestTime {
    pub(super) fn micros(&self) -> Option<u64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|micros| *micros > 0)
    }

    fn set(&self, micros: u64) {
        self.0.store(micros, Ordering::Relaxed);
    }
}

/// Where connections live while tests block.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
});

/// One server for all tests that do it no harm.
static SERVER: LazyLock<RedisServer> = LazyLock::new(RedisServer::start);

/// Long enough for a machine that does much else.
const PATIENT: Duration = Duration::from_secs(5);

fn connect(server: &RedisServer, namespace: &str, timeout: Duration) -> Redis {
    let settings = Settings { url: server.url(), namespace: namespace.to_owned(), timeout };
    Redis::new(&settings, Arc::new(SystemClock::new())).unwrap()
}

/// One that no other test has.
fn namespace() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("test{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

fn store(sharing: Sharing) -> RedisStore {
    RedisStore::new(connect(&SERVER, &namespace(), PATIENT), sharing)
}

fn ask<'a>(key: &str, cost: u32, rates: &'a [Rate]) -> Ask<'a> {
    Ask { cost, ..Ask::new(Scope::new(0), Key::from(key), rates) }
}

async fn admits(store: &RedisStore, ask: Ask<'_>) -> Result<bool, Unavailable> {
    Ok(store.decide(&[ask]).await?.rulings.iter().all(Ruling::fits))
}
