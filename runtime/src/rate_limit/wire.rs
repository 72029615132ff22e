//! `RateLimit` and `RateLimit-Policy`, as draft-ietf-httpapi-ratelimit-headers-10 writes them.

use ::http::HeaderValue;
use arrayvec::ArrayVec;

use super::engine::{self, Verdict};
use super::policy::{Limit, Rate};
use super::store::Ruling;
use crate::core::{Moment, Text};

/// The longest value of either field. Checked at compile time for what a function declares.
pub(crate) const FIELD_BYTES: usize = 640;

/// The value of `RateLimit-Policy`: `"default";q=100;w=60`. Limits in shadow mode are not announced.
///
/// # Panics
/// At compile time, where it or the longest value of `RateLimit` is too long.
pub(crate) const fn policy_field(limits: &[Limit]) -> Text<FIELD_BYTES> {
    let mut field = Text::new();
    let (mut limit, mut longest) = (0, 0);
    while limit < limits.len() {
        let rates = limits[limit].rates();
        let mut rate = 0;
        while rate < rates.len() && !limits[limit].is_shadow() {
            write_policy(&mut field, &rates[rate]);
            longest += rates[rate].name().len() + LONGEST_STANDING;
            rate += 1;
        }
        limit += 1;
    }
    assert!(
        !field.is_full() && longest <= FIELD_BYTES,
        "the rates of this function do not fit into a header field"
    );
    field
}

/// The same for rates that are chosen while the service runs; `None` where it would be too long.
pub(super) fn policy_value<'a>(rates: impl Iterator<Item = &'a Rate>) -> Option<HeaderValue> {
    let mut field = Text::new();
    for rate in rates {
        write_policy(&mut field, rate);
    }
    if field.is_full() { None } else { HeaderValue::from_bytes(field.as_bytes()).ok() }
}

/// `, "";r=4294967295;t=18446744074`
pub(super) const LONGEST_STANDING: usize = 32;

const fn write_policy(field: &mut Text<FIELD_BYTES>, rate: &Rate) {
    const SECOND: u64 = 1_000_000_000;
    if !field.as_bytes().is_empty() {
        field.push_str(", ");
    }
    field.push_str("\"");
    field.push_str(rate.name());
    field.push_str("\";q=");
    field.push_number(rate.quota() as u64);
    // The draft knows whole seconds alone, and lets the window be left out.
    if rate.period_nanos().is_multiple_of(SECOND) {
        field.push_str(";w=");
        field.push_number(rate.period_nanos() / SECOND);
    }
}

/// How one rate stands, as the wire tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// `r`
    remaining: u32,
    /// `t`; zero where there is nothing to wait for.
    seconds: u32,
}

impl Standing {
    /// What is left, and when there is more; on a refusal, when this request would fit.
    pub(super) fn of(rate: &Rate, ruling: &Ruling, now: Moment) -> Self {
        let engine::Standing { remaining, grows_in_nanos } = ruling.standing(rate, now);
        let wait = match ruling.verdict {
            Verdict::NotYet { wait_nanos } => wait_nanos,
            Verdict::Fits | Verdict::Never => grows_in_nanos,
        };
        Self { remaining, seconds: u32::try_from(seconds(wait)).unwrap_or(u32::MAX) }
    }

    /// The same after that many permits were given back.
    pub(super) fn given_back(self, rate: &Rate, permits: u32) -> Self {
        let remaining = self.remaining.saturating_add(permits).min(rate.capacity());
        Self { remaining, seconds: if remaining == rate.capacity() { 0 } else { self.seconds } }
    }
}

/// The value of `RateLimit`: `"default";r=9;t=1`.
#[inline]
pub(super) fn standings_field<'a>(
    standings: impl Iterator<Item = (&'a Rate, Standing)>,
) -> Option<HeaderValue> {
    let mut field = ArrayVec::<u8, FIELD_BYTES>::new();
    for (rate, Standing { remaining, seconds }) in standings {
        let opening: &[u8] = if field.is_empty() { b"\"" } else { b", \"" };
        push(&mut field, opening)?;
        push(&mut field, rate.name().as_bytes())?;
        push(&mut field, b"\";r=")?;
        push(&mut field, itoa::Buffer::new().format(remaining).as_bytes())?;
        if seconds > 0 {
            push(&mut field, b";t=")?;
            push(&mut field, itoa::Buffer::new().format(seconds).as_bytes())?;
        }
    }
    HeaderValue::from_bytes(&field).ok().filter(|_| !field.is_empty())
}

#[inline]
fn push(field: &mut ArrayVec<u8, FIELD_BYTES>, bytes: &[u8]) -> Option<()> {
    // `policy_field` has made sure at compile time that declared rates fit; chosen ones may not.
    field.try_extend_from_slice(bytes).ok()
}

/// Whole seconds, rounded up, so that whoever waits that long is not too early.
pub(super) const fn seconds(nanos: u64) -> u64 {
    nanos.div_ceil(1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::super::policy::KeySource;
    use super::*;

    const SECOND: u64 = 1_000_000_000;
    const RATES: &[Rate] = &[
        Rate::new("second", 5, SECOND).burst(9),
        Rate::new("2s", 7, 2 * SECOND),
        Rate::new("250ms", 3, SECOND / 4),
    ];

    #[test]
    fn policies_are_strings_with_quota_and_whole_seconds() {
        const FIELD: Text<FIELD_BYTES> = policy_field(&[Limit::new("l", "ip", KeySource::Address, RATES)]);
        assert_eq!(FIELD.as_str(), r#""second";q=5;w=1, "2s";q=7;w=2, "250ms";q=3"#);
    }

    #[test]
    fn limits_in_shadow_mode_are_not_announced() {
        let shadow = Limit::new("l", "ip", KeySource::Address, RATES).shadow();
        assert_eq!(policy_field(&[shadow]).as_str(), "");
    }

    #[test]
    fn standings_say_what_is_left_and_when_there_is_more() {
        let now = Moment::from_nanos(5);
        let full_at = now.saturating_add_nanos(SECOND);
        let rulings = [
            Ruling::until_full(Verdict::Never, None),
            Ruling::until_full(Verdict::Fits, Some(full_at)),
            Ruling::until_full(Verdict::NotYet { wait_nanos: SECOND + 1 }, Some(full_at)),
        ];
        let standings =
            RATES.iter().zip(&rulings).map(|(rate, ruling)| (rate, Standing::of(rate, ruling, now)));
        assert_eq!(standings_field(standings).unwrap(), r#""second";r=9, "2s";r=3;t=1, "250ms";r=0;t=2"#);
        assert_eq!(standings_field(std::iter::empty()), None);
    }

    #[test]
    fn seconds_are_rounded_up() {
        let cases = [(0, 0), (1, 1), (SECOND - 1, 1), (SECOND, 1), (SECOND + 1, 2)];
        for (nanos, expected) in cases {
            assert_eq!(seconds(nanos), expected);
        }
    }
}
