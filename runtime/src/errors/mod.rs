//! Errors of the user's own as answers: what `derive(ApiError)` declares, answers, logs and documents.
//!
//! The derive emits a constant [`ErrorKind`](crate::ErrorKind) per variant and a match that gives an [`Occurred`]; everything
//! else is here. What the client gets is a [`Problem`](crate::Problem): below 500 with the error's own text, from 500 on with a
//! general one, while the text and its sources are logged. All kinds of a program are collected by the linker into a
//! [catalogue](Catalogue).

mod api_error;
mod catalogue;
#[cfg(feature = "garde")]
mod garde;
mod header;
mod member;
mod occurred;
#[cfg(feature = "openapi")]
mod openapi;
mod transparent;

pub use self::api_error::{ApiError, IsError, kinds, respond};
pub use self::catalogue::{Catalogue, ErrorEntry};
pub use self::header::ErrorHeader;
pub use self::member::ErrorMember;
pub use self::occurred::Occurred;
#[cfg(feature = "openapi")]
pub use self::openapi::{
    DocumentedError, DocumentedKind, Inner, OfDocumented, OfKinds, SchemaKnown, SchemaUnknown, Schematic,
    add_problem_schemas, documented_kinds, error_responses,
};
pub use self::transparent::Transparent;

pub(crate) use self::catalogue::CodeCollision;
