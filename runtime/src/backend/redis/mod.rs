//! Redis, without a word of any capability: scripts are run, and what comes back is handed on.
//!
//! | file | what |
//! | --- | --- |
//! | `script.rs` | [`Script`]: a text that the server knows by its digest, and what it is given |
//! | `health.rs` | whether a server is worth asking |
//! | `node.rs` | one server: its connection, and the task that keeps it |
//! | `cluster/` | several servers that are one: who has a key, and where a call goes that met the wrong one |
//! | `subscription.rs` | hearing what others publish |
//! | `keeper.rs`, `pause.rs` | tasks in the background, and how long to wait between attempts |
//! | `failure.rs` | why there is no answer, and what is wrong with settings |
//!
//! Nothing is queued for a server that is away, nothing is sent twice, and every call ends in time by the clock.

#[cfg(feature = "redis-cluster")]
mod cluster;
mod failure;
mod health;
mod keeper;
mod node;
mod pause;
mod script;
mod subscription;

use std::sync::Arc;
use std::time::Duration;

use ::redis::{Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, Value};

#[cfg(feature = "redis-cluster")]
use self::cluster::Cluster;
use self::node::Node;
use crate::core::{Clock, Moment};

pub(crate) use self::failure::{Failure, RedisFault};
pub(crate) use self::script::{Arg, Script};
pub(crate) use self::subscription::{Listener, Subscription, Work};

/// Which server, and how it is asked.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) url: String,
    /// What all keys begin with.
    pub(crate) namespace: String,
    /// How long a call may take.
    pub(crate) timeout: Duration,
}

/// A server, or several that are one. Clones are one.
#[derive(Clone, Debug)]
pub(crate) struct Redis {
    servers: Servers,
    namespace: Arc<str>,
    timeout: Duration,
    clock: Arc<dyn Clock>,
}

/// Who answers: each way runs a script as [`Node::eval`] does.
#[derive(Clone, Debug)]
enum Servers {
    One(Node),
    #[cfg(feature = "redis-cluster")]
    Cluster(Cluster),
}

impl Redis {
    /// Connects to nothing yet: that is done in the background, from the first call on, by a task on its runtime. The task
    /// ends with the last clone.
    pub(crate) fn new(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, RedisFault> {
        let client = client(&settings.url)?;
        Self::of(settings, clock, |timeout, clock| Servers::One(Node::new(client, timeout, clock)))
    }

    /// The nodes of a cluster, of which the one in `settings` and those at `further` URLs tell where the others are. All of
    /// them are spoken with as the first URL says: its user, its password, and whether over TLS.
    ///
    /// Each connection is made in the background, from the first call on that needs it.
    #[cfg(feature = "redis-cluster")]
    pub(crate) fn cluster(
        settings: &Settings,
        further: &[String],
        clock: Arc<dyn Clock>,
    ) -> Result<Self, RedisFault> {
        let urls: Vec<&str> = [&settings.url].into_iter().chain(further).map(String::as_str).collect();
        let seeds = cluster::Seeds::new(&urls)?;
        Self::of(settings, clock, |timeout, clock| Servers::Cluster(Cluster::new(seeds, timeout, clock)))
    }

    fn of(
        settings: &Settings,
        clock: Arc<dyn Clock>,
        servers: impl FnOnce(Duration, Arc<dyn Clock>) -> Servers,
    ) -> Result<Self, RedisFault> {
        let Settings { namespace, timeout, .. } = settings;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
        if namespace.is_empty() {
            return Err(RedisFault::NoNamespace);
        }
        if !namespace.bytes().all(is_plain) {
            return Err(RedisFault::BadNamespace);
        }
        if timeout.is_zero() {
            return Err(RedisFault::NoTimeout);
        }
        let servers = servers(*timeout, Arc::clone(&clock));
        Ok(Self { servers, namespace: namespace.as_str().into(), timeout: *timeout, clock })
    }

    /// What all keys begin with.
    pub(crate) fn namespace(&self) -> &str {
        &self.namespace
    }

    /// With a namespace that keeps all keys in one slot of a cluster.
    #[cfg(all(test, feature = "redis-cluster"))]
    pub(crate) fn in_one_slot(self) -> Self {
        let namespace = format!("{{{}}}", self.namespace).into();
        Self { namespace, ..self }
    }

    /// Whether the servers are a cluster, where a script reaches the keys of one slot alone.
    pub(crate) const fn is_cluster(&self) -> bool {
        match self.servers {
            Servers::One(_) => false,
            #[cfg(feature = "redis-cluster")]
            Servers::Cluster(_) => true,
        }
    }

    /// The slot of a key; the same for all where there is one server.
    #[cfg_attr(
        not(feature = "redis-cluster"),
        allow(clippy::unused_self, unused_variables, reason = "one server has no slots")
    )]
    pub(crate) fn slot_of(&self, key: &str) -> u16 {
        match self.servers {
            Servers::One(_) => 0,
            #[cfg(feature = "redis-cluster")]
            Servers::Cluster(_) => cluster::slot_of(key),
        }
    }

    /// How long a call may take.
    pub(crate) const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// When a call that begins now has failed.
    pub(crate) fn deadline(&self) -> Moment {
        self.clock.now().saturating_add(self.timeout)
    }

    /// The clock that deadlines are measured by.
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// How to connect to a server that answers, as far as is known: of several, another one with each attempt.
    #[cfg_attr(not(feature = "redis-cluster"), allow(unused_variables, reason = "there is one server"))]
    fn client_for(&self, attempt: usize) -> Option<Client> {
        match &self.servers {
            Servers::One(node) => Some(node.client()),
            #[cfg(feature = "redis-cluster")]
            Servers::Cluster(cluster) => cluster.client_for(attempt),
        }
    }

    /// Runs a script over `keys`, at most once, and fails by the deadline. Dropping it leaves nobody else without an answer,
    /// and what was sent may still be carried out.
    pub(crate) async fn eval(
        &self,
        script: &'static Script,
        keys: &[String],
        args: &[Arg<'_>],
        deadline: Moment,
    ) -> Result<Value, Failure> {
        match &self.servers {
            Servers::One(node) => node.eval(script, keys, args, deadline).await,
            #[cfg(feature = "redis-cluster")]
            Servers::Cluster(cluster) => cluster.eval(script, keys, args, deadline).await,
        }
    }
}

fn client(url: &str) -> Result<Client, RedisFault> {
    let asks_for_tls = url.starts_with("rediss:") || url.starts_with("valkeys:");
    if asks_for_tls && !cfg!(feature = "redis-tls") {
        return Err(RedisFault::NoTls);
    }
    let info = url.into_connection_info().map_err(|_| RedisFault::NoUrl)?;
    Client::open(direct(info)).map_err(|_| RedisFault::NoUrl)
}

/// A decision is one small packet, which must not wait for the acknowledgement of the last one.
fn direct(info: ConnectionInfo) -> ConnectionInfo {
    if matches!(info.addr(), ConnectionAddr::Unix(_)) {
        return info;
    }
    let settings = info.tcp_settings().clone().set_nodelay(true);
    info.set_tcp_settings(settings)
}

#[cfg(test)]
mod tests;
