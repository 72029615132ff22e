//! Errors that answer in the place of a variant which holds them.

use super::api_error::ApiError;
use super::occurred::Occurred;
use crate::core::ErrorKind;

/// What the field of a transparent variant has to be: any [`ApiError`]. It is a trait of its own for the sake of the message, and
/// so that generated code asks one question in all places, which the compiler answers once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no error that can be answered",
    label = "no `ApiError`",
    note = "write `#[derive(thiserror::Error, tollgate::ApiError)]` on it, or give the variant a `status` and a `code` of its own in the place of `transparent`"
)]
pub trait Transparent {
    /// The kinds of problems that it can be.
    fn kinds() -> Vec<&'static ErrorKind>;

    /// One of it that occurred.
    fn occurred(&self) -> Occurred<'_>;
}

#[diagnostic::do_not_recommend]
impl<E: ApiError> Transparent for E {
    fn kinds() -> Vec<&'static ErrorKind> {
        <Self as ApiError>::kinds()
    }

    fn occurred(&self) -> Occurred<'_> {
        Occurred::transparent(self)
    }
}
