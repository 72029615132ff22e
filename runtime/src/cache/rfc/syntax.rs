//! Lists with commas, quoted strings and numbers: what the fields of caches are made of.

use http::HeaderMap;
use http::header::AsHeaderName;

/// The longest time that is told apart: RFC 9111, section 1.2.2.
pub(super) const MOST_SECONDS: u64 = 1 << 31;

/// The members of a list, over all lines of a field: trimmed, never empty. Commas in quoted strings do not part them.
pub(super) fn members<K: AsHeaderName>(headers: &HeaderMap, name: K) -> impl Iterator<Item = &[u8]> {
    headers.get_all(name).iter().flat_map(|line| split(line.as_bytes()))
}

/// The members of one line.
pub(super) fn split(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    Members { rest: line }.map(<[u8]>::trim_ascii).filter(|member| !member.is_empty())
}

struct Members<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Members<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = end_of_member(self.rest);
        let (member, rest) = self.rest.split_at(end);
        self.rest = rest.get(1..).unwrap_or_default();
        Some(member)
    }
}

/// Where the next comma is that is not quoted. A quote that is not closed holds all that follows.
fn end_of_member(text: &[u8]) -> usize {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (place, byte) in text.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => return place,
            _ => {}
        }
    }
    text.len()
}

/// Whether a line of a field ends within a quoted string, so that nobody knows what it says.
pub(super) fn is_unclosed(line: &[u8]) -> bool {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for byte in line {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            _ => {}
        }
    }
    is_quoted
}

/// What is between quotes; `None` where it is not quoted from its first byte to its last, or holds escapes, which nothing that caches read
/// has any use for.
pub(super) fn unquoted(text: &[u8]) -> Option<&[u8]> {
    let inner = text.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    (!inner.contains(&b'"') && !inner.contains(&b'\\')).then_some(inner)
}

/// Digits alone, as seconds; those that are too many mean the longest time.
pub(super) fn seconds(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |seconds, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        Some(seconds.saturating_mul(10).saturating_add(digit).min(MOST_SECONDS))
    })
}

/// Whether a text is in another one, whatever the case of its letters.
pub(super) fn contains_ignoring_case(text: &[u8], part: &[u8]) -> bool {
    let Some(first) = part.first() else { return true };
    text.windows(part.len())
        .any(|window| window[0].eq_ignore_ascii_case(first) && window.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str) -> Vec<&str> {
        split(line.as_bytes()).map(|part| str::from_utf8(part).unwrap()).collect()
    }

    #[test]
    fn commas_part_members_unless_they_are_quoted() {
        assert_eq!(parts(",,,,max-age =  456      ,"), ["max-age =  456"]);
        assert_eq!(parts(r#"a="x,y", b"#), [r#"a="x,y""#, "b"]);
        assert_eq!(parts(r#"a="x\",y", b"#), [r#"a="x\",y""#, "b"]);
        assert_eq!(parts(r#"a="x, b"#), [r#"a="x, b"#]);
        assert_eq!(parts(""), [""; 0]);
    }

    #[test]
    fn numbers_are_digits_and_end_at_the_longest_time() {
        for (text, expected) in [
            ("0", Some(0)),
            ("003600", Some(3600)),
            ("2147483647", Some(MOST_SECONDS - 1)),
            ("2147483649", Some(MOST_SECONDS)),
            ("99999999999999999999999999", Some(MOST_SECONDS)),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("1.0", None),
            ("1a", None),
        ] {
            assert_eq!(seconds(text.as_bytes()), expected, "{text}");
        }
    }
}
