//! A Redis server that all processes of the service share, as it was written.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::app::TollgateBuilder;
use crate::app::config_error::Fault;
use crate::backend::redis::{Redis, RedisFault, Settings};
use crate::core::Clock;
use crate::rate_limit::redis::{RedisStore, Sharing};

/// How long a decision waits for its store, unless said otherwise.
const STORE_TIMEOUT: Duration = Duration::from_millis(30);

/// The settings of the server.
#[derive(Clone, Default)]
pub(super) struct WrittenRedis {
    url: Option<String>,
    /// Where the first one is a node of a cluster.
    #[cfg(feature = "redis-cluster")]
    further_nodes: Option<Vec<String>>,
    namespace: Option<String>,
    timeout: Option<String>,
}

impl TollgateBuilder {
    /// Keeps budgets on a Redis server (6.2 or later, or Valkey), so that all processes of the service share them:
    /// `redis://127.0.0.1:6379`, with user, password and database as in `redis://user:password@host:6379/1`. `rediss://` needs the
    /// feature `redis-tls`.
    ///
    /// It needs a [namespace](Self::namespace). Nothing connects before the first request, and a server that is away stops nothing:
    /// each limit says what happens then (`on_store_error`). The budgets in memory stay warm for that. In place of memory alone a
    /// decision costs one round trip, which `lease` saves where it may.
    pub fn redis(mut self, url: impl Into<String>) -> Self {
        self.store.redis.url = Some(url.into());
        #[cfg(feature = "redis-cluster")]
        {
            self.store.redis.further_nodes = None;
        }
        self
    }

    /// Keeps budgets on a Redis Cluster (or a Valkey cluster). Some of its nodes are enough, the more the better while nodes may be
    /// away: they tell where the others are. User, password and TLS are those of the first URL, for all nodes.
    ///
    /// Everything else is as for [`redis`](Self::redis). A node that is away stops the decisions of its own slots alone, and a
    /// replica that takes its place is found by itself. The limits of one function are kept in one slot, so that they are decided
    /// together; a budget that functions [share](crate::rate_limited) is not, and is decided after the others, which get back
    /// what they were charged if it refuses.
    #[cfg(feature = "redis-cluster")]
    pub fn redis_cluster<Url: Into<String>>(mut self, urls: impl IntoIterator<Item = Url>) -> Self {
        let mut urls = urls.into_iter().map(Into::into);
        self.store.redis.url = Some(urls.next().unwrap_or_default());
        self.store.redis.further_nodes = Some(urls.collect());
        self
    }

    /// What all keys of this service begin with, so that two services on one Redis never share any: `airports`. Letters, digits
    /// and `-_.:`.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.store.redis.namespace = Some(namespace.into());
        self
    }

    /// How long a decision waits for its store: `"30ms"`, unless said otherwise. After that the store counts as away.
    pub fn store_timeout(mut self, timeout: impl Into<String>) -> Self {
        self.store.redis.timeout = Some(timeout.into());
        self
    }
}

impl WrittenRedis {
    /// Whether one is named at all.
    pub(super) const fn is_named(&self) -> bool {
        self.url.is_some()
    }

    /// The store, where one is named; what is wrong with it goes to the faults.
    pub(super) fn open(&self, clock: &Arc<dyn Clock>, faults: &mut Vec<Fault>) -> Option<RedisStore> {
        let timeout = match self.timeout.as_deref().map(humantime::parse_duration) {
            None => STORE_TIMEOUT,
            Some(Ok(timeout)) => timeout,
            Some(Err(_)) => {
                faults.push(Fault::NoRedis(RedisFault::NoTimeout));
                STORE_TIMEOUT
            }
        };
        let namespace = self.namespace.clone().unwrap_or_default();
        let settings = Settings { url: self.url.clone()?, namespace, timeout };
        let redis = self.connect(&settings, Arc::clone(clock));
        let redis = redis.map_err(|fault| faults.push(Fault::NoRedis(fault))).ok()?;
        Some(RedisStore::new(redis, Sharing::On))
    }

    #[cfg_attr(not(feature = "redis-cluster"), allow(clippy::unused_self, reason = "there is one way then"))]
    fn connect(&self, settings: &Settings, clock: Arc<dyn Clock>) -> Result<Redis, RedisFault> {
        #[cfg(feature = "redis-cluster")]
        if let Some(further) = &self.further_nodes {
            return Redis::cluster(settings, further, clock);
        }
        Redis::new(settings, clock)
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
