//! An answer that is kept, the requests that it is for, and what is sent of it.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::header::{AGE, CONTENT_LENGTH};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use smallvec::SmallVec;

use super::target::Target;
use crate::cache::http::StoredAnswer;
use crate::cache::rfc::cache_status::CacheStatus;
use crate::cache::rfc::conditional::{become_304, has_validator, is_unmodified};
use crate::cache::rfc::directives::ResponseDirectives;
use crate::cache::rfc::request::Use;
use crate::cache::rfc::vary::{Vary, add_value};
use crate::cache::{Draft, Entry, Life, Terms};
use crate::core::{Clock, Moment};
use crate::http::dates::unix;

const NANOS: u64 = 1_000_000_000;

/// How much longer than it is of use an answer is kept that the service can be asked about.
const KEPT_TO_ASK: u64 = 24 * 3600 * NANOS;

/// An answer that is kept.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) answer: StoredAnswer,
    /// How long it may be used. Its entry lives longer where the service can be asked about it.
    pub(super) terms: Terms,
    pub(super) varies_by: SmallVec<[HeaderName; 4]>,
    /// What the request had in those fields.
    pub(super) values: Vec<u8>,
    /// Whether it is for those who say who they are, too (RFC 9111, section 3.5).
    pub(super) is_for_all: bool,
}

impl Kept {
    /// Of an answer to that request; `None` where it is not known for which requests it is.
    pub(super) fn new(
        answer: StoredAnswer,
        said: &ResponseDirectives,
        terms: Terms,
        target: &Target,
    ) -> Option<Self> {
        let Vary::By(varies_by) = Vary::of(&answer.headers) else { return None };
        let values = values_of(&varies_by, &target.parts.headers);
        let is_for_all = said.public || said.must_revalidate || said.s_maxage.is_some();
        Some(Self { answer, terms, varies_by, values, is_for_all })
    }

    /// An entry to be, where it is of any use.
    pub(super) fn draft(self, revalidates: bool) -> Option<Draft> {
        let terms = self.terms;
        let asks = revalidates && has_validator(&self.answer.headers);
        let kept = if asks {
            Terms { on_error: terms.on_error.max(KEPT_TO_ASK), is_strict: false, ..terms }
        } else {
            terms
        };
        if kept.total() == 0 {
            return None;
        }
        let bytes = self.weight();
        Some(Draft { value: Arc::new(self), terms: kept, bytes })
    }

    /// What it takes in memory, about.
    pub(super) fn weight(&self) -> u32 {
        let names: usize = self.varies_by.iter().map(|name| name.as_str().len()).sum();
        let own = u32::try_from(self.values.len() + names).unwrap_or(u32::MAX);
        self.answer.weight().saturating_add(own)
    }

    /// What an entry of a layer holds.
    pub(super) fn of(entry: &Entry) -> Option<&Self> {
        entry.value.downcast_ref()
    }

    /// Whether it is for this request.
    pub(super) fn is_for(&self, target: &Target) -> bool {
        self.varies_by.is_empty() || values_of(&self.varies_by, &target.parts.headers) == self.values
    }

    /// Whether it is for one who says who it is, or this one does not.
    pub(super) const fn is_open_to(&self, target: &Target) -> bool {
        self.is_for_all || !target.is_personal
    }

    /// Where answers to requests like this one are kept, beside this one.
    pub(super) fn key_beside(&self, target: &Target) -> Vec<u8> {
        let mut key = target.key.clone();
        for name in &self.varies_by {
            key.push(1);
            key.extend(name.as_str().as_bytes());
        }
        key.push(0);
        key.extend(values_of(&self.varies_by, &target.parts.headers));
        key
    }

    /// How long it may be used, from when its entry was complete, or came from another process: it is the entry that knows how old it was.
    pub(super) const fn life(&self, entry: &Entry) -> Life {
        let terms = Terms { initial_age: entry.life.terms.initial_age, ..self.terms };
        Life { terms, since: entry.life.since, early: entry.life.early }
    }

    /// What that request may have of it now.
    pub(super) fn use_for(&self, entry: &Entry, target: &Target, now: Moment) -> Use {
        let life = self.life(entry);
        target.wishes.allow(&life, life.standing(now), now)
    }

    /// Whether it may never be used without asking.
    pub(super) const fn is_strict(&self) -> bool {
        self.terms.is_strict
    }

    /// The answer to that request. `made`: with the fields that the service sent with it, for the one who had it asked.
    pub(super) fn response(&self, target: &Target, made: Option<HeaderMap>, clock: &dyn Clock) -> Response {
        let mut headers = made.unwrap_or_else(|| self.answer.headers.clone());
        let is_unmodified = self.answer.status == StatusCode::OK
            && !target.conditions.is_empty()
            && is_unmodified(&target.conditions, &self.answer.headers, unix(clock.wall()));
        if is_unmodified {
            become_304(&mut headers);
        }
        let has_body = !target.is_head && !is_unmodified;
        if !has_body && self.answer.status != StatusCode::NO_CONTENT {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(self.answer.body.len()));
        }
        let body = if has_body { Body::from(self.answer.body.clone()) } else { Body::empty() };
        let mut response = Response::new(body);
        *response.status_mut() = if is_unmodified { StatusCode::NOT_MODIFIED } else { self.answer.status };
        *response.headers_mut() = headers;
        response
    }

    /// The same out of the cache, with what is told of that.
    pub(super) fn hit(
        &self,
        entry: &Entry,
        target: &Target,
        now: Moment,
        clock: &dyn Clock,
        name: &str,
    ) -> Response {
        let mut response = self.response(target, None, clock);
        let life = self.life(entry);
        response.headers_mut().insert(AGE, HeaderValue::from(life.age(now) / NANOS));
        CacheStatus::Hit { ttl: left(&life, now) }.append_to(response.headers_mut(), name);
        response
    }

    /// Says how old it is, where it has just come and was not new.
    pub(super) fn tell_age_if_any(&self, entry: &Entry, now: Moment, headers: &mut HeaderMap) {
        let age = self.life(entry).age(now) / NANOS;
        if age > 0 {
            headers.insert(AGE, HeaderValue::from(age));
        }
    }
}

fn values_of(names: &[HeaderName], request: &HeaderMap) -> Vec<u8> {
    let mut values = Vec::new();
    for name in names {
        add_value(request, name.as_str(), &mut values);
    }
    values
}

/// For how many seconds it stays fresh, or is stale.
fn left(life: &Life, now: Moment) -> i64 {
    let seconds = |nanos: u64| i64::try_from(nanos.div_ceil(NANOS)).unwrap_or(i64::MAX);
    let age = life.age(now);
    if age < life.terms.fresh {
        seconds(life.terms.fresh - age)
    } else {
        -seconds(age - life.terms.fresh).max(1)
    }
}
