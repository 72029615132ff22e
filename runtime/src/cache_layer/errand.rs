//! Asking the service behind, and what may be kept of its answer. It goes on without whoever asked, as long as anybody waits.

use std::future::poll_fn;
use std::sync::{Arc, OnceLock};

use axum::body::{Body, Bytes};
use axum::response::Response;
use http::header::{CONTENT_LENGTH, DATE};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use http_body::Body as HttpBody;
use tower_service::Service;

use super::kept::Kept;
use super::layer::Settings;
use super::target::Target;
use crate::app::Tollgate;
use crate::cache::http::{Collected, StoredAnswer, collect};
use crate::cache::rfc::conditional::has_validator;
use crate::cache::rfc::directives::ResponseDirectives;
use crate::cache::rfc::fields;
use crate::cache::rfc::reflections::Hazards;
use crate::cache::rfc::storable::{Asked, Readers, Times, is_storable, terms_of};
use crate::cache::rfc::vary::Vary;
use crate::cache::{Entry, Made, Standing, Terms};
use crate::http::dates::{self, unix};

/// What the service said, for the one who had it asked: fields that are not kept are in it, too.
#[derive(Clone, Default)]
pub(super) struct Aside(Arc<OnceLock<Said>>);

pub(super) struct Said {
    /// The status that came, where it is not the one that is sent.
    pub(super) status: Option<u16>,
    pub(super) headers: HeaderMap,
}

impl Aside {
    pub(super) fn said(&self) -> Option<&Said> {
        self.0.get()
    }

    fn say(&self, status: Option<StatusCode>, headers: HeaderMap) {
        let status = status.map(|status| status.as_u16());
        drop(self.0.set(Said { status, headers }));
    }
}

/// What the service answers, which may fail.
pub(super) type Answered<E> = Result<Response, E>;

/// Asking a service what one request asks.
pub(super) struct Errand<S> {
    pub(super) inner: S,
    pub(super) brief: Brief,
}

/// What whoever asks the service knows.
pub(super) struct Brief {
    pub(super) target: Box<Target>,
    pub(super) tollgate: Tollgate,
    pub(super) settings: Arc<Settings>,
    /// What it is made for.
    pub(super) key: Box<[u8]>,
    /// What is there and of no use as it is.
    pub(super) present: Option<Arc<Entry>>,
    pub(super) aside: Aside,
}

impl<S, R> Errand<S>
where
    S: Service<Request<Body>, Response = http::Response<R>>,
    R: HttpBody<Data = Bytes> + Send + 'static,
    R::Error: Into<axum::BoxError>,
{
    /// Asks, and says what may be kept.
    pub(super) async fn run(self) -> Made<Answered<S::Error>> {
        let Self { mut inner, mut brief } = self;
        brief.present = brief.present.take().or_else(|| brief.found());
        let asked = match brief.known() {
            Some(kept) => match ask(&mut inner, brief.target.unless(&kept.answer.headers)).await {
                Ok(answer) if answer.status() != StatusCode::NOT_MODIFIED => Ok(answer),
                Ok(answer) if fields::is_about(&kept.answer.headers, answer.headers()) => {
                    return brief.still_holds(kept, answer.into_parts().0.headers);
                }
                // What a 304 says of something else is of no use.
                Ok(_) => ask(&mut inner, brief.target.for_all()).await,
                Err(error) => Err(error),
            },
            None => ask(&mut inner, brief.target.for_all()).await,
        };
        match asked {
            Ok(answer) if is_failure(answer.status()) && brief.may_be_stale() => {
                Made::Own { own: Ok(answer), failed: true }
            }
            Ok(answer) => match brief.judge(answer).await {
                Made::Own { own, failed } => Made::Own { own, failed: failed && brief.may_be_stale() },
                made => made,
            },
            Err(error) => Made::Own { own: Err(error), failed: brief.may_be_stale() },
        }
    }
}

impl Brief {
    /// What the shared store had meanwhile, and was of no use as it is.
    fn found(&self) -> Option<Arc<Entry>> {
        let (entry, _) = self.tollgate.caches().answers().get(&self.key, self.tollgate.clock().now())?;
        let is_of_use = |kept: &Kept| kept.is_for(&self.target) && kept.is_open_to(&self.target);
        Kept::of(&entry).is_some_and(is_of_use).then_some(entry)
    }

    /// What the service can be asked about.
    fn known(&self) -> Option<&Kept> {
        let kept = self.present.as_deref().and_then(Kept::of)?;
        (self.settings.revalidates && has_validator(&kept.answer.headers)).then_some(kept)
    }

    /// Whether something stale is better than a failure: what it may be used for is not what it is kept for.
    fn may_be_stale(&self) -> bool {
        let Some(entry) = self.present.as_deref() else { return false };
        Kept::of(entry).is_some_and(|kept| {
            let standing = kept.life(entry).standing(self.tollgate.clock().now());
            matches!(standing, Standing::Stale { .. } | Standing::LastResort { .. })
        })
    }

    /// What may be kept of a whole answer.
    async fn judge<E>(&self, answer: Response) -> Made<Answered<E>> {
        let own = |answer| Made::Own { own: Ok(answer), failed: false };
        let said = ResponseDirectives::of(answer.headers());
        let Some(terms) = self.terms(answer.status(), answer.headers(), &said) else { return own(answer) };
        let is_of_use = terms.total() > 0 || (self.settings.revalidates && has_validator(answer.headers()));
        let Vary::By(varies_by) = Vary::of(answer.headers()) else { return own(answer) };
        if !is_of_use {
            return own(answer);
        }
        let (mut head, body) = answer.into_parts();
        let body = match collect(body, self.settings.max_body).await {
            Collected::Whole(body) => body,
            Collected::Untouched { body, is_broken } => {
                return Made::Own { own: Ok(Response::from_parts(head, body)), failed: is_broken };
            }
        };
        if !is_of_length(&head.headers, body.len()) || self.is_repeated(&varies_by, &head.headers, &body) {
            return own(Response::from_parts(head, Body::from(body)));
        }
        if !head.headers.contains_key(DATE) {
            head.headers.insert(DATE, self.date());
        }
        self.aside.say(None, head.headers.clone());
        let mut headers = head.headers.clone();
        fields::strip(&mut headers, &said);
        headers.remove(CONTENT_LENGTH);
        let stored = StoredAnswer::new(head.status, headers, &body);
        match self.drafted(stored, &said, terms) {
            Some(made) => made,
            None => own(Response::from_parts(head, Body::from(body))),
        }
    }

    /// What becomes of an answer of which the service says that it still holds.
    fn still_holds<E>(&self, kept: &Kept, mut new: HeaderMap) -> Made<Answered<E>> {
        if !new.contains_key(DATE) {
            new.insert(DATE, self.date());
        }
        let mut merged = kept.answer.headers.clone();
        let mut all = merged.clone();
        fields::update(&mut all, &new);
        let is_repeated = self.is_repeated(&[], &new, b"");
        fields::strip(&mut new, &ResponseDirectives::of(&all));
        fields::update(&mut merged, &new);
        let said = ResponseDirectives::of(&merged);
        let terms = self.terms(kept.answer.status, &all, &said).filter(|_| !is_repeated);
        self.aside.say(Some(StatusCode::NOT_MODIFIED), all.clone());
        let stored = kept.answer.with_headers(merged);
        terms.and_then(|terms| self.drafted(stored, &said, terms)).unwrap_or_else(|| {
            let mut answer = Response::new(Body::from(kept.answer.body.clone()));
            *answer.status_mut() = kept.answer.status;
            *answer.headers_mut() = all;
            Made::Own { own: Ok(answer), failed: false }
        })
    }

    fn terms(&self, status: StatusCode, headers: &HeaderMap, said: &ResponseDirectives) -> Option<Terms> {
        let asked = Asked::by_get(self.target.is_personal);
        let times = Times::Response { while_revalidating: 0, on_error: 0 };
        is_storable(asked, status, headers, said, Readers::Everybody)
            .then(|| terms_of(status, headers, said, times, self.tollgate.clock().wall()))
            .flatten()
    }

    fn drafted<E>(
        &self,
        stored: StoredAnswer,
        said: &ResponseDirectives,
        terms: Terms,
    ) -> Option<Made<Answered<E>>> {
        let draft = Kept::new(stored, said, terms, &self.target)?.draft(self.settings.revalidates)?;
        Some(Made::Kept(draft))
    }

    /// Whether it repeats what no key holds: a field by which it varies is part of the key.
    fn is_repeated(&self, varies_by: &[HeaderName], headers: &HeaderMap, body: &[u8]) -> bool {
        let keyed: Vec<_> = varies_by.iter().map(HeaderName::as_str).collect();
        Hazards::of(&self.target.parts.headers, &keyed).are_repeated(headers, body)
    }

    fn date(&self) -> HeaderValue {
        dates::written(unix(self.tollgate.clock().wall()))
    }
}

/// Asks a service as soon as it is ready.
pub(super) async fn ask<S, R>(inner: &mut S, request: Request<Body>) -> Answered<S::Error>
where
    S: Service<Request<Body>, Response = http::Response<R>>,
    R: HttpBody<Data = Bytes> + Send + 'static,
    R::Error: Into<axum::BoxError>,
{
    poll_fn(|context| inner.poll_ready(context)).await?;
    Ok(inner.call(request).await?.map(Body::new))
}

/// RFC 5861, section 4.
fn is_failure(status: StatusCode) -> bool {
    matches!(status.as_u16(), 500 | 502..=504)
}

/// Whether the length that an answer says, if any, is that of its body.
fn is_of_length(headers: &HeaderMap, length: usize) -> bool {
    let is =
        |said: &HeaderValue| said.to_str().ok().and_then(|said| said.trim().parse().ok()) == Some(length);
    headers.get_all(CONTENT_LENGTH).iter().all(is)
}
