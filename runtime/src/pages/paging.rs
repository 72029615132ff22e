//! What `derive(Paginate)` declares: the fields of an item that pages may be sorted and filtered by, checked while the constant
//! is built.

use super::field::PageFieldType;
use super::names::{fingerprint, is_equal, is_name};
use super::value::PageValue;

/// An item that can be asked for in pages: made by `#[derive(Paginate)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be asked for in pages",
    label = "not an item of pages",
    note = "write `#[derive(tollgate::Paginate)]` and `#[paginate(key = ..)]` on it"
)]
pub trait Paginate: Sized {
    /// By what it may be sorted and filtered, and how large its pages are.
    const PAGING: Paging;

    /// The value of the field at this place of [`PAGING`](Self::PAGING).
    fn field(&self, place: usize) -> PageValue<'_>;

    /// What a filter by the field at this place asks for; `None` where the text is no value of that field.
    fn parse(place: usize, text: &str) -> Option<PageValue<'static>>;
}

/// Reads what a filter by the field at a place asks for.
pub(super) type Parse = fn(usize, &str) -> Option<PageValue<'static>>;

/// How pages are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageStyle {
    /// `?page=2&per_page=20`
    Page,
    /// `?offset=40&limit=20`
    Offset,
    /// `?cursor=..&limit=20`: pages that stay in place while rows come and go before them, and are quick however far behind.
    Cursor,
}

/// One field of an item, as pages see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct FieldSpec {
    name: &'static str,
    column: &'static str,
    schema: PageFieldType,
    cast: Option<&'static str>,
    is_key: bool,
    is_sortable: bool,
    is_filterable: bool,
    is_nullable: bool,
}

impl FieldSpec {
    /// A field under the name that clients use, kept in a column of a database: a text that is never absent, unless said
    /// otherwise.
    ///
    /// # Panics
    /// At compile time, where the name is no word of letters, digits, `_`, `.` and `-` that begins with a letter or `_`: it is
    /// to stand in URIs and in lists as it is.
    #[must_use]
    pub const fn new(name: &'static str, column: &'static str) -> Self {
        assert!(is_name(name), "a field of a page is named by letters, digits, `_`, `.` and `-`: rename it");
        Self {
            name,
            column,
            schema: PageFieldType::Text,
            cast: None,
            is_key: false,
            is_sortable: false,
            is_filterable: false,
            is_nullable: false,
        }
    }

    /// No two rows have the same: the tie-breaker of every order. It may be sorted by, too.
    #[must_use]
    pub const fn key(mut self) -> Self {
        self.is_key = true;
        self.is_sortable = true;
        self
    }

    /// Pages may be sorted by it.
    #[must_use]
    pub const fn sortable(mut self) -> Self {
        self.is_sortable = true;
        self
    }

    /// Pages may be filtered by it.
    ///
    /// # Panics
    /// At compile time, where a parameter of pages has its name.
    #[must_use]
    pub const fn filterable(mut self) -> Self {
        let mut place = 0;
        while place < RESERVED.len() {
            assert!(
                !is_equal(self.name, RESERVED[place]),
                "a filter cannot be named `page`, `per_page`, `offset`, `limit`, `cursor` or `sort`: rename the field"
            );
            place += 1;
        }
        self.is_filterable = true;
        self
    }

    /// Whether it may be absent.
    #[must_use]
    pub const fn nullable(mut self, is_nullable: bool) -> Self {
        self.is_nullable = is_nullable;
        self
    }

    /// What its values are, for documents: [`PageField::SCHEMA`](super::PageField::SCHEMA).
    #[must_use]
    pub const fn schema(mut self, schema: PageFieldType) -> Self {
        self.schema = schema;
        self
    }

    /// The type of a database that texts are cast to where they are compared with its column: `uuid`.
    #[must_use]
    pub const fn cast(mut self, kind: &'static str) -> Self {
        self.cast = Some(kind);
        self
    }

    /// What clients call it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What a database calls it.
    #[must_use]
    pub const fn column(&self) -> &'static str {
        self.column
    }

    /// What its values are.
    #[must_use]
    pub const fn field_type(&self) -> PageFieldType {
        self.schema
    }

    /// The type of a database that texts are cast to.
    #[must_use]
    pub const fn cast_to(&self) -> Option<&'static str> {
        self.cast
    }

    /// Whether no two rows have the same.
    #[must_use]
    pub const fn is_key(&self) -> bool {
        self.is_key
    }

    /// Whether pages may be sorted by it.
    #[must_use]
    pub const fn is_sortable(&self) -> bool {
        self.is_sortable
    }

    /// Whether pages may be filtered by it.
    #[must_use]
    pub const fn is_filterable(&self) -> bool {
        self.is_filterable
    }

    /// Whether it may be absent.
    #[must_use]
    pub const fn is_nullable(&self) -> bool {
        self.is_nullable
    }
}

/// The parameters of pages, which no filter may be called.
pub(super) const RESERVED: [&str; 6] = ["page", "per_page", "offset", "limit", "cursor", "sort"];

/// So far that a page behind it has a number, too, also in a database.
const MOST_OFFSET: u64 = (1 << 53) - 1;

/// A place and a direction fit into a byte of a cursor.
const MOST_FIELDS: usize = 64;

/// By what an item may be sorted and filtered, and how large its pages are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    name: &'static str,
    fields: &'static [FieldSpec],
    key: usize,
    fingerprint: u64,
    style: PageStyle,
    default_per_page: u32,
    max_per_page: u32,
    max_offset: u64,
}

impl Paging {
    /// Pages of an item: of 20 rows unless asked for up to 100, by number, no further than 100 000 rows in.
    ///
    /// # Panics
    /// At compile time, where not exactly one field is the key, the key may be absent, two fields have one name, or there
    /// are more than 64.
    #[must_use]
    pub const fn new(name: &'static str, fields: &'static [FieldSpec]) -> Self {
        assert!(fields.len() <= MOST_FIELDS, "pages are sorted and filtered by at most 64 fields");
        let key = key_of(fields);
        assert!(!fields[key].is_nullable, "the key of a page is in every row: it cannot be an `Option`");
        Self {
            name,
            fields,
            key,
            fingerprint: fingerprint(name, fields),
            style: PageStyle::Page,
            default_per_page: 20,
            max_per_page: 100,
            max_offset: 100_000,
        }
    }

    /// Asked for in another way.
    #[must_use]
    pub const fn style(mut self, style: PageStyle) -> Self {
        self.style = style;
        self
    }

    /// Of another size, unless asked for up to a maximum.
    ///
    /// # Panics
    /// At compile time, where the size is zero or more than the maximum.
    #[must_use]
    pub const fn per_page(mut self, default: u32, max: u32) -> Self {
        assert!(default > 0, "a page has at least one row");
        assert!(default <= max, "the size of a page is by default more than its maximum");
        self.default_per_page = default;
        self.max_per_page = max;
        self
    }

    /// How many rows may be skipped at most: each costs the database as much as one that is shown. Cursors skip none.
    ///
    /// More than 2⁵³ − 1 are that many, the greatest number that all readers of JSON have.
    #[must_use]
    pub const fn max_offset(mut self, rows: u64) -> Self {
        self.max_offset = if rows < MOST_OFFSET { rows } else { MOST_OFFSET };
        self
    }

    /// What the item is called.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it may be sorted and filtered by.
    #[must_use]
    pub const fn fields(&self) -> &'static [FieldSpec] {
        self.fields
    }

    /// The place of the key among the fields.
    #[must_use]
    pub const fn key(&self) -> usize {
        self.key
    }

    /// The same, as cursors and orders have it: there are at most 64 fields.
    #[allow(clippy::cast_possible_truncation, reason = "checked when the constant is built")]
    pub(super) const fn key_place(&self) -> u8 {
        self.key as u8
    }

    /// Different where the fields are: a cursor that was made for others says nothing here.
    pub(super) fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// How pages are asked for.
    #[must_use]
    pub const fn page_style(&self) -> PageStyle {
        self.style
    }

    /// The rows of a page, unless asked for more or fewer.
    #[must_use]
    pub const fn default_per_page(&self) -> u32 {
        self.default_per_page
    }

    /// The rows that a page has at most.
    #[must_use]
    pub const fn max_per_page(&self) -> u32 {
        self.max_per_page
    }

    /// The rows that may be skipped at most.
    #[must_use]
    pub const fn largest_offset(&self) -> u64 {
        self.max_offset
    }
}

const fn key_of(fields: &[FieldSpec]) -> usize {
    let (mut place, mut key) = (0, None);
    while place < fields.len() {
        if fields[place].is_key {
            assert!(key.is_none(), "a page has one key: the field that no two rows have the same of");
            key = Some(place);
        }
        let mut earlier = 0;
        while earlier < place {
            assert!(
                !is_equal(fields[earlier].name, fields[place].name),
                "two fields of a page have one name"
            );
            earlier += 1;
        }
        place += 1;
    }
    assert!(key.is_some(), "a page needs a key: a field that no two rows have the same of");
    match key {
        Some(key) => key,
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: FieldSpec = FieldSpec::new("id", "id").key();

    #[test]
    fn what_is_not_said_has_defaults() {
        const PAGING: Paging = Paging::new("Item", &[KEY]);
        assert_eq!(
            (PAGING.default_per_page(), PAGING.max_per_page(), PAGING.largest_offset()),
            (20, 100, 100_000)
        );
        assert_eq!((PAGING.page_style(), PAGING.key(), PAGING.name()), (PageStyle::Page, 0, "Item"));
        assert!(KEY.is_sortable() && !KEY.is_filterable() && !KEY.is_nullable());
    }

    #[test]
    fn no_offset_is_so_large_that_nothing_can_follow_it() {
        const PAGING: Paging = Paging::new("Item", &[KEY]).max_offset(u64::MAX);
        assert_eq!(PAGING.largest_offset(), (1 << 53) - 1);
        assert_eq!(PAGING.max_offset(7).largest_offset(), 7);
    }

    type Build = fn() -> Paging;

    fn message(build: Build) -> String {
        let panic = std::panic::catch_unwind(build).unwrap_err();
        panic.downcast_ref::<&str>().map_or_else(String::new, ToString::to_string)
    }

    #[test]
    fn what_cannot_be_is_refused_while_the_constant_is_built() {
        const OTHER: FieldSpec = FieldSpec::new("name", "name");
        static TWO_KEYS: [FieldSpec; 2] = [KEY, OTHER.key()];
        static TWICE: [FieldSpec; 2] = [KEY, FieldSpec::new("id", "other")];
        static NONE: [FieldSpec; 1] = [OTHER];
        static NULLABLE: [FieldSpec; 1] = [KEY.nullable(true)];
        let cases: [(Build, &str); 9] = [
            (|| Paging::new("Item", &NONE), "needs a key"),
            (|| Paging::new("Item", &[]), "needs a key"),
            (|| Paging::new("Item", &TWO_KEYS), "one key"),
            (|| Paging::new("Item", &TWICE), "one name"),
            (|| Paging::new("Item", &NULLABLE), "cannot be an `Option`"),
            (|| Paging::new("Item", &[KEY]).per_page(0, 5), "at least one row"),
            (|| Paging::new("Item", &[KEY]).per_page(6, 5), "more than its maximum"),
            (
                || {
                    let _ = FieldSpec::new("limit", "limit").filterable();
                    Paging::new("Item", &[KEY])
                },
                "cannot be named",
            ),
            (
                || {
                    let _ = FieldSpec::new("größe", "size");
                    Paging::new("Item", &[KEY])
                },
                "rename it",
            ),
        ];
        for (build, expected) in cases {
            let message = message(build);
            assert!(message.contains(expected), "{message}");
        }
        for name in ["", "-a", "1a", "a,b", "a b"] {
            assert!(!is_name(name), "{name}");
        }
        assert!(is_name("_a.b-c9") && is_equal("a", "a") && !is_equal("a", "ab"));
    }
}
