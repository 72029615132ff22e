//! A Redis server that all processes of the service share, as it was written.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use crate::app::TollgateBuilder;
use crate::app::config_error::Fault;
use crate::backend::redis::{Redis, RedisFault, Settings};
use crate::cache::redis::RedisCache;
use crate::circuit_breaker::MOST_NODES;
use crate::circuit_breaker::redis::RedisBreakers;
use crate::core::Clock;
use crate::rate_limit::redis::{RedisStore, Sharing};

/// How long a decision waits for its store, unless said otherwise.
const STORE_TIMEOUT: Duration = Duration::from_millis(30);

/// Of so many processes a breaker hears at most.
#[allow(clippy::cast_possible_truncation, reason = "far fewer than 2^32")]
const MOST_HINTS: u32 = MOST_NODES as u32;

/// The settings of the server.
#[derive(Clone, Default)]
pub(super) struct WrittenRedis {
    url: Option<String>,
    #[cfg(feature = "redis-cluster")]
    nodes: Option<Vec<String>>,
    namespace: Option<String>,
    timeout: Option<String>,
    hints: Option<u32>,
}

/// All that goes over one connection.
pub(super) struct Opened {
    pub(super) budgets: RedisStore,
    pub(super) entries: RedisCache,
    pub(super) circuits: RedisBreakers,
    pub(super) hints: Option<NonZeroU32>,
}

impl TollgateBuilder {
    /// Keeps budgets, and what is cached, on a Redis server (6.2 or later, or Valkey), so that all processes of the service share them:
    /// `redis://127.0.0.1:6379`, with user, password and database as in `redis://user:password@host:6379/1`. `rediss://` needs the
    /// feature `redis-tls`.
    ///
    /// It needs a [namespace](Self::namespace). Nothing connects before the first request, and a server that is away stops nothing:
    /// each limit says what happens then (`on_store_error`). The budgets in memory stay warm for that. In place of memory alone a
    /// decision costs one round trip, which `lease` saves where it may.
    ///
    /// Caches keep the memory of each process in front: a hit there costs no round trip, a miss one. What one process throws away, the
    /// others hear of at once, and where they could not hear, they ask again after a minute at most. While the server is away each
    /// process goes on with its own memory, and nobody waits.
    pub fn redis(mut self, url: impl Into<String>) -> Self {
        self.store.redis.url = Some(url.into());
        self
    }

    /// The same on a Redis Cluster, or a cluster of Valkey: the URLs of some of its nodes, which tell where the others are.
    ///
    /// The first one says how all of them are spoken with: user, password, and whether over TLS. The limits of one function that
    /// are decided together lie in one slot; each key of a limit that stands alone has its own.
    #[cfg(feature = "redis-cluster")]
    pub fn redis_cluster(mut self, nodes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.store.redis.nodes = Some(nodes.into_iter().map(Into::into).collect());
        self
    }

    /// What all keys of this service begin with, so that two services on one Redis never share any: `airports`. Letters, digits
    /// and `-_.:`.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.store.redis.namespace = Some(namespace.into());
        self
    }

    /// How long a decision or a look into a cache waits for its store: `"30ms"`, unless said otherwise. After that the store counts as away.
    pub fn store_timeout(mut self, timeout: impl Into<String>) -> Self {
        self.store.redis.timeout = Some(timeout.into());
        self
    }

    /// Opens a circuit breaker here as soon as that of the same function or `share = ".."` (and key) is open in so many other processes of the
    /// service, 1 to 64, and for as long as it is in so many: so that not each of them has to find out by failures of its own. Off unless
    /// said otherwise.
    ///
    /// It is a hint and no more. A process that starts later hears of open breakers without a key; of one with a key (`key = ".."`) it hears only
    /// what happens from then on. Each process counts for itself, also while the [store](Self::redis) that carries hints is away, tries for itself
    /// whether it works again, and tells nobody of a breaker that a hint has opened. With 1, a process that alone cannot reach
    /// what it calls keeps all others from it, too.
    pub fn breaker_hints(mut self, processes: u32) -> Self {
        self.store.redis.hints = Some(processes);
        self
    }
}

impl WrittenRedis {
    /// Whether one is named at all.
    pub(super) const fn is_named(&self) -> bool {
        #[cfg(feature = "redis-cluster")]
        if self.nodes.is_some() {
            return true;
        }
        self.url.is_some()
    }

    /// What goes over one connection, where a store is named; what is wrong with it goes to the faults.
    pub(super) fn open(&self, clock: &Arc<dyn Clock>, faults: &mut Vec<Fault>) -> Option<Opened> {
        let hints = self.hints().unwrap_or_else(|fault| {
            faults.push(fault);
            None
        });
        if !self.is_named() {
            return None;
        }
        let timeout = self.timeout().unwrap_or_else(|fault| {
            faults.push(Fault::NoRedis(fault));
            STORE_TIMEOUT
        });
        let connected = self.connect(timeout, clock);
        let (redis, sharing) = connected.map_err(|fault| faults.push(Fault::NoRedis(fault))).ok()?;
        Some(Opened {
            budgets: RedisStore::new(redis.clone(), sharing),
            entries: RedisCache::new(redis.clone()),
            circuits: RedisBreakers::new(redis),
            hints,
        })
    }

    fn hints(&self) -> Result<Option<NonZeroU32>, Fault> {
        let Some(written) = self.hints else { return Ok(None) };
        let is_possible = NonZeroU32::new(written).filter(|hints| hints.get() <= MOST_HINTS);
        if is_possible.is_none() {
            return Err(Fault::NoHints(written));
        }
        if self.is_named() { Ok(is_possible) } else { Err(Fault::HintsFromNobody) }
    }

    fn timeout(&self) -> Result<Duration, RedisFault> {
        let Some(written) = &self.timeout else { return Ok(STORE_TIMEOUT) };
        humantime::parse_duration(written).map_err(|_| RedisFault::NoTimeout)
    }

    fn connect(&self, timeout: Duration, clock: &Arc<dyn Clock>) -> Result<(Redis, Sharing), RedisFault> {
        let namespace = self.namespace.clone().unwrap_or_default();
        let settings = |url: &str| Settings { url: url.to_owned(), namespace, timeout };
        #[cfg(feature = "redis-cluster")]
        if let Some(nodes) = &self.nodes {
            let (first, further) = nodes.split_first().ok_or(RedisFault::NoUrl)?;
            if self.url.is_some() {
                return Err(RedisFault::TwoStores);
            }
            let redis = Redis::cluster(&settings(first), further, Arc::clone(clock))?;
            return Ok((redis, Sharing::Off));
        }
        let url = self.url.as_deref().unwrap_or_default();
        Ok((Redis::new(&settings(url), Arc::clone(clock))?, Sharing::On))
    }
}

/// Settings are printed; the URL may hold a password.
impl fmt::Debug for WrittenRedis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WrittenRedis")
            .field("namespace", &self.namespace)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
