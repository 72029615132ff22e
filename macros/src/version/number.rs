//! Versions and days as they are written in attributes. The runtime reads what clients write by the same rules.

use std::cmp::Ordering;

/// A version: numbers, a day, or both, and a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    day: Option<Day>,
    numbers: [u32; 3],
    /// In lower case.
    status: Option<String>,
}

/// A day that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day {
    year: u16,
    month: u8,
    of_month: u8,
}

impl Number {
    /// `None` where it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let dated = text.split_at_checked(10).and_then(|(day, rest)| Some((Day::parse(day)?, rest)));
        let (day, rest) = dated.map_or((None, text), |(day, rest)| (Some(day), rest));
        let (numbers, status) =
            rest.split_once('-').map_or((rest, None), |(numbers, status)| (numbers, Some(status)));
        let numbers = match (day, numbers) {
            (Some(_), "") => [0; 3],
            (Some(_), behind) => numbers_of(behind.strip_prefix('.')?)?,
            (None, numbers) => numbers_of(numbers)?,
        };
        let status = match status {
            Some(status) if !is_status(status) => return None,
            status => status.map(str::to_ascii_lowercase),
        };
        Some(Self { day, numbers, status })
    }

    /// Whether it is of a day.
    pub(crate) const fn is_dated(&self) -> bool {
        self.day.is_some()
    }

    /// Numbers are not compared with days.
    pub(crate) fn compared(&self, other: &Self) -> Ordering {
        let status = match (&self.status, &other.status) {
            (None, None) => Ordering::Equal,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(one), Some(other)) => one.cmp(other),
        };
        self.day.cmp(&other.day).then_with(|| self.numbers.cmp(&other.numbers)).then(status)
    }
}

fn is_status(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// One to three numbers; those that are not written are zero.
fn numbers_of(text: &str) -> Option<[u32; 3]> {
    let written: Vec<_> = text.split('.').collect();
    let mut numbers = [0; 3];
    for (place, part) in written.iter().enumerate() {
        let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        *numbers.get_mut(place)? = part.parse().ok().filter(|_| is_number)?;
    }
    Some(numbers)
}

impl Day {
    /// `2026-12-31`; `None` where there is no such day.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let [year, month, day] = text.split('-').collect::<Vec<_>>().try_into().ok()?;
        let is_shaped = (year.len(), month.len(), day.len()) == (4, 2, 2);
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_shaped || ![year, month, day].into_iter().all(is_number) {
            return None;
        }
        let day = Self { year: year.parse().ok()?, month: month.parse().ok()?, of_month: day.parse().ok()? };
        (1..=days_of(day.year, day.month)).contains(&day.of_month).then_some(day)
    }

    /// The first second of it in Unix time; `None` before 1970.
    pub(crate) fn second(self) -> Option<u64> {
        // Years begin in March, so that the day that comes and goes is the last (Hinnant, days_from_civil).
        let (month, day) = (u64::from(self.month), u64::from(self.of_month));
        let year = u64::from(self.year) - u64::from(month <= 2);
        let (era, of_era) = (year / 400, year % 400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        days.checked_sub(719_468).map(|days| days * 86_400)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_days_that_there_are() {
        for (text, second) in [
            ("1970-01-01", Some(0)),
            ("2000-02-29", Some(951_782_400)),
            ("2026-12-31", Some(1_798_675_200)),
            ("1969-12-31", None),
        ] {
            assert_eq!(Day::parse(text).unwrap().second(), second, "{text}");
        }
        for text in [
            "2026-02-29",
            "2100-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-1",
            "26-01-01",
            "2026-01-32",
            "",
            "2026/01/01",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn versions_are_numbers_days_and_a_status() {
        for text in ["1", "v1", "1.2.3", "2026-08-06", "2026-08-06.1", "3-preview"] {
            assert!(Number::parse(text).is_some(), "{text}");
        }
        for text in ["", "v", "one", "1.2.3.4", "2026-02-29", "1-", "1-2", "1.", "4294967296"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
        let ascending =
            ["1", "1.9", "1.10", "2-alpha", "2-beta", "2", "10"].map(|text| Number::parse(text).unwrap());
        assert!(ascending.is_sorted_by(|one, other| one.compared(other).is_lt()));
        assert!(Number::parse("v2").unwrap().compared(&Number::parse("2.0").unwrap()).is_eq());
    }
}
