//! Values that an error can send as a member of its problem.

use serde::Serialize;

/// A value that `extension(field)` can send: whatever is `Serialize`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a member of a problem",
    label = "it is not `Serialize`",
    note = "write `#[derive(serde::Serialize)]` on it, or take it out of `extension(..)`: it can stand in the text of `#[error(\"..\")]` all the same"
)]
pub trait ErrorMember: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> ErrorMember for T {}
