//! Names and values as queries and forms write them.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// A name or a value, decoded: percent-encoded, `+` for a blank. `None` where it is no UTF-8: others put replacement characters
/// into data there.
pub(crate) fn decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(['%', '+']) {
        return Some(Cow::Borrowed(text));
    }
    let text = text.replace('+', " ");
    let decoded = percent_decode_str(&text).decode_utf8().ok()?;
    Some(Cow::Owned(decoded.into_owned()))
}
