//! What a query asks for: which rows, how many of them, in which order.

use super::cursor::{Cursor, MOST_FILTER_BYTES, Site};
use super::fault::{Fault, invalid_cursor, invalid_pagination};
use super::order::{Filter, Order, SortKey};
use super::paging::{FieldSpec, PageStyle, Paging};
use super::query::{Parameter, Query};
use super::settings::PageSettings;
use super::suggest::closest;
use super::value::{Direction, PageValue};
use crate::http::Problem;

/// Reads what a filter asks for.
pub(super) type Parse = fn(usize, &str) -> Option<PageValue<'static>>;

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
    pub(super) parse: Parse,
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
                "repeated",
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
        } else if let Some(value) = (context.parse)(usize::from(*place), text) {
            filters.push(Filter { place: *place, value });
        } else {
            query.faults.push(Fault::new(field.name(), "type", format!("is no {}", expected(field))));
        }
    }
    (query.faults.len() == found).then_some(filters)
}

fn expected(field: &FieldSpec) -> String {
    use super::field::PageFieldType::{Boolean, Integer, Number, Text};
    match field.field_type() {
        Integer { min, max } => format!("whole number from {min} to {max}"),
        Number => "number".to_owned(),
        Boolean => "`true` or `false`".to_owned(),
        Text => format!("value that `{}` can have", field.name()),
    }
}

/// Places come from the fields themselves.
fn field(paging: &'static Paging, place: u8) -> &'static FieldSpec {
    &paging.fields()[usize::from(place)]
}
