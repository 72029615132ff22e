//! One server: its connection, and the task that keeps it.

use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::{AsyncConnectionConfig, Client, Cmd, ErrorKind, RedisError, ServerErrorKind, Value};
use tokio::sync::{Notify, watch};

use super::failure::Failure;
use super::health::{Health, LONGEST_PAUSE, Stage};
use super::keeper::Keeper;
use super::script::{Arg, Script};
use crate::backend::within;
use crate::core::{Clock, Moment};

/// How long a connection may take, however short calls are: names are looked up, and certificates exchanged.
const CONNECT: Duration = Duration::from_secs(1);
/// How long a connection is silent before it is asked whether it lives.
const PROBE: Duration = Duration::from_secs(1);
/// How many commands wait for the connection to write them.
const UNWRITTEN: usize = 256;

/// One server, which is connected to in the background. Clones are one.
///
/// The connection writes each command once and repeats none: `MultiplexedConnection` has no retry of its own
/// (`ConnectionManager` and `ClusterConnection` have), and a command whose caller has gone before it was written is not
/// written.
#[derive(Clone)]
pub(super) struct Node {
    kept: Arc<Kept>,
}

/// Ends the keeper when the last clone is dropped.
struct Kept {
    shared: Arc<Shared>,
    keeper: Keeper,
}

struct Shared {
    client: Client,
    timeout: Duration,
    clock: Arc<dyn Clock>,
    status: Mutex<Status>,
    /// Wakes who waits for the first connection.
    changed: Notify,
    /// Wakes the keeper: each, also where an earlier one is stuck and would take the news away.
    broken: watch::Sender<()>,
}

struct Status {
    health: Health,
    link: Option<MultiplexedConnection>,
    /// When the keeper last went on.
    alive_at: Moment,
}

impl Node {
    /// Connects to nothing yet.
    pub(super) fn new(client: Client, timeout: Duration, clock: Arc<dyn Clock>) -> Self {
        let status = Mutex::new(Status { health: Health::new(), link: None, alive_at: clock.now() });
        let (changed, broken) = (Notify::new(), watch::Sender::new(()));
        let shared = Arc::new(Shared { client, timeout, clock, status, changed, broken });
        Self { kept: Arc::new(Kept { shared, keeper: Keeper::default() }) }
    }

    /// How to connect to it once more.
    pub(super) fn client(&self) -> Client {
        self.kept.shared.client.clone()
    }

    /// Runs a script, which the server is taught where it does not know it: it has not run then.
    pub(super) async fn eval(
        &self,
        script: &Script,
        keys: &[String],
        args: &[Arg<'_>],
        deadline: Moment,
    ) -> Result<Value, Failure> {
        match self.call(&script.call(keys, args), deadline).await {
            Err(Failure::Refused(error)) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                self.call(&script.teach(keys, args), deadline).await
            }
            answer => answer,
        }
    }

    /// Sends a command, once.
    pub(super) async fn call(&self, command: &Cmd, deadline: Moment) -> Result<Value, Failure> {
        let (mut link, connection) = self.link(deadline).await?;
        let shared = &self.kept.shared;
        let answer = shared.within(deadline, link.send_packed_command(command)).await;
        shared.judge(connection, answer)
    }

    /// Runs a script over keys that are on their way to this server, which answers for them only to whoever says so.
    #[cfg(feature = "redis-cluster")]
    pub(super) async fn eval_asking(
        &self,
        script: &Script,
        keys: &[String],
        args: &[Arg<'_>],
        deadline: Moment,
    ) -> Result<Value, Failure> {
        match self.call_asking(script.call(keys, args), deadline).await {
            Err(Failure::Refused(error)) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                self.call_asking(script.teach(keys, args), deadline).await
            }
            answer => answer,
        }
    }

    /// Both commands are written at once, so nobody else's comes between them.
    #[cfg(feature = "redis-cluster")]
    async fn call_asking(&self, command: Cmd, deadline: Moment) -> Result<Value, Failure> {
        let (mut link, connection) = self.link(deadline).await?;
        let shared = &self.kept.shared;
        let mut both = ::redis::pipe();
        both.cmd("ASKING").add_command(command);
        let answers = shared.within(deadline, link.send_packed_commands(&both, 1, 1)).await;
        let answer = answers.map(|all| all.map(|all| all.into_iter().next().unwrap_or(Value::Nil)));
        shared.judge(connection, answer)
    }

    /// What is known of the server.
    #[cfg(feature = "redis-cluster")]
    pub(super) fn stage(&self) -> Stage {
        self.kept.shared.status().health.stage()
    }

    /// The connection and its number. Waits for the first one; later on, one that is not there is none.
    async fn link(&self, deadline: Moment) -> Result<(MultiplexedConnection, u64), Failure> {
        let shared = &self.kept.shared;
        let mut changed = pin!(shared.changed.notified());
        changed.as_mut().enable();
        match shared.link() {
            Some(Ok(found)) => return Ok(found),
            Some(Err(failure)) => {
                self.see_to_keeper()?;
                return Err(failure);
            }
            None => self.see_to_keeper()?,
        }
        shared.within(deadline, changed).await;
        shared.link().unwrap_or_else(|| {
            shared.note(0, Health::timed_out);
            Err(Failure::TimedOut)
        })
    }

    fn see_to_keeper(&self) -> Result<(), Failure> {
        let shared = &self.kept.shared;
        let start = || {
            shared.keeper_lives();
            keep(Arc::clone(shared))
        };
        self.kept.keeper.see_to(|| shared.is_keeper_stuck(), start)
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = self.kept.shared.status().health.stage();
        f.debug_struct("Node").field("stage", &stage).finish_non_exhaustive()
    }
}

/// Makes connections, one after another, and asks one that is silent whether it lives.
async fn keep(shared: Arc<Shared>) {
    let mut broken = shared.broken.subscribe();
    loop {
        let pause = shared.status().health.pause(getrandom::u32().unwrap_or_default());
        if !pause.is_zero() {
            shared.clock.sleep_until(shared.after(pause)).await;
        }
        shared.keeper_lives();
        shared.connect().await;
        while shared.is_up() {
            shared.keeper_lives();
            if shared.within(shared.after(PROBE), broken.changed()).await.is_none() {
                shared.probe().await;
            }
        }
    }
}

impl Shared {
    fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn after(&self, duration: Duration) -> Moment {
        self.clock.now().saturating_add(duration)
    }

    fn is_up(&self) -> bool {
        self.status().health.stage() == Stage::Up
    }

    fn keeper_lives(&self) {
        self.status().alive_at = self.clock.now();
    }

    /// Whether the keeper has not gone on for longer than a pause and an attempt take. Its runtime is blocked then, or nobody
    /// drives it.
    fn is_keeper_stuck(&self) -> bool {
        let longest = LONGEST_PAUSE.saturating_add(self.patience()).saturating_add(self.timeout);
        let alive_at = self.status().alive_at;
        self.clock.now() > alive_at.saturating_add(longest)
    }

    /// The connection, or why there is none; nothing before it is known.
    fn link(&self) -> Option<Result<(MultiplexedConnection, u64), Failure>> {
        let status = self.status();
        match (status.health.stage(), &status.link) {
            (Stage::Up, Some(link)) => Some(Ok((link.clone(), status.health.connection()))),
            (Stage::Unknown, _) => None,
            (Stage::Up | Stage::Away, _) => Some(Err(Failure::Away)),
        }
    }

    /// Whoever is content to wait longer than that for a call is so for the connection that it goes over.
    fn patience(&self) -> Duration {
        self.timeout.max(CONNECT)
    }

    async fn connect(&self) {
        let link = match self.within(self.after(self.patience()), self.open()).await {
            Some(Ok(link)) => self.greet(link).await,
            Some(Err(error)) => Err(Failure::Refused(error)),
            None => Err(Failure::TimedOut),
        };
        let mut status = self.status();
        match link {
            Ok(link) => {
                status.link = Some(link);
                status.health.connected();
                tracing::info!(target: "tollgate::redis", "connected");
            }
            Err(failure) => {
                let is_news = status.health.stage() == Stage::Unknown;
                status.health.refused();
                if is_news {
                    tracing::warn!(target: "tollgate::redis", %failure, "the server is not reached");
                } else {
                    tracing::debug!(target: "tollgate::redis", %failure, "no connection");
                }
            }
        }
        drop(status);
        self.changed.notify_waiters();
    }

    async fn open(&self) -> Result<MultiplexedConnection, RedisError> {
        // The clock measures these.
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(None)
            .set_pipeline_buffer_size(UNWRITTEN);
        self.client.get_multiplexed_async_connection_with_config(&config).await
    }

    /// A connection over which the server answers as fast as it has to.
    async fn greet(&self, mut link: MultiplexedConnection) -> Result<MultiplexedConnection, Failure> {
        let ping = ::redis::cmd("PING");
        let answer = self.within(self.after(self.timeout), link.send_packed_command(&ping)).await;
        answered(answer).map(|_| link)
    }

    async fn probe(&self) {
        if let Some(Ok((link, connection))) = self.link() {
            match self.greet(link).await {
                Err(Failure::TimedOut) => self.note(connection, Health::timed_out),
                Err(Failure::Broken) => self.note(connection, Health::broke),
                Ok(_) | Err(Failure::Away | Failure::Refused(_)) => {}
            }
        }
    }

    /// What an answer says, and what it says about the connection.
    fn judge(&self, connection: u64, answer: Option<Result<Value, RedisError>>) -> Result<Value, Failure> {
        let answer = answered(answer);
        match &answer {
            Err(Failure::TimedOut) => self.note(connection, Health::timed_out),
            Err(Failure::Broken) => self.note(connection, Health::broke),
            // It has become a replica: another server has the name by now.
            Err(Failure::Refused(error)) if error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly) => {
                self.note(connection, Health::broke);
            }
            Ok(_) | Err(Failure::Away | Failure::Refused(_)) => self.status().health.answered(connection),
        }
        answer
    }

    fn note(&self, connection: u64, happened: impl FnOnce(&mut Health, u64) -> bool) {
        let mut status = self.status();
        if happened(&mut status.health, connection) {
            status.link = None;
            drop(status);
            tracing::warn!(target: "tollgate::redis", "the server is away");
            self.broken.send_replace(());
        }
    }

    /// What comes of a future until then.
    async fn within<T>(&self, deadline: Moment, future: impl Future<Output = T>) -> Option<T> {
        within(&*self.clock, deadline, future).await
    }
}

fn answered(answer: Option<Result<Value, RedisError>>) -> Result<Value, Failure> {
    let answer = answer.ok_or(Failure::TimedOut)?;
    answer.and_then(Value::extract_error).map_err(|error| match error.kind() {
        ErrorKind::Server(_) | ErrorKind::Extension => Failure::Refused(error),
        _ => Failure::Broken,
    })
}
