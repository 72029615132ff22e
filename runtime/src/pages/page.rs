//! A page, and the answer that carries it.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CONTENT_TYPE, LINK};
use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

use super::links::PageLinks;
use crate::http::Problem;

/// How many rows there are on all pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// That many.
    Exact(u64),
    /// About that many: the answer marks it as an estimate, and links no last page.
    Estimate(u64),
    /// Nobody counted: the answer says `null`, and links no last page.
    Unknown,
}

impl Total {
    /// How many there are, or about how many.
    #[must_use]
    pub const fn number(self) -> Option<u64> {
        match self {
            Self::Exact(total) | Self::Estimate(total) => Some(total),
            Self::Unknown => None,
        }
    }
}

/// Which page it is: the member `meta`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageMeta {
    /// By number: `{"page": 2, "per_page": 20, "pages": 5, "total": 98}`. Without a total there is no `pages`.
    Page {
        /// Its number, from 1 on.
        page: u64,
        /// The rows that it has at most.
        per_page: u32,
        /// The rows on all pages.
        total: Total,
    },
    /// By offset: `{"offset": 40, "limit": 20, "total": 98}`
    Offset {
        /// The rows before it.
        offset: u64,
        /// The rows that it has at most.
        limit: u32,
        /// The rows on all pages.
        total: Total,
    },
    /// By cursor: `{"limit": 20}`
    Cursor {
        /// The rows that it has at most.
        limit: u32,
    },
}

impl PageMeta {
    /// The rows on all pages.
    #[must_use]
    pub const fn total(&self) -> Total {
        match self {
            Self::Page { total, .. } | Self::Offset { total, .. } => *total,
            Self::Cursor { .. } => Total::Unknown,
        }
    }

    /// How many pages there are, where they have numbers and rows were counted.
    #[must_use]
    pub fn pages(&self) -> Option<u64> {
        match self {
            Self::Page { per_page, total, .. } => Some(total.number()?.div_ceil(u64::from(*per_page))),
            Self::Offset { .. } | Self::Cursor { .. } => None,
        }
    }
}

impl Serialize for PageMeta {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Page { page, per_page, total } => {
                map.serialize_entry("page", page)?;
                map.serialize_entry("per_page", per_page)?;
                if let Some(pages) = self.pages() {
                    map.serialize_entry("pages", &pages)?;
                }
                write_total(&mut map, *total)?;
            }
            Self::Offset { offset, limit, total } => {
                map.serialize_entry("offset", offset)?;
                map.serialize_entry("limit", limit)?;
                write_total(&mut map, *total)?;
            }
            Self::Cursor { limit } => map.serialize_entry("limit", limit)?,
        }
        map.end()
    }
}

fn write_total<M: SerializeMap>(map: &mut M, total: Total) -> Result<(), M::Error> {
    map.serialize_entry("total", &total.number())?;
    match total {
        Total::Estimate(_) => map.serialize_entry("total_is_estimate", &true),
        Total::Exact(_) | Total::Unknown => Ok(()),
    }
}

/// A page of items, made by a [`Pagination`](super::Pagination): `{"data": [..], "meta": {..}, "links": {..}}`, and the same links in the
/// header field `Link`, unless they are longer than 8 KiB together.
///
/// An item that cannot be serialised is answered with 500, as is a cursor that would be longer than 4096 characters; both are logged.
#[derive(Clone, Debug)]
#[must_use = "a page is an answer: return it"]
pub struct Page<T> {
    pub(super) data: Vec<T>,
    pub(super) meta: PageMeta,
    pub(super) links: PageLinks,
    /// A cursor could not be written: a page without it would look like the last one.
    pub(super) is_broken: bool,
}

impl<T> Page<T> {
    /// Its rows.
    #[must_use]
    pub fn data(&self) -> &[T] {
        &self.data
    }

    /// Its rows, and nothing else of it.
    #[must_use]
    pub fn into_data(self) -> Vec<T> {
        self.data
    }

    /// Which page it is.
    #[must_use]
    pub const fn meta(&self) -> &PageMeta {
        &self.meta
    }

    /// Where the other pages are.
    #[must_use]
    pub const fn links(&self) -> &PageLinks {
        &self.links
    }

    /// The page with something else in the place of each row: what clients are to see of it.
    pub fn map<U>(self, row: impl FnMut(T) -> U) -> Page<U> {
        let Self { data, meta, links, is_broken } = self;
        Page { data: data.into_iter().map(row).collect(), meta, links, is_broken }
    }
}

impl<T: Serialize> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut page = serializer.serialize_struct("Page", 3)?;
        page.serialize_field("data", &self.data)?;
        page.serialize_field("meta", &self.meta)?;
        page.serialize_field("links", &self.links)?;
        page.end()
    }
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        if self.is_broken {
            return broken(
                "a cursor would be longer than 4096 characters, or there is no key to sign it with",
            );
        }
        let mut body = Vec::with_capacity(1024);
        if let Err(error) = serde_json::to_writer(&mut body, &self) {
            return broken(&error.to_string());
        }
        let mut response = Response::new(Body::from(body));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(links) = self.links.field() {
            headers.insert(LINK, links);
        }
        response
    }
}

/// The server's fault, of which the client hears nothing more.
#[cold]
fn broken(reason: &str) -> Response {
    tracing::error!(reason, "a page could not be answered");
    Problem::of_our_own().into_response()
}
