//! Who does the work, and who waits for it.

use std::panic::resume_unwind;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tracing::instrument::{Instrument, WithSubscriber};

use super::run::{Goal, Known, Landed};
use super::{Cache, Fetched, How, Made, Question};
use crate::cache::entry::Entry;
use crate::cache::flight::{Boarding, Payload, Plan, Run, Seat, caught, next_number, panic_again};
use crate::core::discard;

/// How long a flight is joined by those who come: work that never ends, or stands in a runtime that does, costs a key one run a minute and
/// not its life. Nanoseconds.
const AWAITED: u64 = 60_000_000_000;

/// What comes of asking.
enum Turn {
    /// Do the work, for all who wait.
    Lead(Run<Landed>, Seat<Landed>),
    /// Do it for yourself.
    Alone,
    /// Somebody did.
    Given(Landed),
}

impl Cache {
    /// Has it made, once for all who ask meanwhile, unless the shared store has it. The work goes on without whoever asked as long as
    /// anybody waits for it, and is dropped when nobody does.
    ///
    /// `work` makes a future, which is polled only where the work is to be done. It is given as it is needed in a task of its own: see
    /// the head of this module. Without a runtime of tokio's it is as [`fetch_here`](Self::fetch_here).
    ///
    /// Work that asks for its own key, or for one whose work waits for this one, does that work itself instead of waiting. This is seen
    /// in the task of the work alone: where it spawns another one that asks, and waits for that, it waits for itself.
    ///
    /// # Panics
    /// As the work does: whoever did it with what it panicked with, and whoever waited with its text.
    pub(crate) async fn fetch<O, F>(
        self: &Arc<Self>,
        question: Question,
        work: impl FnOnce() -> F + Send,
    ) -> Fetched<O>
    where
        O: Send + 'static,
        F: Future<Output = Made<O>> + Send + 'static,
    {
        self.ask(question, Goal::Any, work).await
    }

    /// Has it made, whatever is kept: for those who do not want that. Those who ask for the same meanwhile share it, and so do those who
    /// would have been content with less. Where it fails nothing stale is given, and what is kept stays.
    pub(crate) async fn renew<O, F>(
        self: &Arc<Self>,
        question: Question,
        work: impl FnOnce() -> F + Send,
    ) -> Fetched<O>
    where
        O: Send + 'static,
        F: Future<Output = Made<O>> + Send + 'static,
    {
        self.ask(question, Goal::New, work).await
    }

    /// [`fetch`](Self::fetch) for work that borrows from whoever asked: where that one leaves, another one who waits does its own.
    pub(crate) async fn fetch_here<O, F>(
        self: &Arc<Self>,
        question: Question,
        work: impl FnOnce() -> F,
    ) -> Fetched<O>
    where
        F: Future<Output = Made<O>>,
    {
        self.ask_here(question, Goal::Any, work).await
    }

    /// [`renew`](Self::renew) for work that borrows from whoever asked.
    pub(crate) async fn renew_here<O, F>(
        self: &Arc<Self>,
        question: Question,
        work: impl FnOnce() -> F,
    ) -> Fetched<O>
    where
        F: Future<Output = Made<O>>,
    {
        self.ask_here(question, Goal::New, work).await
    }

    /// Has it made anew in the background, unless somebody does already. Tells whether nobody did. It goes on whether anybody waits or not,
    /// and whoever comes to wait meanwhile shares it. Without a runtime of tokio's nothing is done.
    pub(crate) fn refresh<O, F>(self: &Arc<Self>, question: Question, work: impl FnOnce() -> F) -> bool
    where
        O: Send + 'static,
        F: Future<Output = Made<O>> + Send + 'static,
    {
        let Ok(runtime) = Handle::try_current() else { return false };
        let Some(run) = self.depart(&question) else { return false };
        let (cache, work) = (Arc::clone(self), Box::pin(work()));
        let task = async move { cache.better(run, &question, work).await };
        drop(runtime.spawn(task.in_current_span().with_current_subscriber()));
        true
    }

    /// What the shared store has, or memory, for whoever does not have it made. Nobody waits for anybody: each one who asks costs a
    /// question of its own.
    pub(crate) async fn find(self: &Arc<Self>, question: Question) -> Option<Arc<Entry>> {
        let (Some(remote), Some(codec)) = (&self.remote, question.codec) else { return None };
        if self.passing.has(&question.key, self.clock.now()) {
            return None;
        }
        // Whoever makes nothing needs no right to.
        let question = Question { lease: 0, ..question };
        let born = self.invalidations.epoch();
        let asked = Self::asked(remote, codec, &question, born, next_number());
        let kept = self.store.peek(&question.key).filter(|entry| entry.holds(&self.invalidations));
        let present = kept.or_else(|| question.present.clone());
        match self.known_to_all(&asked, Goal::Any, present).await {
            Known::Entry(entry, _) => Some(entry),
            Known::Nothing(ground) => ground.present,
        }
    }

    /// Whether somebody makes it, so that whoever asked would wait.
    pub(crate) fn is_being_made(&self, question: &Question) -> bool {
        self.flights.has(&question.key, |plan| self.joins(question, Goal::Any, plan))
    }

    async fn ask<O, F>(
        self: &Arc<Self>,
        question: Question,
        goal: Goal,
        work: impl FnOnce() -> F + Send,
    ) -> Fetched<O>
    where
        O: Send + 'static,
        F: Future<Output = Made<O>> + Send + 'static,
    {
        match self.turn(&question, goal).await {
            Turn::Given(landed) => given(landed),
            Turn::Alone => self.alone(&question, goal, Box::pin(work())).await,
            Turn::Lead(run, seat) => match Handle::try_current() {
                Ok(runtime) => self.lead(&runtime, run, seat, question, goal, Box::pin(work())).await,
                Err(_) => self.lead_here(run, seat, &question, goal, work).await,
            },
        }
    }

    async fn ask_here<O, F>(
        self: &Arc<Self>,
        question: Question,
        goal: Goal,
        work: impl FnOnce() -> F,
    ) -> Fetched<O>
    where
        F: Future<Output = Made<O>>,
    {
        match self.turn(&question, goal).await {
            Turn::Given(landed) => given(landed),
            Turn::Alone => self.alone(&question, goal, Box::pin(work())).await,
            Turn::Lead(run, seat) => self.lead_here(run, seat, &question, goal, work).await,
        }
    }

    /// Waits for whoever does the work, until somebody has done it, or this one has to.
    async fn turn(&self, question: &Question, goal: Goal) -> Turn {
        if self.passing.has(&question.key, self.clock.now()) {
            return Turn::Alone;
        }
        loop {
            let plan = self.plan(goal, false);
            let joins = |plan: &Plan| self.joins(question, goal, plan);
            match self.flights.board(&question.key, plan, joins) {
                Boarding::Lead(run, seat) => return Turn::Lead(run, seat),
                Boarding::Alone => return Turn::Alone,
                Boarding::Join(seat) => match seat.landed().await {
                    Some(Landed::Own) => return Turn::Alone,
                    Some(landed) => return Turn::Given(self.or_stale(question, goal, landed)),
                    None => {}
                },
            }
        }
    }

    /// Whoever led may have wanted nothing stale, or had nothing: those who waited may.
    fn or_stale(&self, question: &Question, goal: Goal, landed: Landed) -> Landed {
        let failed = matches!(landed, Landed::Passed { failed: true, .. } | Landed::Panicked(_));
        let present = question.present.as_ref().filter(|_| failed && !matches!(goal, Goal::New));
        match self.rescue(present) {
            Some(present) => Landed::Entry(present, How::StaleOnError),
            None => landed,
        }
    }

    /// Does the work in a task of its own.
    async fn lead<O, F>(
        self: &Arc<Self>,
        runtime: &Handle,
        run: Run<Landed>,
        seat: Seat<Landed>,
        question: Question,
        goal: Goal,
        work: F,
    ) -> Fetched<O>
    where
        O: Send + 'static,
        F: Future<Output = Made<O>> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let task = Arc::clone(self).fly(run, question, goal, work, tell);
        let task = runtime.spawn(task.in_current_span().with_current_subscriber());
        seat.goes_on_in(task.abort_handle());
        let told = told.await;
        drop(seat);
        match told {
            Ok(Ok(fetched)) => fetched,
            Ok(Err(payload)) => resume_unwind(payload),
            // Nothing but the end of a runtime stops a task that somebody waits for.
            Err(_) => panic_again("the runtime was shut down while something was made for a cache"),
        }
    }

    async fn fly<O, F>(
        self: Arc<Self>,
        run: Run<Landed>,
        question: Question,
        goal: Goal,
        work: F,
        tell: oneshot::Sender<Result<Fetched<O>, Payload>>,
    ) where
        F: Future<Output = Made<O>> + Send + 'static,
    {
        // Whoever asked may be gone, and others wait: then nobody hears what is told.
        match self.known(&run, &question, goal).await {
            Known::Entry(entry, how) => {
                run.land(Landed::Entry(Arc::clone(&entry), how));
                let _ = tell.send(Ok(Fetched::Entry(entry, how)));
                if how == How::Stale
                    && let Some(run) = self.depart(&question)
                {
                    self.better(run, &question, work).await;
                }
            }
            Known::Nothing(ground) => {
                if let Err(untold) = tell.send(self.make(run, &question, ground, work).await) {
                    forget(untold);
                }
            }
        }
    }

    /// Makes something fresher, for whoever comes to wait.
    async fn better<O, F>(self: &Arc<Self>, run: Run<Landed>, question: &Question, work: F)
    where
        F: Future<Output = Made<O>>,
    {
        match self.known(&run, question, Goal::Better).await {
            Known::Entry(entry, how) => run.land(Landed::Entry(entry, how)),
            // Those who came to wait ask themselves.
            Known::Nothing(ground) if ground.is_taken => drop(run),
            Known::Nothing(ground) => forget(self.make(run, question, ground, work).await),
        }
    }

    /// Does the work in the place of whoever asked.
    async fn lead_here<O, F>(
        self: &Arc<Self>,
        run: Run<Landed>,
        seat: Seat<Landed>,
        question: &Question,
        goal: Goal,
        work: impl FnOnce() -> F,
    ) -> Fetched<O>
    where
        F: Future<Output = Made<O>>,
    {
        let goal = if matches!(goal, Goal::Any) { Goal::Fresh } else { goal };
        let ground = match self.known(&run, question, goal).await {
            Known::Entry(entry, how) => {
                run.land(Landed::Entry(Arc::clone(&entry), how));
                return Fetched::Entry(entry, how);
            }
            Known::Nothing(ground) => ground,
        };
        let fetched = self.make(run, question, ground, Box::pin(work())).await;
        drop(seat);
        fetched.unwrap_or_else(|payload| resume_unwind(payload))
    }

    /// Does the work for one that waits for nobody, and for whom nobody waits.
    async fn alone<O, F>(self: &Arc<Self>, question: &Question, goal: Goal, work: F) -> Fetched<O>
    where
        F: Future<Output = Made<O>>,
    {
        let (born, number) = (self.invalidations.epoch(), next_number());
        let present = question.present.clone().filter(|_| !matches!(goal, Goal::New));
        let ground = self.ground(present);
        let made = caught(work).await;
        let settled = self.settle(question, ground, born, number, made);
        settled.map_or_else(|payload| resume_unwind(payload), |(fetched, _)| fetched)
    }

    fn depart(self: &Arc<Self>, question: &Question) -> Option<Run<Landed>> {
        let plan = self.plan(Goal::Better, true);
        self.flights.depart(&question.key, plan, |plan| self.joins(question, Goal::Better, plan))
    }

    fn plan(&self, goal: Goal, is_background: bool) -> Plan {
        let (born, since) = (self.invalidations.epoch(), self.clock.now());
        Plan { born, is_new: matches!(goal, Goal::New), is_background, since }
    }

    /// Whether what comes of that flight is good enough: nothing was thrown away since it began, and it brings something new where nothing
    /// else will do. One that is under way for all too long is left to those who wait for it already.
    fn joins(&self, question: &Question, goal: Goal, plan: &Plan) -> bool {
        self.clock.now().nanos_since(plan.since) < AWAITED
            && (plan.is_new || !matches!(goal, Goal::New))
            && (plan.born == self.invalidations.epoch()
                || self.invalidations.holds(&question.marks, plan.born))
    }
}

/// What those who waited are given.
fn given<O>(landed: Landed) -> Fetched<O> {
    match landed {
        Landed::Entry(entry, how) => Fetched::Entry(entry, how.waited_for()),
        Landed::Passed { value, .. } => Fetched::Passed(value, How::Collapsed),
        Landed::Panicked(text) => panic_again(&text),
        // `turn` has looked: these make their own.
        Landed::Own => panic_again("an answer for one alone was handed on"),
    }
}

/// Drops what nobody wants, and what a panic carried with care.
fn forget<O>(ended: Result<Fetched<O>, Payload>) {
    ended.err().into_iter().for_each(discard);
}
