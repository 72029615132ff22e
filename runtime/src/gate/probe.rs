//! Questions that generated code asks the compiler about an argument, in a branch that never runs.
//!
//! The state type of the router is not known where a handler is defined, so "is this an extractor?" has no plain
//! bound. By the order in which the compiler looks for a method (receivers with more `&` first) the questions are put
//! one after another, and only the sure ones end in an error:
//!
//! 1. [`ReadsHead`]: an extractor of the request's head, given the state that is known: fine;
//! 2. [`ReadsRequest`]: one that reads the body: fine as the last argument alone;
//! 3. [`ReadsJson`]: no extractor, but it could be read from JSON: an error that says to wrap it;
//! 4. [`Silent`]: neither. It may be an extractor for another state, and rustc will tell where the router is built.
//!
//! Generated code writes `(&&&Probe::<T, S>::new()).tollgate_last().check()`, with `tollgate_head` for all arguments but the last.

#![allow(clippy::unused_self, reason = "the compiler finds these methods by their receiver")]

use std::marker::PhantomData;

use axum::extract::{FromRequest, FromRequestParts};
use serde::de::DeserializeOwned;

/// A question about the argument type `T`, given the state `S`.
#[derive(Debug)]
pub struct Probe<T, S>(PhantomData<fn() -> (T, S)>);

impl<T, S> Probe<T, S> {
    /// About those two.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T, S> Copy for Probe<T, S> {}

impl<T, S> Clone for Probe<T, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, S> Default for Probe<T, S> {
    fn default() -> Self {
        Self::new()
    }
}

/// Nothing to complain about.
#[derive(Debug)]
pub struct Fine;

impl Fine {
    /// Holds.
    pub const fn check(self) {}
}

/// An argument that reads the body and is not the last.
#[derive(Debug)]
pub struct BodyTooEarly<T>(PhantomData<fn() -> T>);

impl<T> BodyTooEarly<T> {
    /// Holds for no type that gets here.
    pub const fn check(self)
    where
        T: LastArgument,
    {
    }
}

/// An argument that is data and no extractor.
#[derive(Debug)]
pub struct BareData<T>(PhantomData<fn() -> T>);

impl<T> BareData<T> {
    /// Holds for no type that gets here.
    pub const fn check(self)
    where
        T: Extractor,
    {
    }
}

/// Nothing implements it: its message is its purpose.
#[diagnostic::on_unimplemented(
    message = "`{Self}` reads the request's body, so it must be the last argument",
    label = "move this argument to the end",
    note = "the body can be read once: a handler has one argument that reads it, after all others"
)]
pub trait LastArgument {}

/// Nothing implements it: its message is its purpose.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an extractor, so a handler cannot take it as an argument",
    label = "say where it comes from: `Path<..>`, `Query<..>`, or `Json<..>` as the last argument",
    note = "to read it from a JSON body, write `Json<{Self}>` as the last argument",
    note = "if it is an extractor of your own for the state of your router, name that state: `state = App` in the attribute"
)]
pub trait Extractor {}

/// The first answer: it reads the head of the request.
pub trait ReadsHead {
    /// As any argument but the last.
    fn tollgate_head(&self) -> Fine {
        Fine
    }

    /// As the last argument.
    fn tollgate_last(&self) -> Fine {
        Fine
    }
}

impl<T: FromRequestParts<S>, S> ReadsHead for &&Probe<T, S> {}

/// The second answer: it reads the body.
pub trait ReadsRequest<T> {
    /// As any argument but the last.
    fn tollgate_head(&self) -> BodyTooEarly<T> {
        BodyTooEarly(PhantomData)
    }

    /// As the last argument.
    fn tollgate_last(&self) -> Fine {
        Fine
    }
}

impl<T: FromRequest<S>, S> ReadsRequest<T> for &Probe<T, S> {}

/// The third answer: it is data.
pub trait ReadsJson<T> {
    /// As any argument but the last.
    fn tollgate_head(&self) -> BareData<T> {
        BareData(PhantomData)
    }

    /// As the last argument.
    fn tollgate_last(&self) -> BareData<T> {
        BareData(PhantomData)
    }
}

impl<T: DeserializeOwned, S> ReadsJson<T> for Probe<T, S> {}

/// The last answer: nothing is certain.
pub trait Silent: Sized {
    /// As any argument but the last.
    fn tollgate_head(self) -> Fine {
        Fine
    }

    /// As the last argument.
    fn tollgate_last(self) -> Fine {
        Fine
    }
}

impl<T, S> Silent for Probe<T, S> {}
