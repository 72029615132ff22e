//! The trace that a request belongs to: `traceparent` (W3C Trace Context Level 2, section 3.2).
//!
//! ```text
//! 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
//! version, trace id, parent id, flags
//! ```
//!
//! A field that breaks one rule is as good as none: who continues half of a trace joins what does not belong together.

use http::{HeaderMap, HeaderValue};

use super::fields::TRACEPARENT;
use crate::core::TraceId;

/// The bytes of version 00, and of what is known of a higher one.
const LENGTH: usize = 55;

/// The version that there will never be.
const FORBIDDEN_VERSION: u128 = 0xff;

/// The id of the trace that the caller is in, if it says so in one field without a fault.
#[must_use]
pub(crate) fn trace_id(headers: &HeaderMap) -> Option<TraceId> {
    let mut lines = headers.get_all(TRACEPARENT).iter();
    // Of two lines nobody knows which one is true.
    match (lines.next(), lines.next()) {
        (Some(line), None) => parse(line),
        _ => None,
    }
}

fn parse(line: &HeaderValue) -> Option<TraceId> {
    let (known, more) = line.as_bytes().split_at_checked(LENGTH)?;
    let mut parts = known.split(|byte| *byte == b'-');
    let version = hexadecimal(parts.next()?, 2)?;
    let trace = hexadecimal(parts.next()?, 32)?;
    let parent = hexadecimal(parts.next()?, 16)?;
    let _flags = hexadecimal(parts.next()?, 2)?;
    let is_whole = match version {
        FORBIDDEN_VERSION => false,
        0 => more.is_empty(),
        _ => more.is_empty() || more.starts_with(b"-"),
    };
    (is_whole && parent != 0 && parts.next().is_none()).then(|| TraceId::new(trace))?
}

/// So many digits, none of them in upper case.
fn hexadecimal(text: &[u8], digits: usize) -> Option<u128> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let read = || text.iter().try_fold(0, |number, byte| Some(number << 4 | u128::from(digit(*byte)?)));
    (text.len() == digits).then(read)?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TRACE: u128 = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736;

    fn of(lines: &[&[u8]]) -> Option<u128> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("traceparent", HeaderValue::from_bytes(line).unwrap());
        }
        trace_id(&headers).map(TraceId::as_u128)
    }

    #[test]
    fn the_trace_of_a_field_without_a_fault_is_known() {
        for (name, line) in [
            ("sampled", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ("not sampled", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"),
            ("sampled and random", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03"),
            ("flags that nobody knows", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff"),
            ("the least parent", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000001-01"),
            ("a higher version", "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ("the highest version", "fe-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            (
                "a higher version with more",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes",
            ),
            ("a higher version with a dash", "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-"),
        ] {
            assert_eq!(of(&[line.as_bytes()]), Some(TRACE), "{name}: {line}");
        }
    }

    #[test]
    fn a_field_with_a_fault_is_as_good_as_none() {
        for (name, line) in [
            ("nothing", ""),
            ("nonsense", "hello"),
            ("version ff", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ("version ff with more", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"),
            ("a trace of zeros", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"),
            ("a parent of zeros", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"),
            ("zeros in a higher version", "01-00000000000000000000000000000000-00f067aa0ba902b7-01"),
            ("a trace in upper case", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"),
            ("one digit in upper case", "00-4bf92f3577b34da6a3ce929d0e0e473A-00f067aa0ba902b7-01"),
            ("a parent in upper case", "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01"),
            ("flags in upper case", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0A"),
            ("a version in upper case", "CC-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ("version 00 that is longer", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"),
            ("version 00 with a dash", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-"),
            ("version 00 with a blank", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 "),
            ("version 00 that is shorter", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0"),
            ("without flags", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"),
            ("a higher version that is shorter", "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0"),
            (
                "a higher version without a dash",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
            ),
            ("longer flags", "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-010"),
            ("a short version", "0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-010"),
            ("a long version", "000-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0"),
            ("a short trace", "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-011"),
            ("a trace that is no number", "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01"),
            ("a sign", "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ("flags that are no number", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x"),
            ("a version that is no number", "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ("underscores", "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01"),
            ("a dash at another place", "004-bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ("a blank in front", " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            (
                "two in one line",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01,\
                 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            ),
        ] {
            assert_eq!(of(&[line.as_bytes()]), None, "{name}: {line}");
        }
    }

    #[test]
    fn without_the_field_there_is_no_trace() {
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn two_lines_are_a_fault_even_where_they_are_equal_or_one_is_empty() {
        let line = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(of(&[line, line]), None);
        assert_eq!(of(&[line, b""]), None);
        assert_eq!(of(&[b"", line]), None);
    }

    proptest! {
        #[test]
        fn no_field_makes_it_panic(line in prop::collection::vec(prop_oneof![32_u8..127, 128_u8..=255], 0..120)) {
            let _ = of(&[&line]);
        }

        #[test]
        fn every_trace_is_read_as_it_is_shown(version in 0_u8..0xff, trace in 1_u128.., parent in 1_u64.., flags: u8) {
            let id = TraceId::new(trace).unwrap();
            let line = format!("{version:02x}-{id}-{parent:016x}-{flags:02x}");
            prop_assert_eq!(of(&[line.as_bytes()]), Some(trace));
        }

        #[test]
        fn another_character_anywhere_is_another_trace_or_none(place in 0_usize..LENGTH, byte in 32_u8..127) {
            let mut line = *b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
            let same = line[place] == byte;
            line[place] = byte;
            let is_trace = (3..35).contains(&place);
            let found = of(&[&line]);
            prop_assert!(same || !is_trace || found != Some(TRACE));
            prop_assert!(is_trace || found.is_none_or(|trace| trace == TRACE));
        }
    }
}
