//! Path and query as a key: as they were sent, but for the order of parameters.
//!
//! Nothing is decoded: what an origin may tell apart stays apart. Parameters are sorted by name; those with one name keep their order, which
//! often means something. Where a name is escaped, none are sorted: it may be the name of another.

use std::borrow::Cow;

use http::Uri;
use smallvec::SmallVec;

/// The query with its parameters in the order of their names.
#[inline]
pub(crate) fn sorted(query: &str) -> Cow<'_, str> {
    if query.contains('&') { sorted_pairs(query) } else { Cow::Borrowed(query) }
}

fn sorted_pairs(query: &str) -> Cow<'_, str> {
    let is_escaped = |pair: &&str| name(pair).contains(['%', '+']);
    let mut pairs: SmallVec<[&str; 8]> = query.split('&').collect();
    if pairs.is_sorted_by_key(name) || pairs.iter().any(is_escaped) {
        return Cow::Borrowed(query);
    }
    pairs.sort_by_key(name);
    Cow::Owned(pairs.join("&"))
}

fn name<'a>(pair: &&'a str) -> &'a str {
    pair.split('=').next().unwrap_or_default()
}

/// Path and query of a target, as the text that a key of an entry is named by.
pub(crate) fn target(uri: &Uri) -> Cow<'_, str> {
    match uri.query() {
        None => Cow::Borrowed(uri.path()),
        Some(query) => match (sorted(query), uri.path_and_query()) {
            (Cow::Borrowed(_), Some(whole)) => Cow::Borrowed(whole.as_str()),
            (query, _) => Cow::Owned([uri.path(), "?", &query].concat()),
        },
    }
}

/// Adds what the service sees in the place of what its client asked: a layer in between may have rewritten it by whatever it likes. A router
/// that is nested takes away a part in front, which is said by how much is left; anything else is written out.
#[inline]
pub(crate) fn rewritten_onto(key: &mut impl Extend<u8>, asked: &Uri, seen: &Uri) {
    const AS_ASKED: u8 = 0;
    const END: u8 = 1;
    const OTHER: u8 = 2;
    let mut add = |kind: u8, length: usize| {
        key.extend([kind]);
        key.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
    };
    let is_query_same = std::ptr::eq(asked, seen) || asked.query() == seen.query();
    if is_query_same && asked.path() == seen.path() {
        key.extend([AS_ASKED]);
    } else if is_query_same && asked.path().ends_with(seen.path()) {
        add(END, seen.path().len());
    } else {
        let seen = seen.path_and_query().map_or("", |seen| seen.as_str());
        add(OTHER, seen.len());
        key.extend(seen.bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(uri: &str) -> String {
        target(&uri.parse().unwrap()).into_owned()
    }

    #[test]
    fn what_is_rewritten_to_something_else_is_told_apart() {
        let key = |asked: &str, seen: &str| {
            let mut key = Vec::new();
            rewritten_onto(&mut key, &asked.parse().unwrap(), &seen.parse().unwrap());
            key
        };
        let of_one = ["/a/a", "/a", "/b", "/a?x", "/a/a?x", "/b?x"].map(|seen| key("/a/a", seen));
        for (place, one) in of_one.iter().enumerate() {
            assert!(!of_one[place + 1..].contains(one), "{place}");
        }
        assert_eq!(key("/a/x?b", "/a/x?b"), [0]);
    }

    #[test]
    fn parameters_are_sorted_by_name_alone() {
        for (uri, expected) in [
            ("/", "/"),
            ("/x?", "/x?"),
            ("/x?q=a", "/x?q=a"),
            ("/x?b=1&a=2", "/x?a=2&b=1"),
            ("/x?a=2&b=1", "/x?a=2&b=1"),
            ("/x?b=1&a=2&b=0&a=1", "/x?a=2&a=1&b=1&b=0"),
            ("/x?b&a=&&a", "/x?&a=&a&b"),
            ("/x?b=1&%61=2", "/x?b=1&%61=2"),
            ("/x?b=1&a+=2", "/x?b=1&a+=2"),
            ("/x?b=%61&a=+", "/x?a=+&b=%61"),
            ("http://host/x?b=1&a=2", "/x?a=2&b=1"),
            ("http://host/x", "/x"),
        ] {
            assert_eq!(key(uri), expected, "{uri}");
        }
    }

    #[test]
    fn what_an_origin_may_tell_apart_stays_apart() {
        let uris = [
            "/x",
            "/x?",
            "/x?q",
            "/x?q=",
            "/x?q=a",
            "/x?q=A",
            "/X",
            "/x/",
            "//x",
            "/%78",
            "/x?q=a&q=b",
            "/x?q=b&q=a",
            "/x?a&q",
            "/x;a",
            "/x.css",
            "/x%2f",
            "/x%2F",
            "/x?q=%61",
        ];
        let keys: std::collections::HashSet<_> = uris.iter().map(|uri| key(uri)).collect();
        assert_eq!(keys.len(), uris.len());
    }
}
