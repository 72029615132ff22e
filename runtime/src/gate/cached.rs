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
pub async fn run_with<P, A, F, R>(
    gate: Gate<P, A>,
    describe: impl Fn(&A, Wanted, &mut Texts) + Send,
    function: impl FnOnce(A) -> F + Send + 'static,
) -> Response
where
    P: Guarded,
    A: Send + 'static,
    F: Future<Output = R> + Send + 'static,
    R: Answer,
{
    let Gate { mut visit, arguments } = gate;
    let mut response = visit.answer(arguments, describe, function).await;
    visit.leave(&mut response);
    response
}

impl<P: Guarded> Visit<P> {
    /// What answers, by the policies behind the extractors.
    pub(super) async fn answer<A, F, R>(
        &mut self,
        arguments: A,
        describe: impl Fn(&A, Wanted, &mut Texts) + Send,
        function: impl FnOnce(A) -> F + Send + 'static,
    ) -> Response
    where
        A: Send + 'static,
        F: Future<Output = R> + Send + 'static,
        R: Answer,
    {
        // What borrows the arguments is gone before anything is waited for: they need not be shared between threads.
        // What goes is named before anything happens, and goes where nobody gets to know what did.
        let (going, looked) = {
            let describe = |wanted, texts: &mut Texts| describe(&arguments, wanted, texts);
            let going = self.going(describe);
            let asked = self.asked.take();
            (going, asked.map(|asked| self.look::<R>(asked, describe)))
        };
        let response = match looked {
            None => guarded::<P, F>(self.held.as_deref(), move || function(arguments)).await,
            Some((_, Found::Answer(response), _)) => response,
            Some((asked, found, tags)) => {
                Box::pin(self.answered::<R, F>(asked, found, tags, move || function(arguments))).await
            }
        };
        if let Some(going) = going {
            gone::answered(going, response.status()).await;
        }
        response
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
