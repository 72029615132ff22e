//! `fallback`: another function answers in the place of a failure.

use std::marker::PhantomData;

use axum::extract::Path;
use axum::response::Response;

use super::answer::Answer;
use super::cached::{Texts, Wanted};
use super::extract::Gate;
use super::guarded::Failed;
use super::policies::Guarded;
use super::visit::Visit;
use crate::core::{Outcome, Policy, Sink as _, Told};

/// A function that answers in the place of a failure: without arguments, or with those of the function, which are then cloned before the
/// function takes them.
///
/// `Marker` tells the two apart.
#[diagnostic::on_unimplemented(
    message = "this function cannot answer in the place of the handler",
    label = "a fallback is an `async fn` without arguments, or with the same arguments as the handler",
    note = "with the same arguments, each of them has to be `Clone`: the handler takes them, and the fallback gets clones",
    note = "it returns an answer, as a handler does, of the same type or of another one, and its future is `Send`"
)]
pub trait FallbackOf<Marker, Arguments>: Send {
    /// What it needs of the arguments.
    type Kept: Send;
    /// Its answer.
    type Answer: Answer;

    /// Takes what it needs, before the function takes them all.
    fn keep(arguments: &Arguments) -> Self::Kept;

    /// Answers.
    fn answer(self, kept: Self::Kept) -> impl Future<Output = Self::Answer> + Send;
}

/// A fallback without arguments.
#[derive(Debug)]
pub struct NoArguments(());

/// A fallback with the arguments of the function, each of which is there twice in one of the ways of [`Twice`].
#[derive(Debug)]
pub struct SameArguments<Ways>(PhantomData<Ways>);

/// An argument that can be there twice. axum's `Path` is no `Clone`, and the argument that handlers have most often, so there are two `Way`s.
pub trait Twice<Way>: Sized {
    /// The same once more.
    #[must_use]
    fn again(&self) -> Self;
}

/// By `Clone`.
#[derive(Debug)]
pub struct Cloned(());

/// By `Clone` of what is within.
#[derive(Debug)]
pub struct WithinPath(());

#[diagnostic::do_not_recommend]
impl<T: Clone> Twice<Cloned> for T {
    fn again(&self) -> Self {
        self.clone()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Clone> Twice<WithinPath> for Path<T> {
    fn again(&self) -> Self {
        Self(self.0.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<Arguments, F, Fut, R> FallbackOf<NoArguments, Arguments> for F
where
    F: FnOnce() -> Fut + Send,
    Fut: Future<Output = R> + Send,
    R: Answer,
{
    type Kept = ();
    type Answer = R;

    fn keep(_: &Arguments) {}

    fn answer(self, (): ()) -> impl Future<Output = R> + Send {
        self()
    }
}

macro_rules! same_arguments {
    ($($argument:ident $way:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<F, Fut, R, $($argument, $way),+> FallbackOf<SameArguments<($($way,)+)>, ($($argument,)+)> for F
        where
            F: FnOnce($($argument),+) -> Fut + Send,
            Fut: Future<Output = R> + Send,
            R: Answer,
            $($argument: Twice<$way> + Send,)+
        {
            type Kept = ($($argument,)+);
            type Answer = R;

            #[allow(non_snake_case, reason = "an argument has the name of its type")]
            fn keep(($($argument,)+): &($($argument,)+)) -> Self::Kept {
                ($($argument.again(),)+)
            }

            #[allow(non_snake_case, reason = "an argument has the name of its type")]
            fn answer(self, ($($argument,)+): Self::Kept) -> impl Future<Output = R> + Send {
                self($($argument),+)
            }
        }
    };
}

/// For as many arguments as a handler of axum's may have.
macro_rules! up_to {
    ([$($former:ident)*]) => {};
    ([$($former:ident)*] $next:ident $way:ident $($more:ident)*) => {
        same_arguments! { $($former)* $next $way }
        up_to! { [$($former)* $next $way] $($more)* }
    };
}

up_to! {
    [] A1 W1 A2 W2 A3 W3 A4 W4 A5 W5 A6 W6 A7 W7 A8 W8 A9 W9 A10 W10 A11 W11 A12 W12 A13 W13 A14 W14 A15 W15 A16 W16
}

/// Runs the user's function behind the gate as [`run_with`](super::run_with) does, and the fallback where that fails.
///
/// It answers for the function and for the policies around it that can fail. Whatever refused further out did so before this began, and what a
/// cache has kept is no failure.
pub async fn run_or<P, A, F, R, M, B>(
    gate: Gate<P, A>,
    describe: impl Fn(&A, Wanted, &mut Texts) + Send,
    function: impl FnOnce(A) -> F + Send + 'static,
    fallback: B,
) -> Response
where
    P: Guarded,
    A: Send + 'static,
    F: Future<Output = R> + Send + 'static,
    R: Answer,
    B: FallbackOf<M, A>,
{
    let Gate { mut visit, arguments } = gate;
    let kept = visit.falls_back().then(|| B::keep(&arguments));
    let mut response = visit.answer(arguments, describe, function).await;
    if response.extensions_mut().remove::<Failed>().is_some()
        && let Some(kept) = kept
    {
        // What failed is gone before somebody else is asked.
        drop(response);
        visit.tell_fallback();
        response = fallback.answer(kept).await.into_answer();
    }
    visit.leave(&mut response);
    response
}

impl<P: Guarded> Visit<P> {
    fn falls_back(&self) -> bool {
        self.held.as_ref().is_some_and(|held| held.is_enabled(Policy::Fallback))
    }

    #[cold]
    fn tell_fallback(&self) {
        if let Some(held) = &self.held {
            let slot = P::POLICIES.fallback_slot();
            held.instruments().tell(Told::new(P::site().id(), slot, Outcome::FellBack));
        }
    }
}
