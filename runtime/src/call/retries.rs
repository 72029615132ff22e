//! A call that is made once more after a failure.

use std::fmt;
use std::time::Duration;

use super::attempt::Attempted;
use super::attempts::Attempts;
use super::rejection::Fallible;
use crate::core::{Moment, Outcome, Policy};
use crate::retry::{Next, Retry, Tries};

/// What stands between the attempts of a call.
pub struct Retries<'a> {
    attempts: &'a Attempts,
    /// `None` where retries are switched off.
    policy: Option<Retry>,
    tries: Tries,
    /// When the next attempt begins.
    next: Option<Moment>,
}

impl Attempts {
    /// What stands between them. The call earns its part of a retry.
    #[inline]
    #[must_use]
    pub fn retries(&self) -> Retries<'_> {
        let id = self.site.site().id();
        let policy = self.site.retries().filter(|_| self.held.is_enabled(Policy::Retry));
        let policy = policy.and_then(|policy| self.held.retries_in_force().applied(id, policy));
        if let Some(policy) = &policy
            && let (Some(budget), Some(parts)) = (self.held.retry_budgets().of(id, policy), policy.budget)
        {
            budget.earn(parts);
        }
        Retries { attempts: self, policy, tries: Tries::new(), next: None }
    }
}

impl Retries<'_> {
    /// The answer where it is the last one; `None` where there is to be another attempt, after a [wait](Self::wait).
    #[inline]
    pub fn over<R: Fallible>(
        &mut self,
        attempted: Attempted<R>,
        retry_if: impl FnOnce(&R::Error) -> bool,
        retry_after: impl FnOnce(&R::Error) -> Option<Duration>,
    ) -> Option<R> {
        let Attempted { answer, is_shut_out } = attempted;
        let is_over = match (answer.error(), self.policy) {
            (Some(error), Some(policy)) if !is_shut_out => {
                !retry_if(error) || self.ends_with(&policy, retry_after(error))
            }
            _ => true,
        };
        is_over.then_some(answer)
    }

    /// Waits for the next attempt.
    pub async fn wait(&mut self) {
        if let Some(next) = self.next.take() {
            self.attempts.held.clock().sleep_until(next).await;
        }
        self.attempts.tell(Policy::Retry, Outcome::Retried);
    }

    /// Whether a failure that would be tried again is not: there is no attempt left, no time, or nothing in the budget.
    #[cold]
    fn ends_with(&mut self, policy: &Retry, asks: Option<Duration>) -> bool {
        let attempts = self.attempts;
        let now = attempts.held.clock().now();
        let left = attempts.deadline.map(|deadline| deadline.nanos_since(now));
        let asks = asks.map(|asks| u64::try_from(asks.as_nanos()).unwrap_or(u64::MAX));
        let chance = attempts.held.retry_budgets().chance();
        let Next::Again(wait) = self.tries.failed(policy, left, asks, chance) else {
            attempts.tell(Policy::Retry, Outcome::Exhausted);
            return true;
        };
        let budget = attempts.held.retry_budgets().of(attempts.site.site().id(), policy);
        if budget.is_some_and(|budget| !budget.spend(now)) {
            attempts.tell(Policy::Retry, Outcome::Unfunded);
            return true;
        }
        self.next = (wait > 0).then(|| now.saturating_add_nanos(wait));
        false
    }
}

impl fmt::Debug for Retries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retries").field("tries", &self.tries).finish_non_exhaustive()
    }
}

/// What each attempt takes anew: whatever is `Clone`. It is a trait of its own for the sake of the message, and not one of `T`, of which the
/// compiler would say to borrow it and nothing else.
#[diagnostic::on_unimplemented(
    message = "each attempt takes its own `{T}`",
    label = "no `Clone`",
    note = "derive `Clone` for it, or take it by reference"
)]
pub trait Repeats<T> {
    /// One more.
    fn repeated(argument: &T) -> T;
}

/// A further attempt.
#[derive(Clone, Copy, Debug)]
pub struct Again;

#[diagnostic::do_not_recommend]
impl<T: Clone> Repeats<T> for Again {
    #[inline]
    fn repeated(argument: &T) -> T {
        argument.clone()
    }
}

/// An argument for one attempt.
#[inline]
pub fn repeated<T>(argument: &T) -> T
where
    Again: Repeats<T>,
{
    Again::repeated(argument)
}
