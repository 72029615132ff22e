//! The fallback of a handler that reads the body of the request.

use std::future::Future;

/// A function without arguments.
#[diagnostic::on_unimplemented(
    message = "this fallback takes arguments, and the handler reads the body of the request",
    label = "write an `async fn` without arguments",
    note = "a body is read once, and it is the handler that reads it: a copy for a fallback that is hardly ever asked would cost every request"
)]
pub trait Alone {}

#[diagnostic::do_not_recommend]
impl<F, Fut> Alone for F
where
    F: FnOnce() -> Fut,
    Fut: Future,
{
}

/// That function, where it takes no arguments.
pub const fn alone<F: Alone>(fallback: F) -> F {
    fallback
}
