//! A call that is answered by another function where it fails.
//!
//! That one takes nothing, what the function takes, or that and the error. Which of these it is the compiler finds by its type, so arguments are
//! cloned only where they are asked for.

use std::fmt;
use std::marker::PhantomData;

use super::rejection::Fallible;
use super::site::CallSite;
use crate::app::Held;
use crate::core::{Outcome, Policy, Sink, Told};

/// Where a fallback is named, for a function that returns `R`.
pub struct FallsBack<R>(PhantomData<fn() -> R>);

impl<R: Fallible> FallsBack<R> {
    /// To that function. `arguments` are the function's own, as references, behind its receiver: `((&self,), (&one, &other))`.
    pub fn to<F, A, M>(function: F, arguments: A) -> F::Way
    where
        F: FallbackOf<A, R::Error, M>,
    {
        function.way(arguments)
    }
}

impl<R> fmt::Debug for FallsBack<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FallsBack")
    }
}

/// A function that can answer in the place of a failure.
#[diagnostic::on_unimplemented(
    message = "this cannot answer in the place of a failure",
    label = "no fallback of this function",
    note = "a fallback is an `async fn` that takes nothing, or all arguments of the function as they are, or those and the error as the last one"
)]
pub trait FallbackOf<A, E, M>: Sized {
    /// How it is called.
    type Way;

    /// This one.
    fn way(self, arguments: A) -> Self::Way;
}

/// Answers a call by its fallback where it fails.
pub async fn fell_back<R, W, F>(site: &'static CallSite, way: W, function: F) -> R
where
    R: Fallible,
    W: Answers<R>,
    F: Future<Output = R>,
{
    let error = match function.await.or_error() {
        Ok(answer) => return answer,
        Err(error) => error,
    };
    let held = Held::of_task();
    if !held.is_enabled(Policy::Fallback) {
        return R::failed(error);
    }
    let slot = site.slot_of(Policy::Fallback);
    held.instruments().tell(Told::new(site.site().id(), slot, Outcome::FellBack));
    way.answer(error).await
}

/// Marks a fallback that takes nothing.
#[derive(Clone, Copy, Debug)]
pub struct TakesNothing;
/// Marks one that takes the arguments, with the receiver in front of them or without.
#[derive(Clone, Copy, Debug)]
pub struct TakesArguments<const RECEIVER: bool>;
/// Marks one that takes the error behind these.
#[derive(Clone, Copy, Debug)]
pub struct TakesError<const RECEIVER: bool>;

/// Without the error.
#[derive(Clone, Copy, Debug)]
pub struct Without;
/// With it.
#[derive(Clone, Copy, Debug)]
pub struct With;

/// A fallback that takes nothing.
#[derive(Clone, Copy, Debug)]
pub struct Plain<F>(F);

/// A fallback that takes arguments, and where they are.
#[derive(Clone, Copy, Debug)]
pub struct Given<F, A, M> {
    function: F,
    arguments: A,
    error: PhantomData<fn() -> M>,
}

/// A fallback that has its own arguments.
#[derive(Clone, Copy, Debug)]
pub struct Prepared<F, A, M> {
    function: F,
    arguments: A,
    error: PhantomData<fn() -> M>,
}

/// A fallback that is ready to answer.
pub trait Answers<R: Fallible> {
    /// Its future.
    type Answer: Future<Output = R>;

    /// Answers in the place of that.
    fn answer(self, error: R::Error) -> Self::Answer;
}

impl<F> Plain<F> {
    /// It needs nothing.
    #[must_use]
    pub fn prepared(self) -> Self {
        self
    }
}

impl<F, N, A, E> FallbackOf<A, E, TakesNothing> for F
where
    F: FnOnce() -> N,
{
    type Way = Plain<F>;

    fn way(self, _: A) -> Plain<F> {
        Plain(self)
    }
}

impl<R, F, N> Answers<R> for Plain<F>
where
    R: Fallible,
    F: FnOnce() -> N,
    N: Future<Output = R>,
{
    type Answer = N;

    fn answer(self, _: R::Error) -> N {
        (self.0)()
    }
}

/// An argument that a fallback takes as well: whatever is `Clone`. No trait of `T`, of which the compiler would say to borrow it and nothing else.
#[diagnostic::on_unimplemented(
    message = "the function takes its `{T}`, and its fallback takes one too",
    label = "no `Clone`",
    note = "derive `Clone` for it, take it by reference, or name a fallback without arguments"
)]
pub trait KeepsBack<T> {
    /// One for the fallback.
    fn kept_back(argument: &T) -> T;
}

/// What answers later.
#[derive(Clone, Copy, Debug)]
pub struct Later;

#[diagnostic::do_not_recommend]
impl<T: Clone> KeepsBack<T> for Later {
    #[inline]
    fn kept_back(argument: &T) -> T {
        argument.clone()
    }
}

/// The way of a fallback that takes these, with the receiver among them.
macro_rules! way_with {
    ($($ty:ident)*) => {
        #[allow(non_snake_case, clippy::unused_unit, reason = "there may be none")]
        impl<F, M, $($ty),*> Given<F, ($(&$ty,)*), M> {
            /// With arguments of its own.
            pub fn prepared(self) -> Prepared<F, ($($ty,)*), M>
            where
                $(Later: KeepsBack<$ty>,)*
            {
                let ($($ty,)*) = self.arguments;
                Prepared { function: self.function, arguments: ($(<Later as KeepsBack<$ty>>::kept_back($ty),)*), error: PhantomData }
            }
        }

        #[allow(non_snake_case, reason = "values are called as their types")]
        impl<R, F, N, $($ty),*> Answers<R> for Prepared<F, ($($ty,)*), Without>
        where
            R: Fallible,
            F: FnOnce($($ty),*) -> N,
            N: Future<Output = R>,
        {
            type Answer = N;

            fn answer(self, _: R::Error) -> N {
                let ($($ty,)*) = self.arguments;
                (self.function)($($ty),*)
            }
        }

        #[allow(non_snake_case, reason = "values are called as their types")]
        impl<R, F, N, $($ty),*> Answers<R> for Prepared<F, ($($ty,)*), With>
        where
            R: Fallible,
            F: FnOnce($($ty,)* R::Error) -> N,
            N: Future<Output = R>,
        {
            type Answer = N;

            fn answer(self, error: R::Error) -> N {
                let ($($ty,)*) = self.arguments;
                (self.function)($($ty,)* error)
            }
        }
    };
}

/// Finds one that takes what a function takes.
macro_rules! found_by {
    ($takes:ident $is_with:ident [$($error:ident)?] $($ty:ident)*) => {
        #[allow(non_snake_case, reason = "values are called as their types")]
        impl<'r, F, N, E, W, $($ty),*> FallbackOf<(W, ($(&'r $ty,)*)), E, $takes<false>> for F
        where
            F: FnOnce($($ty,)* $($error)?) -> N,
        {
            type Way = Given<F, ($(&'r $ty,)*), $is_with>;

            fn way(self, (_, arguments): (W, ($(&'r $ty,)*))) -> Self::Way {
                Given { function: self, arguments, error: PhantomData }
            }
        }
    };
    (behind $takes:ident $is_with:ident [$($error:ident)?] $($ty:ident)*) => {
        #[allow(non_snake_case, reason = "values are called as their types")]
        impl<'r, F, N, E, S, $($ty),*> FallbackOf<((&'r S,), ($(&'r $ty,)*)), E, $takes<true>> for F
        where
            F: FnOnce(S, $($ty,)* $($error)?) -> N,
        {
            type Way = Given<F, (&'r S, $(&'r $ty,)*), $is_with>;

            fn way(self, ((receiver,), ($($ty,)*)): ((&'r S,), ($(&'r $ty,)*))) -> Self::Way {
                Given { function: self, arguments: (receiver, $($ty,)*), error: PhantomData }
            }
        }
    };
}

macro_rules! of_so_many {
    () => {
        way_with!();
        found_by!(TakesError With [E]);
        found_by!(behind TakesArguments Without []);
        found_by!(behind TakesError With [E]);
    };
    ($first:ident $($ty:ident)*) => {
        way_with!($first $($ty)*);
        found_by!(TakesArguments Without [] $first $($ty)*);
        found_by!(TakesError With [E] $first $($ty)*);
        found_by!(behind TakesArguments Without [] $first $($ty)*);
        found_by!(behind TakesError With [E] $first $($ty)*);
        of_so_many!($($ty)*);
    };
}

// One more than arguments that are looked for: a receiver stands in front of them.
way_with!(A B C D G H I J K);
of_so_many!(A B C D G H I J);
