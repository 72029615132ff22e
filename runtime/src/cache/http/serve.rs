//! What is sent in the place of an answer: of an entry, at a moment, to one request.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::AGE;
use http::{HeaderMap, HeaderValue, StatusCode};

use super::answer::StoredAnswer;
use super::asked::Asked;
use super::ready::Says;
use crate::cache::rfc::cache_status::CacheStatus;
use crate::cache::rfc::conditional::{become_304, is_unmodified};
use crate::cache::{Entry, Life, Value};
use crate::core::{Clock, Moment};
use crate::http::dates::unix;
use crate::http::{Problem, kinds};

const NANOS: u64 = 1_000_000_000;

/// To whom something is sent, and when.
#[derive(Clone, Copy)]
pub(super) struct Occasion<'a> {
    pub(super) asked: &'a Asked,
    pub(super) now: Moment,
    pub(super) clock: &'a dyn Clock,
    /// What the cache calls itself.
    pub(super) name: &'a str,
}

/// An answer that was kept; `None` where something else was kept under its key, which a store should not do.
#[inline]
pub(super) fn kept(entry: &Entry, occasion: Occasion<'_>) -> Option<Response> {
    let answer = entry.value.downcast_ref::<StoredAnswer>()?;
    let Occasion { asked, now, name, .. } = occasion;
    let says = Says { name, age: entry.life.age(now) / NANOS, ttl: left(&entry.life, now) };
    if !asked.is_head && asked.conditions.is_none() {
        return Some(with_head(answer, answer.ready.head(answer, says)));
    }
    let mut response = answer_to(answer, occasion);
    says.add_to(response.headers_mut());
    Some(response)
}

/// An answer that has just been made, and was kept.
pub(super) fn made(entry: &Entry, occasion: Occasion<'_>, status: CacheStatus) -> Option<Response> {
    let answer = entry.value.downcast_ref::<StoredAnswer>()?;
    let mut response = answer_to(answer, occasion);
    let headers = response.headers_mut();
    let age = entry.life.age(occasion.now) / NANOS;
    if age > 0 {
        headers.insert(AGE, HeaderValue::from(age));
    }
    status.append_to(headers, occasion.name);
    Some(response)
}

/// An answer that is shared by those who waited for it, and not kept.
pub(super) fn passed(value: &Value, name: &str, status: CacheStatus) -> Option<Response> {
    let answer = value.downcast_ref::<StoredAnswer>()?;
    let mut response = whole(answer);
    *response.extensions_mut() = answer.extensions.clone();
    status.append_to(response.headers_mut(), name);
    Some(response)
}

/// What answers `only-if-cached` where nothing is kept (RFC 9111, section 5.2.1.7).
#[cold]
pub(super) fn not_kept() -> Response {
    Problem::of_kind(&kinds::NOT_CACHED)
        .detail("nothing is kept for this request, and it asks for nothing else")
        .into_response()
}

/// In the place of something that is no answer, which nothing puts there.
#[cold]
pub(super) fn nothing() -> Response {
    Problem::of_our_own().into_response()
}

#[inline]
fn answer_to(answer: &StoredAnswer, occasion: Occasion<'_>) -> Response {
    let asked = occasion.asked;
    if let Some(conditions) = &asked.conditions
        && answer.status == StatusCode::OK
    {
        let now = unix(occasion.clock.wall());
        if is_unmodified(conditions, &answer.headers, now) {
            return unmodified(answer);
        }
    }
    if asked.is_head { head_of(answer) } else { whole(answer) }
}

#[inline]
fn whole(answer: &StoredAnswer) -> Response {
    with_head(answer, answer.headers.clone())
}

#[inline]
fn with_head(answer: &StoredAnswer, headers: HeaderMap) -> Response {
    let mut response = Response::new(Body::from(answer.body.clone()));
    *response.status_mut() = answer.status;
    *response.headers_mut() = headers;
    response
}

fn head_of(answer: &StoredAnswer) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers.clone();
    answer.length_onto(response.headers_mut());
    response
}

/// How long the body would have been is said, because a server would take it for none at all.
fn unmodified(answer: &StoredAnswer) -> Response {
    let mut headers: HeaderMap = answer.headers.clone();
    become_304(&mut headers);
    answer.length_onto(&mut headers);
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.headers_mut() = headers;
    response
}

/// For how many seconds it stays fresh, or is stale.
fn left(life: &Life, now: Moment) -> i64 {
    let seconds = |nanos: u64| i64::try_from(nanos / NANOS).unwrap_or(i64::MAX);
    let age = life.age(now);
    match life.terms.fresh.checked_sub(age) {
        // Half a second that is left is not said to be none, and what is stale is stale by one at least.
        Some(left) if left > 0 => seconds(left.saturating_add(NANOS - 1)),
        _ => -seconds((age - life.terms.fresh).saturating_add(NANOS - 1)).max(1),
    }
}
