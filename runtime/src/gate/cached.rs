//! The policies that stand behind the extractors and see the function's arguments: `invalidates`, then `cached`. What these run is the
//! function with the policies that stand around it alone.

mod answers;
mod gone;
mod texts;

pub use self::texts::{Texts, Wanted};

use axum::response::Response;

use super::answer::Answer;
use super::extract::Gate;
use super::guarded::guarded;
use super::policies::Guarded;
use super::visit::Visit;
use crate::cache::http::Found;

/// Runs the user's function behind the gate, with those policies around it. `describe` fills in templates, before the arguments move.
///
/// An answer that is kept waits for nobody and boxes nothing; everything else of a cache is in a future of its own.
///
/// These are blocks in functions and no `async fn`: that would have all that it takes twice, as it was given and as it is used, and copy it.
pub fn run_with<P, A, F, R>(
    gate: Gate<P, A>,
    describe: impl Fn(&A, Wanted, &mut Texts) + Send,
    function: impl FnOnce(A) -> F + Send + 'static,
) -> impl Future<Output = Response>
where
    P: Guarded,
    A: Send + 'static,
    F: Future<Output = R> + Send + 'static,
    R: Answer,
{
    let Gate { mut visit, arguments } = gate;
    async move {
        let mut response = visit.answer(arguments, describe, function).await;
        visit.leave(&mut response);
        response
    }
}

impl<P: Guarded> Visit<P> {
    /// What answers, by the policies behind the extractors.
    #[allow(clippy::manual_async_fn, reason = "an `async fn` has its arguments twice")]
    pub(super) fn answer<A, F, R>(
        &mut self,
        arguments: A,
        describe: impl Fn(&A, Wanted, &mut Texts) + Send,
        function: impl FnOnce(A) -> F + Send + 'static,
    ) -> impl Future<Output = Response>
    where
        A: Send + 'static,
        F: Future<Output = R> + Send + 'static,
        R: Answer,
    {
        async move {
            // What borrows the arguments is gone before anything is waited for: they need not be shared between threads.
            // What goes is named before anything happens, and goes where nobody gets to know what did.
            let (going, looked) = {
                let describe = |wanted, texts: &mut Texts| describe(&arguments, wanted, texts);
                let going = self.going(describe);
                let asked = self.asked.take();
                (going, asked.map(|asked| self.look::<R>(asked, describe)))
            };
            let response = if let Some((asked, found, tags)) = looked {
                match found {
                    Found::Answer(response) => response,
                    found => {
                        let function = move || function(arguments);
                        Box::pin(self.answered::<R, F>(asked, found, tags, function)).await
                    }
                }
            } else {
                guarded::<P, F>(self.held.as_deref(), move || function(arguments)).await
            };
            if let Some(going) = going {
                Box::pin(gone::answered(going, response.status())).await;
            }
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(dead_code, reason = "it need not run: that it compiles says that axum takes such handlers")]
    fn every_gate_may_move_between_threads<P, A, F, R>(
        gate: Gate<P, A>,
        function: impl FnOnce(A) -> F + Send + 'static,
    ) where
        P: Guarded,
        A: Send + 'static,
        F: Future<Output = R> + Send + 'static,
        R: Answer,
    {
        fn moves(_: impl Send) {}
        moves(run_with(gate, |_: &A, _, _: &mut Texts| {}, function));
    }
}
