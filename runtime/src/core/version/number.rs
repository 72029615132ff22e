//! What a version says: numbers, a day, or both, and a status. Compared as what they are, never as texts.

use std::cmp::Ordering;

/// A version as somebody writes it: `2`, `v2`, `1.10.3`, `2026-08-06`, `2026-08-06.1`, `3-preview`.
///
/// `2`, `v2` and `2.0` are equal, `1.9` is less than `1.10`, and `3-preview` less than `3`. Letters count alike in both cases.
#[derive(Clone, Debug)]
pub(super) struct VersionNumber {
    /// As year, month and day.
    day: Option<(u16, u8, u8)>,
    numbers: [u32; 3],
    /// In lower case.
    status: Option<Box<str>>,
}

/// The most that is read of a version.
const LONGEST: usize = 64;

impl VersionNumber {
    /// What a text says; `None` where it is no version.
    #[must_use]
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (day, rest) = match leading_day(text) {
            Some((day, rest)) => (Some(day), rest),
            None => (None, text),
        };
        let (numbers, status) = match rest.split_once('-') {
            Some((numbers, status)) => (numbers, Some(status)),
            None => (rest, None),
        };
        let numbers = match (day, numbers) {
            (Some(_), "") => [0; 3],
            (Some(_), behind) => numbers_of(behind.strip_prefix('.')?)?,
            (None, numbers) => numbers_of(numbers)?,
        };
        let is_status = |status: &str| {
            status.starts_with(|c: char| c.is_ascii_alphabetic())
                && status.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let status = match status {
            None => None,
            Some(status) if is_status(status) => Some(status.to_ascii_lowercase().into()),
            Some(_) => return None,
        };
        Some(Self { day, numbers, status })
    }
}

impl PartialEq for VersionNumber {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for VersionNumber {}

impl PartialOrd for VersionNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for VersionNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        let status = || match (&self.status, &other.status) {
            (None, None) => Ordering::Equal,
            // What is not finished comes before what is.
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(one), Some(other)) => one.cmp(other),
        };
        self.day.cmp(&other.day).then_with(|| self.numbers.cmp(&other.numbers)).then_with(status)
    }
}

/// A day in front, `2026-08-06`, and what follows.
fn leading_day(text: &str) -> Option<((u16, u8, u8), &str)> {
    let (day, rest) = text.split_at_checked(10)?;
    let (year, day) = day.split_once('-')?;
    let (month, day) = day.split_once('-')?;
    let is_shaped = year.len() == 4 && month.len() == 2 && day.len() == 2;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_shaped || ![year, month, day].into_iter().all(is_number) {
        return None;
    }
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    (1..=days_of(year, month)).contains(&day).then_some(((year, month, day), rest))
}

fn days_of(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    }
}

/// One to three numbers; those that are not written are zero.
fn numbers_of(text: &str) -> Option<[u32; 3]> {
    let mut numbers = [0; 3];
    let mut parts = text.split('.');
    for (place, part) in parts.by_ref().take(3).enumerate() {
        if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        numbers[place] = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_clients_write_them() {
        for text in
            ["1", "v1", "V2", "1.1", "1.2.3", "2013-08-06", "2013-08-06.1.1-Alpha", "1-Alpha", "v2-preview"]
        {
            assert!(VersionNumber::parse(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_no_version_is_none() {
        let long = "1".repeat(65);
        for text in [
            "",
            "v",
            "Alpha1",
            "1-",
            "1.1-Alpha-1",
            "2013-02-29",
            "2013-02-29.1.0",
            "2013-13-01",
            "1.",
            ".1",
            "1..2",
            "1.2.3.4",
            "4294967296",
            "-1",
            "+1",
            "1 ",
            "1,2",
            "é",
            "vv1",
            "2013-08-061",
            &long,
        ] {
            assert!(VersionNumber::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn versions_compare_as_what_they_are() {
        let ascending = [
            "1",
            "1.1",
            "1.9",
            "1.10",
            "2-alpha",
            "2-preview",
            "2",
            "10",
            "2024-02-29",
            "2024-02-29.1",
            "2024-10-01",
        ];
        for pair in ascending.windows(2) {
            assert!(VersionNumber::parse(pair[0]) < VersionNumber::parse(pair[1]), "{pair:?}");
        }
        for (one, other) in [("2", "v2"), ("2", "2.0"), ("2.0.0", "V2"), ("3-Preview", "v3-preview")] {
            assert_eq!(VersionNumber::parse(one), VersionNumber::parse(other));
        }
    }
}
