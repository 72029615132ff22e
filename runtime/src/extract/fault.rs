//! What serde says about a value, in the words of those who sent it.
//!
//! serde's errors are texts, made by a handful of functions of `serde::de::Error`, so their forms are known. What
//! they say about types of the service ("struct `NewUser`", `u8`) is said about JSON or numbers here, and what they repeat
//! of the request is left away: who sent it has it, and a pointer names it.

use std::borrow::Cow;

use super::expected::{expected, got, is_range};
use crate::http::cut;

/// The longest text of a type's own that is passed on.
const LONGEST_TEXT: usize = 300;

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) detail: Cow<'static, str>,
    /// The member that it is about, where that is one of the value and not the value itself.
    pub(super) member: Option<String>,
}

impl Fault {
    /// From serde's text, without line and column.
    pub(super) fn read(text: &str) -> Self {
        field(text)
            .or_else(|| variant(text))
            .or_else(|| mismatch(text))
            .unwrap_or_else(|| Self::new("invalid", own_words(text)))
    }

    /// From `serde_json`'s text about a value that is JSON, and that it yet calls none.
    pub(super) fn of_json(text: &str) -> Self {
        match text {
            "expected value" => Self::new("type", "must be one of the values that are known here"),
            "invalid value: expected key to be a number in quotes" => {
                Self::new("invalid", "has a member whose name must be a whole number")
            }
            "number out of range" => Self::new("range", "is a number that is too large"),
            // RFC 8259 lets a string hold halves of surrogate pairs, which are no characters.
            _ => Self::new("encoding", "holds what is no text"),
        }
    }

    fn new(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { code, detail: detail.into(), member: None }
    }

    /// Text that is no UTF-8 once it is decoded.
    pub(super) const fn encoding() -> Self {
        Self { code: "encoding", detail: Cow::Borrowed("is not UTF-8 once it is decoded"), member: None }
    }

    /// The same of the value itself.
    pub(super) fn of_itself(self) -> Self {
        Self { member: None, ..self }
    }

    fn of_member(self, name: &str) -> Self {
        Self { member: Some(name.to_owned()), ..self }
    }
}

/// A member that is missing, unknown, or there twice.
fn field(text: &str) -> Option<Fault> {
    if let Some(name) = text.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        return Some(Fault::new("missing", "is missing").of_member(name));
    }
    if let Some(name) = text.strip_prefix("duplicate field `").and_then(|rest| rest.strip_suffix('`')) {
        return Some(Fault::new("duplicate", "is there more than once").of_member(name));
    }
    let rest = text.strip_prefix("unknown field `")?;
    let (name, known) = name_and_choice(rest);
    let detail =
        known.map_or(Cow::Borrowed("is unknown"), |known| format!("is unknown: expected {known}").into());
    Some(Fault::new("unknown", detail).of_member(name))
}

/// A value that is none of a few.
fn variant(text: &str) -> Option<Fault> {
    let (_, known) = name_and_choice(text.strip_prefix("unknown variant `")?);
    let detail = known.map_or(Cow::Borrowed("is not known here"), |known| format!("must be {known}").into());
    Some(Fault::new("choice", detail))
}

/// The name, which the client sent and which may hold anything, and what would have been known: names of the service's.
fn name_and_choice(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once("`, expected ") {
        Some((name, known)) => (name, Some(cut(known, LONGEST_TEXT))),
        None => (text.rsplit_once("`, ").map_or(text, |(name, _)| name), None),
    }
}

/// A value of another type, or out of its range.
fn mismatch(text: &str) -> Option<Fault> {
    let (problem, wanted) = text.rsplit_once(", expected ")?;
    let must_be = expected(cut(wanted, LONGEST_TEXT));
    if let Some(found) = problem.strip_prefix("invalid type: ") {
        let not = got(found).map(|found| format!(", not {found}")).unwrap_or_default();
        return Some(Fault::new("type", format!("must be {must_be}{not}")));
    }
    if let Some(found) = problem.strip_prefix("invalid value: ") {
        return Some(Fault::new(code_of_value(found, wanted), format!("must be {must_be}")));
    }
    let length = problem.strip_prefix("invalid length ")?;
    Some(Fault::new("length", format!("must be {must_be}, and has {}", cut(length, 20))))
}

fn code_of_value(found: &str, wanted: &str) -> &'static str {
    match (is_range(wanted), found) {
        (true, "text") => "type",
        (true, _) => "range",
        (false, _) => "invalid",
    }
}

/// What a type says in its own words; serde's derive has some, too, which name types.
fn own_words(text: &str) -> Cow<'static, str> {
    if text.starts_with("data did not match any variant of ") || text.starts_with("no variant of enum ") {
        return Cow::Borrowed("has none of the forms that are expected");
    }
    match cut(text.trim(), LONGEST_TEXT) {
        "" => Cow::Borrowed("is not valid"),
        text => Cow::Owned(format!("is not valid: {text}")),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use proptest::prelude::*;
    use serde::de::value::Error;
    use serde::de::{Error as _, Unexpected};

    use super::*;

    fn read(error: impl fmt::Display) -> (&'static str, String, Option<String>) {
        let Fault { code, detail, member } = Fault::read(&error.to_string());
        (code, detail.into_owned(), member)
    }

    fn of(member: &str, code: &'static str, detail: &str) -> (&'static str, String, Option<String>) {
        (code, detail.to_owned(), Some(member.to_owned()))
    }

    fn itself(code: &'static str, detail: &str) -> (&'static str, String, Option<String>) {
        (code, detail.to_owned(), None)
    }

    #[test]
    fn members_are_named() {
        assert_eq!(read(Error::missing_field("name")), of("name", "missing", "is missing"));
        assert_eq!(read(Error::duplicate_field("name")), of("name", "duplicate", "is there more than once"));
        assert_eq!(
            read(Error::unknown_field("nmae", &["name", "age"])),
            of("nmae", "unknown", "is unknown: expected `name` or `age`")
        );
        assert_eq!(read(Error::unknown_field("x", &[])), of("x", "unknown", "is unknown"));
    }

    #[test]
    fn the_name_of_an_unknown_member_may_hold_anything() {
        for name in ["`", "`, expected `y", "a`, there are no fields", "", "é\n"] {
            assert_eq!(
                read(Error::unknown_field(name, &["n"])),
                of(name, "unknown", "is unknown: expected `n`")
            );
        }
    }

    #[test]
    fn choices_are_told_and_what_was_sent_is_not() {
        assert_eq!(
            read(Error::unknown_variant("secret", &["economy", "business", "first"])),
            itself("choice", "must be one of `economy`, `business`, `first`")
        );
        assert_eq!(read(Error::unknown_variant("x", &[])), itself("choice", "is not known here"));
    }

    #[test]
    fn types_are_those_of_the_wire() {
        for (found, wanted, detail) in [
            (Unexpected::Str("abc, expected u8"), "u8", "must be a whole number from 0 to 255, not a string"),
            (Unexpected::Seq, "struct NewUser", "must be an object, not an array"),
            (Unexpected::Map, "a string", "must be a string, not an object"),
            (Unexpected::Bool(true), "f64", "must be a number, not a boolean"),
            (
                Unexpected::Float(1.5),
                "i8",
                "must be a whole number from -128 to 127, not a number with decimals",
            ),
        ] {
            assert_eq!(read(Error::invalid_type(found, &wanted)), itself("type", detail));
        }
    }

    #[test]
    fn numbers_out_of_range_are_told_the_range() {
        let detail = "must be a whole number from 0 to 255";
        assert_eq!(read(Error::invalid_value(Unexpected::Unsigned(300), &"u8")), itself("range", detail));
        assert_eq!(read(Error::invalid_value(Unexpected::Other("text"), &"u8")), itself("type", detail));
        let detail = "must be a formatted UUID";
        assert_eq!(
            read(Error::invalid_value(Unexpected::Str("x"), &"a formatted UUID")),
            itself("invalid", detail)
        );
    }

    #[test]
    fn lengths_are_told() {
        let detail = "must be an array of 2 items, and has 3";
        assert_eq!(read(Error::invalid_length(3, &"a tuple of size 2")), itself("length", detail));
    }

    #[test]
    fn a_type_may_say_it_in_its_own_words_and_names_of_types_are_not_passed_on() {
        assert_eq!(
            read("an IATA code has three letters"),
            itself("invalid", "is not valid: an IATA code has three letters")
        );
        assert_eq!(read(""), itself("invalid", "is not valid"));
        let derived = "data did not match any variant of untagged enum Payment";
        assert_eq!(read(derived), itself("invalid", "has none of the forms that are expected"));
    }

    #[test]
    fn long_texts_are_cut() {
        let long = "é".repeat(1_000);
        assert!(Fault::read(&long).detail.len() < 330);
        assert!(
            Fault::read(&Error::invalid_value(Unexpected::Str(&long), &long.as_str()).to_string())
                .detail
                .len()
                < 330
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(missing field|unknown field|unknown variant|invalid (type|value|length)|)[ :]{0,2}.{0,40}(, expected .{0,9})?") {
            let _ = Fault::read(&text);
        }
    }
}
