//! Periods of time as people write them.

use super::suggest::nearest;

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
