//! One attempt: past the breaker, run, and judged.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;

use super::attempts::Attempts;
use super::rejection::Refusable;
use crate::circuit_breaker::Refused;
use crate::core::Verdict;
use crate::guard::{Ran, Run};
use crate::http::Rejected;

/// What came of an attempt.
#[derive(Clone, Copy, Debug)]
#[must_use = "this is the answer"]
pub struct Attempted<R> {
    /// What the function answered, or what was answered for it.
    pub answer: R,
    /// Whether the breaker refused it, which will refuse the next one too.
    pub(super) is_shut_out: bool,
}

impl<R> Attempted<R> {
    /// The function was asked, or somebody else refused.
    #[inline]
    pub const fn made(answer: R) -> Self {
        Self { answer, is_shut_out: false }
    }
}

pin_project! {
    /// A function on its way.
    pub(super) struct Attempt<'a, F, J, A> {
        #[pin]
        run: Run<'a, &'a Attempts, F>,
        attempts: &'a Attempts,
        // None once it is over.
        questions: Option<(J, A)>,
    }
}

impl<'a, F: Future, J, A> Attempt<'a, F, J, A> {
    #[inline]
    pub(super) const fn new(attempts: &'a Attempts, judge: J, alone_for: A, function: F) -> Self {
        Self { run: Run::new(attempts, function), attempts, questions: Some((judge, alone_for)) }
    }
}

impl<R, F, J, A> Future for Attempt<'_, F, J, A>
where
    R: Refusable,
    F: Future<Output = R>,
    J: FnOnce(&R) -> Verdict,
    A: FnOnce(&R::Error) -> Option<Duration>,
{
    type Output = Attempted<R>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Attempted<R>> {
        let mut this = self.project();
        let answer = match ready!(this.run.as_mut().poll(context)) {
            Ran::Answered(answer) => answer,
            Ran::Refused(refused) => return Poll::Ready(this.attempts.refuse(refused)),
            Ran::Crowded => return Poll::Ready(this.attempts.turn_away(this.run)),
            Ran::TimedOut => return Poll::Ready(this.attempts.cut(this.run)),
        };
        this.attempts.was_in_time();
        if let Some((judge, alone_for)) = this.questions.take() {
            let verdict = judge(&answer);
            let asks = match verdict {
                Verdict::Failure => answer.error().and_then(alone_for),
                Verdict::Success | Verdict::Excluded => None,
            };
            this.run.leave(verdict, asks);
        }
        Poll::Ready(Attempted::made(answer))
    }
}

/// What is answered in the place of the function.
impl Attempts {
    #[cold]
    fn refuse<R: Refusable>(&self, refused: Refused) -> Attempted<R> {
        let answer = R::refused(Rejected::by_open_circuit(self.name(), refused.retry_after));
        Attempted { answer, is_shut_out: true }
    }

    #[cold]
    fn turn_away<'a, R: Refusable, F: Future>(&'a self, run: Pin<&mut Run<'a, &'a Self, F>>) -> Attempted<R> {
        run.leave(Verdict::Excluded, None);
        Attempted::made(R::refused(Rejected::by_crowd(self.name())))
    }

    #[cold]
    fn cut<'a, R: Refusable, F: Future>(&'a self, run: Pin<&mut Run<'a, &'a Self, F>>) -> Attempted<R> {
        self.was_cut();
        run.leave(Verdict::Failure, None);
        Attempted::made(R::refused(Rejected::by_timeout(self.name())))
    }
}
