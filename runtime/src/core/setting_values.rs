//! Values of settings that are more than a number or a word: times, ranges of times, parts of a whole.

use super::settings::{Setting, SettingFault, Settings, Value, quoted};
use super::suggest::closest;

/// A day: what waits longer is no call.
const LONGEST_NANOS: u64 = 86_400_000_000_000;

/// The units, by their words.
const UNITS: &[(&[&str], u64)] = &[
    (&["second", "seconds", "sec", "secs", "s"], 1_000_000_000),
    (&["minute", "minutes", "min", "mins", "m"], 60_000_000_000),
    (&["hour", "hours", "hr", "hrs", "h"], 3_600_000_000_000),
    (&["day", "days", "d"], LONGEST_NANOS),
    (&["millisecond", "milliseconds", "ms"], 1_000_000),
];

/// A whole, in parts per million.
const WHOLE: f64 = 1_000_000.0;

impl Settings {
    /// A time of at most a day, in nanoseconds: `"30s"`.
    pub(crate) fn duration(&self, key: &str, faults: &mut Vec<SettingFault>) -> Option<u64> {
        let setting = self.get(key)?;
        self.taken(setting, nanos_in(setting, &format!("{key} = \"30s\"")), faults)
    }

    /// The shortest time and the longest, in nanoseconds: `"100ms..2s"`.
    pub(crate) fn durations(&self, key: &str, faults: &mut Vec<SettingFault>) -> Option<(u64, u64)> {
        let setting = self.get(key)?;
        let write = format!("write `{key} = \"100ms..2s\"`");
        let range = match &setting.value {
            Value::Text(text) => match text.split_once("..") {
                Some((shortest, longest)) => nanos_of(shortest.trim())
                    .and_then(|shortest| Ok((shortest, nanos_of(longest.trim())?)))
                    .and_then(|(shortest, longest)| {
                        if shortest <= longest {
                            Ok((shortest, longest))
                        } else {
                            Err("the longest time is no shorter than the first".to_owned())
                        }
                    })
                    .map_err(|why| format!("{why}: {write}")),
                None => Err(format!("this is the shortest time and the longest: {write}")),
            },
            other => Err(format!("this is {}: {write}", other.kind())),
        };
        self.taken(setting, range, faults)
    }

    /// A part of a whole, above zero and at most so many times the whole, in parts per million: `0.5`.
    pub(crate) fn part(&self, key: &str, most: u32, faults: &mut Vec<SettingFault>) -> Option<u32> {
        let setting = self.get(key)?;
        let read = match parts_in(&setting.value, key) {
            Ok(parts) if parts < 1.0 => Err("this is above 0".to_owned()),
            Ok(parts) if parts > f64::from(most) => {
                Err(format!("this is at most {}", f64::from(most) / WHOLE))
            }
            read => read,
        };
        self.taken(setting, read.map(whole_parts), faults)
    }

    /// A factor of 1 or more, and at most 1000, in parts per million: `1.5`.
    pub(crate) fn factor(&self, key: &str, faults: &mut Vec<SettingFault>) -> Option<u32> {
        let setting = self.get(key)?;
        let read = match parts_in(&setting.value, key) {
            Ok(parts) if parts < WHOLE => Err("this is at least 1".to_owned()),
            Ok(parts) if parts > 1000.0 * WHOLE => Err("this is at most 1000".to_owned()),
            read => read,
        };
        self.taken(setting, read.map(whole_parts), faults)
    }

    /// One of some words.
    pub(crate) fn word(
        &self,
        key: &str,
        words: &[&'static str],
        faults: &mut Vec<SettingFault>,
    ) -> Option<&'static str> {
        let setting = self.get(key)?;
        let read = match &setting.value {
            Value::Text(text) => match words.iter().find(|word| *word == text) {
                Some(word) => Ok(*word),
                None => Err(match closest(text, words.iter().copied()) {
                    Some(near) => format!("there is no such word: did you mean `{near}`?"),
                    None => format!("there is no such word: there are {}", quoted(words)),
                }),
            },
            other => Err(format!("this is {}: there are the texts {}", other.kind(), quoted(words))),
        };
        self.taken(setting, read, faults)
    }

    fn taken<T>(
        &self,
        setting: &Setting,
        read: Result<T, String>,
        faults: &mut Vec<SettingFault>,
    ) -> Option<T> {
        read.map_err(|what| faults.push(self.fault(setting, what))).ok()
    }
}

fn nanos_in(setting: &Setting, example: &str) -> Result<u64, String> {
    match &setting.value {
        Value::Text(text) => nanos_of(text.trim()).map_err(|why| format!("{why}: write `{example}`")),
        Value::Number(number) => {
            Err(format!("this is a text with its unit: write `{} = \"{number}s\"`", setting.key))
        }
        other => Err(format!("this is {}, and a time is a text: write `{example}`", other.kind())),
    }
}

fn nanos_of(text: &str) -> Result<u64, String> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (count, word) = text.split_at(end);
    let word = word.trim().to_ascii_lowercase();
    if count.is_empty() {
        return Err(format!("`{text}` is no time, which is a number and a unit"));
    }
    if word.starts_with(['.', ',']) {
        return Err(format!("`{text}` is no time: it is a whole number of a smaller unit"));
    }
    if word.is_empty() {
        return Err(format!("`{text}` lacks its unit of time"));
    }
    let Some((_, unit)) = UNITS.iter().find(|(words, _)| words.contains(&word.as_str())) else {
        let words = UNITS.iter().flat_map(|(words, _)| words.iter().copied()).filter(|word| word.len() > 2);
        return Err(match closest(&word, words).filter(|near| near.len().abs_diff(word.len()) < 3) {
            Some(near) => format!("`{word}` is no unit of time, did you mean `{near}`"),
            None => {
                format!("`{word}` is no unit of time, of which there are second, minute, hour, day and ms")
            }
        });
    };
    match count.parse::<u64>().ok().and_then(|count| count.checked_mul(*unit)) {
        Some(0) => Err(format!("`{text}` is no time at all")),
        Some(nanos) if nanos <= LONGEST_NANOS => Ok(nanos),
        _ => Err(format!("`{text}` is longer than a day")),
    }
}

/// In parts per million, whatever they are.
fn parts_in(value: &Value, key: &str) -> Result<f64, String> {
    match value {
        Value::Fraction(fraction) => Ok((fraction * WHOLE).round()),
        Value::Number(number) => {
            let number = i32::try_from(*number).unwrap_or(if *number < 0 { i32::MIN } else { i32::MAX });
            Ok(f64::from(number) * WHOLE)
        }
        other => {
            Err(format!("this is {}: write a number, without quotes, as in `{key} = 0.5`", other.kind()))
        }
    }
}

/// Of a number that is known to fit.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the bounds were checked")]
fn whole_parts(parts: f64) -> u32 {
    parts as u32
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::core::Place;

    fn settings(value: Value) -> Settings {
        let place = Place { source: Arc::from("a.toml"), line: 1 };
        let entries = vec![Setting { key: "key".to_owned(), place: place.clone(), value }];
        Settings { path: "sites.a.b".to_owned(), place, entries }
    }

    fn read<T>(
        value: Value,
        read: impl Fn(&Settings, &mut Vec<SettingFault>) -> Option<T>,
    ) -> Result<T, String> {
        let mut faults = Vec::new();
        let read = read(&settings(value), &mut faults);
        assert_eq!(read.is_none(), !faults.is_empty(), "a fault, or a value");
        read.ok_or_else(|| faults.remove(0).what)
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn times_are_a_number_and_a_unit() {
        let cases = [
            ("2s", Ok(2_000_000_000)),
            ("250ms", Ok(250_000_000)),
            ("1 minute", Ok(60_000_000_000)),
            ("24h", Ok(LONGEST_NANOS)),
            ("", Err("is no time")),
            ("-1s", Err("is no time")),
            ("2", Err("lacks its unit")),
            ("1.5s", Err("whole number of a smaller unit")),
            ("0s", Err("no time at all")),
            ("25h", Err("longer than a day")),
            ("99999999999999999999s", Err("longer than a day")),
            ("2 secnds", Err("did you mean `seconds`")),
            ("2 lightyears", Err("of which there are")),
        ];
        for (written, expected) in cases {
            let told = read(text(written), |settings, faults| settings.duration("key", faults));
            match expected {
                Ok(nanos) => assert_eq!(told, Ok(nanos)),
                Err(what) => assert!(told.clone().is_err_and(|told| told.contains(what)), "{told:?}"),
            }
        }
        let told = read(Value::Number(30), |settings, faults| settings.duration("key", faults));
        assert_eq!(told, Err("this is a text with its unit: write `key = \"30s\"`".to_owned()));
    }

    #[test]
    fn ranges_of_times_are_two_of_them() {
        let read = |written| read(text(written), |settings, faults| settings.durations("key", faults));
        assert_eq!(read("100ms..2s"), Ok((100_000_000, 2_000_000_000)));
        for (written, expected) in [("2s", "the shortest"), ("2s..1s", "no shorter"), ("a..2s", "is no time")]
        {
            assert!(read(written).is_err_and(|told| told.contains(expected)), "{written}");
        }
    }

    #[test]
    fn parts_are_fractions_within_their_bounds() {
        let part = |value| read(value, |settings, faults| settings.part("key", 1_000_000, faults));
        assert_eq!(part(Value::Fraction(0.5)), Ok(500_000));
        assert_eq!(part(Value::Number(1)), Ok(1_000_000));
        assert_eq!(part(Value::Number(0)), Err("this is above 0".to_owned()));
        assert_eq!(part(Value::Fraction(-0.5)), Err("this is above 0".to_owned()));
        assert_eq!(part(Value::Fraction(1.5)), Err("this is at most 1".to_owned()));
        assert_eq!(part(Value::Number(i128::MAX)), Err("this is at most 1".to_owned()));
        assert!(part(text("50%")).is_err_and(|told| told.contains("write a number, without quotes")));
        let factor = |value| read(value, |settings, faults| settings.factor("key", faults));
        assert_eq!(factor(Value::Fraction(1.5)), Ok(1_500_000));
        assert_eq!(factor(Value::Fraction(0.5)), Err("this is at least 1".to_owned()));
        assert_eq!(factor(Value::Number(5000)), Err("this is at most 1000".to_owned()));
    }

    #[test]
    fn words_are_those_that_there_are() {
        let word =
            |value| read(value, |settings, faults| settings.word("key", &["normal", "forced_open"], faults));
        assert_eq!(word(text("normal")), Ok("normal"));
        assert!(word(text("force_open")).is_err_and(|told| told.ends_with("did you mean `forced_open`?")));
        assert!(word(Value::Number(1)).is_err_and(|told| told.contains("`normal` and `forced_open`")));
    }
}
