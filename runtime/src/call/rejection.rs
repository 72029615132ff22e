//! What the error of a function has to be whose calls can be refused.

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
