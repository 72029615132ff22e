//! Numbers with decimals, in millionths: `failure_rate = 0.5`.

use syn::{LitFloat, LitInt};

use super::{Named, quoted};
use crate::errors::Errors;

/// What a part of the whole is given in.
pub(crate) const WHOLE: u32 = 1_000_000;

impl Named {
    /// A part of the whole: above nothing, and all of it at most.
    pub(crate) fn part(&self, example: &str, errors: &Errors) -> Option<u32> {
        self.part_between(1, WHOLE, example, errors)
    }

    /// A part of the whole that may be nothing, and is not all of it.
    pub(crate) fn part_below_all(&self, example: &str, errors: &Errors) -> Option<u32> {
        self.part_between(0, WHOLE - 1, example, errors)
    }

    fn part_between(&self, least: u32, most: u32, example: &str, errors: &Errors) -> Option<u32> {
        let value = self.value(example, errors)?;
        let bounds = if least == 0 { "at least 0 and below 1" } else { "above 0 and at most 1" };
        let key = &self.key;
        let Some(millionths) = self.millionths() else {
            let text = quoted(value).unwrap_or_default();
            let fits = |text: &str| text.parse::<f64>().is_ok_and(|part| part <= 1.0);
            let instead = percent_of(&text)
                .map_or_else(|| self.instead(example, fits), |part| format!("{key} = {part}"));
            errors.at(value, format!("`{key}` is a number {bounds}: write `{instead}`"));
            return None;
        };
        let Ok(millionths) = millionths else {
            errors.at(value, format!("`{key}` has six decimals at most, and no exponent: write `{example}`"));
            return None;
        };
        let fits = u32::try_from(millionths).ok().filter(|part| (least..=most).contains(part));
        if fits.is_none() {
            let instead = percent_of(&value.to_string()).map_or_else(
                || format!("write `{example}`"),
                |part| format!("write `{key} = {part}` for this many percent"),
            );
            errors.at(value, format!("`{key}` is {bounds}: {instead}"));
        }
        fits
    }

    /// How many for each call, ten at most: `budget = 0.1`.
    pub(crate) fn ratio(&self, example: &str, instead: &str, errors: &Errors) -> Option<u32> {
        const MOST: u32 = 10 * WHOLE;
        let value = self.value(example, errors)?;
        let key = &self.key;
        let millionths = self.millionths();
        let fits = millionths.and_then(Result::ok).and_then(|parts| u32::try_from(parts).ok());
        let fits = fits.filter(|parts| (1..=MOST).contains(parts));
        if fits.is_none() {
            let is_number = millionths.is_some();
            let bounds =
                if is_number { "is above 0 and at most 10" } else { "is a number above 0, and at most 10" };
            errors.at(value, format!("`{key}` {bounds}: {instead}"));
        }
        fits
    }

    /// A factor that makes nothing smaller, and nothing more than a thousand times as large.
    pub(crate) fn factor(&self, example: &str, errors: &Errors) -> Option<u32> {
        let value = self.value(example, errors)?;
        let key = &self.key;
        let Some(Ok(millionths)) = self.millionths() else {
            let instead = self.instead(example, |text| text.parse::<f64>().is_ok_and(|factor| factor >= 1.0));
            errors.at(value, format!("`{key}` is a number of 1 or more, as in 1.5: write `{instead}`"));
            return None;
        };
        let fits = u32::try_from(millionths).ok().filter(|factor| (WHOLE..=1000 * WHOLE).contains(factor));
        if fits.is_none() {
            let bound = if millionths < i64::from(WHOLE) { "at least 1" } else { "at most 1000" };
            errors.at(value, format!("`{key}` is {bound}: write `{example}`"));
        }
        fits
    }

    /// `None` where it is no number, and an error where it is one that cannot be told in millionths.
    fn millionths(&self) -> Option<Result<i64, ()>> {
        let value = self.value.clone()?;
        let literal = syn::parse2::<LitFloat>(value.clone()).map(|float| float.base10_digits().to_owned());
        let digits = literal
            .or_else(|_| syn::parse2::<LitInt>(value).map(|int| int.base10_digits().to_owned()))
            .ok()?;
        Some(millionths_of(&digits).ok_or(()))
    }
}

/// Of a number as it is written.
fn millionths_of(digits: &str) -> Option<i64> {
    const DECIMALS: usize = 6;
    let (sign, digits) = digits.strip_prefix('-').map_or((1, digits), |digits| (-1, digits));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let decimals = decimals.trim_end_matches('0');
    if decimals.len() > DECIMALS {
        return None;
    }
    let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(decimals) {
        return None;
    }
    let fraction = format!("{decimals:0<DECIMALS$}").parse::<i64>().ok()?;
    let whole = whole.parse::<i64>().ok()?.checked_mul(i64::from(WHOLE))?;
    whole.checked_add(fraction).map(|millionths| sign * millionths)
}

/// `50%` and `50` as the part of the whole that they mean; `1` and `0.5` mean themselves.
fn percent_of(text: &str) -> Option<String> {
    let (number, is_said) =
        text.trim().strip_suffix('%').map_or((text.trim(), false), |number| (number, true));
    let percent = millionths_of(number.trim_end())?;
    let is_meant = is_said || (!number.contains('.') && percent > i64::from(WHOLE));
    let part = percent / 100;
    (is_meant && part > 0 && part <= i64::from(WHOLE)).then(|| spelled(part))
}

/// Millionths as they are written.
fn spelled(millionths: i64) -> String {
    let (whole, rest) = (millionths / i64::from(WHOLE), millionths % i64::from(WHOLE));
    let decimals = format!("{rest:06}");
    let decimals = decimals.trim_end_matches('0');
    format!("{whole}.{}", if decimals.is_empty() { "0" } else { decimals })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_in_millionths() {
        let cases = [
            ("0.5", Some(500_000)),
            ("1", Some(1_000_000)),
            ("1.", Some(1_000_000)),
            ("-0.25", Some(-250_000)),
            ("0.0000010", Some(1)),
            ("0.0000001", None),
            ("1e-3", None),
            ("9223372036854775807", None),
            ("", None),
        ];
        for (digits, expected) in cases {
            assert_eq!(millionths_of(digits), expected, "{digits}");
        }
    }

    #[test]
    fn percent_become_the_part_that_they_mean() {
        let cases =
            [("50%", Some("0.5")), ("50", Some("0.5")), ("12.5 %", Some("0.125")), ("100", Some("1.0"))];
        for (text, expected) in cases {
            assert_eq!(percent_of(text).as_deref(), expected, "{text}");
        }
        for text in ["250", "half", "0.5", "1", "1.5", "-50"] {
            assert_eq!(percent_of(text), None, "{text}");
        }
    }
}
