//! What is wrong with one field of a request, and the pointer that names the field.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// The longest member name that a pointer repeats, and the longest pointer. What is behind is left away, so that the
/// pointer names what holds the field: an answer must not grow with what a client makes up.
const LONGEST_STEP: usize = 200;
const LONGEST_POINTER: usize = 1_000;

/// What a URI fragment does not hold as it is (RFC 3986, section 3.5). `~` and `/` are escaped before.
const NOT_IN_FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'?');

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

    /// A fault of the field at the end of a path: names of members, and numbers of items from 0 on. What a pointer cannot
    /// hold as it is gets escaped.
    ///
    /// A name of more than 200 bytes ends the pointer before it, as does a pointer of more than 1000: it then names
    /// what holds the field.
    ///
    /// ```
    /// use tollgate::FieldError;
    ///
    /// let error = FieldError::at(["fares", "one/way"], "must not be negative");
    /// assert_eq!(error.pointer(), "#/fares/one~1way");
    /// ```
    pub fn at<Step: AsRef<str>>(
        path: impl IntoIterator<Item = Step>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(pointer(path), detail)
    }

    /// With a code by which programs tell this fault from others. [Extractors](crate::extract) and [pages](crate::pages) use these:
    ///
    /// | code | the field |
    /// | --- | --- |
    /// | `missing` | is not there |
    /// | `unknown` | is not known here, or names something that is not |
    /// | `duplicate` | is there more than once, or names something twice |
    /// | `type` | is a value of another type |
    /// | `range` | is a number, or a length of text, that is too small or too large |
    /// | `length` | has too few items or too many |
    /// | `choice` | is none of the values that are known |
    /// | `encoding` | is no text: it is not UTF-8, or has NUL in it |
    /// | `unsupported` | is known, and not taken here: a parameter of pages of another style |
    /// | `invalid` | is wrong in another way, which `detail` tells |
    #[must_use]
    pub fn code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.code = code.into();
        self
    }

    /// The pointer to the field, with its `#`.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What is wrong with it.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
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

/// The pointer as a URI fragment.
fn pointer<Step: AsRef<str>>(path: impl IntoIterator<Item = Step>) -> String {
    let mut pointer = "#".to_owned();
    for step in path {
        let whole = pointer.len();
        push(&mut pointer, step.as_ref());
        if step.as_ref().len() > LONGEST_STEP || pointer.len() > LONGEST_POINTER {
            pointer.truncate(whole);
            break;
        }
    }
    pointer
}

/// One step more; of one that is far too long only so much as tells that it is.
fn push(pointer: &mut String, step: &str) {
    let step = cut(step, LONGEST_STEP + 1);
    let escaped = step.replace('~', "~0").replace('/', "~1");
    pointer.push('/');
    pointer.extend(utf8_percent_encode(&escaped, NOT_IN_FRAGMENT));
}

/// As many whole characters as fit into so many bytes.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn no_path_is_the_whole_document() {
        assert_eq!(pointer::<&str>([]), "#");
    }

    #[test]
    fn steps_are_escaped_as_json_pointers_and_then_as_fragments() {
        for (step, written) in [
            ("row", "#/row"),
            ("", "#/"),
            ("0", "#/0"),
            ("a/b", "#/a~1b"),
            ("m~n", "#/m~0n"),
            ("~1", "#/~01"),
            ("c%d", "#/c%25d"),
            ("e^f", "#/e%5Ef"),
            ("g|h", "#/g%7Ch"),
            ("i\\j", "#/i%5Cj"),
            ("k\"l", "#/k%22l"),
            (" ", "#/%20"),
            ("#", "#/%23"),
            ("a?b:c@d!$&'()*+,;=-._", "#/a?b:c@d!$&'()*+,;=-._"),
            ("é", "#/%C3%A9"),
            ("\n", "#/%0A"),
        ] {
            assert_eq!(pointer([step]), written, "{step:?}");
        }
        assert_eq!(pointer(["seats", "0", "row"]), "#/seats/0/row");
    }

    #[test]
    fn what_is_too_long_ends_the_pointer_before_it() {
        let (fits, long) = ("a".repeat(LONGEST_STEP), "é".repeat(LONGEST_STEP));
        assert_eq!(pointer(["x", &fits]), format!("#/x/{fits}"));
        assert_eq!(pointer(["x", &long, "y"]), "#/x");
        assert_eq!(pointer(vec![fits.as_str(); 9]), format!("#{}", format!("/{fits}").repeat(4)));
    }

    #[test]
    fn text_is_cut_between_characters() {
        assert_eq!(cut("aé", 2), "a");
        assert_eq!(cut("aé", 3), "aé");
        assert_eq!(cut("", 3), "");
    }

    proptest! {
        #[test]
        fn a_pointer_names_the_member_that_it_was_made_of(names in prop::collection::vec(".{0,20}", 0..4)) {
            let mut document = json!(1);
            for name in names.iter().rev() {
                document = json!({ name.as_str(): document });
            }
            let fragment = pointer(&names);
            let plain = percent_decode_str(fragment.strip_prefix('#').unwrap()).decode_utf8().unwrap();
            prop_assert_eq!(document.pointer(&plain), Some(&json!(1)));
        }
    }
}
