//! The one header field by which proxies say for whom they ask, read from the right.
//!
//! Every proxy appends the address that it was asked by, so the right end is what the nearest proxy wrote, and the left
//! end is what the client wrote. Reading goes from the right, one entry at a time: what nobody walks to is never looked
//! at, however long it is.

use std::iter::{FusedIterator, Rev};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::HeaderMap;
use http::header::{FORWARDED, HeaderName, HeaderValue, ValueIter};

use super::fields::X_FORWARDED_FOR;

/// The header field in which trusted proxies name the client.
///
/// Only one is read, because a proxy that writes one of them passes on whatever a client wrote into the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForwardedHeader {
    /// `X-Forwarded-For: 192.0.2.60, 203.0.113.43`: no standard, and what nearly every proxy writes. The default.
    #[default]
    XForwardedFor,
    /// `Forwarded: for=192.0.2.60, for="[2001:db8::1]:4711"` (RFC 7239).
    Forwarded,
}

impl ForwardedHeader {
    /// Its name on the wire.
    #[must_use]
    const fn name(self) -> HeaderName {
        match self {
            Self::XForwardedFor => X_FORWARDED_FOR,
            Self::Forwarded => FORWARDED,
        }
    }

    /// Its entries in these headers, from the right.
    pub(crate) fn hops(self, headers: &HeaderMap) -> Hops<'_> {
        Hops { header: self, lines: headers.get_all(self.name()).into_iter().rev(), rest: None }
    }

    fn read(self, entry: &[u8]) -> Result<IpAddr, Unreadable> {
        let text = str::from_utf8(entry).map_err(|_| Unreadable)?.trim_matches(is_blank);
        match self {
            Self::XForwardedFor => address(text, is_port),
            Self::Forwarded => address(node(text)?, |port| is_port(port) || is_hidden_port(port)),
        }
        .ok_or(Unreadable)
    }
}

/// An entry that names no address: `unknown`, `_hidden`, nothing, or nonsense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// The entries of a forwarded header field, the right-most of the last line first.
#[derive(Debug)]
pub(crate) struct Hops<'a> {
    header: ForwardedHeader,
    lines: Rev<ValueIter<'a, HeaderValue>>,
    /// What is left of the line that is being read.
    rest: Option<&'a [u8]>,
}

impl Iterator for Hops<'_> {
    type Item = Result<IpAddr, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match self.rest.take() {
            Some(rest) => rest,
            None => {
                self.lines.by_ref().map(HeaderValue::as_bytes).find(|line| !line.trim_ascii().is_empty())?
            }
        };
        // In `Forwarded` a comma may stand within quotes. It parts entries all the same: whoever respects quotes has to
        // read from the left, and there a client's quote that never ends would swallow what a trusted proxy appended.
        // No address holds a comma, so an entry that is cut this way is merely unreadable.
        let entry = match line.iter().rposition(|byte| *byte == b',') {
            Some(comma) => {
                let (rest, entry) = line.split_at(comma);
                self.rest = Some(rest);
                &entry[1..]
            }
            None => line,
        };
        Some(self.header.read(entry))
    }
}

impl FusedIterator for Hops<'_> {}

/// White space as header fields have it (RFC 9110, section 5.6.3).
const fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

/// An address with or without a port, an IPv6 one with or without brackets. IPv4 addresses that are mapped into IPv6 are
/// the IPv4 addresses that they stand for.
fn address(text: &str, is_port: impl Fn(&str) -> bool) -> Option<IpAddr> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    let (address, port) = if text.starts_with('[') { bracketed(text)? } else { with_port(text)? };
    let has_port = port.strip_prefix(':').is_some_and(is_port);
    (port.is_empty() || has_port).then(|| address.to_canonical())
}

/// An IPv6 address in brackets, and what follows them.
fn bracketed(text: &str) -> Option<(IpAddr, &str)> {
    let (address, rest) = text.strip_prefix('[')?.split_once(']')?;
    Some((address.parse::<Ipv6Addr>().ok()?.into(), rest))
}

/// An IPv4 address and what follows it, from the colon on.
fn with_port(text: &str) -> Option<(IpAddr, &str)> {
    let (address, rest) = text.split_at_checked(text.find(':')?)?;
    Some((address.parse::<Ipv4Addr>().ok()?.into(), rest))
}

fn is_port(text: &str) -> bool {
    text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

/// A port that a proxy hides under a name (RFC 7239, section 6.3): the address beside it is no worse.
fn is_hidden_port(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    text.strip_prefix('_').is_some_and(|name| !name.is_empty() && name.bytes().all(is_part))
}

/// The value of the one `for` in an element of `Forwarded` (RFC 7239, section 4).
fn node(element: &str) -> Result<&str, Unreadable> {
    let mut node = None;
    let mut rest = element;
    while !rest.is_empty() {
        // `;;` and a `;` at an end are within the grammar: pairs may be absent.
        if let Some(more) = rest.strip_prefix(';') {
            rest = more.trim_start_matches(is_blank);
            continue;
        }
        let (name, value, more) = pair(rest)?;
        if name.eq_ignore_ascii_case("for") && node.replace(value).is_some() {
            return Err(Unreadable);
        }
        rest = more.trim_start_matches(is_blank);
        if !rest.is_empty() && !rest.starts_with(';') {
            return Err(Unreadable);
        }
    }
    node.ok_or(Unreadable)
}

/// Name and value of the pair at the start, and what follows it.
fn pair(text: &str) -> Result<(&str, &str, &str), Unreadable> {
    let (name, rest) = token(text)?;
    let rest = rest.strip_prefix('=').ok_or(Unreadable)?;
    let (value, rest) = match rest.strip_prefix('"') {
        Some(quoted) => quoted_string(quoted)?,
        None => token(rest)?,
    };
    Ok((name, value, rest))
}

/// The token at the start, and what follows it.
fn token(text: &str) -> Result<(&str, &str), Unreadable> {
    let end = text.bytes().position(|byte| !is_token(byte)).unwrap_or(text.len());
    text.split_at_checked(end).filter(|(token, _)| !token.is_empty()).ok_or(Unreadable)
}

const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

/// What stands in front of the closing quote, and what follows it. Escapes stay as they are: no address needs one, so
/// that one with a backslash is unreadable.
fn quoted_string(text: &str) -> Result<(&str, &str), Unreadable> {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    });
    let end = end.ok_or(Unreadable)?;
    let (value, rest) = text.split_at_checked(end).ok_or(Unreadable)?;
    Ok((value, rest.strip_prefix('"').unwrap_or(rest)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::ForwardedHeader::{Forwarded, XForwardedFor};
    use super::*;

    fn hops(header: ForwardedHeader, lines: &[&[u8]]) -> Vec<Result<IpAddr, Unreadable>> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header.name(), HeaderValue::from_bytes(line).unwrap());
        }
        header.hops(&headers).collect()
    }

    fn one(header: ForwardedHeader, line: &str) -> Result<IpAddr, Unreadable> {
        let hops = hops(header, &[line.as_bytes()]);
        let [hop] = hops[..] else { panic!("{line:?} has {} entries", hops.len()) };
        hop
    }

    #[allow(clippy::unnecessary_wraps, reason = "it is what a readable entry is compared with")]
    fn ip(text: &str) -> Result<IpAddr, Unreadable> {
        Ok(text.parse().unwrap())
    }

    #[test]
    fn x_forwarded_for_is_the_default() {
        assert_eq!(ForwardedHeader::default(), XForwardedFor);
    }

    #[test]
    fn an_address_is_read_with_and_without_port_and_brackets() {
        for (entry, address) in [
            ("1.1.1.1", "1.1.1.1"),
            ("1.1.1.1:8080", "1.1.1.1"),
            ("1.1.1.1:0", "1.1.1.1"),
            ("1.1.1.1:65535", "1.1.1.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("2001:DB8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:1", "2001:db8::1"),
            ("::1", "::1"),
            (" \t1.1.1.1\t ", "1.1.1.1"),
        ] {
            assert_eq!(one(XForwardedFor, entry), ip(address), "{entry:?}");
            let quoted = format!("for=\"{}\"", entry.trim());
            assert_eq!(one(Forwarded, &quoted), ip(address), "{quoted}");
        }
    }

    #[test]
    fn ipv4_that_is_mapped_into_ipv6_is_the_ipv4_address() {
        for entry in ["::ffff:10.0.0.1", "::FFFF:0a00:1", "[::ffff:10.0.0.1]", "[::ffff:10.0.0.1]:80"] {
            assert_eq!(one(XForwardedFor, entry), ip("10.0.0.1"), "{entry}");
        }
        assert_eq!(one(Forwarded, "for=\"[::ffff:10.0.0.1]:80\""), ip("10.0.0.1"));
    }

    #[test]
    fn what_is_no_address_is_unreadable() {
        for entry in [
            "unknown",
            "_hidden",
            "999.1.1.1",
            "1.1.1",
            "01.1.1.1",
            "1.1.1.1.",
            "1.1.1.1/32",
            "1.1.1.1 2.2.2.2",
            "\"1.1.1.1\"",
            "for=1.1.1.1",
            "1.1.1.1:",
            "1.1.1.1:+80",
            "1.1.1.1:65536",
            "1.1.1.1:000080",
            "1.1.1.1:80:80",
            "1.1.1.1:_port",
            "[1.1.1.1]",
            "[1.1.1.1]:80",
            "[2001:db8::1",
            "2001:db8::1]",
            "[2001:db8::1]1",
            "[2001:db8::1]:",
            "[2001:db8::1]:http",
            "[2001:db8::1]:99999",
            "[]",
            "[",
            ":",
            ":80",
            "fe80::1%eth0",
            "[fe80::1%25eth0]",
            "localhost",
            "airports.example",
            "1.1.1.1é",
            "١.١.١.١",
        ] {
            assert_eq!(one(XForwardedFor, entry), Err(Unreadable), "{entry:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_unreadable() {
        assert_eq!(hops(XForwardedFor, &[b"2.2.2.2, \xff\xfe"]), [Err(Unreadable), ip("2.2.2.2")]);
        assert_eq!(hops(Forwarded, &[b"for=\xff"]), [Err(Unreadable)]);
    }

    #[test]
    fn entries_come_from_the_right_over_all_lines() {
        let read = hops(XForwardedFor, &[b"1.1.1.1, 2.2.2.2", b"3.3.3.3", b"4.4.4.4,5.5.5.5"]);
        assert_eq!(read, ["5.5.5.5", "4.4.4.4", "3.3.3.3", "2.2.2.2", "1.1.1.1"].map(ip));
        let read = hops(Forwarded, &[b"for=1.1.1.1;proto=http, for=2.2.2.2", b"by=9.9.9.9 ; For=3.3.3.3"]);
        assert_eq!(read, ["3.3.3.3", "2.2.2.2", "1.1.1.1"].map(ip));
    }

    #[test]
    fn an_empty_or_blank_entry_between_commas_is_unreadable() {
        let (one, bad) = (ip("1.1.1.1"), Err(Unreadable));
        assert_eq!(hops(XForwardedFor, &[b"1.1.1.1,"]), [bad, one]);
        assert_eq!(hops(XForwardedFor, &[b"1.1.1.1, \t ,1.1.1.1"]), [one, bad, one]);
        assert_eq!(hops(XForwardedFor, &[b",1.1.1.1"]), [one, bad]);
        assert_eq!(hops(XForwardedFor, &[b","]), [bad, bad]);
        assert_eq!(hops(Forwarded, &[b"for=1.1.1.1,,for=1.1.1.1"]), [one, bad, one]);
    }

    #[test]
    fn an_empty_or_blank_line_has_no_entries() {
        for header in [XForwardedFor, Forwarded] {
            assert_eq!(hops(header, &[]), []);
            assert_eq!(hops(header, &[b""]), []);
            assert_eq!(hops(header, &[b" \t "]), []);
        }
        let read = hops(XForwardedFor, &[b"", b"1.1.1.1", b"", b" ", b"2.2.2.2", b""]);
        assert_eq!(read, ["2.2.2.2", "1.1.1.1"].map(ip));
    }

    #[test]
    fn the_element_of_a_forwarded_field_is_read_by_its_grammar() {
        for (element, address) in [
            ("for=192.0.2.60", "192.0.2.60"),
            ("FOR=192.0.2.60", "192.0.2.60"),
            ("for=\"192.0.2.60\"", "192.0.2.60"),
            ("for=\"192.0.2.60:47011\"", "192.0.2.60"),
            ("for=\"192.0.2.60:_http\"", "192.0.2.60"),
            ("for=\"[2001:db8::1]:4711\"", "2001:db8::1"),
            ("for=\"[2001:db8::1]:_a.b-c_1\"", "2001:db8::1"),
            ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
            ("proto=http;host=\"a;for=6.6.6.6\";for=192.0.2.60", "192.0.2.60"),
            ("host=\"a\\\";for=6.6.6.6\";for=192.0.2.60", "192.0.2.60"),
            ("host=\"\";for=192.0.2.60", "192.0.2.60"),
            (" by=_gw ;\tfor=192.0.2.60 ; proto=https ", "192.0.2.60"),
            (";for=192.0.2.60;;", "192.0.2.60"),
        ] {
            assert_eq!(one(Forwarded, element), ip(address), "{element}");
        }
    }

    #[test]
    fn an_element_without_exactly_one_readable_for_is_unreadable() {
        for element in [
            "192.0.2.60",
            "proto=http",
            "for",
            "for=",
            "for=\"\"",
            "for=unknown",
            "for=_hidden",
            "for=\"unknown:80\"",
            "for=999.1.1.1",
            "for=1.1.1.1;for=1.1.1.1",
            "for=1.1.1.1;FOR=2.2.2.2",
            "for=[2001:db8::1]",
            "for=1.1.1.1:80",
            "for = 1.1.1.1",
            "for=1.1.1.1 by=2.2.2.2",
            "for=1.1.1.1 x",
            "for=\"1.1.1.1",
            "for=\"1.1.1.1\"x",
            "for=1.1.1.1\"",
            "for=\"\\1.1.1.1\"",
            "for=\"1.1.1.1\\\"",
            "for=\" 1.1.1.1\"",
            "for=1.1.1.1;x",
            "for=1.1.1.1;=y",
            "xfor=1.1.1.1",
            ";",
            "for=\"1.1.1.1:_\"",
            "for=\"1.1.1.1:_é\"",
        ] {
            assert_eq!(one(Forwarded, element), Err(Unreadable), "{element}");
        }
    }

    #[test]
    fn a_quote_that_never_ends_swallows_nothing_on_its_right() {
        let read = hops(Forwarded, &[b"for=\"6.6.6.6, for=1.1.1.1, for=\"[2001:db8::1]:4711\""]);
        assert_eq!(read, [ip("2001:db8::1"), ip("1.1.1.1"), Err(Unreadable)]);
    }

    #[test]
    fn a_comma_within_quotes_parts_entries_all_the_same() {
        let read = hops(Forwarded, &[b"for=1.1.1.1;host=\"a,b\""]);
        assert_eq!(read, [Err(Unreadable), Err(Unreadable)]);
    }

    #[test]
    fn each_kind_reads_its_own_field_alone() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", HeaderValue::from_static("1.1.1.1"));
        headers.append("forwarded", HeaderValue::from_static("for=2.2.2.2"));
        assert_eq!(XForwardedFor.hops(&headers).collect::<Vec<_>>(), [ip("1.1.1.1")]);
        assert_eq!(Forwarded.hops(&headers).collect::<Vec<_>>(), [ip("2.2.2.2")]);
    }

    #[test]
    fn what_nobody_walks_to_is_not_read() {
        let mut headers = HeaderMap::new();
        let long = format!("{}1.1.1.1", "\",".repeat(2_000));
        headers.append(XForwardedFor.name(), HeaderValue::from_str(&long).unwrap());
        let mut hops = XForwardedFor.hops(&headers);
        assert_eq!(hops.next(), Some(ip("1.1.1.1")));
        assert_eq!(hops.rest.map(<[u8]>::len), Some(long.len() - ",1.1.1.1".len()));
    }

    fn header() -> impl Strategy<Value = ForwardedHeader> {
        prop_oneof![Just(XForwardedFor), Just(Forwarded)]
    }

    /// Bytes that may stand in a header value, and more often those that mean something here.
    fn hostile_line() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![
            3 => prop::sample::select(b",;=\"\\[]:._ \tfor1259afx%".to_vec()),
            1 => 32_u8..127,
            1 => 128_u8..=255,
        ];
        prop::collection::vec(byte, 0..80)
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic_or_yield_more_entries_than_it_has_commas(
            header in header(), lines in prop::collection::vec(hostile_line(), 0..4),
        ) {
            let lines: Vec<_> = lines.iter().map(Vec::as_slice).collect();
            let most: usize = lines.iter().map(|line| line.split(|byte| *byte == b',').count()).sum();
            prop_assert!(hops(header, &lines).len() <= most);
        }

        #[test]
        fn every_address_is_read_as_it_is_written(address: IpAddr, port: u16) {
            let bare = match address {
                IpAddr::V4(_) => address.to_string(),
                IpAddr::V6(_) => format!("[{address}]"),
            };
            let expected = Ok(address.to_canonical());
            prop_assert_eq!(one(XForwardedFor, &address.to_string()), expected);
            prop_assert_eq!(one(XForwardedFor, &format!("{bare}:{port}")), expected);
            prop_assert_eq!(one(Forwarded, &format!("for=\"{bare}\"")), expected);
            prop_assert_eq!(one(Forwarded, &format!("proto=http;for=\"{bare}:{port}\"")), expected);
        }

        #[test]
        fn what_is_appended_is_what_comes_first(header in header(), left in hostile_line(), address: IpAddr) {
            let entry = match header {
                XForwardedFor => format!("{address}"),
                Forwarded => format!("for=\"{address}\""),
            };
            let joined = [left.as_slice(), b", ", entry.as_bytes()].concat();
            let expected = Ok(address.to_canonical());
            prop_assert_eq!(hops(header, &[&joined]).first().copied(), Some(expected));
            prop_assert_eq!(hops(header, &[&left, entry.as_bytes()]).first().copied(), Some(expected));
        }
    }
}
