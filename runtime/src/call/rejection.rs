//! What a function has to return whose calls can be refused.

use crate::http::Rejected;

/// An error that a refused call can become: whatever is `From<Rejected>`. It is a trait of its own for the sake of the message.
#[diagnostic::on_unimplemented(
    message = "a refused call must be able to become `{Self}`",
    label = "no `From<tollgate::Rejected>`",
    note = "write a variant for it: `#[error(transparent)] Refused(#[from] tollgate::Rejected)`, with `#[api_error(transparent)]` where it derives `ApiError`",
    note = "or write `impl From<tollgate::Rejected> for {Self}`"
)]
pub trait FromRejected: Sized {
    /// The error of the refused call.
    fn from_rejected(rejected: Rejected) -> Self;
}

#[diagnostic::do_not_recommend]
impl<E: From<Rejected>> FromRejected for E {
    fn from_rejected(rejected: Rejected) -> Self {
        Self::from(rejected)
    }
}

/// What a function returns whose calls can be refused: a `Result`, by whatever name.
#[diagnostic::on_unimplemented(
    message = "a refused call is an error, and `{Self}` has none",
    label = "no `Result`",
    note = "return a `Result` whose error can be made from `tollgate::Rejected`"
)]
pub trait Refusable: Fallible {
    /// The answer to a refused call.
    fn refused(rejected: Rejected) -> Self;
}

impl<T, E: FromRejected> Refusable for Result<T, E> {
    fn refused(rejected: Rejected) -> Self {
        Err(E::from_rejected(rejected))
    }
}

/// What a function returns of which is asked whether it failed: a `Result`, by whatever name.
#[diagnostic::on_unimplemented(
    message = "a failure is an error, and `{Self}` has none",
    label = "no `Result`",
    note = "what is done about failures asks for the error: return a `Result`"
)]
pub trait Fallible: Sized {
    /// What went wrong.
    type Error;

    /// It, where something did.
    fn error(&self) -> Option<&Self::Error>;

    /// The answer where nothing went wrong, or else what did.
    fn or_error(self) -> Result<Self, Self::Error>;

    /// The answer that says what went wrong.
    fn failed(error: Self::Error) -> Self;
}

impl<T, E> Fallible for Result<T, E> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        self.as_ref().err()
    }

    #[inline]
    fn or_error(self) -> Result<Self, E> {
        self.map(Ok)
    }

    #[inline]
    fn failed(error: E) -> Self {
        Err(error)
    }
}
