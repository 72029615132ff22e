//! One run of a function.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;

use crate::bulkhead::{self, Entered, Place, Queueing};
use crate::circuit_breaker::{self, Passage, Refused};
use crate::core::{Moment, Sink, Sleep, Verdict};

/// What stands around a function.
pub(crate) trait Doors<'a>: circuit_breaker::Door<'a> {
    type Sink: Sink + 'a;

    /// The bulkhead, where there is one.
    fn bulkhead(self) -> Option<bulkhead::Door<'a, Self::Sink>>;

    /// When a run that begins now is given up. No clock is read where there is no need.
    fn deadline(self) -> Option<Moment>;
}

/// What came of it.
pub(crate) enum Ran<T> {
    Answered(T),
    /// Its circuit is open.
    Refused(Refused),
    /// There was no place for it.
    Crowded,
    TimedOut,
}

pin_project! {
    /// A function behind its doors. It tells its passage whether it is being polled.
    ///
    /// Dropped, it drops the function, then gives its place back, and then its passage, which counts it as cancelled or panicked.
    pub(crate) struct Run<'a, D: Doors<'a>, F> {
        // None once it is over.
        #[pin]
        function: Option<F>,
        queueing: Option<Queueing<'a>>,
        place: Option<Place<'a>>,
        passage: Passage<'a, D>,
        stage: Stage,
        // Known once it is inside, where there is one.
        deadline: Option<Moment>,
        sleep: Option<Sleep>,
    }
}

#[derive(Clone, Copy)]
enum Stage {
    Outside,
    Queued,
    Inside,
}

impl<'a, D: Doors<'a>, F: Future> Run<'a, D, F> {
    /// Nobody has asked for anything yet.
    #[inline]
    pub(crate) const fn new(doors: D, function: F) -> Self {
        Self {
            function: Some(function),
            queueing: None,
            place: None,
            passage: Passage::before(doors),
            stage: Stage::Outside,
            deadline: None,
            sleep: None,
        }
    }

    /// Its breaker hears what became of it, and for how long that asks to be left alone.
    #[inline]
    pub(crate) fn leave(self: Pin<&mut Self>, verdict: Verdict, alone_for: Option<Duration>) {
        self.project().passage.leave(verdict, alone_for);
    }

    /// Whether it had a limit of time once it ran.
    #[inline]
    pub(crate) const fn is_timed(&self) -> bool {
        self.deadline.is_some()
    }

    /// Through all doors; ready with what kept it out.
    #[inline]
    fn come_in(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Ran<F::Output>>> {
        let this = self.as_mut().project();
        if let Err(refused) = this.passage.enter() {
            return Poll::Ready(Err(Ran::Refused(refused)));
        }
        let doors = this.passage.door();
        if let Some(door) = doors.bulkhead() {
            match door.enter() {
                Entered::In(place) => *this.place = Some(place),
                Entered::Full => return Poll::Ready(Err(Ran::Crowded)),
                Entered::Queued(queueing) => {
                    *this.queueing = Some(queueing);
                    *this.stage = Stage::Queued;
                    return self.wait(context);
                }
            }
        }
        *this.stage = Stage::Inside;
        *this.deadline = doors.deadline();
        Poll::Ready(Ok(()))
    }

    /// Its turn has come, or not yet.
    #[cold]
    fn wait(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Ran<F::Output>>> {
        let this = self.project();
        if let Some(queueing) = this.queueing {
            let Ok(place) = ready!(queueing.as_mut().poll(context)) else {
                return Poll::Ready(Err(Ran::Crowded));
            };
            *this.place = Some(place);
            *this.queueing = None;
        }
        *this.stage = Stage::Inside;
        *this.deadline = this.passage.door().deadline();
        Poll::Ready(Ok(()))
    }

    /// What comes of the function now that it is inside.
    #[inline]
    fn proceed(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Ran<F::Output>> {
        let mut this = self.project();
        // It is over where there is none, and nobody asks again.
        let Some(function) = this.function.as_mut().as_pin_mut() else { return Poll::Pending };
        this.passage.mark(true);
        if let Poll::Ready(answer) = function.poll(context) {
            return Poll::Ready(Ran::Answered(answer));
        }
        this.passage.mark(false);
        let Some(deadline) = *this.deadline else { return Poll::Pending };
        // Nothing is waited for before the first poll that did not answer.
        let sleep = this.sleep.get_or_insert_with(|| this.passage.door().clock().sleep_until(deadline));
        sleep.as_mut().poll(context).map(|()| Ran::TimedOut)
    }
}

impl<'a, D: Doors<'a>, F: Future> Future for Run<'a, D, F> {
    /// With it the function is gone, and its place is free. Its passage is to be [left](Run::leave).
    type Output = Ran<F::Output>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Ran<F::Output>> {
        let came = match self.stage {
            Stage::Inside => Ok(()),
            Stage::Outside => ready!(self.as_mut().come_in(context)),
            Stage::Queued => ready!(self.as_mut().wait(context)),
        };
        let ran = match came {
            Ok(()) => ready!(self.as_mut().proceed(context)),
            Err(kept_out) => kept_out,
        };
        let mut this = self.project();
        this.function.set(None);
        *this.place = None;
        *this.stage = Stage::Inside;
        Poll::Ready(ran)
    }
}
