//! What of an answer is a value that is kept, and what is none: the compiler decides by the type, by whatever name it goes.
//!
//! Generated code asks `(&&&Returns::<R>::new()).shape()`: of the traits in question the compiler takes the first that holds.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// A value that a cache can keep: whatever is [`Clone`], and may be given to any thread at any time.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be kept by a cache: each caller is given a clone, on any thread",
    label = "is not `Clone + Send + Sync + 'static`",
    note = "derive `Clone`, or return an `Arc` of it"
)]
pub trait Cacheable: Clone + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Clone + Send + Sync + 'static> Cacheable for T {}

/// What has errors.
#[diagnostic::on_unimplemented(
    message = "`cache_errors` keeps errors, and `{Self}` has none",
    label = "no `Result`",
    note = "take `cache_errors` away"
)]
pub trait HasErrors {}

impl<T, E> HasErrors for Result<T, E> {}

/// What may be `None`.
#[diagnostic::on_unimplemented(
    message = "`cache_none` keeps `None`, and `{Self}` is never that",
    label = "neither `Option<_>` nor `Result<Option<_>, _>`",
    note = "take `cache_none` away"
)]
pub trait HasNone {}

impl<T> HasNone for Option<T> {}
impl<T, E> HasNone for Result<Option<T>, E> {}

/// The question what a function returns.
#[derive(Debug)]
pub struct Returns<R, const ERRORS: bool = false, const NONE: bool = false>(PhantomData<fn() -> R>);

impl<R> Returns<R> {
    /// Of that type.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// Of the type of an answer.
    #[must_use]
    pub const fn of(_: &R) -> Self {
        Self(PhantomData)
    }
}

impl<R> Default for Returns<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R, const ERRORS: bool, const NONE: bool> Returns<R, ERRORS, NONE> {
    /// Whose errors are kept, too.
    #[must_use]
    pub const fn and_errors(self) -> Returns<R, true, NONE>
    where
        R: HasErrors,
    {
        Returns(PhantomData)
    }

    /// Whose `None` is kept, too.
    #[must_use]
    pub const fn and_none(self) -> Returns<R, ERRORS, true>
    where
        R: HasNone,
    {
        Returns(PhantomData)
    }
}

/// It is a value.
#[derive(Clone, Copy, Debug)]
pub struct Plain;
/// It is an `Option`.
#[derive(Clone, Copy, Debug)]
pub struct AnOption<const NONE: bool>;
/// It is a `Result`.
#[derive(Clone, Copy, Debug)]
pub struct AResult<const ERRORS: bool>;
/// It is a `Result` of an `Option`.
#[derive(Clone, Copy, Debug)]
pub struct ResultOfOption<const ERRORS: bool, const NONE: bool>;

/// Finds a `Result<Option<_>, _>`.
pub trait ShapeOfResultOfOption {
    /// What it is.
    type Shape: Default;

    /// What it is.
    fn shape(&self) -> Self::Shape {
        Self::Shape::default()
    }
}

impl<T, E, const ERRORS: bool, const NONE: bool> ShapeOfResultOfOption
    for &&Returns<Result<Option<T>, E>, ERRORS, NONE>
{
    type Shape = ResultOfOption<ERRORS, NONE>;
}

/// Finds a `Result` or an `Option`.
pub trait ShapeOfEither {
    /// What it is.
    type Shape: Default;

    /// What it is.
    fn shape(&self) -> Self::Shape {
        Self::Shape::default()
    }
}

impl<T, E, const ERRORS: bool, const NONE: bool> ShapeOfEither for &Returns<Result<T, E>, ERRORS, NONE> {
    type Shape = AResult<ERRORS>;
}

impl<T, const ERRORS: bool, const NONE: bool> ShapeOfEither for &Returns<Option<T>, ERRORS, NONE> {
    type Shape = AnOption<NONE>;
}

/// Takes everything else for a value.
pub trait ShapeOfAny {
    /// What it is.
    fn shape(&self) -> Plain {
        Plain
    }
}

impl<R, const ERRORS: bool, const NONE: bool> ShapeOfAny for Returns<R, ERRORS, NONE> {}

macro_rules! made_of_nothing {
    ($([$($generics:tt)*] $shape:ty = $value:expr;)*) => {
        $(impl<$($generics)*> Default for $shape {
            fn default() -> Self {
                $value
            }
        })*
    };
}

made_of_nothing! {
    [const NONE: bool] AnOption<NONE> = AnOption;
    [const ERRORS: bool] AResult<ERRORS> = AResult;
    [const ERRORS: bool, const NONE: bool] ResultOfOption<ERRORS, NONE> = ResultOfOption;
}

/// What of an answer is kept.
pub trait Shape<R>: Copy + Send + Sync + 'static {
    /// The value that is kept.
    type Value;

    /// The value of an answer, or the answer where it has none that is kept.
    fn value(self, answer: R) -> Result<Self::Value, R>;

    /// The answer with that value.
    fn answer(self, value: Self::Value) -> R;

    /// Whether an answer is a success.
    fn is_success(self, answer: &R) -> bool;

    /// Whether something stale is better than this answer.
    fn is_failure(self, answer: &R) -> bool {
        let _ = answer;
        false
    }
}

impl<R> Shape<R> for Plain {
    type Value = R;

    fn value(self, answer: R) -> Result<R, R> {
        Ok(answer)
    }

    fn answer(self, value: R) -> R {
        value
    }

    fn is_success(self, _: &R) -> bool {
        true
    }
}

/// Of an `Option`.
macro_rules! shape_of_option {
    ($($none:literal $value:ty: $keep:expr, $give:expr;)*) => {
        $(impl<T> Shape<Option<T>> for AnOption<$none> {
            type Value = $value;

            fn value(self, answer: Option<T>) -> Result<$value, Option<T>> {
                $keep(answer)
            }

            fn answer(self, value: $value) -> Option<T> {
                $give(value)
            }

            fn is_success(self, answer: &Option<T>) -> bool {
                answer.is_some()
            }
        })*
    };
}

shape_of_option! {
    false T: |answer: Option<T>| answer.ok_or(None), Some;
    true Option<T>: Ok, |value| value;
}

/// Of a `Result`, whatever is in it.
macro_rules! shape_of_result {
    ($([$($generics:ident)*] $shape:ty, $answer:ty, $value:ty: $success:expr, $keep:expr, $give:expr;)*) => {
        $(impl<$($generics),*> Shape<$answer> for $shape {
            type Value = $value;

            fn value(self, answer: $answer) -> Result<$value, $answer> {
                $keep(answer)
            }

            fn answer(self, value: $value) -> $answer {
                $give(value)
            }

            fn is_success(self, answer: &$answer) -> bool {
                $success(answer)
            }

            fn is_failure(self, answer: &$answer) -> bool {
                answer.is_err()
            }
        })*
    };
}

shape_of_result! {
    [T E] AResult<false>, Result<T, E>, T: Result::is_ok, |answer: Result<T, E>| answer.map_err(Err), Ok;
    [T E] AResult<true>, Result<T, E>, Result<T, E>: Result::is_ok, Ok, |value| value;
    [T E] ResultOfOption<false, false>, Result<Option<T>, E>, T: has_some, |answer| match answer {
        Ok(Some(value)) => Ok(value),
        other => Err(other),
    }, |value| Ok(Some(value));
    [T E] ResultOfOption<false, true>, Result<Option<T>, E>, Option<T>: has_some, |answer: Result<_, _>| answer.map_err(Err), Ok;
    [T E] ResultOfOption<true, false>, Result<Option<T>, E>, Result<T, E>: has_some, |answer| match answer {
        Ok(Some(value)) => Ok(Ok(value)),
        Ok(None) => Err(Ok(None)),
        Err(error) => Ok(Err(error)),
    }, |value: Result<T, E>| value.map(Some);
    [T E] ResultOfOption<true, true>, Result<Option<T>, E>, Result<Option<T>, E>: has_some, Ok, |value| value;
}

fn has_some<T, E>(answer: &Result<Option<T>, E>) -> bool {
    matches!(answer, Ok(Some(_)))
}

/// The question whether an answer that is not kept can be given to those who wait for it.
#[derive(Debug)]
pub struct Rest<R>(PhantomData<fn() -> R>);

impl<R> Rest<R> {
    /// Of that type.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<R> Default for Rest<R> {
    fn default() -> Self {
        Self::new()
    }
}

/// Each of those who wait is given a clone.
#[derive(Clone, Copy, Debug)]
pub struct Shared;
/// Each of those who wait makes its own.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

/// Finds what has clones.
pub trait RestOfClones {
    /// It has.
    fn rest(&self) -> Shared {
        Shared
    }
}

impl<R: Clone + Send + Sync + 'static> RestOfClones for &Rest<R> {}

/// Takes everything else for what has none.
pub trait RestOfAny {
    /// It has none.
    fn rest(&self) -> Alone {
        Alone
    }
}

impl<R> RestOfAny for Rest<R> {}

/// What becomes of an answer that is not kept.
pub trait Sharing<R>: Copy + Send + Sync + 'static {
    /// What those who wait are given; the answer itself where they are given nothing.
    fn share(self, answer: R) -> Result<Arc<dyn Any + Send + Sync>, R>;

    /// The answer that somebody shared.
    fn shared(self, value: &(dyn Any + Send + Sync)) -> Option<R>;
}

impl<R: Clone + Send + Sync + 'static> Sharing<R> for Shared {
    fn share(self, answer: R) -> Result<Arc<dyn Any + Send + Sync>, R> {
        Ok(Arc::new(answer))
    }

    fn shared(self, value: &(dyn Any + Send + Sync)) -> Option<R> {
        value.downcast_ref::<R>().cloned()
    }
}

impl<R> Sharing<R> for Alone {
    fn share(self, answer: R) -> Result<Arc<dyn Any + Send + Sync>, R> {
        Err(answer)
    }

    fn shared(self, _: &(dyn Any + Send + Sync)) -> Option<R> {
        None
    }
}
