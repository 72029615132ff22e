//! Periods of time as people write them.

use syn::LitStr;

use super::bytes::{whole_number, with_example};
use super::suggest::nearest;
use super::{Named, spelling};
use crate::errors::Errors;

/// The longest that a time may be, and how that is said.
pub(crate) struct Longest {
    pub(crate) nanos: u64,
    pub(crate) words: &'static str,
}

/// What waits longer is no call.
pub(crate) const A_DAY: Longest = Longest { nanos: 86_400_000_000_000, words: "a day" };

/// The units, by their words; the first is the one that errors recommend.
const UNITS: &[(&[&str], u64)] = &[
    (&["second", "seconds", "sec", "secs", "s"], 1_000_000_000),
    (&["minute", "minutes", "min", "mins", "m"], 60_000_000_000),
    (&["hour", "hours", "hr", "hrs", "h"], 3_600_000_000_000),
    (&["day", "days", "d"], 86_400_000_000_000),
    (&["millisecond", "milliseconds", "ms"], 1_000_000),
];

/// What is no unit, because not all of them are of one length.
const LONGER: &[(&str, u32)] = &[("week", 7), ("month", 30), ("year", 365)];

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// Its full word.
    pub(super) word: &'static str,
    pub(super) nanos: u64,
}

/// The unit that a word names, in any case.
pub(super) fn unit(word: &str) -> Result<Unit, String> {
    let lower = word.to_ascii_lowercase();
    if let Some((words, nanos)) = UNITS.iter().find(|(words, _)| words.contains(&lower.as_str())) {
        return Ok(Unit { word: words[0], nanos: *nanos });
    }
    let singular = lower.strip_suffix('s').unwrap_or(&lower);
    if let Some((_, days)) = LONGER.iter().find(|(longer, _)| *longer == singular) {
        return Err(format!("`{word}` is no unit of time: write `{days} days`"));
    }
    let words = UNITS.iter().flat_map(|(words, _)| words.iter().copied()).filter(|word| word.len() > 2);
    let known = || "there are second, minute, hour, day and ms".to_owned();
    let hint = nearest(&lower, words).map_or_else(known, |near| format!("did you mean `{near}`?"));
    Err(format!("`{word}` is no unit of time: {hint}"))
}

impl Named {
    /// A time of at most a day, in nanoseconds.
    pub(crate) fn duration(&self, example: &str, errors: &Errors) -> Option<u64> {
        self.duration_up_to(&A_DAY, example, errors)
    }

    /// From one time to another, or one time for both, each of at most a day, in nanoseconds.
    pub(crate) fn durations(&self, example: &str, errors: &Errors) -> Option<(u64, u64)> {
        let value = self.value(example, errors)?;
        let key = &self.key;
        let bare = whole_number(value).map(|number| format!("{number}ms"));
        let bare = bare.or_else(|| Some(spelling(value)).filter(|text| range_of(text).is_ok()));
        if let Some(bare) = bare {
            errors.at(value, format!("`{key}` is a text with its unit: write `{key} = \"{bare}\"`"));
            return None;
        }
        let Ok(text) = syn::parse2::<LitStr>(value.clone()) else {
            errors.at(value, format!("`{key}` is a text with one time or two: write `{example}`"));
            return None;
        };
        range_of(text.value().trim()).map_err(|why| errors.at(&text, with_example(&why, example))).ok()
    }

    /// A time of at most so long, in nanoseconds.
    pub(crate) fn duration_up_to(&self, longest: &Longest, example: &str, errors: &Errors) -> Option<u64> {
        let value = self.value(example, errors)?;
        if let Some(number) = whole_number(value) {
            let key = &self.key;
            errors.at(value, format!("`{key}` is a text with its unit: write `{key} = \"{number}s\"`"));
            return None;
        }
        let text = self.text(example, errors)?;
        match duration_of(text.value().trim(), longest) {
            Ok(nanos) => Some(nanos),
            Err(why) => {
                errors.at(&text, with_example(&why, example));
                None
            }
        }
    }
}

/// The times of `"100ms..2s"`, or twice that of `"100ms"`.
fn range_of(text: &str) -> Result<(u64, u64), String> {
    let Some((from, to)) = text.split_once("..") else {
        let is_range = |between: &&str| {
            let from = text.split_once(*between).map(|(from, _)| from.trim());
            from.is_some_and(|from| duration_of(from, &A_DAY).is_ok())
        };
        if let Some(between) = ["-", ",", "to"].into_iter().find(is_range) {
            return Err(format!("from one time to another is written with `..`, and not with `{between}`"));
        }
        return duration_of(text, &A_DAY).map(|nanos| (nanos, nanos));
    };
    let [from, to] = [from, to.trim_start_matches('=')].map(str::trim);
    let range = (duration_of(from, &A_DAY)?, duration_of(to, &A_DAY)?);
    if range.0 > range.1 {
        return Err(format!("the shorter time stands first: write `{to}..{from}`"));
    }
    Ok(range)
}

/// A time as people write it, in the largest unit that says it without a rest.
pub(crate) fn time_text(nanos: u64) -> String {
    const SHORT: &[(u64, &str)] = &[(3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s")];
    let whole = SHORT.iter().find(|(unit, _)| nanos >= *unit && nanos.is_multiple_of(*unit));
    whole.map_or_else(|| format!("{}ms", nanos / 1_000_000), |(unit, word)| format!("{}{word}", nanos / unit))
}

/// The nanoseconds of a time that is written as a text, of at most so long.
pub(crate) fn duration_of(text: &str, longest: &Longest) -> Result<u64, String> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (count, word) = (&text[..end], text[end..].trim());
    if count.is_empty() {
        return Err(format!("`{text}` is no time, which is a number and a unit"));
    }
    if word.starts_with(['.', ',']) {
        return Err(format!("`{text}` is no time: it is a whole number of a smaller unit"));
    }
    if word.is_empty() {
        return Err(format!("`{text}` lacks its unit of time"));
    }
    let unit = unit(word)?;
    let nanos = count.parse::<u64>().ok().and_then(|count| count.checked_mul(unit.nanos));
    match nanos {
        Some(0) => Err(format!("`{text}` is no time at all")),
        Some(nanos) if nanos <= longest.nanos => Ok(nanos),
        _ => Err(format!("`{text}` is longer than {}", longest.words)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_a_number_and_a_unit() {
        let cases = [
            ("2s", 2_000_000_000),
            ("250ms", 250_000_000),
            ("1 minute", 60_000_000_000),
            ("24h", A_DAY.nanos),
        ];
        for (text, nanos) in cases {
            assert_eq!(duration_of(text, &A_DAY), Ok(nanos), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused_with_the_reason() {
        let cases = [
            ("", "is no time"),
            ("soon", "is no time"),
            ("-1s", "is no time"),
            ("2", "lacks its unit"),
            ("1.5s", "whole number of a smaller unit"),
            ("0s", "no time at all"),
            ("25h", "longer than a day"),
            ("99999999999999999999s", "longer than a day"),
            ("2 secnds", "did you mean `seconds`?"),
        ];
        for (text, reason) in cases {
            let error = duration_of(text, &A_DAY).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn two_times_are_the_shorter_and_the_longer() {
        let ms = 1_000_000;
        let cases = [
            ("100ms..2s", (100 * ms, 2000 * ms)),
            ("1s .. 1 minute", (1000 * ms, 60_000 * ms)),
            ("1s..=2s", (1000 * ms, 2000 * ms)),
            ("250ms", (250 * ms, 250 * ms)),
        ];
        for (text, range) in cases {
            assert_eq!(range_of(text), Ok(range), "{text}");
        }
        let cases = [
            ("2s..100ms", "write `100ms..2s`"),
            ("0s..2s", "no time at all"),
            ("100..2s", "`100` lacks its unit"),
            ("100ms..", "is no time"),
            ("100ms-2s", "is written with `..`"),
            ("100ms to 2s", "and not with `to`"),
        ];
        for (text, reason) in cases {
            let error = range_of(text).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
