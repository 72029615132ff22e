//! Without a store that takes bytes, nothing is written.

use super::super::remote::Codec;

/// How values of this type are written: not at all.
#[allow(clippy::extra_unused_type_parameters, reason = "as where there is such a store")]
pub(super) const fn of<T>() -> Option<&'static dyn Codec> {
    None
}
