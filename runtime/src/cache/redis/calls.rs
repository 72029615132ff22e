//! What is one call each.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ::redis::Value;

use super::super::marks::Mark;
use super::super::remote::{Found, Heard, Looked, Remote, Reply, Unavailable, Version};
use super::super::wire::Envelope;
use super::hearing::Hearing;
use super::look::understood;
use super::names;
use super::unsent::Unsent;
use crate::backend::redis::{Arg, Redis, Script, Subscription};
use crate::core::Moment;

static KEEP: Script = Script::new("redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1");
static LEASE: Script =
    Script::new("if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end return 0");
/// Whatever somebody else put there stays.
static RELEASE: Script = Script::new(
    "if redis.pcall('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0",
);

/// How long an entry is kept at most: a week. Milliseconds.
pub(super) const LONGEST: u64 = 7 * 24 * 3_600 * 1_000;
/// How long one process may make an entry at most: an hour. Milliseconds.
const LONGEST_LEASE: u64 = 3_600 * 1_000;
/// What is written may take this much longer for each byte: nobody waits for it, and a large entry is no sign of a slow server.
const NANOS_A_BYTE: u64 = 100;
const MILLI: u64 = 1_000_000;

/// Keeps entries on a Redis server or a cluster.
#[derive(Debug)]
pub(crate) struct RedisCache {
    shared: Arc<Shared>,
    subscription: OnceLock<Subscription>,
}

/// What the calls and the task in the background share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) redis: Redis,
    pub(super) unsent: Unsent,
}

impl RedisCache {
    pub(crate) fn new(redis: Redis) -> Self {
        let shared = Arc::new(Shared { redis, unsent: Unsent::default() });
        Self { shared, subscription: OnceLock::new() }
    }

    /// Listening begins with the first call, which has a runtime.
    fn see_to_hearing(&self) {
        if let Some(subscription) = self.subscription.get() {
            subscription.see_to();
        }
    }
}

impl Shared {
    async fn keep(&self, name: &str, found: &Found, marks: &[(Mark, Version)]) -> Result<(), Unavailable> {
        let Found { terms, for_nanos, payload } = found;
        let life = (terms.total().saturating_sub(*for_nanos) / MILLI).min(LONGEST);
        let envelope = Envelope {
            life,
            aged: *for_nanos,
            terms: *terms,
            marks: marks.to_vec(),
            payload: payload.as_slice(),
        };
        let Some(bytes) = envelope.write(name).filter(|_| life > 0) else {
            tracing::debug!(target: "tollgate::redis", bytes = payload.len(), life, "an entry that is not kept");
            return Ok(());
        };
        let key = [names::entry(self.redis.namespace(), name)];
        let args = [Arg::Bytes(&bytes), Arg::Number(life)];
        understood(self.redis.eval(&KEEP, &key, &args, self.deadline_of(bytes.len())).await, done)
    }

    async fn lease(&self, name: &str, token: u64, time: Duration) -> Result<bool, Unavailable> {
        let time = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).clamp(1, LONGEST_LEASE);
        let key = [names::lease(self.redis.namespace(), name)];
        let args = [Arg::Number(token), Arg::Number(time)];
        understood(self.redis.eval(&LEASE, &key, &args, self.redis.deadline()).await, yes_or_no)
    }

    async fn release(&self, name: &str, token: u64) -> Result<(), Unavailable> {
        let key = [names::lease(self.redis.namespace(), name)];
        let answer = self.redis.eval(&RELEASE, &key, &[Arg::Number(token)], self.redis.deadline()).await;
        understood(answer, done)
    }

    fn deadline_of(&self, bytes: usize) -> Moment {
        self.redis.deadline().saturating_add_nanos((bytes as u64).saturating_mul(NANOS_A_BYTE))
    }
}

impl Remote for RedisCache {
    fn look<'a>(&'a self, name: &'a str, marks: &'a [Mark]) -> Reply<'a, Looked> {
        Box::pin(async move {
            self.see_to_hearing();
            self.shared.look(name, marks).await
        })
    }

    fn keep<'a>(&'a self, name: &'a str, found: &'a Found, marks: &'a [(Mark, Version)]) -> Reply<'a, ()> {
        Box::pin(async move {
            self.see_to_hearing();
            self.shared.keep(name, found, marks).await
        })
    }

    fn invalidate<'a>(&'a self, marks: &'a [Mark]) -> Reply<'a, ()> {
        Box::pin(async move {
            self.see_to_hearing();
            self.shared.purge(marks).await
        })
    }

    fn lease<'a>(&'a self, name: &'a str, token: u64, time: Duration) -> Reply<'a, bool> {
        Box::pin(async move {
            self.see_to_hearing();
            self.shared.lease(name, token, time).await
        })
    }

    fn release<'a>(&'a self, name: &'a str, token: u64) -> Reply<'a, ()> {
        Box::pin(self.shared.release(name, token))
    }

    fn listen(&self, hear: Box<dyn Fn(Heard) + Send + Sync>) {
        self.subscription.get_or_init(|| {
            let redis = self.shared.redis.clone();
            let channel = names::channel(redis.namespace());
            let hearing = Hearing { shared: Arc::clone(&self.shared), hear };
            Subscription::new(redis, channel, Box::new(hearing))
        });
        self.see_to_hearing();
    }
}

#[allow(clippy::needless_pass_by_value, reason = "what a reader of answers takes")]
fn done(answer: Value) -> Option<()> {
    matches!(answer, Value::Int(_)).then_some(())
}

#[allow(clippy::needless_pass_by_value, reason = "what a reader of answers takes")]
fn yes_or_no(answer: Value) -> Option<bool> {
    match answer {
        Value::Int(0) => Some(false),
        Value::Int(1) => Some(true),
        _ => None,
    }
}
