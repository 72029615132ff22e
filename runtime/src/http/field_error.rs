//! What is wrong with one field of a request.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};

/// What is wrong with one field of a request: an entry of the member `errors` of a problem.
///
/// ```
/// use tollgate::FieldError;
///
/// let error = FieldError::new("#/seats/0/row", "must be at least 1").code("range");
/// assert_eq!(
///     serde_json::to_string(&error)?,
///     r##"{"detail":"must be at least 1","pointer":"#/seats/0/row","code":"range"}"##,
/// );
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pointer: Cow<'static, str>,
    detail: Cow<'static, str>,
    code: Cow<'static, str>,
}

impl FieldError {
    /// A fault of the field that a JSON pointer names, as a URI fragment (RFC 6901, section 6): `#/seats/0/row`. Its code is
    /// `invalid`.
    pub fn new(pointer: impl Into<Cow<'static, str>>, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into(), code: Cow::Borrowed("invalid") }
    }

    /// With a code by which programs tell this fault from others.
    #[must_use]
    pub fn code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.code = code.into();
        self
    }

    /// One, read back from its members.
    #[cfg(feature = "openapi")]
    pub(super) fn read(written: &serde_json::Value) -> Option<Self> {
        let text = |name| Some(written.get(name)?.as_str()?.to_owned());
        Some(Self::new(text("pointer")?, text("detail")?).code(text("code")?))
    }
}

impl Serialize for FieldError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { pointer, detail, code } = self;
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("detail", detail)?;
        map.serialize_entry("pointer", pointer)?;
        map.serialize_entry("code", code)?;
        map.end()
    }
}
