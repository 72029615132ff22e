//! Links between pages: in the body, and in the header field `Link` (RFC 8288).

use axum::body::Bytes;
use http::HeaderValue;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::order::{Filter, Order};
use super::paging::Paging;
use super::value::Direction;

/// The longest `Link` field that is sent: proxies refuse answers with longer ones. The links of the body are there in any case.
const MOST_FIELD_BYTES: usize = 8192;

/// Where the other pages are: URI references, of which those that lead nowhere are absent.
///
/// They are paths, or begin with the [base URL](crate::TollgateBuilder::base_url) of the settings; the header field `Host` is
/// never read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageLinks {
    pub(super) first: Option<String>,
    pub(super) last: Option<String>,
    pub(super) next: Option<String>,
    pub(super) prev: Option<String>,
    pub(super) itself: Option<String>,
}

impl PageLinks {
    /// The first page.
    #[must_use]
    pub fn first(&self) -> Option<&str> {
        self.first.as_deref()
    }

    /// The last page; absent where nobody counted, or it is out of reach.
    #[must_use]
    pub fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// The next page; absent on the last one.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// The page before; absent on the first one.
    #[must_use]
    pub fn prev(&self) -> Option<&str> {
        self.prev.as_deref()
    }

    /// This page.
    #[must_use]
    pub fn itself(&self) -> Option<&str> {
        self.itself.as_deref()
    }

    fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let Self { first, last, next, prev, itself } = self;
        let all = [("first", first), ("last", last), ("next", next), ("prev", prev), ("self", itself)];
        all.into_iter().filter_map(|(name, link)| Some((name, link.as_deref()?)))
    }

    /// `</airports?page=1>; rel="first", </airports?page=3>; rel="next"`
    pub(super) fn field(&self) -> Option<HeaderValue> {
        let most: usize = self.all().map(|(name, link)| name.len() + link.len() + 12).sum();
        if most == 0 || most > MOST_FIELD_BYTES {
            return None;
        }
        let mut field = Vec::with_capacity(most);
        for (name, link) in self.all() {
            let opening: &[u8] = if field.is_empty() { b"<" } else { b", <" };
            for part in [opening, link.as_bytes(), b">; rel=\"", name.as_bytes(), b"\""] {
                field.extend_from_slice(part);
            }
        }
        HeaderValue::from_maybe_shared(Bytes::from(field)).ok()
    }
}

impl Serialize for PageLinks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, link) in self.all() {
            map.serialize_entry(name, link)?;
        }
        map.end()
    }
}

/// The parts that the links of one page have in common.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// Up to the query.
    base: String,
    /// Parameters that are none of ours.
    others: String,
}

impl Target {
    /// Of a path under a base URL, or at the root of the service.
    pub(super) fn new(base_url: &str, path: &str, others: String) -> Self {
        let mut base = String::with_capacity(base_url.len() + path.len() + 3);
        base.push_str(base_url);
        // `//host/` names a host.
        if base_url.is_empty() && path.starts_with("//") {
            base.push_str("/.");
        }
        if !path.starts_with('/') {
            base.push('/');
        }
        push_raw(&mut base, path, is_of_path);
        Self { base, others }
    }

    /// A link to a page: the parameters of others, what the page is sorted and filtered by, where it is.
    pub(super) fn link(&self, selection: &str, window: &str) -> String {
        let Self { base, others } = self;
        let mut link = String::with_capacity(base.len() + others.len() + selection.len() + window.len() + 3);
        link.push_str(base);
        let mut separator = '?';
        for part in [others, selection, window] {
            if !part.is_empty() {
                link.push(separator);
                link.push_str(part);
                separator = '&';
            }
        }
        link
    }
}

/// What a page is sorted and filtered by, as parameters; nothing where it is not. The key at the end of an order goes without
/// saying.
pub(super) fn selection(order: &Order, filters: &[Filter], paging: &'static Paging) -> String {
    let mut selection = String::new();
    let implied =
        Order::new(order.keys().split_last().map_or(&[][..], |(_, rest)| rest).iter().copied(), paging);
    let said = if implied == *order { order.keys().len() - 1 } else { order.keys().len() };
    for (place, key) in order.keys()[..said].iter().enumerate() {
        selection.push_str(if place == 0 { "sort=" } else { "%2C" });
        if key.direction == Direction::Descending {
            selection.push('-');
        }
        selection.push_str(paging.fields()[usize::from(key.place)].name());
    }
    for filter in filters {
        if !selection.is_empty() {
            selection.push('&');
        }
        selection.push_str(paging.fields()[usize::from(filter.place)].name());
        selection.push('=');
        push_encoded(&mut selection, &filter.text, |_| false);
    }
    selection
}

/// Adds a parameter as it was sent, with everything encoded that no URI may hold, or that ends a link in a header field.
pub(super) fn push_component(link: &mut String, pair: &str) {
    push_raw(link, pair, is_of_query);
}

/// Adds what is encoded already, and encodes what is not.
fn push_raw(link: &mut String, text: &str, is_allowed: fn(u8) -> bool) {
    let mut rest = text;
    while let Some(place) = rest.find('%') {
        let (before, after) = rest.split_at(place);
        push_encoded(link, before, is_allowed);
        let is_encoded = after.as_bytes().get(1..3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        link.push_str(if is_encoded { "%" } else { "%25" });
        rest = &after[1..];
    }
    push_encoded(link, rest, is_allowed);
}

/// What may stand in a query besides letters and digits, and means no more to those who read header fields.
fn is_of_query(byte: u8) -> bool {
    byte == b'?' || is_of_path(byte)
}

fn is_of_path(byte: u8) -> bool {
    matches!(byte, b'=' | b'+' | b'/' | b':' | b'@' | b'!' | b'$' | b'(' | b')' | b'*' | b'&')
}

/// Adds a text, encoded but for letters, digits, `-._~` and what else is allowed.
fn push_encoded(link: &mut String, text: &str, is_allowed: impl Fn(u8) -> bool) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') || is_allowed(byte) {
            link.push(char::from(byte));
        } else {
            link.push('%');
            link.push(char::from(HEX[usize::from(byte >> 4)]));
            link.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::order::SortKey;
    use super::super::paging::FieldSpec;
    use super::super::value::PageValue;
    use super::*;

    const PAGING: &Paging = &Paging::new(
        "Airport",
        &[
            FieldSpec::new("iata", "iata").key(),
            FieldSpec::new("name", "name").sortable().filterable(),
            FieldSpec::new("elevation", "elevation").sortable().filterable(),
        ],
    );

    fn sorted(fields: &[(u8, Direction)]) -> String {
        let keys = fields.iter().map(|(place, direction)| SortKey { place: *place, direction: *direction });
        selection(&Order::new(keys, PAGING), &[], PAGING)
    }

    #[test]
    fn what_goes_without_saying_is_not_said() {
        use Direction::{Ascending, Descending};
        let cases: [(&[(u8, Direction)], &str); 7] = [
            (&[], ""),
            (&[(0, Ascending)], ""),
            (&[(0, Descending)], "sort=-iata"),
            (&[(1, Ascending)], "sort=name"),
            (&[(2, Descending), (1, Ascending)], "sort=-elevation%2Cname"),
            (&[(2, Descending), (0, Descending)], "sort=-elevation"),
            (&[(2, Descending), (0, Ascending), (1, Ascending)], "sort=-elevation%2Ciata"),
        ];
        for (fields, expected) in cases {
            assert_eq!(sorted(fields), expected, "{fields:?}");
        }
    }

    #[test]
    fn filters_are_written_as_they_are_read() {
        let filters = [
            Filter { place: 1, text: "a b&c=é%\"".to_owned(), value: PageValue::Null },
            Filter { place: 2, text: "-5".to_owned(), value: PageValue::Int(-5) },
        ];
        let selection = selection(&Order::new([], PAGING), &filters, PAGING);
        assert_eq!(selection, "name=a%20b%26c%3D%C3%A9%25%22&elevation=-5");
    }

    #[test]
    fn a_path_keeps_its_host_to_itself() {
        let cases = [
            ("", "/airports", "/airports?page=2"),
            ("", "//evil/x", "/.//evil/x?page=2"),
            ("", "", "/?page=2"),
            ("", "*", "/*?page=2"),
            ("", "/a%20b/é;,'\"<>", "/a%20b/%C3%A9%3B%2C%27%22%3C%3E?page=2"),
            ("", "/50%", "/50%25?page=2"),
            ("https://a.example/v1", "/airports", "https://a.example/v1/airports?page=2"),
            ("https://a.example", "//evil", "https://a.example//evil?page=2"),
        ];
        for (base_url, path, expected) in cases {
            assert_eq!(Target::new(base_url, path, String::new()).link("", "page=2"), expected);
        }
    }

    #[test]
    fn the_parts_of_a_query_are_joined_where_they_are_there() {
        let bare = Target::new("", "/a", String::new());
        let other = Target::new("", "/a", "q=1".to_owned());
        assert_eq!(bare.link("", ""), "/a");
        assert_eq!(bare.link("sort=name", ""), "/a?sort=name");
        assert_eq!(other.link("", "limit=2"), "/a?q=1&limit=2");
        assert_eq!(other.link("sort=name", "limit=2"), "/a?q=1&sort=name&limit=2");
    }

    #[test]
    fn the_field_is_absent_where_there_is_nothing_to_link_or_too_much() {
        assert_eq!(PageLinks::default().field(), None);
        let long = PageLinks { first: Some("x".repeat(MOST_FIELD_BYTES)), ..PageLinks::default() };
        assert_eq!(long.field(), None);
        let links =
            PageLinks { next: Some("/b".to_owned()), first: Some("/a".to_owned()), ..PageLinks::default() };
        assert_eq!(links.field().unwrap(), r#"</a>; rel="first", </b>; rel="next""#);
    }

    /// What ends a link, or stands in none.
    const ENDS: &[u8] = b"<>\",;'\\^`{|}[]#";

    proptest! {
        #[test]
        fn whatever_is_kept_is_a_query_and_stays_one(text in any::<String>()) {
            let mut once = String::new();
            push_component(&mut once, &text);
            prop_assert!(once.bytes().all(|byte| byte.is_ascii_graphic() && !ENDS.contains(&byte)));
            let mut twice = String::new();
            push_component(&mut twice, &once);
            prop_assert_eq!(&twice, &once);
            let meant = |text: &str| percent_encoding::percent_decode_str(text).collect::<Vec<_>>();
            prop_assert_eq!(meant(&once), meant(&text), "it means what it meant");
        }
    }
}
