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
use super::paging::Paging;
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
        for Filter { place, value } in self.filters {
            writer.bytes(&[*place]);
            writer.value(value);
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
        Self::of_payload(payload, site.paging)
    }

    fn of_payload(payload: &[u8], paging: &'static Paging) -> Option<Self> {
        let mut reader = Reader::new(payload);
        let [version, flags] = reader.take()?;
        if version != VERSION || flags & !(BACKWARD | BOUNDED) != 0 {
            return None;
        }
        let made_at = reader.number()?;
        let fields = (0..reader.count()?).map(|_| sort_key(&mut reader, paging));
        let order = Order::new(fields.collect::<Option<Vec<_>>>()?, paging);
        let filters = (0..reader.count()?).map(|_| filter(&mut reader, paging)).collect::<Option<_>>()?;
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

fn filter(reader: &mut Reader<'_>, paging: &Paging) -> Option<Filter> {
    let [place] = reader.take()?;
    paging.fields().get(usize::from(place)).filter(|field| field.is_filterable())?;
    Some(Filter { place, value: reader.value()? })
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
