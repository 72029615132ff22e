//! Cursors on the wire: where a page begins, what it is sorted and filtered by, and a signature over it all.
//!
//! A cursor is signed, not encrypted: whoever gets it has seen the row that it names. The signature also covers the path that
//! it was made for and all that [`Paging`](super::Paging) says of the fields, so that it is worth nothing elsewhere, or after
//! the fields have changed.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::bytes::{Reader, Writer};
use super::keys::{CursorKeys, TAG_BYTES};
use super::order::{Filter, Order, SortKey};
use super::paging::{Paging, Parse};
use super::value::{Direction, PageValue};

/// The longest cursor that is read or written, in characters.
pub(super) const MOST_CHARS: usize = 4096;

/// What all of the filters may take of it, in bytes: the rest is for the values of a row.
pub(super) const MOST_FILTER_BYTES: usize = 1024;

/// What other signatures of the same secret begin with is not this.
const DOMAIN: &[u8] = b"tollgate cursor\0";
const VERSION: u8 = 1;
const BACKWARD: u8 = 1;
const BOUNDED: u8 = 2;
const DESCENDING: u8 = 0x80;

/// For what cursors are made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    pub(super) path: &'a str,
    pub(super) paging: &'static Paging,
    pub(super) parse: Parse,
}

/// What a cursor says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cursor {
    /// When it was made, in seconds since 1970.
    pub(super) made_at: u64,
    pub(super) is_backward: bool,
    /// The values of the row that the page begins behind; from the first or the last row on where there is none.
    pub(super) bound: Option<Vec<PageValue<'static>>>,
    pub(super) order: Order,
    pub(super) filters: Vec<Filter>,
}

/// What a cursor is made of; borrowed, because a page makes several.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft<'a> {
    pub(super) made_at: u64,
    pub(super) is_backward: bool,
    pub(super) bound: Option<&'a [PageValue<'a>]>,
    pub(super) order: &'a Order,
    pub(super) filters: &'a [Filter],
}

impl Draft<'_> {
    /// The cursor; `None` where it would be too long, or cannot be signed.
    pub(super) fn write(&self, site: Site<'_>, keys: &CursorKeys) -> Option<String> {
        let mut writer = Writer::default();
        let flags = u8::from(self.is_backward) * BACKWARD + u8::from(self.bound.is_some()) * BOUNDED;
        writer.bytes(&[VERSION, flags]);
        writer.number(self.made_at);
        writer.count(self.order.keys().len());
        for SortKey { place, direction } in self.order.keys() {
            writer.bytes(&[place | if *direction == Direction::Descending { DESCENDING } else { 0 }]);
        }
        writer.count(self.filters.len());
        for Filter { place, text, value: _ } in self.filters {
            writer.bytes(&[*place]);
            writer.text(text);
        }
        self.bound.into_iter().flatten().for_each(|value| writer.value(value));
        let mut bytes = writer.into_bytes();
        let tag = keys.sign(&message(site, &bytes).parts())?;
        bytes.extend_from_slice(&tag);
        let text = BASE64_URL_SAFE_NO_PAD.encode(bytes);
        (text.len() <= MOST_CHARS).then_some(text)
    }
}

impl Cursor {
    /// What a text says, if it is a cursor that was made here for this. Nothing of it is looked at before its signature.
    pub(super) fn read(text: &str, site: Site<'_>, keys: &CursorKeys) -> Option<Self> {
        if text.len() > MOST_CHARS {
            return None;
        }
        // Refuses what is not canonical: padding, and bits behind the last byte.
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (payload, tag) = bytes.split_last_chunk::<TAG_BYTES>()?;
        if !keys.is_signature(&message(site, payload).parts(), tag) {
            return None;
        }
        Self::of_payload(payload, site)
    }

    fn of_payload(payload: &[u8], site: Site<'_>) -> Option<Self> {
        let paging = site.paging;
        let mut reader = Reader::new(payload);
        let [version, flags] = reader.take()?;
        if version != VERSION || flags & !(BACKWARD | BOUNDED) != 0 {
            return None;
        }
        let made_at = reader.number()?;
        let fields = (0..reader.count()?).map(|_| sort_key(&mut reader, paging));
        let order = Order::new(fields.collect::<Option<Vec<_>>>()?, paging);
        let filters = (0..reader.count()?).map(|_| filter(&mut reader, site)).collect::<Option<_>>()?;
        let bound = match flags & BOUNDED {
            0 => None,
            _ => Some(order.keys().iter().map(|_| reader.value()).collect::<Option<_>>()?),
        };
        let cursor = Self { made_at, is_backward: flags & BACKWARD != 0, bound, order, filters };
        reader.is_at_end().then_some(cursor)
    }
}

fn sort_key(reader: &mut Reader<'_>, paging: &Paging) -> Option<SortKey> {
    let [byte] = reader.take()?;
    let (place, is_descending) = (byte & !DESCENDING, byte & DESCENDING != 0);
    let direction = if is_descending { Direction::Descending } else { Direction::Ascending };
    paging.fields().get(usize::from(place)).filter(|field| field.is_sortable())?;
    Some(SortKey { place, direction })
}

fn filter(reader: &mut Reader<'_>, site: Site<'_>) -> Option<Filter> {
    let [place] = reader.take()?;
    site.paging.fields().get(usize::from(place)).filter(|field| field.is_filterable())?;
    let text = reader.text()?.to_owned();
    let value = (site.parse)(usize::from(place), &text)?;
    Some(Filter { place, text, value })
}

/// What is signed. The length of the path says where it ends, so no two of these are one text.
struct Message<'a> {
    path: &'a [u8],
    path_bytes: [u8; 8],
    fingerprint: [u8; 8],
    payload: &'a [u8],
}

fn message<'a>(site: Site<'a>, payload: &'a [u8]) -> Message<'a> {
    let path = site.path.as_bytes();
    let path_bytes = (path.len() as u64).to_be_bytes();
    Message { path, path_bytes, fingerprint: site.paging.fingerprint().to_be_bytes(), payload }
}

impl Message<'_> {
    fn parts(&self) -> [&[u8]; 5] {
        [DOMAIN, &self.path_bytes, self.path, &self.fingerprint, self.payload]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::keys::{CursorKey, SHORTEST_SECRET};
    use super::super::paging::FieldSpec;
    use super::*;

    const FIELDS: &[FieldSpec] = &[
        FieldSpec::new("iata", "iata").key(),
        FieldSpec::new("name", "name").sortable().filterable(),
        FieldSpec::new("elevation", "elevation").sortable().nullable(true),
        FieldSpec::new("country", "country").filterable(),
    ];
    const PAGING: &Paging = &Paging::new("Airport", FIELDS);
    const SITE: Site<'static> = Site { path: "/airports", paging: PAGING, parse };

    #[allow(clippy::unnecessary_wraps, reason = "other filters can be wrong")]
    fn parse(_: usize, text: &str) -> Option<PageValue<'static>> {
        Some(PageValue::Text(text.to_owned().into()))
    }

    fn keys() -> CursorKeys {
        CursorKeys::given(CursorKey::of_secret(&[1; SHORTEST_SECRET]).unwrap(), None)
    }

    fn values() -> impl Strategy<Value = PageValue<'static>> {
        prop_oneof![
            Just(PageValue::Null),
            any::<bool>().prop_map(PageValue::Bool),
            any::<i64>().prop_map(|number| PageValue::Int(number.into())),
            any::<f64>().prop_map(PageValue::Float),
            ".{0,40}".prop_map(|text| PageValue::Text(text.into())),
        ]
    }

    fn cursors() -> impl Strategy<Value = Cursor> {
        let sort = Just(vec![0, 1, 2]).prop_shuffle();
        let sort = (sort, any::<[bool; 3]>(), 0..3_usize).prop_map(|(places, ways, count)| {
            let key = |(place, way): (u8, bool)| {
                let direction = if way { Direction::Ascending } else { Direction::Descending };
                SortKey { place, direction }
            };
            Order::new(places.into_iter().zip(ways).map(key).take(count), PAGING)
        });
        let filter = (prop::sample::select(&[1, 3][..]), ".{0,40}").prop_map(|(place, text)| Filter {
            place,
            value: PageValue::Text(text.clone().into()),
            text,
        });
        let filters = prop::collection::vec(filter, 0..3);
        let bound = prop::option::of(prop::collection::vec(values(), 4));
        (sort, filters, bound, any::<u64>(), any::<bool>()).prop_map(
            |(order, filters, bound, made_at, is_backward)| {
                let bound = bound.map(|values| values.into_iter().take(order.keys().len()).collect());
                Cursor { made_at, is_backward, bound, order, filters }
            },
        )
    }

    fn written(cursor: &Cursor, site: Site<'_>) -> Option<String> {
        let Cursor { made_at, is_backward, bound, order, filters } = cursor;
        let draft =
            Draft { made_at: *made_at, is_backward: *is_backward, bound: bound.as_deref(), order, filters };
        draft.write(site, &keys())
    }

    proptest! {
        #[test]
        fn cursors_are_read_as_they_were_written(cursor in cursors()) {
            let text = written(&cursor, SITE).unwrap();
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
            prop_assert_eq!(Cursor::read(&text, SITE, &keys()), Some(cursor));
        }

        #[test]
        fn payloads_that_are_none_are_refused_even_where_they_are_signed(payload in prop::collection::vec(any::<u8>(), 0..48)) {
            let mut bytes = payload.clone();
            bytes.extend(keys().sign(&message(SITE, &payload).parts()).unwrap());
            let read = Cursor::read(&BASE64_URL_SAFE_NO_PAD.encode(bytes), SITE, &keys());
            if let Some(cursor) = read {
                prop_assert_eq!(cursor.bound.map_or(cursor.order.keys().len(), |bound| bound.len()), cursor.order.keys().len());
            }
        }

        #[test]
        fn junk_is_refused(text in any::<String>(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(Cursor::read(&text, SITE, &keys()), None);
            prop_assert_eq!(Cursor::read(&BASE64_URL_SAFE_NO_PAD.encode(bytes), SITE, &keys()), None);
        }
    }

    fn some_cursor(text: &str) -> Cursor {
        let order = Order::new([], PAGING);
        let bound = Some(vec![PageValue::Text(text.to_owned().into())]);
        Cursor { made_at: 1, is_backward: false, bound, order, filters: Vec::new() }
    }

    #[test]
    fn it_is_worth_nothing_at_another_path_or_for_other_fields() {
        const OTHERS: [Paging; 5] = [
            Paging::new("Airfield", FIELDS),
            Paging::new("Airport", &[FieldSpec::new("iata", "iata").key()]),
            Paging::new(
                "Airport",
                &[
                    FieldSpec::new("iata", "iata").key(),
                    FieldSpec::new("name", "name").sortable().filterable(),
                    FieldSpec::new("elevation", "elevation").sortable(),
                    FieldSpec::new("country", "country").filterable(),
                ],
            ),
            Paging::new(
                "Airport",
                &[
                    FieldSpec::new("icao", "icao").key(),
                    FieldSpec::new("name", "name").sortable().filterable(),
                    FieldSpec::new("elevation", "elevation").sortable().nullable(true),
                    FieldSpec::new("country", "country").filterable(),
                ],
            ),
            Paging::new(
                "Airport",
                &[
                    FieldSpec::new("iata", "iata").key(),
                    FieldSpec::new("elevation", "elevation").sortable().nullable(true),
                    FieldSpec::new("name", "name").sortable().filterable(),
                    FieldSpec::new("country", "country").filterable(),
                ],
            ),
        ];
        let text = written(&some_cursor("CDG"), SITE).unwrap();
        for path in ["/airport", "/airports/", "/", "", "/airportsA"] {
            assert_eq!(Cursor::read(&text, Site { path, ..SITE }, &keys()), None, "{path}");
        }
        for paging in &OTHERS {
            let paging: &'static Paging = Box::leak(Box::new(*paging));
            assert_eq!(Cursor::read(&text, Site { paging, ..SITE }, &keys()), None, "{paging:?}");
        }
        let resized: &'static Paging =
            const { &Paging::new("Airport", FIELDS).per_page(5, 10).max_offset(7) };
        assert!(Cursor::read(&text, Site { paging: resized, ..SITE }, &keys()).is_some(), "sizes may change");
    }

    #[test]
    fn the_longest_is_written_and_read_and_a_longer_one_is_neither() {
        let longest =
            (0..4096).rev().find_map(|bytes| written(&some_cursor(&"x".repeat(bytes)), SITE)).unwrap();
        assert!((4090..=MOST_CHARS).contains(&longest.len()), "{}", longest.len());
        assert!(Cursor::read(&longest, SITE, &keys()).is_some());
        assert_eq!(written(&some_cursor(&"x".repeat(4096)), SITE), None);
    }

    #[test]
    fn a_short_row_makes_a_short_cursor() {
        let text = written(&some_cursor("CDG"), SITE).unwrap();
        assert!(text.len() <= 40, "{text}");
    }
}
