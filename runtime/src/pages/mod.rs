//! Lists in pages: what an item says of itself by `#[derive(Paginate)]`, what is asked for, what is answered.
//!
//! # Asking
//! | style | parameters |
//! | --- | --- |
//! | `page` (the default) | `?page=2&per_page=20` |
//! | `offset` | `?offset=40&limit=20` |
//! | `cursor` | `?cursor=..&limit=20` |
//!
//! `sort=-elevation,name` sorts, the greatest elevation first; only by fields that the item names, and what is absent comes last in
//! either direction. `country=FR` filters. The key of the item breaks ties, in the direction of the field before it, so that every
//! row has one place. A parameter that is repeated, of another style, or not what it should be is 400, in a
//! problem that names it and tells by a [`code`](crate::FieldError::code) what is wrong with it; a size above the maximum is not clamped. Other parameters are kept in links, and otherwise not looked at.
//!
//! # Answering
//! [`Page`] answers `data`, `meta` and `links`, and the same links in `Link`. They are paths, or begin with the
//! [base URL](crate::TollgateBuilder::base_url). A page behind the last is empty, and links back.
//!
//! # Cursors
//! A cursor holds where a page begins, and what it is sorted and filtered by, so the next page is asked for by it alone. It is
//! signed (HMAC-SHA-256), not encrypted, and valid for a [day](crate::TollgateBuilder::cursor_ttl) at the path that it was made for. Rows
//! that come and go neither move nor repeat the others.
//!
//! # Rows
//! Of a slice, an iterator or a stream a [`Pagination`] makes the page itself. With the feature `sqlx`, SQLite and PostgreSQL filter, sort
//! and cut: `pages::sql`.

mod asked;
mod bytes;
mod cursor;
mod cut;
mod fault;
mod field;
mod keys;
mod links;
mod names;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
mod order;
mod page;
mod page_type;
mod pagination;
mod paging;
mod query;
mod settings;
#[cfg(feature = "sqlx")]
pub mod sql;
mod value;
mod walk;

pub use self::field::{PageField, PageFieldType};
#[doc(hidden)]
pub use self::field::{optional_text_value, parse_text, text_value};
pub use self::links::PageLinks;
pub use self::page::{Page, PageMeta, Total};
#[doc(hidden)]
pub use self::page_type::{PAGE_TYPES, PageType};
pub use self::pagination::Pagination;
pub use self::paging::{FieldSpec, PageStyle, Paginate, Paging};
pub use self::value::{Direction, PageValue};

pub(crate) use self::keys::{CursorKey, CursorKeys, SHORTEST_SECRET};
pub(crate) use self::settings::PageSettings;
