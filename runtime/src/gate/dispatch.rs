//! One handler that stands for several, each of which answers some versions of an API: what `versions!` makes.
//!
//! [`Dispatch`] is its only argument. It finds out which version the request asks for, and then is the gate of the handler that answers it.
//! The handlers are a list of types, and so are the ways in which their gates are extracted (`HeadOnly`, `WithBody`), which the compiler
//! finds out as it does for axum's own handlers. So nothing is boxed, and nothing is looked up.

use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;

use super::convert::Conversion;
use super::extract::{Enter, Gate};
use super::policies::Guarded;
use super::versioned::Door;
use crate::app::Held;
use crate::core::{PolicyEntry, Site};
use crate::versioning::{Stamp, Versioned};

/// A handler with `#[versioned]` that takes `A`, as the items see it that it is part of.
///
/// What is private to the user stands in parameters of traits, here and below, and never in an associated type: an item may be more visible
/// than its handlers are.
pub trait Member<A>: Guarded + Sized {
    /// Its answer.
    fn answer(gate: Gate<Self, A>) -> impl Future<Output = Response> + Send;
}

/// A handler that says which versions of `V` it answers.
#[diagnostic::on_unimplemented(
    message = "this handler of `versions!` does not say which versions of `{V}` it answers",
    label = "it has no `#[versioned({V}, ..)]`",
    note = "all handlers of one item are of one API: write `#[versioned(..)]` with the same enum on each, or serve this one without `versions!`"
)]
pub trait OfApi<V> {}

/// Holds where two handlers are of one API. Asked by the compiler.
pub const fn of_one_api<A: OfApi<V>, B: OfApi<V>, V>() {}

/// What `versions!` makes of a list of handlers, `(A, (B, ()))`.
pub trait Item<L>: 'static {
    /// The versions that no handler answers by itself.
    const CONVERSIONS: &'static [Conversion] = &[];

    /// Its site.
    fn site() -> &'static Site;
}

/// A list of handlers: `(A, (B, ()))`.
pub trait Handlers: 'static {
    /// The versions of the first.
    const VERSIONED: Option<&'static Versioned>;

    /// Whether one of them answers the version at that place.
    fn answers(place: usize) -> bool;
}

impl Handlers for () {
    const VERSIONED: Option<&'static Versioned> = None;

    fn answers(_: usize) -> bool {
        false
    }
}

impl<P: Guarded, Rest: Handlers> Handlers for (P, Rest) {
    const VERSIONED: Option<&'static Versioned> = P::POLICIES.version();

    #[inline]
    fn answers(place: usize) -> bool {
        Self::VERSIONED.is_some_and(|versioned| versioned.answers(place)) || Rest::answers(place)
    }
}

/// A list of handlers with what each takes and how that is extracted: `((A, M), (More, ()))`.
pub trait MemberList<W>: Handlers {
    /// The gate of one of them.
    type Choice: Send;

    /// The answer of the one whose gate it is.
    fn answer(choice: Self::Choice) -> impl Future<Output = Response> + Send;
}

/// One of two.
#[derive(Debug)]
pub enum Choice<A, B> {
    /// The first of a list.
    This(A),
    /// One of the others.
    Other(B),
}

impl MemberList<()> for () {
    type Choice = Infallible;

    async fn answer(choice: Infallible) -> Response {
        match choice {}
    }
}

impl<P, Rest, A, M, More> MemberList<((A, M), More)> for (P, Rest)
where
    P: Member<A>,
    A: Send,
    Rest: MemberList<More>,
{
    type Choice = Choice<Gate<P, A>, Rest::Choice>;

    async fn answer(choice: Self::Choice) -> Response {
        match choice {
            Choice::This(gate) => P::answer(gate).await,
            Choice::Other(rest) => Rest::answer(rest).await,
        }
    }
}

/// Handlers whose gates can be extracted in the ways `W`.
#[diagnostic::on_unimplemented(
    message = "a handler of this `versions!` takes what cannot be extracted from a request with the state `{S}`",
    note = "each handler by itself has to be one of a router with that state: try `get(..)` with it alone"
)]
pub trait Members<S, W>: MemberList<W> {
    /// The gate of the first handler that answers the version at that place.
    fn enter(
        place: usize,
        parts: &mut Parts,
        body: Body,
        state: &S,
    ) -> impl Future<Output = Result<Self::Choice, Response>> + Send;
}

impl<S: Send + Sync> Members<S, ()> for () {
    async fn enter(_: usize, _: &mut Parts, _: Body, _: &S) -> Result<Infallible, Response> {
        // Nobody gets here: an item has asked whether somebody answers.
        Err(StatusCode::NOT_FOUND.into_response())
    }
}

impl<S, P, Rest, A, M, More> Members<S, ((A, M), More)> for (P, Rest)
where
    S: Send + Sync,
    P: Member<A>,
    A: Send,
    Rest: Members<S, More>,
    Gate<P, A>: Enter<S, M>,
{
    async fn enter(place: usize, parts: &mut Parts, body: Body, state: &S) -> Result<Self::Choice, Response> {
        if Self::VERSIONED.is_some_and(|versioned| versioned.answers(place)) {
            <Gate<P, A> as Enter<S, M>>::enter(parts, body, state).await.map(Choice::This)
        } else {
            Rest::enter(place, parts, body, state).await.map(Choice::Other)
        }
    }
}

/// A list of handlers and their ways, as one type that the compiler finds out: `(L, W)`.
pub trait Ways {
    /// The versions of the first handler.
    const VERSIONED: Option<&'static Versioned>;

    /// The gate of one of them.
    type Choice: Send;

    /// The answer of the one whose gate it is.
    fn answer(choice: Self::Choice) -> impl Future<Output = Response> + Send;
}

impl<L: MemberList<W>, W> Ways for (L, W) {
    const VERSIONED: Option<&'static Versioned> = L::VERSIONED;

    type Choice = L::Choice;

    fn answer(choice: L::Choice) -> impl Future<Output = Response> + Send {
        L::answer(choice)
    }
}

/// The one argument of an item of `versions!`: past the version and the policies of the handler that answers it.
pub struct Dispatch<I, W: Ways> {
    choice: W::Choice,
    said: Said,
    converted: Option<Converted>,
    item: PhantomData<fn() -> I>,
}

/// What the answer has to say of its version; nothing where versions are switched off.
struct Said(Option<(Held, Stamp)>);

/// A version that the handler of another one answers, and the item that says so.
type Converted = (&'static Conversion, &'static str, fn() -> &'static Site);

impl Said {
    #[inline]
    fn onto(self, versioned: Option<&'static Versioned>, response: &mut Response) {
        if let (Some((held, stamp)), Some(versioned)) = (self.0, versioned)
            && let Some(scheme) = held.schemes().of(versioned.table())
        {
            stamp.put(scheme, response);
        }
    }
}

impl<I, W: Ways> fmt::Debug for Dispatch<I, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatch").finish_non_exhaustive()
    }
}

#[diagnostic::do_not_recommend]
impl<S, I, L, W> FromRequest<S> for Dispatch<I, (L, W)>
where
    S: Send + Sync,
    I: Item<L>,
    L: Members<S, W>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let (chosen, said) = choose::<I, L>(&mut parts).map_err(|answer| *answer)?;
        match <L as Members<S, W>>::enter(chosen.place, &mut parts, body, state).await {
            Ok(choice) => Ok(Self { choice, said, converted: chosen.converted, item: PhantomData }),
            Err(mut answer) => {
                said.onto(L::VERSIONED, &mut answer);
                Err(answer)
            }
        }
    }
}

/// Whom the request is for.
struct Target {
    /// The place of the version whose handler answers.
    place: usize,
    converted: Option<Converted>,
}

/// Who answers the version that the request asks for, which is told to everybody behind.
#[inline]
fn choose<I: Item<L>, L: Handlers>(parts: &mut Parts) -> Result<(Target, Said), Box<Response>> {
    let nobody = |place| Target { place, converted: None };
    let Some(versioned) = L::VERSIONED else { return Ok((nobody(0), Said(None))) };
    let held = Held::of(&parts.extensions);
    let Some(door) = Door::of(&held, versioned.table(), I::site().id(), 0) else {
        return Ok((nobody(newest::<L>(versioned)), Said(None)));
    };
    let (chosen, stamp) =
        match door.choose(parts, |place| L::answers(place) || conversion_of::<I, L>(place).is_some()) {
            Ok(chosen) => chosen,
            Err(mut answer) => {
                held.restyle(&mut answer);
                return Err(answer);
            }
        };
    parts.extensions.insert(chosen);
    let mut target = nobody(chosen.place());
    if let Some(conversion) = conversion_of::<I, L>(chosen.place()) {
        conversion.announce(chosen.name(), parts);
        target = Target { place: conversion.target(), converted: Some((conversion, chosen.name(), I::site)) };
    }
    Ok((target, Said(Some((held, stamp)))))
}

#[inline]
fn conversion_of<I: Item<L>, L>(place: usize) -> Option<&'static Conversion> {
    I::CONVERSIONS.iter().find(|conversion| conversion.place() == place)
}

/// The newest version that anybody answers.
#[cold]
fn newest<L: Handlers>(versioned: &Versioned) -> usize {
    let mut places = (0..versioned.table().count()).rev();
    places.find(|place| L::answers(*place)).unwrap_or_default()
}

impl<I, W: Ways> Dispatch<I, W> {
    /// The answer of the handler that was chosen.
    pub async fn answer(self) -> Response {
        let Self { choice, said, converted, .. } = self;
        let mut response = W::answer(choice).await;
        if let Some((conversion, version, site)) = converted {
            response = Box::pin(conversion.lower(response, version, site())).await;
        }
        said.onto(W::VERSIONED, &mut response);
        response
    }
}

/// The policies of an item, for its site: the versions of its API.
#[must_use]
pub fn describe_item<L: Handlers>() -> Vec<PolicyEntry> {
    L::VERSIONED.map(Versioned::entries).into_iter().flatten().collect()
}
