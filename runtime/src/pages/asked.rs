//! What a query asks for: which rows, how many of them, in which order.

use std::borrow::Cow;

use super::cursor::{Cursor, MOST_FILTER_BYTES, Site};
use super::fault::{Fault, invalid_cursor, invalid_pagination};
use super::field::PageFieldType;
use super::order::{Filter, Order, SortKey};
use super::paging::{FieldSpec, PageStyle, Paging};
use super::query::{Parameter, Query};
use super::settings::PageSettings;
use super::value::{Direction, PageValue};
use crate::core::closest;
use crate::http::Problem;

/// Where a page begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Window {
    /// By number, from 1 on.
    Page(u64),
    /// Behind that many rows.
    Offset(u64),
    /// Where a cursor says, or at the first row.
    Cursor { text: Option<String>, is_backward: bool, bound: Option<Vec<PageValue<'static>>> },
}

/// What a query asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) window: Window,
    pub(super) limit: u32,
    pub(super) order: Order,
    pub(super) filters: Vec<Filter>,
}

/// What the meaning of a query depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) site: Site<'a>,
    pub(super) settings: &'a PageSettings,
    /// Seconds since 1970.
    pub(super) now: u64,
}

impl Asked {
    /// What a query asks for, or everything that is wrong with it.
    pub(super) fn of(mut query: Query<'_>, context: &Context<'_>) -> Result<Self, Problem> {
        let paging = context.site.paging;
        let asked = match paging.page_style() {
            PageStyle::Page => by_page(&mut query, context),
            PageStyle::Offset => by_offset(&mut query, context),
            PageStyle::Cursor => by_cursor(&mut query, context)?,
        };
        match asked {
            Some(asked) if query.faults.is_empty() => Ok(asked),
            _ => Err(invalid_pagination(query.faults)),
        }
    }
}

fn by_page(query: &mut Query<'_>, context: &Context<'_>) -> Option<Asked> {
    use Parameter::{Cursor, Limit, Offset, Page, PerPage};
    query.refuse(&[Offset, Limit, Cursor], "use `page` and `per_page`");
    let paging = context.site.paging;
    let limit = size(query, PerPage, paging);
    let page = match query.param(Page).map(digits) {
        None => Some(1),
        Some(Some(page)) if page > 0 => Some(page),
        Some(_) => {
            query.faults.push(Fault::new(Page.name(), "range", "must be a whole number from 1 on"));
            None
        }
    };
    let (order, filters) = (sorted(query, paging), filtered(query, context));
    let (limit, page) = (limit?, page?);
    if (page - 1).saturating_mul(limit.into()) > paging.largest_offset() {
        let most = paging.largest_offset() / u64::from(limit) + 1;
        query.faults.push(too_deep(Page, most, &format!(" where `per_page` is {limit}")));
    }
    Some(Asked { window: Window::Page(page), limit, order: order?, filters: filters? })
}

fn by_offset(query: &mut Query<'_>, context: &Context<'_>) -> Option<Asked> {
    use Parameter::{Cursor, Limit, Offset, Page, PerPage};
    query.refuse(&[Page, PerPage, Cursor], "use `offset` and `limit`");
    let paging = context.site.paging;
    let limit = size(query, Limit, paging);
    let offset = match query.param(Offset).map(digits) {
        None => Some(0),
        Some(Some(offset)) if offset <= paging.largest_offset() => Some(offset),
        Some(Some(_)) => {
            query.faults.push(too_deep(Offset, paging.largest_offset(), ""));
            None
        }
        Some(None) => {
            query.faults.push(Fault::new(Offset.name(), "range", "must be a whole number from 0 on"));
            None
        }
    };
    let (order, filters) = (sorted(query, paging), filtered(query, context));
    Some(Asked { window: Window::Offset(offset?), limit: limit?, order: order?, filters: filters? })
}

fn by_cursor(query: &mut Query<'_>, context: &Context<'_>) -> Result<Option<Asked>, Problem> {
    use Parameter::{Cursor, Limit, Offset, Page, PerPage};
    query.refuse(&[Page, PerPage, Offset], "use `cursor` and `limit`");
    let limit = size(query, Limit, context.site.paging);
    let Some(text) = query.param(Cursor).map(str::to_owned) else {
        let (order, filters) = (sorted(query, context.site.paging), filtered(query, context));
        let window = Window::Cursor { text: None, is_backward: false, bound: None };
        let asked = || Some(Asked { window, limit: limit?, order: order?, filters: filters? });
        return Ok(asked());
    };
    let cursor = valid_cursor(&text, context).ok_or_else(invalid_cursor)?;
    compare(query, &cursor, context);
    let window = Window::Cursor { text: Some(text), is_backward: cursor.is_backward, bound: cursor.bound };
    Ok(limit.map(|limit| Asked { window, limit, order: cursor.order, filters: cursor.filters }))
}

fn valid_cursor(text: &str, context: &Context<'_>) -> Option<Cursor> {
    let cursor = Cursor::read(text, context.site, context.settings.keys())?;
    // A clock that is set back makes cursors younger, which does no harm.
    let age = context.now.saturating_sub(cursor.made_at);
    (age <= context.settings.cursor_ttl().as_secs()).then_some(cursor)
}

/// A cursor holds what its page is sorted and filtered by. It may be said again, but not otherwise.
fn compare(query: &mut Query<'_>, cursor: &Cursor, context: &Context<'_>) {
    const OTHERWISE: &str =
        "is not what the cursor was made for: leave it out, or begin again without the cursor";
    let is_sorted = query.param(Parameter::Sort).is_some();
    if is_sorted && sorted(query, context.site.paging).is_some_and(|order| order != cursor.order) {
        query.faults.push(Fault::new(Parameter::Sort.name(), "invalid", OTHERWISE));
    }
    for filter in filtered(query, context).unwrap_or_default() {
        if !cursor.filters.contains(&filter) {
            query.faults.push(Fault::new(
                field(context.site.paging, filter.place).name(),
                "invalid",
                OTHERWISE,
            ));
        }
    }
}

fn size(query: &mut Query<'_>, parameter: Parameter, paging: &Paging) -> Option<u32> {
    let Some(text) = query.param(parameter) else { return Some(paging.default_per_page()) };
    let size = digits(text).and_then(|size| u32::try_from(size).ok());
    let size = size.filter(|size| (1..=paging.max_per_page()).contains(size));
    if size.is_none() {
        let detail = format!("must be a whole number from 1 to {}", paging.max_per_page());
        query.faults.push(Fault::new(parameter.name(), "range", detail));
    }
    size
}

fn too_deep(parameter: Parameter, most: u64, condition: &str) -> Fault {
    let detail = format!(
        "must be at most {most}{condition}: to get further, narrow the list by a filter, or ask for pages by cursor where they \
         are offered"
    );
    Fault::new(parameter.name(), "range", detail)
}

/// Digits alone: neither a sign nor blanks.
fn digits(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// The order that `sort` asks for.
fn sorted(query: &mut Query<'_>, paging: &'static Paging) -> Option<Order> {
    let Some(text) = query.param(Parameter::Sort) else { return Some(Order::new([], paging)) };
    match sort_keys(text, paging) {
        Ok(keys) => Some(Order::new(keys, paging)),
        Err(error) => {
            query.faults.push(error);
            None
        }
    }
}

fn sort_keys(text: &str, paging: &'static Paging) -> Result<Vec<SortKey>, Fault> {
    let mut keys: Vec<SortKey> = Vec::new();
    for written in text.split(',') {
        let (name, direction) = match written.strip_prefix('-') {
            Some(name) => (name, Direction::Descending),
            None => (written, Direction::Ascending),
        };
        let mut fields = (0_u8..).zip(paging.fields());
        let found = fields.find(|(_, field)| field.is_sortable() && field.name() == name);
        let Some((place, _)) = found else { return Err(unknown_sort(name, paging)) };
        if keys.iter().any(|key| key.place == place) {
            return Err(Fault::new(
                "sort",
                "duplicate",
                format!("names `{name}` more than once: name it once"),
            ));
        }
        keys.push(SortKey { place, direction });
    }
    Ok(keys)
}

fn unknown_sort(name: &str, paging: &'static Paging) -> Fault {
    let sortable = || paging.fields().iter().filter(|field| field.is_sortable()).map(FieldSpec::name);
    let guess = match closest(name, sortable()) {
        Some(guess) => format!(" did you mean `{guess}`?"),
        None => String::new(),
    };
    let names: Vec<_> = sortable().map(|name| format!("`{name}`")).collect();
    let detail = format!(
        "names a field that cannot be sorted by;{guess} give some of {}, with `-` in front for the greatest first, joined by commas",
        names.join(", ")
    );
    Fault::new("sort", "unknown", detail)
}

/// What the filters ask for.
fn filtered(query: &mut Query<'_>, context: &Context<'_>) -> Option<Vec<Filter>> {
    let paging = context.site.paging;
    let (mut filters, mut bytes) = (Vec::with_capacity(query.filters.len()), 0);
    let found = query.faults.len();
    for (place, text) in &query.filters {
        bytes += text.len();
        let field = field(paging, *place);
        if paging.page_style() == PageStyle::Cursor && bytes > MOST_FILTER_BYTES {
            let detail = format!("is too long: filters have at most {MOST_FILTER_BYTES} bytes together");
            query.faults.push(Fault::new(field.name(), "range", detail));
        } else if let Some(value) = (context.site.parse)(usize::from(*place), text) {
            filters.push(Filter { place: *place, text: text.clone().into_owned(), value });
        } else {
            query.faults.push(unfit(field));
        }
    }
    (query.faults.len() == found).then_some(filters)
}

/// What is wrong with a text that is no value of a field.
fn unfit(field: &FieldSpec) -> Fault {
    let (code, detail) = match field.field_type() {
        PageFieldType::Integer { min, max } => {
            ("type", format!("is no whole number from {min} to {max}").into())
        }
        PageFieldType::Number => ("type", Cow::Borrowed("is no number")),
        PageFieldType::Boolean => ("type", Cow::Borrowed("is neither `true` nor `false`")),
        PageFieldType::Text => ("choice", Cow::Borrowed("has no such value")),
    };
    Fault::new(field.name(), code, detail)
}

/// Places come from the fields themselves.
fn field(paging: &'static Paging, place: u8) -> &'static FieldSpec {
    &paging.fields()[usize::from(place)]
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::super::field::PageField;
    use super::super::links::selection;
    use super::super::value::Direction::{Ascending, Descending};
    use super::*;

    const PAGING: Paging = Paging::new(
        "Airport",
        &[
            FieldSpec::new("iata", "iata").key(),
            FieldSpec::new("name", "name").sortable().filterable(),
            FieldSpec::new("elevation", "elevation")
                .sortable()
                .filterable()
                .nullable(true)
                .schema(<i16 as PageField>::SCHEMA),
        ],
    )
    .max_offset(500);
    const BY_PAGE: &Paging = &PAGING;
    const BY_OFFSET: &Paging = &PAGING.style(PageStyle::Offset);
    const BY_CURSOR: &Paging = &PAGING.style(PageStyle::Cursor);

    fn parse(place: usize, text: &str) -> Option<PageValue<'static>> {
        if place == 2 { i16::from_text(text) } else { String::from_text(text) }
    }

    fn asked(text: &str, paging: &'static Paging) -> Result<Asked, Problem> {
        let settings = Arc::new(PageSettings::default());
        let site = Site { path: "/airports", paging, parse };
        Asked::of(Query::of(Some(text), paging), &Context { site, settings: &settings, now: 0 })
    }

    fn detail(text: &str, paging: &'static Paging) -> String {
        let problem = serde_json::to_value(asked(text, paging).unwrap_err()).unwrap();
        problem["detail"].as_str().unwrap().to_owned()
    }

    #[test]
    fn nothing_asks_for_the_first_page_by_key() {
        let window = |paging| asked("", paging).unwrap().window;
        assert_eq!(window(BY_PAGE), Window::Page(1));
        assert_eq!(window(BY_OFFSET), Window::Offset(0));
        assert_eq!(window(BY_CURSOR), Window::Cursor { text: None, is_backward: false, bound: None });
        let Asked { limit, order, filters, .. } = asked("", BY_PAGE).unwrap();
        assert_eq!((limit, filters.len()), (20, 0));
        assert_eq!(order.keys(), [SortKey { place: 0, direction: Ascending }]);
    }

    #[test]
    fn the_key_is_last_in_every_order_and_goes_with_the_field_before_it() {
        let keys = |text: &str| {
            let order = asked(text, BY_PAGE).unwrap().order;
            order.keys().iter().map(|key| (key.place, key.direction)).collect::<Vec<_>>()
        };
        assert_eq!(keys("sort=-elevation"), [(2, Descending), (0, Descending)]);
        assert_eq!(keys("sort=-elevation,name"), [(2, Descending), (1, Ascending), (0, Ascending)]);
        assert_eq!(
            keys("sort=name,-iata,elevation"),
            [(1, Ascending), (0, Descending)],
            "nothing is left to order"
        );
    }

    #[test]
    fn messages_name_the_parameter_and_what_to_write() {
        let cases = [
            ("per_page=101", BY_PAGE, "`per_page` must be a whole number from 1 to 100"),
            ("page=x", BY_PAGE, "`page` must be a whole number from 1 on"),
            ("offset=-1", BY_OFFSET, "`offset` must be a whole number from 0 on"),
            ("limit=0", BY_CURSOR, "`limit` must be a whole number from 1 to 100"),
            (
                "cursor=x",
                BY_OFFSET,
                "`cursor` is not how these pages are asked for: use `offset` and `limit`",
            ),
            ("page=2&page=3", BY_PAGE, "`page` is given more than once: give it once"),
            ("elevation=x", BY_PAGE, "`elevation` is no whole number from -32768 to 32767"),
            (
                "sort=nmae",
                BY_PAGE,
                "`sort` names a field that cannot be sorted by; did you mean `name`? give some of `iata`, `name`, `elevation`, \
                 with `-` in front for the greatest first, joined by commas",
            ),
            (
                "offset=501",
                BY_OFFSET,
                "`offset` must be at most 500: to get further, narrow the list by a filter, or ask for pages by cursor where \
                 they are offered",
            ),
            (
                "per_page=0&page=0",
                BY_PAGE,
                "`per_page` must be a whole number from 1 to 100; `page` must be a whole number from 1 on",
            ),
        ];
        for (text, paging, expected) in cases {
            assert_eq!(detail(text, paging), expected, "{text}");
        }
    }

    #[test]
    fn the_last_row_that_may_be_skipped_is_the_last_one() {
        for (text, is_allowed) in [
            ("page=26", true),
            ("page=27", false),
            ("page=501&per_page=1", true),
            ("page=502&per_page=1", false),
        ] {
            assert_eq!(asked(text, BY_PAGE).is_ok(), is_allowed, "{text}");
        }
        assert!(asked("offset=500", BY_OFFSET).is_ok());
    }

    fn words() -> impl Strategy<Value = String> {
        let name = prop::sample::select(
            &["page", "per_page", "offset", "limit", "cursor", "sort", "name", "elevation", "q", "%70age"][..],
        );
        let value = prop_oneof![
            "[0-9]{0,3}",
            "-?(iata|name|elevation)(,-?(iata|name|elevation))?",
            ".{0,8}",
            "(%[0-9a-f]{2}){0,3}"
        ];
        prop::collection::vec((name, value), 0..5).prop_map(|pairs| {
            pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
        })
    }

    proptest! {
        #[test]
        fn any_query_is_answered_and_what_is_understood_is_understood_again(text in words(), style in 0..3_usize) {
            let paging = [BY_PAGE, BY_OFFSET, BY_CURSOR][style];
            if let Ok(first) = asked(&text, paging) {
                prop_assert!((1..=100).contains(&first.limit));
                let window = match &first.window {
                    Window::Page(page) => format!("page={page}&per_page={}", first.limit),
                    Window::Offset(offset) => format!("offset={offset}&limit={}", first.limit),
                    Window::Cursor { .. } => format!("limit={}", first.limit),
                };
                let again = format!("{}&{window}", selection(&first.order, &first.filters, paging));
                prop_assert_eq!(asked(&again, paging).unwrap(), first, "{}", again);
            }
        }
    }
}
