//! Whether a function may answer in the place of a handler, asked once and on the path that the user wrote.

use std::convert::Infallible;

use super::fallback::{FallbackOf, NoArguments, SameArguments};

/// That function. What comes back is known to be one, so that nobody else says again that it is not.
pub fn instead<M, A, B: FallbackOf<M, A>>(fallback: B) -> impl FallbackOf<M, A> {
    fallback
}

/// The same where the handler reads the body of the request.
pub fn instead_of_body<M, A, B: Alone<M, A>>(fallback: B) -> impl FallbackOf<NoArguments, A> {
    fallback
}

/// A function without arguments.
#[diagnostic::on_unimplemented(
    message = "this function cannot answer in the place of a handler that reads the body of the request",
    label = "a fallback of such a handler is an `async fn` without arguments",
    note = "a body is read once, and the handler has it: a copy of it for a fallback that is hardly ever asked would cost every request",
    note = "it returns an answer, as a handler does, of the same type or of another one, and its future is `Send`"
)]
pub trait Alone<M, A>: FallbackOf<NoArguments, A> {}

#[diagnostic::do_not_recommend]
impl<A, B: FallbackOf<NoArguments, A>> Alone<NoArguments, A> for B {}

/// Nobody: of two ways to be one the compiler tells that neither holds, and of a single one why it does not.
trait IsNobody {}

impl IsNobody for Infallible {}

#[diagnostic::do_not_recommend]
#[allow(private_bounds, reason = "it holds for nobody")]
impl<A, Ways, B: FallbackOf<NoArguments, A> + IsNobody> Alone<SameArguments<Ways>, A> for B {}
