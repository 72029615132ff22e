//! What a handler may return, with a message of its own where it does not.

use axum::response::{IntoResponse, Response};

/// What a handler answers with: anything that implements axum's `IntoResponse`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no answer",
    label = "a handler returns what implements axum's `IntoResponse`",
    note = "return a `String`, a `StatusCode`, a `Json<..>`, a `Page<..>`, a tuple of those, or a `Result` of two answers",
    note = "what a `Json<..>` or a `Page<..>` holds must be `serde::Serialize`: `#[derive(serde::Serialize)]`",
    note = "the error of a `Result` must be an answer: `#[derive(Debug, thiserror::Error, tollgate::ApiError)]`",
    note = "or write `impl axum::response::IntoResponse` for your own type"
)]
pub trait Answer: Sized {
    /// The answer.
    fn into_answer(self) -> Response;
}

#[diagnostic::do_not_recommend]
impl<T: IntoResponse> Answer for T {
    fn into_answer(self) -> Response {
        self.into_response()
    }
}

/// Asks on the function's own name that its future can move between threads.
pub const fn send<F: Future + Send>(future: F) -> F {
    future
}
