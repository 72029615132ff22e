//! What an error of the user's is, once it is an answer.

use std::error::Error;

use axum::response::{IntoResponse, Response};

use super::occurred::Occurred;
use crate::core::ErrorKind;
use crate::http::{Problem, Rejected};

/// An error that is an answer: made by `#[derive(ApiError)]`, or by hand.
///
/// ```
/// use axum::http::StatusCode;
/// use tollgate::{ApiError, Problem};
///
/// #[derive(Debug)]
/// struct Closed;
///
/// impl std::fmt::Display for Closed {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str("the shop is closed")
///     }
/// }
///
/// impl std::error::Error for Closed {}
///
/// impl ApiError for Closed {
///     fn problem(&self) -> Problem {
///         Problem::new(StatusCode::CONFLICT).code("closed").detail(self.to_string())
///     }
/// }
/// # assert_eq!(Closed.problem().status(), 409);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no error that can be answered",
    label = "no `ApiError`",
    note = "write `#[derive(thiserror::Error, tollgate::ApiError)]` on it"
)]
pub trait ApiError: Error {
    /// What the client gets.
    fn problem(&self) -> Problem;

    /// The kinds of problems that it can be, as documents and the catalogue show them; none by default.
    #[must_use]
    fn kinds() -> Vec<&'static ErrorKind>
    where
        Self: Sized,
    {
        Vec::new()
    }

    /// Logs it, where it is to be logged; nothing by default. It is called once, when the error becomes an answer.
    fn log(&self) {}
}

/// A box is what is in it.
impl<E: ApiError> ApiError for Box<E> {
    fn problem(&self) -> Problem {
        (**self).problem()
    }

    fn kinds() -> Vec<&'static ErrorKind> {
        E::kinds()
    }

    fn log(&self) {
        (**self).log();
    }
}

/// A problem is its own answer. So the rejections of [`extract`](crate::extract), and whatever else is refused by one, can
/// be variants of an error: `#[api_error(transparent)] Refused(#[from] Problem)`.
impl ApiError for Problem {
    fn problem(&self) -> Problem {
        self.clone()
    }
}

/// A refused call is an answer of its own, so it can be a variant of an error: `#[api_error(transparent)] Refused(#[from] Rejected)`.
impl ApiError for Rejected {
    fn problem(&self) -> Problem {
        self.to_problem()
    }

    fn kinds() -> Vec<&'static ErrorKind> {
        Self::KINDS.iter().collect()
    }
}

/// The answer to an error that occurred, which is logged where it is to be.
#[must_use]
pub fn respond(error: Occurred<'_>) -> Response {
    error.log();
    error.problem().into_response()
}

/// The kinds of a type: its own, and those of the errors within its transparent variants.
#[must_use]
pub fn kinds(
    own: &'static [ErrorKind],
    inner: &[fn() -> Vec<&'static ErrorKind>],
) -> Vec<&'static ErrorKind> {
    own.iter().chain(inner.iter().flat_map(|kinds| kinds())).collect()
}

/// Asked of a type that derives `ApiError`: any `std::error::Error`. It is a trait of its own for the sake of the message.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no error yet: derive `thiserror::Error` beside `ApiError`",
    label = "write `#[derive(Debug, thiserror::Error, ApiError)]`",
    note = "`thiserror::Error` makes the text of each variant from `#[error(\"..\")]`, which `ApiError` sends"
)]
pub trait IsError: Error {}

#[diagnostic::do_not_recommend]
impl<E: Error> IsError for E {}
