//! Many decisions of a process in one call.
//!
//! While few are on their way, each goes by itself, which is the fastest. The others queue up, and whenever an answer has
//! come, what stands there goes in one call. So nobody waits for company, and the more there is to do, the less each costs.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};

use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::super::store::Unavailable;
use super::store::{Understood, numbers};
use super::terms::Terms;
use crate::backend::redis::{Arg, Redis, Script};
use crate::backend::within;
use crate::core::Moment;

static GCRA_SHARED: Script = Script::new(include_str!("gcra_shared.lua"));

/// So many go by themselves.
const ALONE: usize = 4;
/// So many queue up. Whoever finds no room has no decision: a store that is that slow is as good as away.
const QUEUE: usize = 4_096;
/// So many go in one call, which keeps the server from everybody else for less than a millisecond.
const MOST: usize = 128;

/// A decision over one budget on one number.
pub(super) struct Question {
    pub(super) name: String,
    pub(super) terms: Terms,
    pub(super) cost: u32,
}

struct Waiting {
    question: Question,
    deadline: Moment,
    answer: oneshot::Sender<u64>,
}

/// Gathers decisions. Its task runs on the runtime of whoever asks first, and ends with it. That runtime may be blocked, or
/// kept without being driven: whoever waits in vain leaves the queue, and the next one has a task of its own.
pub(super) struct Shared {
    redis: Redis,
    on_their_way: AtomicUsize,
    queue: RwLock<Option<mpsc::Sender<Waiting>>>,
}

impl Shared {
    pub(super) fn new(redis: Redis) -> Self {
        Self { redis, on_their_way: AtomicUsize::new(0), queue: RwLock::default() }
    }

    /// Counts a decision in until the answer is dropped, and tells how it goes.
    pub(super) fn enter(&self) -> Way<'_> {
        let goes_alone = self.on_their_way.fetch_add(1, Ordering::Relaxed) < ALONE;
        Way { shared: self, goes_alone }
    }

    async fn decide(&self, question: Question) -> Result<u64, Unavailable> {
        let (answer, answered) = oneshot::channel();
        let deadline = self.redis.deadline();
        let queue = self.queue()?;
        if queue.try_send(Waiting { question, deadline, answer }).is_err() {
            // Full of those who have gone, which is seen to by a task that runs.
            if self.on_their_way.load(Ordering::Relaxed) < QUEUE {
                self.leave(&queue);
            }
            return Err(Unavailable);
        }
        let Some(answer) = within(self.redis.clock(), deadline, answered).await else {
            self.leave(&queue);
            return Err(Unavailable);
        };
        answer.map_err(|_| Unavailable)
    }

    /// Has the next one begin a queue. The task of this one answers those who still wait in it, and ends.
    fn leave(&self, left: &mpsc::Sender<Waiting>) {
        let mut queue = self.queue.write().unwrap_or_else(PoisonError::into_inner);
        if queue.as_ref().is_some_and(|queue| queue.same_channel(left)) {
            *queue = None;
        }
    }

    fn queue(&self) -> Result<mpsc::Sender<Waiting>, Unavailable> {
        let is_open = |queue: &Option<mpsc::Sender<_>>| queue.clone().filter(|queue| !queue.is_closed());
        if let Some(queue) = is_open(&self.queue.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(queue);
        }
        let mut queue = self.queue.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = is_open(&queue) {
            return Ok(queue);
        }
        let (sender, receiver) = mpsc::channel(QUEUE);
        let runtime = Handle::try_current().map_err(|_| Unavailable)?;
        runtime.spawn(drive(self.redis.clone(), receiver));
        *queue = Some(sender.clone());
        Ok(sender)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("on_their_way", &self.on_their_way).finish_non_exhaustive()
    }
}

/// A decision on its way.
pub(super) struct Way<'a> {
    shared: &'a Shared,
    pub(super) goes_alone: bool,
}

impl Way<'_> {
    /// How far ahead the moment lies at which the budget is full, with the cost or without it: asked together with others.
    pub(super) async fn decide(&self, question: Question) -> Result<u64, Unavailable> {
        self.shared.decide(question).await
    }
}

/// Also where the caller has gone.
impl Drop for Way<'_> {
    fn drop(&mut self) {
        self.shared.on_their_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Asks for all that wait, again and again, until nobody can ask any more.
async fn drive(redis: Redis, mut queue: mpsc::Receiver<Waiting>) {
    let mut waiting = Vec::with_capacity(MOST);
    while queue.recv_many(&mut waiting, MOST).await > 0 {
        let now = redis.clock().now();
        // Who has gone is not asked for, and who has waited too long is told so by the end of the channel.
        waiting.retain(|waiting| !waiting.answer.is_closed() && waiting.deadline > now);
        // The latest: each waits until its own, and the most impatient one is not to end the others' call.
        let Some(deadline) = waiting.iter().map(|waiting| waiting.deadline).max() else { continue };
        let (questions, answers): (Vec<_>, Vec<_>) =
            waiting.drain(..).map(|waiting| (waiting.question, waiting.answer)).unzip();
        for (answer, told) in answers.into_iter().zip(ask(&redis, &questions, deadline, None).await) {
            // Who has gone meanwhile hears nothing.
            let _ = answer.send(told);
        }
    }
}

/// An answer for each question, or none at all. `time` is that of tests, in microseconds since 1970.
pub(super) async fn ask(
    redis: &Redis,
    questions: &[Question],
    deadline: Moment,
    time: Option<u64>,
) -> Vec<u64> {
    let args = questions.iter().flat_map(|question| question.terms.moment_args(question.cost));
    let args: Vec<_> = args.chain(time.map(Arg::Number)).collect();
    let names: Vec<_> = questions.iter().map(|question| question.name.clone()).collect();
    let answer = redis.eval(&GCRA_SHARED, &names, &args, deadline).await;
    let answers = answer.and_then_parse(numbers).unwrap_or_default();
    let answers: Vec<_> = answers.into_iter().filter_map(|ahead| ahead.try_into().ok()).collect();
    if answers.len() == questions.len() { answers } else { Vec::new() }
}
