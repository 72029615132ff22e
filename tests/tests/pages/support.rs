//! A list of airports, served in pages of every style and from every kind of source.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use futures_util::Stream;
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use tollgate::pages::{FieldSpec, PageStyle, Paging, Total};
use tollgate::{Page, PageField, PageValue, Paginate, Pagination, Tollgate, TollgateBuilder};
use tollgate_tests::{Answer, Service};

/// Asked for by `page` and `per_page`.
pub(crate) const PAGE: usize = 0;
/// Asked for by `offset` and `limit`.
pub(crate) const OFFSET: usize = 1;
/// Asked for by `cursor` and `limit`.
pub(crate) const CURSOR: usize = 2;

/// The secret of all services here.
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Airport<const STYLE: usize> {
    pub(crate) iata: String,
    pub(crate) name: String,
    pub(crate) elevation: Option<i32>,
    pub(crate) latitude: f64,
    pub(crate) country: Option<String>,
    pub(crate) is_open: bool,
}

const FIELDS: &[FieldSpec] = &[
    FieldSpec::new("iata", "iata").key(),
    FieldSpec::new("name", "name").sortable().filterable(),
    FieldSpec::new("elevation", "elevation")
        .sortable()
        .filterable()
        .nullable(true)
        .schema(<i32 as PageField>::SCHEMA),
    FieldSpec::new("latitude", "latitude").sortable().filterable().schema(<f64 as PageField>::SCHEMA),
    FieldSpec::new("country", "country").sortable().filterable().nullable(true),
    FieldSpec::new("is_open", "is_open").filterable().schema(<bool as PageField>::SCHEMA),
];

impl<const STYLE: usize> Paginate for Airport<STYLE> {
    const PAGING: Paging = Paging::new("Airport", FIELDS).max_offset(1000).style(match STYLE {
        PAGE => PageStyle::Page,
        OFFSET => PageStyle::Offset,
        _ => PageStyle::Cursor,
    });

    fn field(&self, place: usize) -> PageValue<'_> {
        match place {
            0 => self.iata.to_value(),
            1 => self.name.to_value(),
            2 => self.elevation.to_value(),
            3 => self.latitude.to_value(),
            4 => self.country.to_value(),
            _ => self.is_open.to_value(),
        }
    }

    fn parse(place: usize, text: &str) -> Option<PageValue<'static>> {
        match place {
            0 | 1 | 4 => Some(PageValue::Text(Cow::Owned(text.to_owned()))),
            2 => i32::from_text(text),
            3 => f64::from_text(text),
            _ => bool::from_text(text),
        }
    }
}

/// A row that is called as its number: `A007`.
pub(crate) fn airport<const STYLE: usize>(number: usize) -> Airport<STYLE> {
    Airport {
        iata: format!("A{number:03}"),
        name: format!("Airport {}", number % 7),
        elevation: (!number.is_multiple_of(5)).then(|| i32::try_from(number % 11).unwrap() * 100 - 300),
        latitude: if number.is_multiple_of(9) {
            f64::NAN
        } else {
            f64::from(u8::try_from(number % 4).unwrap()) / 2.0
        },
        country: (!number.is_multiple_of(3)).then(|| ["FR", "DE"][number % 2].to_owned()),
        is_open: number % 2 == 1,
    }
}

/// That many rows, in no order.
pub(crate) fn airports<const STYLE: usize>(count: usize) -> Vec<Airport<STYLE>> {
    let mut rows: Vec<_> = (0..count).map(airport).collect();
    rows.sort_by_key(|row| row.iata.bytes().rev().collect::<Vec<_>>());
    rows
}

/// Rows that a test changes while they are served.
pub(crate) type Rows<const STYLE: usize> = Arc<Mutex<Vec<Airport<STYLE>>>>;

async fn slice<const STYLE: usize>(
    State(rows): State<Rows<STYLE>>,
    pagination: Pagination<Airport<STYLE>>,
) -> Page<Airport<STYLE>> {
    pagination.slice(&rows.lock().unwrap())
}

async fn iter<const STYLE: usize>(
    State(rows): State<Rows<STYLE>>,
    pagination: Pagination<Airport<STYLE>>,
) -> Page<Airport<STYLE>> {
    pagination.iter(rows.lock().unwrap().clone())
}

async fn stream<const STYLE: usize>(
    State(rows): State<Rows<STYLE>>,
    pagination: Pagination<Airport<STYLE>>,
) -> Page<Airport<STYLE>> {
    let rows = rows.lock().unwrap().clone();
    pagination.stream(Hesitant(rows.into(), false)).await
}

async fn try_stream<const STYLE: usize>(
    State(rows): State<Rows<STYLE>>,
    pagination: Pagination<Airport<STYLE>>,
) -> Result<Page<Airport<STYLE>>, StatusCode> {
    let mut rows: VecDeque<_> = rows.lock().unwrap().iter().cloned().map(Ok).collect();
    if pagination.filter("name") == Some(&PageValue::Text(Cow::Borrowed("broken"))) {
        rows.insert(rows.len() / 2, Err(StatusCode::BAD_GATEWAY));
    }
    pagination.try_stream(Hesitant(rows, false)).await
}

async fn uncounted<const STYLE: usize>(
    State(rows): State<Rows<STYLE>>,
    pagination: Pagination<Airport<STYLE>>,
) -> Page<Airport<STYLE>> {
    pagination.without_total().slice(&rows.lock().unwrap())
}

/// As a database does it: by what is asked for alone.
async fn fetched<const STYLE: usize>(
    State(rows): State<Rows<STYLE>>,
    pagination: Pagination<Airport<STYLE>>,
) -> Page<Airport<STYLE>> {
    let (rows, total) = fetch(&pagination, &rows.lock().unwrap());
    pagination.page(rows, Total::Exact(total))
}

/// The same without a precise total.
async fn estimated<const STYLE: usize>(
    State(rows): State<Rows<STYLE>>,
    pagination: Pagination<Airport<STYLE>>,
) -> Page<Airport<STYLE>> {
    let (rows, total) = fetch(&pagination, &rows.lock().unwrap());
    pagination.page(rows, Total::Estimate(total + 5))
}

fn fetch<const STYLE: usize>(
    pagination: &Pagination<Airport<STYLE>>,
    rows: &[Airport<STYLE>],
) -> (Vec<Airport<STYLE>>, u64) {
    let place = |name: &str| FIELDS.iter().position(|field| field.name() == name).unwrap();
    let mut rows = rows.to_vec();
    rows.retain(|row| pagination.filters().all(|(name, value)| row.field(place(name)) == *value));
    let total = u64::try_from(rows.len()).unwrap();
    let sort: Vec<_> = pagination.sort().map(|(name, direction)| (place(name), direction)).collect();
    let by = |row: &Airport<STYLE>, other: &dyn Fn(usize, usize) -> PageValue<'static>| {
        let mut order = sort
            .iter()
            .enumerate()
            .map(|(at, (place, direction))| row.field(*place).compare(&other(at, *place), *direction));
        order.find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    };
    rows.sort_by(|one, other| by(one, &|_, place| other.field(place).into_owned()));
    if pagination.is_backward() {
        rows.reverse();
    }
    if let Some(bound) = pagination.bound() {
        rows.retain(|row| {
            let side = by(row, &|at, _| bound[at].clone());
            if pagination.is_backward() { side.is_lt() } else { side.is_gt() }
        });
    }
    let (offset, limit) = (pagination.offset().unwrap_or(0), pagination.fetch_limit());
    let rows = rows.into_iter().skip(usize::try_from(offset).unwrap()).take(usize::try_from(limit).unwrap());
    (rows.collect(), total)
}

/// A stream that lets others go first at every other item.
struct Hesitant<T>(VecDeque<T>, bool);

impl<T: Unpin> Stream for Hesitant<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.1 = !self.1;
        if self.1 {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(self.0.pop_front())
    }
}

/// Every way to serve rows.
pub(crate) const SOURCES: [&str; 5] = ["/airports", "/iter", "/stream", "/try", "/fetched"];

fn router<const STYLE: usize>(rows: Rows<STYLE>) -> Router {
    Router::new()
        .route("/airports", get(slice::<STYLE>))
        .route("/iter", get(iter::<STYLE>))
        .route("/stream", get(stream::<STYLE>))
        .route("/try", get(try_stream::<STYLE>))
        .route("/fetched", get(fetched::<STYLE>))
        .route("/uncounted", get(uncounted::<STYLE>))
        .route("/estimated", get(estimated::<STYLE>))
        .route("/in/{country}/airports", get(slice::<STYLE>))
        .nest("/nested", Router::new().route("/airports", get(slice::<STYLE>)))
        .fallback(get(slice::<STYLE>))
        .with_state(rows)
}

/// A service of these rows, with settings of a test's own.
pub(crate) fn with<const STYLE: usize>(settings: TollgateBuilder, rows: &Rows<STYLE>) -> Service {
    Service::with(settings, router(Arc::clone(rows)))
}

/// A service of these rows.
pub(crate) fn of<const STYLE: usize>(rows: Vec<Airport<STYLE>>) -> Service {
    with(Tollgate::builder().cursor_keys(SECRET, None), &Arc::new(Mutex::new(rows)))
}

/// A service of that many rows.
pub(crate) fn service<const STYLE: usize>(count: usize) -> Service {
    of::<STYLE>(airports(count))
}

/// A page that is there.
pub(crate) async fn page(service: &Service, path: &str) -> Value {
    let answer = service.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
    assert_eq!(answer.field("content-type"), "application/json");
    let page = answer.json();
    assert_eq!(answer.field("link"), link_field(&page), "{path}");
    page
}

/// The header field that has the links of the body.
fn link_field(page: &Value) -> String {
    let link = |name: &&str| Some(format!("<{}>; rel=\"{name}\"", page["links"][*name].as_str()?));
    ["first", "last", "next", "prev", "self"].iter().filter_map(link).collect::<Vec<_>>().join(", ")
}

/// The codes of the rows.
pub(crate) fn codes(page: &Value) -> Vec<String> {
    page["data"].as_array().unwrap().iter().map(|row| row["iata"].as_str().unwrap().to_owned()).collect()
}

/// A link, if it is there.
pub(crate) fn link<'p>(page: &'p Value, name: &str) -> Option<&'p str> {
    page["links"].get(name).map(|link| link.as_str().unwrap())
}

/// A parameter of a link, as it is written.
pub(crate) fn parameter<'p>(page: &'p Value, name: &str, parameter: &str) -> Option<&'p str> {
    let (_, query) = link(page, name)?.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix(parameter)?.strip_prefix('='))
}

/// The parameters that a problem names, each with its code: `"per_page range"`.
pub(crate) fn faults(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
    assert_eq!(answer.field("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["code"], "invalid_pagination", "{problem}");
    let errors = problem["errors"].as_array().unwrap().iter();
    let name = |error: &Value| error["pointer"].as_str().unwrap().strip_prefix("#/").unwrap().to_owned();
    let errors: Vec<_> = errors.map(|error| (name(error), error)).collect();
    for (name, error) in &errors {
        let detail = format!("`{name}` {}", error["detail"].as_str().unwrap());
        assert!(problem["detail"].as_str().unwrap().contains(&detail), "{problem}");
    }
    errors.iter().map(|(name, error)| format!("{name} {}", error["code"].as_str().unwrap())).collect()
}

/// Holds that a cursor is refused in the one way there is.
pub(crate) fn assert_invalid_cursor(answer: &Answer, what: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}: {answer:?}");
    assert_eq!(answer.field("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["code"], "invalid_cursor", "{what}: {problem}");
    assert_eq!(problem["detail"], "the cursor is not valid here: begin again without it", "{what}");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 1, "{what}: {problem}");
    assert_eq!(problem["errors"][0]["pointer"], "#/cursor", "{what}");
}
