//! The policies that stand behind the extractors and see the function's arguments.

use std::fmt;

use smallvec::SmallVec;

use axum::response::Response;

use super::answer::Answer;
use super::extract::{Gate, run};
use super::policies::Guarded;

/// What generated code is asked for about the arguments of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wanted {
    /// The text of `cached(key = "..")`, by which it is thrown away. Where it has several parts, each of them follows: all of these texts
    /// together tell answers apart, because two of them can read the same in full (`a-b` and `c`, `a` and `b-c`). So do the types that a generic
    /// function stands for, which come last.
    Key,
    /// The texts of `cached(tags = [..])`.
    Tags,
    /// The texts of `invalidates(tags = [..])`.
    GoneTags,
    /// The texts of `invalidates(keys = [..])`.
    GoneKeys,
}

/// What it answers: templates, filled in.
#[derive(Debug, Default)]
pub struct Texts(SmallVec<[String; 2]>);

impl Texts {
    /// One more.
    pub fn add(&mut self, text: fmt::Arguments<'_>) {
        self.0.push(text.to_string());
    }
}

/// Runs the user's function behind the gate, with those policies around it. `describe` fills in templates, before the arguments move.
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
    let _ = describe;
    run(gate, function).await
}
