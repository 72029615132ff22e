//! Rates as an operator writes them: in the words of the attribute, `"100/minute"`, `"5/2s"`, `"1 per 3 hours; 1 per second"`.
//!
//! The grammar is that of the attribute, word for word: a crate of macros exports nothing else, and a third crate to publish for
//! two hundred lines would be one more for every user to build. `tests/tests/config/grammar.rs` holds the two texts equal.

use super::policy::Rate;
use crate::core::closest;

/// A rate, valid by construction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RateModel {
    pub(super) quota: u32,
    pub(super) nanos: u64,
    /// What the rate is called where a function has several: the unit, or the period as written.
    pub(super) period: String,
}

const EXAMPLES: &str = "\"100/minute\", \"5/2s\" or \"10 per second\"";
/// Longer than any API's quota; shorter than what overflows.
const LONGEST_NANOS: u64 = 366 * 86_400_000_000_000;

/// The rates of a text, several of them separated by `;` or `,`, and what is wrong with those that are none.
pub(super) fn parse_rates(text: &str) -> impl Iterator<Item = Result<RateModel, String>> {
    text.split([';', ',']).map(|part| parse_rate(part.trim()))
}

/// The word that was meant. Those for units are short, so what is much longer or shorter is no slip.
fn nearest<'a>(written: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    closest(written, words).filter(|word| word.len().abs_diff(written.len()) < 3)
}

/// Whether a text is one rate.
pub(super) fn is_rate(text: &str) -> bool {
    parse_rate(text).is_ok()
}

fn parse_rate(text: &str) -> Result<RateModel, String> {
    let (quota, period) = divide(text).ok_or_else(|| no_rate(text))?;
    let quota = quota_of(quota, text)?;
    let (count, word) = count_and_word(period);
    let count = if count.is_empty() { Some(1) } else { number(count) };
    let count = count.ok_or_else(|| no_rate(text))?;
    if word.is_empty() {
        return Err(format!("`{text}` lacks its unit of time: write {EXAMPLES}"));
    }
    let unit = unit(word)?;
    if count == 0 {
        return Err(format!("`{text}` has a period of zero: write {EXAMPLES}"));
    }
    let nanos = unit.nanos.checked_mul(count).filter(|nanos| *nanos <= LONGEST_NANOS);
    let nanos =
        nanos.ok_or_else(|| format!("the period of `{text}` is longer than a year: write a shorter one"))?;
    if u64::from(quota) > nanos {
        return Err(format!("`{text}` is more than one request a nanosecond: write a lower rate"));
    }
    if nanos / u64::from(quota) < 1_000 && nanos % u64::from(quota) != 0 {
        return Err(format!(
            "`{text}` cannot be kept exactly: above a million a second, write a number that divides the period into whole nanoseconds"
        ));
    }
    let period = if count == 1 && !period.starts_with(|c: char| c.is_ascii_digit()) {
        unit.word.to_owned()
    } else {
        period.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    Ok(RateModel { quota, nanos, period })
}

/// What stands before and after `/` or `per`.
fn divide(text: &str) -> Option<(&str, &str)> {
    let (quota, period) = text.split_once('/').or_else(|| {
        let place = text.to_ascii_lowercase().find("per")?;
        Some((&text[..place], &text[place + "per".len()..]))
    })?;
    Some((quota.trim(), period.trim()))
}

fn quota_of(written: &str, text: &str) -> Result<u32, String> {
    let quota = number(written).ok_or_else(|| no_rate(text))?;
    match u32::try_from(quota) {
        Ok(0) => Err(format!("`{text}` admits nothing: a rate is at least 1")),
        Ok(quota) => Ok(quota),
        Err(_) => Err(format!("`{text}` is more than {} requests: write a lower rate", u32::MAX)),
    }
}

/// `"5 minutes"` → `("5", "minutes")`
fn count_and_word(period: &str) -> (&str, &str) {
    let end = period.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(period.len());
    (&period[..end], period[end..].trim_start())
}

/// Digits, with `_` between them as in Rust.
fn number(text: &str) -> Option<u64> {
    let starts = text.starts_with(|c: char| c.is_ascii_digit());
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    let only_digits = digits.chars().all(|c| c.is_ascii_digit());
    (starts && only_digits).then(|| digits.parse().unwrap_or(u64::MAX))
}

/// What other libraries and servers call a rate.
const ABBREVIATIONS: &[(&[&str], &str)] = &[
    (&["rps", "qps", "tps"], "second"),
    (&["rpm", "qpm"], "minute"),
    (&["rph", "qph"], "hour"),
    (&["rpd", "qpd"], "day"),
];

fn no_rate(text: &str) -> String {
    if let Some(rate) = otherwise(text) {
        return format!("`{text}` is no rate: write `\"{rate}\"`");
    }
    let what = if text.is_empty() { "an empty text".to_owned() } else { format!("`{text}`") };
    format!("{what} is no rate: write a number and a period, as in {EXAMPLES}")
}

/// The rate that somebody means who writes `10 rps`, `10r/s` or `100 requests per minute`.
fn otherwise(text: &str) -> Option<String> {
    let (quota, rest) = count_and_word(text);
    let lower = rest.to_ascii_lowercase();
    if let Some((_, unit)) = ABBREVIATIONS.iter().find(|(words, _)| words.contains(&lower.as_str())) {
        return Some(format!("{quota}/{unit}")).filter(|rate| is_rate(rate));
    }
    let (noun, period) = divide(rest)?;
    let is_noun = !noun.is_empty() && noun.chars().all(char::is_alphabetic);
    is_noun.then(|| format!("{quota}/{period}")).filter(|rate| is_rate(rate))
}

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

impl Rate {
    /// A rate that is known when the service runs; `None` where [`new`](Self::new) or [`burst`](Self::burst) would not compile.
    pub(super) fn checked_new(name: &'static str, quota: u32, period_nanos: u64, burst: u32) -> Option<Self> {
        const CENTURY_NANOS: u64 = 100 * LONGEST_NANOS;
        let emission_nanos = period_nanos.checked_div(u64::from(quota))?;
        let is_kept = period_nanos.is_multiple_of(u64::from(quota)) || emission_nanos >= 1_000;
        let refills = |burst: u32| {
            emission_nanos.checked_mul(u64::from(burst)).is_some_and(|nanos| nanos <= CENTURY_NANOS)
        };
        let is_valid = emission_nanos > 0 && is_kept && burst > 0 && refills(quota) && refills(burst);
        is_valid.then(|| Self::new(name, quota, period_nanos).burst(burst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn rate(text: &str) -> (u32, u64, String) {
        let RateModel { quota, nanos, period } = parse_rate(text).unwrap_or_else(|error| panic!("{error}"));
        (quota, nanos, period)
    }

    #[test]
    fn every_spelling_of_a_rate_is_understood() {
        let cases = [
            ("1 per second", 1, SECOND, "second"),
            ("1/SECOND", 1, SECOND, "second"),
            ("1 / Second", 1, SECOND, "second"),
            ("1PER Second", 1, SECOND, "second"),
            ("100/minute", 100, 60 * SECOND, "minute"),
            ("100/min", 100, 60 * SECOND, "minute"),
            ("100/m", 100, 60 * SECOND, "minute"),
            ("5/2s", 5, 2 * SECOND, "2s"),
            ("10/5 minutes", 10, 300 * SECOND, "5 minutes"),
            ("10/5  minutes", 10, 300 * SECOND, "5 minutes"),
            ("1 per 3 hour", 1, 3 * 3600 * SECOND, "3 hour"),
            ("1_000/day", 1000, 86_400 * SECOND, "day"),
            ("3/250ms", 3, SECOND / 4, "250ms"),
            ("3/1s", 3, SECOND, "1s"),
        ];
        for (text, quota, nanos, period) in cases {
            assert_eq!(rate(text), (quota, nanos, period.to_owned()), "{text}");
        }
    }

    #[test]
    fn several_rates_stand_in_one_text() {
        for text in ["1 per 3 hour; 1 per second", "1 per 3 hour, 1 per second", "1/3h;1/s"] {
            let nanos: Vec<_> = parse_rates(text).map(|rate| rate.unwrap().nanos).collect();
            assert_eq!(nanos, [10_800 * SECOND, SECOND], "{text}");
        }
    }

    #[test]
    fn what_is_no_rate_is_refused_with_the_reason() {
        let cases = [
            ("meow", "`meow` is no rate"),
            ("", "an empty text is no rate"),
            ("1/week", "`week` is no unit of time: write `7 days`"),
            ("1 per 2 Months", "`Months` is no unit of time: write `30 days`"),
            ("1 per millenium", "`millenium` is no unit of time"),
            ("10/minuet", "did you mean `minute`?"),
            ("10/minutex", "did you mean `minute`?"),
            ("ten/minute", "`ten/minute` is no rate"),
            ("-1/minute", "`-1/minute` is no rate"),
            ("1.5/minute", "`1.5/minute` is no rate"),
            ("10/", "lacks its unit of time"),
            ("10/5", "lacks its unit of time"),
            ("10", "`10` is no rate"),
            ("0/minute", "admits nothing"),
            ("10/0s", "period of zero"),
            ("99999999999/minute", "more than 4294967295 requests"),
            ("99999999999999999999999/minute", "more than 4294967295 requests"),
            ("1/99999999999999999999d", "longer than a year"),
            ("1/400 days", "longer than a year"),
            ("4000000/ms", "more than one request a nanosecond"),
            ("700000000/second", "cannot be kept exactly"),
            ("10 rps", "`10 rps` is no rate: write `\"10/second\"`"),
            ("10RPM", "write `\"10/minute\"`"),
            ("0rps", "as in"),
            ("rps", "as in"),
            ("10r/s", "write `\"10/s\"`"),
            ("100 requests per minute", "write `\"100/minute\"`"),
            ("100 req/5 minutes", "write `\"100/5 minutes\"`"),
            ("100 requests per fortnight", "as in"),
            ("10/minute abc", "`minute abc` is no unit of time: there are"),
        ];
        for (text, reason) in cases {
            let error = parse_rate(text).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn a_rate_is_made_exactly_where_it_would_compile() {
        const DAY: u64 = 86_400 * SECOND;
        let cases = [
            ((10, SECOND, 10), true),
            ((10, SECOND, 20), true),
            ((1, 366 * DAY, 100), true),
            ((1, 366 * DAY, 101), false),
            ((1, 366 * DAY, u32::MAX), false),
            ((0, SECOND, 1), false),
            ((1, 0, 1), false),
            ((1, SECOND, 0), false),
            ((1, 1, 1), true),
            ((2, 1, 1), false),
            ((700_000_000, SECOND, 1), false),
            ((u32::MAX, u64::MAX, 1), false),
            ((1, u64::MAX, 1), false),
        ];
        for ((quota, nanos, burst), is_made) in cases {
            let rate = Rate::checked_new("default", quota, nanos, burst);
            assert_eq!(rate.is_some(), is_made, "{quota} per {nanos} ns, burst {burst}");
        }
    }
}
