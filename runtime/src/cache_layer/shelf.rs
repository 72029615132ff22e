//! Looking, having it made once for all who ask meanwhile, making it anew in the background.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Request, StatusCode};
use http_body::Body as HttpBody;
use tower_service::Service;

use super::codec::KeptCodec;
use super::errand::{Answered, Aside, Brief, Errand, ask};
use super::kept::Kept;
use super::layer::Settings;
use super::target::Target;
use crate::app::Held;
use crate::cache::rfc::cache_status::{CacheStatus, Forward};
use crate::cache::rfc::conditional::{become_304, is_unmodified};
use crate::cache::rfc::request::Use;
use crate::cache::{Entry, Fetched, How, Mark, OnCacheError, Question, TypeNames};
use crate::core::Outcome;
use crate::http::dates::unix;
use crate::http::{Problem, kinds};

/// The entries of one layer in the cache of one `Tollgate`, and the service behind.
pub(super) struct Shelf<S> {
    pub(super) inner: S,
    pub(super) held: Held,
    pub(super) settings: Arc<Settings>,
}

/// What came of looking.
pub(super) enum Found {
    /// It is sent. With an entry: that one is made anew in the background.
    Answer(Response, Option<Renewal>),
    /// It is made, under that key.
    Absent(Absent),
    /// It is made for this request alone.
    Alone(Forward),
}

/// What is to be made anew.
pub(super) struct Renewal {
    key: Vec<u8>,
    entry: Arc<Entry>,
}

/// What is not there, or of no use.
pub(super) struct Absent {
    key: Vec<u8>,
    present: Option<Arc<Entry>>,
    forward: Forward,
    /// Whether what is there may be sent where making it anew fails.
    is_last_resort: bool,
}

impl<S> Shelf<S> {
    /// What is kept, if this request may be given it. Waits for nobody.
    pub(super) fn look(&self, target: &Target) -> Found {
        let now = self.held.clock().now();
        let cache = self.held.caches().answers();
        let Some((mut entry, _)) = cache.get(&target.key, now) else {
            return self.absent(target, target.key.clone(), None, Forward::UriMiss);
        };
        let mut key = None;
        if let Some(first) = Kept::of(&entry).filter(|kept| !kept.is_for(target)) {
            let beside = first.key_beside(target);
            match cache.get(&beside, now) {
                Some((other, _)) if Kept::of(&other).is_some_and(|kept| kept.is_for(target)) => entry = other,
                _ => return self.absent(target, beside, None, Forward::VaryMiss),
            }
            key = Some(beside);
        }
        let key = || key.clone().unwrap_or_else(|| target.key.clone());
        let Some(kept) = Kept::of(&entry) else {
            return self.absent(target, key(), None, Forward::Miss);
        };
        if !kept.is_open_to(target) {
            return Found::Alone(Forward::Bypass);
        }
        let usable = kept.use_for(&entry, target, now);
        if !usable.is_sent() {
            let is_fresh = kept.life(&entry).age(now) < kept.life(&entry).terms.fresh;
            let forward = if is_fresh { Forward::Request } else { Forward::Stale };
            let is_last_resort = usable == Use::LastResort;
            return match self.absent(target, key(), Some(Arc::clone(&entry)), forward) {
                Found::Absent(absent) => Found::Absent(Absent { is_last_resort, ..absent }),
                found => found,
            };
        }
        let is_stale = matches!(usable, Use::Stale | Use::WhileRevalidating);
        self.tell(if is_stale { Outcome::Stale } else { Outcome::Hit });
        let response = kept.hit(&entry, target, now, self.held.clock(), &self.settings.member);
        // What answers `HEAD` is no answer to keep.
        let renews = !target.is_head && matches!(usable, Use::Early | Use::WhileRevalidating);
        let renewal = renews.then(|| Renewal { key: key(), entry: Arc::clone(&entry) });
        Found::Answer(response, renewal)
    }

    fn absent(&self, target: &Target, key: Vec<u8>, present: Option<Arc<Entry>>, forward: Forward) -> Found {
        if target.wishes.only_if_cached {
            self.tell(Outcome::Miss);
            Found::Answer(
                self.refusal("nothing is kept for this request, and it asks for nothing else"),
                None,
            )
        } else if target.wishes.no_store {
            Found::Alone(Forward::Request)
        } else if target.is_head {
            Found::Alone(forward)
        } else {
            Found::Absent(Absent { key, present, forward, is_last_resort: false })
        }
    }

    fn refusal(&self, detail: &'static str) -> Response {
        let mut refusal = Problem::of_kind(&kinds::NOT_CACHED).detail(detail).into_response();
        self.held.restyle(&mut refusal);
        refusal
    }

    pub(super) fn tell(&self, outcome: Outcome) {
        self.settings.tally.add(outcome);
    }

    /// Whether other processes know what it keeps.
    fn is_shared(&self) -> bool {
        self.settings.is_named && self.held.caches().answers().is_shared()
    }

    /// Tells that the shared store gave no answer, if it gave none.
    fn tell_of_the_store(&self) {
        if self.held.caches().answers().store_errors() > 0 {
            self.tell(Outcome::StoreFailed);
        }
    }

    fn question(&self, target: &Target, key: &[u8], present: Option<Arc<Entry>>) -> Question {
        Question {
            key: key.into(),
            // It begins with the name of the layer; one without a name has a number there, and no codec.
            local: 0,
            site: "tollgate::CacheLayer",
            types: TypeNames::new(),
            marks: [Mark::site(&self.settings.name), Mark::key(&target.text())].into_iter().collect(),
            codec: self.settings.is_named.then_some(&KeptCodec),
            on_store_error: OnCacheError::Memory,
            lease: 0,
            // What can be asked about is kept for longer than it may be sent.
            is_strict: self.settings.revalidates,
            present,
        }
    }
}

impl<S, R> Shelf<S>
where
    S: Service<Request<Body>, Response = http::Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send + 'static,
    R: HttpBody<Data = Bytes> + Send + 'static,
    R::Error: Into<axum::BoxError>,
{
    /// Has an entry made anew, unless somebody does already.
    pub(super) fn renew(&self, target: &Target, renewal: Renewal) {
        let Renewal { key, entry } = renewal;
        let question = self.question(target, &key, Some(Arc::clone(&entry)));
        let errand = self.errand(target, &key, Some(entry), Aside::default());
        if self.held.caches().answers().refresh(question, || errand) {
            self.tell(Outcome::Refreshed);
        }
    }

    /// The answer to a request for which there is nothing of use.
    pub(super) async fn make(mut self, target: Box<Target>, absent: Absent) -> Answered<S::Error> {
        let why = absent.forward;
        if let Some(answered) = self.made(&target, absent, self.is_shared()).await {
            return answered;
        }
        // What somebody else had made meanwhile is for other requests, and says for which.
        match self.look(&target) {
            Found::Answer(response, _) => return Ok(response),
            Found::Absent(absent) => {
                if let Some(answered) = self.made(&target, absent, false).await {
                    return answered;
                }
            }
            Found::Alone(_) => {}
        }
        self.alone(&target, why).await
    }

    /// The answer to a request that nobody else is given.
    pub(super) async fn alone(&mut self, target: &Target, why: Forward) -> Answered<S::Error> {
        let is_bypassed = matches!(why, Forward::Bypass | Forward::Request);
        self.tell(if is_bypassed { Outcome::Bypassed } else { Outcome::Miss });
        let mut response = ask(&mut self.inner, target.as_asked()).await?;
        CacheStatus::forwarded(why).append_to(response.headers_mut(), &self.settings.member);
        Ok(response)
    }

    /// `None` where what came is for other requests. `asks_all`: the shared store may have something newer than what is stale here.
    async fn made(&self, target: &Target, absent: Absent, asks_all: bool) -> Option<Answered<S::Error>> {
        let Absent { key, present, forward, is_last_resort } = absent;
        let aside = Aside::default();
        let question = self.question(target, &key, present.clone());
        let errand = self.errand(target, &key, present.clone(), aside.clone());
        let cache = self.held.caches().answers();
        // What is kept to ask about is not for those who are not allowed it, also where whoever answers panics.
        let is_looked_for = present.is_none() || is_last_resort || asks_all && forward == Forward::Stale;
        let fetched = if is_looked_for {
            cache.fetch(question, || errand).await
        } else {
            cache.renew(question, || errand).await
        };
        self.tell_of_the_store();
        match fetched {
            Fetched::Entry(entry, how) => {
                let kept = Kept::of(&entry).filter(|kept| kept.is_for(target) && kept.is_open_to(target))?;
                if !is_wanted(kept.use_for(&entry, target, self.held.clock().now()), how) {
                    return None;
                }
                Some(Ok(self.sent(kept, &entry, target, forward, how, &aside)))
            }
            Fetched::Passed(..) => None,
            Fetched::Own(Ok(answer)) => Some(Ok(self.passed(answer, target, forward))),
            Fetched::Own(Err(error)) => Some(self.failed(error, present.as_deref())),
        }
    }

    fn errand(
        &self,
        target: &Target,
        key: &[u8],
        present: Option<Arc<Entry>>,
        aside: Aside,
    ) -> impl Future<Output = crate::cache::Made<Answered<S::Error>>> + Send + use<S, R> {
        let brief = Brief {
            target: Box::new(target.clone()),
            tollgate: (*self.held).clone(),
            settings: Arc::clone(&self.settings),
            key: key.into(),
            present,
            aside,
        };
        (*self.held).scoped(Errand { inner: self.inner.clone(), brief }.run())
    }

    /// What is sent of an entry that has just come about.
    fn sent(
        &self,
        kept: &Kept,
        entry: &Entry,
        target: &Target,
        why: Forward,
        how: How,
        aside: &Aside,
    ) -> Response {
        let (now, clock, name) = (self.held.clock().now(), self.held.clock(), &self.settings.member);
        let collapsed = match how {
            How::Hit | How::Stale | How::StaleOnError => {
                self.tell(if how == How::Hit { Outcome::Hit } else { Outcome::Stale });
                return kept.hit(entry, target, now, clock, name);
            }
            How::Made => false,
            How::Collapsed => true,
        };
        self.tell(if collapsed { Outcome::Collapsed } else { Outcome::Miss });
        let said = aside.said().filter(|_| !collapsed);
        let mut response = kept.response(target, said.map(|said| said.headers.clone()), clock);
        kept.tell_age_if_any(entry, now, response.headers_mut());
        let status = said.and_then(|said| said.status);
        CacheStatus::Forwarded { why, status, stored: !collapsed, collapsed }
            .append_to(response.headers_mut(), name);
        response
    }

    /// An answer that is not kept, which the service gave without knowing what the client has.
    fn passed(&self, answer: Response, target: &Target, why: Forward) -> Response {
        self.tell(Outcome::Miss);
        let mut answer = answer;
        let now = unix(self.held.clock().wall());
        if answer.status() == StatusCode::OK
            && !target.conditions.is_empty()
            && is_unmodified(&target.conditions, answer.headers(), now)
        {
            let length = answer.body().size_hint().exact();
            *answer.body_mut() = Body::empty();
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
            become_304(answer.headers_mut());
            if let Some(length) = length {
                answer.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
            }
        }
        CacheStatus::forwarded(why).append_to(answer.headers_mut(), &self.settings.member);
        answer
    }

    /// What may not be used without asking is not used where nobody answers (RFC 9111, section 5.2.2.2).
    fn failed(&self, error: S::Error, present: Option<&Entry>) -> Answered<S::Error> {
        self.tell(Outcome::Miss);
        if present.and_then(Kept::of).is_some_and(Kept::is_strict) {
            return Ok(self.refusal("what is kept has to be asked about, and nobody answers"));
        }
        Err(error)
    }
}

/// Whether a request wants what came about so: what another process left, or came meanwhile, is not what was looked at before.
const fn is_wanted(usable: Use, how: How) -> bool {
    match how {
        How::Hit | How::Stale => usable.is_sent(),
        How::StaleOnError => usable.is_sent() || matches!(usable, Use::LastResort),
        How::Made | How::Collapsed => true,
    }
}
