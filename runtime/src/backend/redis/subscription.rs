//! Hearing what is published on a channel, over a connection of its own.
//!
//! Redis forgets a message as soon as it was sent, so whatever was published while nobody listened is missed: a [`Listener`] is
//! told of every new connection, and what it may have missed is its own business.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ::redis::aio::{PubSubSink, PubSubStream};
use ::redis::{Client, RedisError, Value};
use futures_core::Stream as _;

use super::health::LONGEST_PAUSE;
use super::keeper::Keeper;
use super::pause::Pauses;
use super::{Failure, Redis};
use crate::backend::within;
use crate::core::Moment;

/// How long a connection may take, and the answer to a question whether it lives.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a connection is silent before it is asked whether it lives.
const PROBE: Duration = Duration::from_secs(1);

/// What is done on the listener's behalf between messages.
pub(crate) type Work<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Somebody who listens.
pub(crate) trait Listener: Send + Sync + 'static {
    /// Something was published, by whomever.
    fn heard(&self, message: &[u8]);

    /// Listening begins, for the first time or again: what was published before was missed.
    fn begins(&self);

    /// It ends, and what is published from now on is missed.
    fn ends(&self);

    /// Called after each beginning, and about every second while nothing is published. It has to end in time.
    fn in_between(&self) -> Work<'_>;
}

/// A task that listens, from [`see_to`](Self::see_to) on until this is dropped.
pub(crate) struct Subscription {
    shared: Arc<Shared>,
    keeper: Keeper,
}

struct Shared {
    redis: Redis,
    channel: String,
    listener: Box<dyn Listener>,
    status: Mutex<Status>,
}

struct Status {
    /// When the task last went on.
    alive_at: Moment,
    /// How many connections were begun: in a cluster, each is to another node than the last.
    attempts: usize,
}

impl Subscription {
    /// Listens to nothing yet.
    pub(crate) fn new(redis: Redis, channel: String, listener: Box<dyn Listener>) -> Self {
        let status = Mutex::new(Status { alive_at: redis.clock().now(), attempts: 0 });
        Self { shared: Arc::new(Shared { redis, channel, listener, status }), keeper: Keeper::default() }
    }

    /// Sees to it that the task runs: it needs a runtime, which may have ended since, or be driven by nobody.
    pub(crate) fn see_to(&self) {
        let start = || {
            self.shared.goes_on();
            Arc::clone(&self.shared).keep()
        };
        // Without a runtime there is nobody who could listen; whoever calls next tries again.
        let _ = self.keeper.see_to(|| self.shared.is_stuck(), start);
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("channel", &self.shared.channel).finish_non_exhaustive()
    }
}

impl Shared {
    /// Connects, one connection after another.
    async fn keep(self: Arc<Self>) {
        let mut pauses = Pauses::new(LONGEST_PAUSE);
        loop {
            let pause = pauses.next(getrandom::u32().unwrap_or_default());
            if !pause.is_zero() {
                self.redis.clock().sleep_until(self.after(pause)).await;
            }
            self.goes_on();
            match self.connect().await {
                Ok((sink, stream)) => {
                    tracing::debug!(target: "tollgate::redis", channel = self.channel, "listening");
                    if self.listen(sink, stream).await {
                        pauses.begin_anew();
                    }
                    tracing::debug!(target: "tollgate::redis", channel = self.channel, "not listening any more");
                }
                Err(failure) => {
                    tracing::debug!(target: "tollgate::redis", %failure, "nobody to listen to");
                }
            }
        }
    }

    async fn connect(&self) -> Result<(PubSubSink, PubSubStream), Failure> {
        let attempt = {
            let mut status = self.status();
            status.attempts = status.attempts.wrapping_add(1);
            status.attempts
        };
        let client = self.redis.client_for(attempt).ok_or(Failure::Away)?;
        let opened = within(self.redis.clock(), self.after(PATIENCE), self.open(&client)).await;
        opened.ok_or(Failure::TimedOut)?.map_err(Failure::Refused)
    }

    async fn open(&self, client: &Client) -> Result<(PubSubSink, PubSubStream), RedisError> {
        let (mut sink, stream) = client.get_async_pubsub().await?.split();
        sink.subscribe(self.channel.as_str()).await?;
        Ok((sink, stream))
    }

    /// Until the connection ends. Tells whether it proved to live.
    async fn listen(&self, mut sink: PubSubSink, mut stream: PubSubStream) -> bool {
        let listening = Listening::new(&*self.listener);
        listening.0.in_between().await;
        let mut has_lived = false;
        loop {
            self.goes_on();
            let next = poll_fn(|context| Pin::new(&mut stream).poll_next(context));
            match within(self.redis.clock(), self.after(PROBE), next).await {
                Some(Some(message)) => self.listener.heard(message.get_payload_bytes()),
                Some(None) => return has_lived,
                None => {
                    let ping = sink.ping::<Value>();
                    let answer = within(self.redis.clock(), self.after(PATIENCE), ping).await;
                    if !matches!(answer, Some(Ok(_))) {
                        return has_lived;
                    }
                    self.listener.in_between().await;
                }
            }
            has_lived = true;
        }
    }

    fn goes_on(&self) {
        self.status().alive_at = self.redis.clock().now();
    }

    /// Whether the task has not gone on for longer than anything takes that it waits for.
    fn is_stuck(&self) -> bool {
        let longest = (LONGEST_PAUSE + PROBE + PATIENCE * 2).saturating_add(self.redis.timeout());
        let alive_at = self.status().alive_at;
        self.redis.clock().now() > alive_at.saturating_add(longest)
    }

    fn after(&self, duration: Duration) -> Moment {
        self.redis.clock().now().saturating_add(duration)
    }

    fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells the end, also where the task is dropped.
struct Listening<'a>(&'a dyn Listener);

impl<'a> Listening<'a> {
    fn new(listener: &'a dyn Listener) -> Self {
        listener.begins();
        Self(listener)
    }
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        self.0.ends();
    }
}
