//! Entity tags, `If-None-Match` and `If-Modified-Since`: RFC 9110, sections 8.8 and 13; RFC 9111, section 4.3.2.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{
    CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, LAST_MODIFIED,
};
use http::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

use super::syntax::members;
use crate::http::dates;

/// A strong entity tag of a body: 128 bits of its SHA-256.
pub(crate) fn etag_of(body: &[u8]) -> HeaderValue {
    let digest = Sha256::digest(body);
    let mut tag = [b'"'; 24];
    let written = URL_SAFE_NO_PAD.encode_slice(&digest[..16], &mut tag[1..23]);
    let tag = if written == Ok(22) { &tag[..] } else { b"\"\"" };
    HeaderValue::from_bytes(tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// Whether a tag is weak.
pub(super) fn is_weak(tag: &[u8]) -> bool {
    tag.starts_with(b"W/")
}

/// RFC 9110, section 8.8.3.2, weakly.
pub(super) fn is_same_weakly(one: &[u8], other: &[u8]) -> bool {
    one.strip_prefix(b"W/").unwrap_or(one) == other.strip_prefix(b"W/").unwrap_or(other)
}

/// Whether whoever asks has the answer with these fields already. `If-None-Match` alone counts where there is one. `now`: seconds since 1970.
///
/// Only for `GET` and `HEAD`, and only for an answer that is a 200.
#[inline]
pub(crate) fn is_unmodified(request: &HeaderMap, stored: &HeaderMap, now: i64) -> bool {
    if request.contains_key(IF_NONE_MATCH) {
        return matches_any(request, stored);
    }
    request.get(IF_MODIFIED_SINCE).is_some_and(|since| {
        let changed = stored.get(LAST_MODIFIED).and_then(|changed| dates::parsed(changed.as_bytes(), now));
        let since = dates::parsed(since.as_bytes(), now);
        changed.zip(since).is_some_and(|(changed, since)| changed <= since)
    })
}

fn matches_any(request: &HeaderMap, stored: &HeaderMap) -> bool {
    let own = stored.get(ETAG).map(HeaderValue::as_bytes);
    members(request, IF_NONE_MATCH)
        .any(|tag| tag == b"*" || own.is_some_and(|own| is_tag(own) && is_same_weakly(tag, own)))
}

/// What is not quoted is no tag, and matches nothing.
fn is_tag(tag: &[u8]) -> bool {
    let opaque = tag.strip_prefix(b"W/").unwrap_or(tag);
    opaque.len() >= 2 && opaque.starts_with(b"\"") && opaque.ends_with(b"\"")
}

/// Takes out of a head what a 304 does not carry: what tells of a body that is not there (RFC 9110, section 15.4.5).
pub(crate) fn become_304(headers: &mut HeaderMap) {
    for name in [CONTENT_LENGTH, CONTENT_TYPE, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_RANGE] {
        headers.remove(name);
    }
    if headers.contains_key(ETAG) {
        headers.remove(LAST_MODIFIED);
    }
}

/// Whether an answer can be asked about.
pub(crate) fn has_validator(stored: &HeaderMap) -> bool {
    stored.contains_key(ETAG) || stored.contains_key(LAST_MODIFIED)
}

/// Makes a request ask whether that answer still holds, in the place of what its client asked.
pub(crate) fn ask_about(stored: &HeaderMap, request: &mut HeaderMap) {
    for (name, validator) in [(IF_NONE_MATCH, ETAG), (IF_MODIFIED_SINCE, LAST_MODIFIED)] {
        match stored.get(validator) {
            Some(value) => drop(request.insert(name, value.clone())),
            None => drop(request.remove(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::*;

    const BEFORE: &str = "Wed, 01 Jan 2020 00:00:00 GMT";
    const AFTER: &str = "Thu, 02 Jan 2020 00:00:00 GMT";

    fn fields(lines: &[(&'static str, &str)]) -> HeaderMap {
        let line = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
        };
        lines.iter().map(line).collect()
    }

    #[test]
    fn a_tag_tells_bodies_apart() {
        assert_eq!(etag_of(b"").to_str().unwrap(), "\"47DEQpj8HBSa-_TImW-5JA\"");
        assert_eq!(etag_of(b"a"), etag_of(b"a"));
        assert_ne!(etag_of(b"a"), etag_of(b"b"));
        assert!(is_tag(etag_of(b"a").as_bytes()));
    }

    #[test]
    fn if_none_match_is_compared_weakly_in_lists() {
        let stored = fields(&[("etag", "\"a,b\""), ("last-modified", BEFORE)]);
        for (value, expected) in [
            ("\"a,b\"", true),
            ("W/\"a,b\"", true),
            ("\"x\", \"a,b\"", true),
            ("\"x\" , W/\"a,b\"", true),
            ("*", true),
            ("\"a\"", false),
            ("a,b", false),
            ("w/\"a,b\"", false),
            ("\"A,B\"", false),
            ("", false),
        ] {
            assert_eq!(is_unmodified(&fields(&[("if-none-match", value)]), &stored, 0), expected, "{value}");
        }
        let weak = fields(&[("etag", "W/\"a\"")]);
        assert!(is_unmodified(&fields(&[("if-none-match", "\"a\"")]), &weak, 0));
        let unquoted = fields(&[("etag", "a")]);
        assert!(!is_unmodified(&fields(&[("if-none-match", "a")]), &unquoted, 0));
    }

    #[test]
    fn if_modified_since_counts_where_nothing_better_is_asked() {
        let stored = fields(&[("etag", "\"a\""), ("last-modified", BEFORE)]);
        for (value, expected) in
            [(BEFORE, true), (AFTER, true), ("Tue, 31 Dec 2019 23:59:59 GMT", false), ("x", false)]
        {
            assert_eq!(
                is_unmodified(&fields(&[("if-modified-since", value)]), &stored, 0),
                expected,
                "{value}"
            );
        }
        let both = fields(&[("if-none-match", "\"b\""), ("if-modified-since", AFTER)]);
        assert!(!is_unmodified(&both, &stored, 0));
        assert!(!is_unmodified(&fields(&[("if-modified-since", AFTER)]), &fields(&[("etag", "\"a\"")]), 0));
        assert!(!is_unmodified(&HeaderMap::new(), &stored, 0));
    }

    #[test]
    fn a_304_carries_what_does_not_tell_of_a_body() {
        let mut headers = fields(&[
            ("content-length", "5"),
            ("content-type", "text/plain"),
            ("content-location", "/x"),
            ("etag", "\"a\""),
            ("last-modified", BEFORE),
            ("cache-control", "max-age=5"),
            ("vary", "accept"),
        ]);
        become_304(&mut headers);
        let expected = [
            ("content-location", "/x"),
            ("etag", "\"a\""),
            ("cache-control", "max-age=5"),
            ("vary", "accept"),
        ];
        assert_eq!(headers, fields(&expected));
    }

    #[test]
    fn asking_about_an_answer_takes_the_place_of_what_a_client_asked() {
        let mut request = fields(&[("if-none-match", "\"client\""), ("if-modified-since", AFTER)]);
        ask_about(&fields(&[("etag", "\"a\"")]), &mut request);
        assert_eq!(request, fields(&[("if-none-match", "\"a\"")]));
        assert!(has_validator(&fields(&[("last-modified", BEFORE)])) && !has_validator(&HeaderMap::new()));
    }
}
