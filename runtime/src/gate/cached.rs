//! The policies that stand behind the extractors and see the function's arguments: `invalidates`, then `cached`.

mod answers;
mod gone;
mod texts;

pub use self::texts::{Texts, Wanted};

use axum::response::Response;

use super::answer::Answer;
use super::extract::Gate;
use super::policies::Guarded;
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
    let describe = |wanted, texts: &mut Texts| describe(&arguments, wanted, texts);
    let gone = visit.gone(describe);
    let mut response = match visit.asked.take() {
        None => function(arguments).await.into_answer(),
        Some(asked) => match visit.look::<R>(asked, describe) {
            (_, Found::Answer(response), _) => response,
            (asked, found, tags) => {
                Box::pin(visit.answered::<R, F>(asked, found, tags, move || function(arguments))).await
            }
        },
    };
    if let Some(gone) = gone {
        visit.throw_away(gone, &response).await;
    }
    visit.leave(&mut response);
    response
}
