//! What types expect and what they got instead, in words of JSON.

use std::borrow::Cow;

/// What is expected, for "must be ..".
pub(super) fn expected(words: &str) -> Cow<'static, str> {
    number(words)
        .or_else(|| counted(words))
        .or_else(|| kind(words).map(Cow::Borrowed))
        .unwrap_or_else(|| Cow::Owned(words.to_owned()))
}

/// Whether what is expected is a number of a range.
pub(super) fn is_range(words: &str) -> bool {
    number(words).is_some()
}

/// What is there instead, for "not ..".
pub(super) fn got(words: &str) -> Option<&'static str> {
    if words == "unit variant" {
        return Some("a string");
    }
    Some(match words.split([' ', '`']).next().unwrap_or_default() {
        "string" | "character" => "a string",
        "integer" | "number" => "a number",
        "floating" => "a number with decimals",
        "boolean" => "a boolean",
        "null" => "null",
        "map" => "an object",
        "sequence" => "an array",
        _ => return None,
    })
}

fn number(words: &str) -> Option<Cow<'static, str>> {
    if let Some(kind) = words.strip_prefix("a nonzero ") {
        let (least, most) = range(kind)?;
        return Some(match least {
            "0" => format!("a whole number from 1 to {most}").into(),
            _ => format!("a whole number from {least} to {most} other than 0").into(),
        });
    }
    match words {
        "f32" | "f64" => Some(Cow::Borrowed("a number")),
        "i128" => Some(Cow::Borrowed("a whole number")),
        "u128" => Some(Cow::Borrowed("a whole number that is not negative")),
        _ => range(words).map(|(least, most)| format!("a whole number from {least} to {most}").into()),
    }
}

fn range(kind: &str) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "i8" => ("-128", "127"),
        "i16" => ("-32768", "32767"),
        "i32" => ("-2147483648", "2147483647"),
        "i64" | "isize" => ("-9223372036854775808", "9223372036854775807"),
        "u8" => ("0", "255"),
        "u16" => ("0", "65535"),
        "u32" => ("0", "4294967295"),
        "u64" | "usize" => ("0", "18446744073709551615"),
        _ => return None,
    })
}

/// Arrays of a length: `a tuple of size 2`, `an array of length 3`, `struct Point with 2 elements`.
fn counted(words: &str) -> Option<Cow<'static, str>> {
    let count = words
        .strip_prefix("a tuple of size ")
        .or_else(|| words.strip_prefix("an array of length "))
        .or_else(|| {
            words
                .strip_suffix(" elements")
                .or_else(|| words.strip_suffix(" element"))?
                .rsplit(" with ")
                .next()
        })?;
    let count: usize = count.parse().ok()?;
    Some(format!("an array of {count} {}", if count == 1 { "item" } else { "items" }).into())
}

/// What serde and its derive call what they expect, much of it with the name of a type behind it.
fn kind(words: &str) -> Option<&'static str> {
    const KINDS: &[(&str, &str)] = &[
        ("a boolean", "true or false"),
        ("bool", "true or false"),
        ("a string", "a string"),
        ("a borrowed string", "a string"),
        ("string or map", "a string or an object"),
        ("String", "a string"),
        ("a character", "one character"),
        ("char", "one character"),
        ("unit variant", "a string"),
        ("variant identifier", "a name that is known here"),
        ("field identifier", "a name that is known here"),
        ("unit", "null"),
        ("a map", "an object"),
        ("map", "an object"),
        ("struct", "an object"),
        ("newtype variant", "an object"),
        ("internally tagged enum", "an object"),
        ("adjacently tagged enum", "an object"),
        ("a sequence", "an array"),
        ("sequence", "an array"),
        ("an array", "an array"),
        ("tuple", "an array"),
        ("a tuple", "an array"),
        ("enum", "one of the values that are known here"),
        ("option", "a value or null"),
        ("newtype struct", "another value"),
    ];
    let is_it =
        |kind: &str| words.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    // A text of a type's own that begins like that, "a string of three letters", says more.
    let is_own = |kind: &str| words.len() > kind.len() && (kind.starts_with("a ") || kind.starts_with("an "));
    KINDS.iter().find(|(kind, _)| is_it(kind) && !is_own(kind)).map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_the_types() {
        let said = |least: String, most: String| format!("a whole number from {least} to {most}");
        assert_eq!(expected("i8"), said(i8::MIN.to_string(), i8::MAX.to_string()));
        assert_eq!(expected("i16"), said(i16::MIN.to_string(), i16::MAX.to_string()));
        assert_eq!(expected("i32"), said(i32::MIN.to_string(), i32::MAX.to_string()));
        assert_eq!(expected("i64"), said(i64::MIN.to_string(), i64::MAX.to_string()));
        assert_eq!(expected("u8"), said(u8::MIN.to_string(), u8::MAX.to_string()));
        assert_eq!(expected("u16"), said(u16::MIN.to_string(), u16::MAX.to_string()));
        assert_eq!(expected("u32"), said(u32::MIN.to_string(), u32::MAX.to_string()));
        assert_eq!(expected("u64"), said(u64::MIN.to_string(), u64::MAX.to_string()));
        assert_eq!(expected("a nonzero u8"), "a whole number from 1 to 255");
        assert_eq!(expected("a nonzero i8"), "a whole number from -128 to 127 other than 0");
    }

    #[test]
    fn no_type_of_the_service_is_named() {
        for (words, said) in [
            ("struct NewUser", "an object"),
            ("struct variant Shape::Circle", "an object"),
            ("internally tagged enum Shape", "an object"),
            ("enum Shape", "one of the values that are known here"),
            ("tuple struct Point", "an array"),
            ("tuple struct Point with 2 elements", "an array of 2 items"),
            ("struct Point with 1 element", "an array of 1 item"),
            ("tuple variant Shape::Line", "an array"),
            ("unit struct Marker", "null"),
            ("newtype struct Name", "another value"),
            ("a tuple of size 2", "an array of 2 items"),
            ("an array of length 16", "an array of 16 items"),
        ] {
            assert_eq!(expected(words), said, "{words}");
        }
    }

    #[test]
    fn what_a_type_says_in_its_own_words_stays() {
        for words in
            ["a formatted UUID", "RFC3339 date", "a string of three letters", "a map of names", "structure"]
        {
            assert_eq!(expected(words), words);
        }
    }

    #[test]
    fn what_is_there_instead_is_named_by_its_kind() {
        for (words, said) in [
            ("string \"integer `5`\"", "a string"),
            ("integer `5`", "a number"),
            ("floating point `1.5`", "a number with decimals"),
            ("boolean `true`", "a boolean"),
            ("null", "null"),
            ("map", "an object"),
            ("sequence", "an array"),
            ("unit variant", "a string"),
        ] {
            assert_eq!(got(words), Some(said), "{words}");
        }
        assert_eq!(got("newtype struct"), None);
    }
}
