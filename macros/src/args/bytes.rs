//! Sizes as people write them: `"1MiB"`, `"512 B"`, `"2GB"`.

use syn::LitInt;

use super::Named;
use super::suggest::nearest;
use crate::errors::Errors;

/// The units, by their words in lower case; the first is the one that errors recommend.
const UNITS: &[(&[&str], u64)] = &[
    (&["B", "byte", "bytes"], 1),
    (&["KiB", "kibibyte", "kibibytes"], 1 << 10),
    (&["MiB", "mebibyte", "mebibytes"], 1 << 20),
    (&["GiB", "gibibyte", "gibibytes"], 1 << 30),
    (&["kB", "kilobyte", "kilobytes"], 1_000),
    (&["MB", "megabyte", "megabytes"], 1_000_000),
    (&["GB", "gigabyte", "gigabytes"], 1_000_000_000),
];

/// What people write for a binary unit where its letter alone says nothing.
const LETTERS: &[(&str, &str)] = &[("k", "KiB"), ("m", "MiB"), ("g", "GiB")];

/// The most that a size may be, and how that is written.
pub(crate) struct Largest {
    pub(crate) bytes: u64,
    pub(crate) words: &'static str,
}

impl Named {
    /// A size of at least a byte.
    pub(crate) fn bytes(&self, example: &str, largest: &Largest, errors: &Errors) -> Option<u64> {
        let value = self.value(example, errors)?;
        if let Some(number) = whole_number(value) {
            let key = &self.key;
            errors.at(value, format!("`{key}` is a text with its unit: write `{key} = \"{number}B\"`"));
            return None;
        }
        let text = self.text(example, errors)?;
        match bytes_of(text.value().trim(), largest) {
            Ok(bytes) => Some(bytes),
            Err(why) => {
                errors.at(&text, with_example(&why, example));
                None
            }
        }
    }
}

/// A number that somebody wrote without quotes and unit.
pub(super) fn whole_number(value: &proc_macro2::TokenStream) -> Option<u64> {
    let literal = syn::parse2::<LitInt>(value.clone()).ok()?;
    literal.suffix().is_empty().then(|| literal.base10_parse().ok())?
}

/// What is wrong, and how it is written, where that was not said yet.
pub(crate) fn with_example(why: &str, example: &str) -> String {
    let is_said = why.ends_with('?') || why.contains("write `");
    if is_said { why.to_owned() } else { format!("{why}: write it as in `{example}`") }
}

fn bytes_of(text: &str, largest: &Largest) -> Result<u64, String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(text.len());
    let (count, word) = (text[..end].replace('_', ""), text[end..].trim());
    if count.is_empty() {
        return Err(format!("`{text}` is no size, which is a number and a unit"));
    }
    if word.starts_with(['.', ',']) {
        return Err(format!("`{text}` is no size: it is a whole number of a smaller unit"));
    }
    if word.is_empty() {
        return Err(format!("`{text}` lacks its unit: B, KiB, MiB, GiB, kB, MB or GB"));
    }
    let unit = unit(word, &count)?;
    match count.parse::<u64>().ok().and_then(|count| count.checked_mul(unit)) {
        Some(0) => Err(format!("`{text}` is no size at all")),
        Some(bytes) if bytes <= largest.bytes => Ok(bytes),
        _ => Err(format!("`{text}` is more than {}", largest.words)),
    }
}

/// The bytes of a unit, in any case.
fn unit(word: &str, count: &str) -> Result<u64, String> {
    let is = |one: &str| one.eq_ignore_ascii_case(word);
    if let Some((_, bytes)) = UNITS.iter().find(|(words, _)| words.iter().any(|one| is(one))) {
        return Ok(*bytes);
    }
    if let Some((_, meant)) = LETTERS.iter().find(|(letter, _)| is(letter)) {
        return Err(format!("`{word}` is no unit of size: did you mean `{count}{meant}`?"));
    }
    let words = UNITS.iter().flat_map(|(words, _)| words.iter().copied()).filter(|word| word.len() > 1);
    let lower: Vec<_> = words.map(|word| (word.to_ascii_lowercase(), word)).collect();
    let near = nearest(word, lower.iter().map(|(lower, _)| lower.as_str()));
    let near = lower.iter().find(|(lower, _)| Some(lower.as_str()) == near);
    let known = || "there are B, KiB, MiB, GiB, kB, MB and GB".to_owned();
    let hint = near.map_or_else(known, |(_, near)| format!("did you mean `{near}`?"));
    Err(format!("`{word}` is no unit of size: {hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LARGEST: Largest = Largest { bytes: 1 << 30, words: "1GiB" };

    #[test]
    fn sizes_are_a_number_and_a_unit() {
        let cases = [
            ("512B", 512),
            ("1 KiB", 1024),
            ("1kib", 1024),
            ("1MiB", 1_048_576),
            ("1 GiB", 1 << 30),
            ("1kB", 1000),
            ("2 MB", 2_000_000),
            ("1GB", 1_000_000_000),
            ("1_000 bytes", 1000),
            ("3 mebibytes", 3_145_728),
        ];
        for (text, bytes) in cases {
            assert_eq!(bytes_of(text, &LARGEST), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused_with_the_reason() {
        let cases = [
            ("", "is no size"),
            ("big", "is no size"),
            ("-1B", "is no size"),
            ("_", "is no size"),
            ("2", "lacks its unit"),
            ("1.5MiB", "whole number of a smaller unit"),
            ("0B", "no size at all"),
            ("2GiB", "more than 1GiB"),
            ("99999999999999999999B", "more than 1GiB"),
            ("99999999999999999GiB", "more than 1GiB"),
            ("1M", "did you mean `1MiB`?"),
            ("64k", "did you mean `64KiB`?"),
            ("1 MIBS", "did you mean `MiB`?"),
            ("1 megabite", "did you mean `megabyte`?"),
            ("1 furlong", "there are B, KiB"),
        ];
        for (text, reason) in cases {
            let error = bytes_of(text, &LARGEST).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
