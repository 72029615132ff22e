//! A page of 20 out of 200, asked for and answered: by hand, and by `Pagination` and `Page`. And the same by cursor, to see what
//! reading one costs.
#![allow(clippy::unused_async, reason = "a handler is an async fn, whatever it does")]

use std::{
    fmt::Write,
    future::Future,
    pin::pin,
    sync::{LazyLock, OnceLock},
    task::{Context, Poll, Waker},
};

use axum::{
    Json, Router,
    body::Body,
    extract::{OriginalUri, Query, Request},
    http::{Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};
use tollgate::pages::Total;
use tollgate::{Page, Paginate, Pagination};
use tower::ServiceExt;

use super::tollgate::install;

/// One row of the list.
#[derive(Clone, Debug, Serialize, Paginate)]
#[paginate(key = id, sort(elevation), filter(country))]
struct Listed {
    id: u32,
    name: &'static str,
    country: &'static str,
    elevation: i32,
}

/// The same, asked for by cursor.
#[derive(Clone, Debug, Serialize, Paginate)]
#[paginate(key = id, sort(elevation), style = cursor)]
struct Continued {
    id: u32,
    elevation: i32,
}

static ROWS: LazyLock<Vec<Listed>> = LazyLock::new(|| (1..=200).map(row).collect());

fn row(id: u32) -> Listed {
    Listed { id, name: "Zürich", country: "CH", elevation: 1416 }
}

/// What a database would give.
fn fetched(start: usize, most: usize) -> Vec<Listed> {
    ROWS.iter().skip(start).take(most).cloned().collect()
}

/// What somebody writes who needs one list in pages: no sort, no filter, no check of what does not belong there.
#[derive(Deserialize)]
struct ByHand {
    #[serde(default = "first")]
    page: usize,
    #[serde(default = "twenty")]
    per_page: usize,
}

const fn first() -> usize {
    1
}

const fn twenty() -> usize {
    20
}

#[derive(Serialize)]
struct HandPage {
    data: Vec<Listed>,
    meta: HandMeta,
    links: HandLinks,
}

#[derive(Serialize)]
struct HandMeta {
    page: usize,
    per_page: usize,
    pages: usize,
    total: usize,
}

#[derive(Serialize)]
struct HandLinks {
    first: String,
    last: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prev: Option<String>,
    #[serde(rename = "self")]
    itself: String,
}

async fn by_hand(Query(asked): Query<ByHand>, OriginalUri(uri): OriginalUri) -> Response {
    let ByHand { page, per_page } = asked;
    let (page, per_page) = (page.max(1), per_page.clamp(1, 100));
    let (total, pages) = (ROWS.len(), ROWS.len().div_ceil(per_page));
    let start = ((page - 1) * per_page).min(total);
    let link = |page: usize| format!("{}?page={page}&per_page={per_page}", uri.path());
    let links = HandLinks {
        first: link(1),
        last: link(pages),
        next: (page < pages).then(|| link(page + 1)),
        prev: (page > 1).then(|| link(page - 1)),
        itself: link(page),
    };
    let mut field = format!("<{}>; rel=\"first\", <{}>; rel=\"last\"", links.first, links.last);
    for (link, relation) in [(&links.next, "next"), (&links.prev, "prev")] {
        if let Some(link) = link {
            let _ = write!(field, ", <{link}>; rel=\"{relation}\"");
        }
    }
    let _ = write!(field, ", <{}>; rel=\"self\"", links.itself);
    let data = fetched(start, per_page);
    let meta = HandMeta { page, per_page, pages, total };
    ([(header::LINK, field)], Json(HandPage { data, meta, links })).into_response()
}

async fn paged(pagination: Pagination<Listed>) -> Page<Listed> {
    let start = usize::try_from(pagination.offset().unwrap_or(0)).unwrap_or(usize::MAX);
    pagination.page(fetched(start, 21), Total::Exact(ROWS.len() as u64))
}

async fn continued(pagination: Pagination<Continued>) -> String {
    pagination.limit().to_string()
}

pub(super) fn hand_router() -> Router {
    Router::new().route("/airports", get(by_hand))
}

pub(super) fn router() -> Router {
    install();
    Router::new().route("/airports", get(paged))
}

pub(super) fn request() -> Request<Body> {
    of(Uri::from_static("/airports?page=3&per_page=20"))
}

/// One that reads a cursor, or none: nothing is answered but the size of the page.
pub(super) fn continued_router() -> Router {
    install();
    CURSOR.get_or_init(|| first_cursor().unwrap_or_default());
    Router::new().route("/continued", get(continued))
}

pub(super) fn first_request() -> Request<Body> {
    of(Uri::from_static("/continued?limit=20"))
}

pub(super) fn continued_request() -> Request<Body> {
    let cursor = CURSOR.get().map_or("", String::as_str);
    of(format!("/continued?limit=20&cursor={cursor}").parse().unwrap_or_default())
}

/// A cursor that this process has signed.
static CURSOR: OnceLock<String> = OnceLock::new();

fn first_cursor() -> Option<String> {
    async fn signed(pagination: Pagination<Continued>) -> Page<Continued> {
        let rows: Vec<_> = (1..=21).map(|id| Continued { id, elevation: 1416 }).collect();
        pagination.slice(&rows)
    }
    let router = Router::new().route("/continued", get(signed));
    let answer = pin!(router.oneshot(of(Uri::from_static("/continued?limit=20&sort=-elevation"))));
    let Poll::Ready(Ok(answer)) = answer.poll(&mut Context::from_waker(Waker::noop())) else { return None };
    let links = answer.headers().get(header::LINK)?.to_str().ok()?;
    let next = links.split(',').find(|link| link.contains("rel=\"next\""))?;
    Some(next.split_once("cursor=")?.1.split('>').next()?.to_owned())
}

fn of(uri: Uri) -> Request<Body> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = uri;
    request
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    /// The answer of a router, head and body.
    fn answered(router: Router) -> (Option<String>, String) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let answer = runtime.block_on(router.oneshot(request())).unwrap();
        let link = answer.headers().get(header::LINK).map(|link| link.to_str().unwrap().to_owned());
        let body = runtime.block_on(answer.into_body().collect()).unwrap().to_bytes();
        (link, String::from_utf8(body.into()).unwrap())
    }

    #[test]
    fn both_answer_the_same() {
        assert_eq!(answered(router()), answered(hand_router()));
    }
}
