//! Dates of HTTP: RFC 9110, section 5.6.7.
//!
//! All three forms are read, in any case, as long as their zone is GMT. The name of the day has to be one, but not that of the day: what
//! counts is the date. (`httpdate` refuses both, which makes answers stale that other caches keep.)

use std::time::SystemTime;

use http::HeaderValue;

const MONTHS: [&[u8; 3]; 12] =
    [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Seconds since 1970.
pub(crate) fn unix(time: SystemTime) -> i64 {
    let seconds = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).ok(),
        Err(before) => i64::try_from(before.duration().as_secs()).ok().map(|seconds| -seconds),
    };
    seconds.unwrap_or(i64::MAX / 2)
}

/// Seconds since 1970 of a date; `None` where it is none. `now`: the same of the present, for years of two digits.
pub(crate) fn parsed(text: &[u8], now: i64) -> Option<i64> {
    let text = text.trim_ascii();
    match text.iter().position(|byte| *byte == b',') {
        Some(3) => imf_fixdate(text),
        Some(comma) => rfc850(&text[..comma], &text[comma + 1..], now),
        None => asctime(text),
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, as it is written. What is outside of the years that this form can write is the first or the last of them.
pub(crate) fn written(seconds: i64) -> HeaderValue {
    const LAST: i64 = 253_402_300_799;
    let seconds = seconds.clamp(0, LAST);
    let (days, time) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date_of(days);
    let name = |names: &[&str], place: i64| {
        usize::try_from(place).ok().and_then(|place| names.get(place)).map_or("", |name| *name).to_owned()
    };
    let (weekday, month) = (name(&WEEKDAYS, (days + 3) % 7), name(&WRITTEN_MONTHS, month - 1));
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    let text = format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT"))
}

/// The day of a second of Unix time: `2026-12-31`.
#[cfg(feature = "openapi")]
pub(crate) fn day(second: u64) -> String {
    let (year, month, day) = date_of(i64::try_from(second / 86_400).unwrap_or_default());
    format!("{year:04}-{month:02}-{day:02}")
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const WRITTEN_MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Year, month and day of a number of days from 1970 on: [`days_until`] the other way round.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, year) = if month < 10 { (month + 3, year) } else { (month - 9, year + 1) };
    (year + era * 400, month, day)
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
fn imf_fixdate(text: &[u8]) -> Option<i64> {
    let shape = b"###, 00 ### 0000 00:00:00 gmt";
    (matches(text, shape) && is_day(&text[..3], 3)).then_some(())?;
    seconds(number(&text[12..16]), month(&text[8..11])?, number(&text[5..7]), &text[17..25])
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`.
fn rfc850(day: &[u8], rest: &[u8], now: i64) -> Option<i64> {
    let shape = b" 00-###-00 00:00:00 gmt";
    (matches(rest, shape) && is_day(day, usize::MAX)).then_some(())?;
    let (month, day, time) = (month(&rest[4..7])?, number(&rest[1..3]), &rest[11..19]);
    // A year that seems to be more than 50 years in the future is the most recent one with these digits in the past.
    let this_year = year_of(now);
    let year = this_year - this_year.rem_euclid(100) + number(&rest[8..10]);
    let year = if year > this_year + 50 { year - 100 } else { year };
    seconds(year, month, day, time)
}

/// `Sun Nov  6 08:49:37 1994`.
fn asctime(text: &[u8]) -> Option<i64> {
    let shapes = [b"### ### 00 00:00:00 0000", b"### ###  0 00:00:00 0000"];
    (shapes.iter().any(|shape| matches(text, *shape)) && is_day(&text[..3], 3)).then_some(())?;
    seconds(number(&text[20..24]), month(&text[4..7])?, number(text[8..10].trim_ascii_start()), &text[11..19])
}

/// `0` is a digit, `#` a letter, a letter itself in any case.
fn matches(text: &[u8], shape: &[u8]) -> bool {
    text.len() == shape.len()
        && text.iter().zip(shape).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            b'#' => byte.is_ascii_alphabetic(),
            shape => byte.eq_ignore_ascii_case(shape),
        })
}

/// Whether it is the name of a day, of which so many letters are written.
fn is_day(text: &[u8], letters: usize) -> bool {
    DAYS.iter().any(|day| day.as_bytes()[..day.len().min(letters)].eq_ignore_ascii_case(text))
}

fn month(text: &[u8]) -> Option<i64> {
    let place = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(text))?;
    i64::try_from(place).ok().map(|place| place + 1)
}

/// A few digits.
fn number(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit.saturating_sub(b'0')))
}

/// Of a date and `00:00:00`; `None` where there is no such day or time. A leap second is the one before it.
fn seconds(year: i64, month: i64, day: i64, time: &[u8]) -> Option<i64> {
    let (hour, minute, second) = (number(&time[..2]), number(&time[3..5]), number(&time[6..8]));
    let is_time = hour < 24 && minute < 60 && second <= 60;
    let is_date = (1..=days_in(year, month)).contains(&day);
    (is_time && is_date)
        .then(|| days_until(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second.min(59))
}

fn days_in(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970 on, counting years from March so that the leap day is the last one.
fn days_until(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let month = (month + 9) % 12;
    let in_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + in_year - 719_468
}

/// The year of a moment, give or take a few hours around new year's.
fn year_of(seconds: i64) -> i64 {
    1970 + seconds.div_euclid(31_556_952)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-01.
    const NOW: i64 = 1_767_225_600;

    fn date(text: &str) -> Option<i64> {
        parsed(text.as_bytes(), NOW)
    }

    #[test]
    fn all_three_forms_are_read_in_any_case() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "SUN, 06 NOV 1994 08:49:37 gMT",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "  Sun, 06 Nov 1994 08:49:37 GMT ",
        ] {
            assert_eq!(date(text), Some(784_111_777), "{text}");
        }
        for (text, expected) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Tue, 29 Feb 2000 23:59:60 GMT", 951_868_799),
            ("Thu, 31 Dec 2026 23:59:59 GMT", 1_798_761_599),
            ("Thursday, 18-Aug-50 02:01:18 GMT", 2_544_400_878),
            ("Saturday, 01-Jan-77 00:00:00 GMT", 220_924_800),
            ("Thursday, 01-Jan-76 00:00:00 GMT", 3_345_062_400),
        ] {
            assert_eq!(date(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn dates_are_written_in_the_first_form() {
        for (seconds, expected) in [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (-1, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (i64::MAX, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            assert_eq!(written(seconds), expected);
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "0",
            "-1",
            "Thu, 18 Aug 2050 02:01:18 UTC",
            "Thu, 18 Aug 2050 02:01:18 AEST",
            "Thu, 18 Aug 50 02:01:18 GMT",
            "Thu 18 Aug 2050 02:01:18 GMT",
            "Thu, 18  Aug  2050 02:01:18 GMT",
            "Thu, 18-Aug-2050 02:01:18 GMT",
            "Thu, 18 Aug 2050 02.01.18 GMT",
            "Thu, 18 Aug 2050 2:01:18 GMT",
            "Thu, 18 Aug 2050 24:01:18 GMT",
            "Thu, 30 Feb 2050 02:01:18 GMT",
            "Thu, 29 Feb 2100 02:01:18 GMT",
            "Thu, 00 Aug 2050 02:01:18 GMT",
            "Foo, 18 Aug 2050 02:01:18 GMT",
            "Thu, 18 Foo 2050 02:01:18 GMT",
            "Thu, 18 Aug 2050 02:01:18",
            ",",
            "Thursday,",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
