//! The way of a request past a cache of answers: for the gate of a handler and for a layer.
//!
//! ```text
//! Door::look(asked)                      waits for nobody: an answer, or what has to be done
//!   Found::Answer(response)              send it
//!   Found::Renew(response, entry)        `renew(.., work)`, and send it
//!   Found::Absent(absent)                `make(.., work)`: once for all who ask meanwhile
//!   Found::Elsewhere(absent)             `search(..)`, and do what comes of that
//!   Found::Alone(why)                    do it for this request alone, then `pass(why, response)`
//! ```
//!
//! The work is whatever answers, with the [`Judge`] of this request behind it, which says what may be kept.

use std::sync::Arc;

use axum::response::Response;

use super::asked::Asked;
use super::judge::Judge;
use super::key::LOCAL;
use super::serve::{self, Occasion};
use crate::cache::policy::Cached;
use crate::cache::rfc::cache_status::{CacheStatus, Forward};
use crate::cache::rfc::request::Use;
use crate::cache::{Cache, Codec, Entry, Fetched, How, Made, Mark, Marks, Question, Standing, TypeNames};
use crate::core::{Clock, Moment, Outcome, Sink, Site, Told};

/// Answers of one site, kept by one policy.
pub(crate) struct Door<'a, S> {
    pub(crate) cache: &'a Arc<Cache>,
    pub(crate) clock: &'a Arc<dyn Clock>,
    pub(crate) sink: &'a S,
    pub(crate) policy: &'a Cached,
    pub(crate) site: &'static Site,
    /// The place of the policy among those of the site.
    pub(crate) slot: usize,
    /// What it is called in `Cache-Status`.
    pub(crate) name: &'a str,
    /// How answers are written for a shared store.
    pub(crate) codec: &'static dyn Codec,
}

/// What came of looking.
pub(crate) enum Found {
    /// This is the answer.
    Answer(Response),
    /// The same, and it is time to make the entry anew.
    Renew(Response, Arc<Entry>),
    /// Nothing that this request may be given.
    Absent(Absent),
    /// The same, and it is not this request that has it made: it is given what the shared store has.
    Elsewhere(Absent),
    /// The request is not for the cache.
    Alone(Why),
}

/// What is there, and why it is of no use as it is.
pub(crate) struct Absent {
    present: Option<Arc<Entry>>,
    forward: Forward,
}

/// Why a request is answered for itself alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is not for a cache.
    Bypassed,
    /// It says that nothing of it may be kept.
    NoStore,
    /// What is made for `HEAD` is of no use to `GET`.
    Head,
}

impl<S: Sink> Door<'_, S> {
    /// What is kept, if this request may be given it. Waits for nobody.
    #[inline]
    pub(crate) fn look(&self, asked: &Asked) -> Found {
        if asked.is_bypassed {
            return Found::Alone(Why::Bypassed);
        }
        let now = self.clock.now();
        let Some((entry, standing)) = self.cache.get(&asked.key, now) else {
            return self.absent(asked, None, Forward::UriMiss);
        };
        match self.given(asked, entry, standing, now) {
            Ok(found) => found,
            Err((present, forward)) => self.absent(asked, present, forward),
        }
    }

    /// What a request is given of an entry; what of it is of use, and why it is not sent, otherwise.
    #[inline]
    fn given(
        &self,
        asked: &Asked,
        entry: Arc<Entry>,
        standing: Standing,
        now: Moment,
    ) -> Result<Found, (Option<Arc<Entry>>, Forward)> {
        let (outcome, renews) = match asked.wishes.allow(&entry.life, standing, now) {
            Use::Fresh => (Outcome::Hit, false),
            Use::Early => (Outcome::Hit, true),
            Use::WhileRevalidating => (Outcome::Stale, true),
            Use::Stale => (Outcome::Stale, false),
            Use::LastResort | Use::No => return Err((Some(entry), forward(standing))),
        };
        let Some(response) = self.kept(&entry, asked, now) else {
            return Err((None, Forward::UriMiss));
        };
        self.tell(outcome);
        // What answers `HEAD` is no answer to keep.
        Ok(if renews && !asked.is_head { Found::Renew(response, entry) } else { Found::Answer(response) })
    }

    #[cold]
    fn absent(&self, asked: &Asked, present: Option<Arc<Entry>>, forward: Forward) -> Found {
        let is_content = asked.wishes.only_if_cached || asked.is_head && !asked.wishes.no_store;
        if is_content && self.cache.is_shared() {
            Found::Elsewhere(Absent { present, forward })
        } else {
            self.nowhere(asked, present, forward)
        }
    }

    /// Nobody has it.
    fn nowhere(&self, asked: &Asked, present: Option<Arc<Entry>>, forward: Forward) -> Found {
        if asked.wishes.only_if_cached {
            self.tell(Outcome::Miss);
            Found::Answer(serve::not_kept())
        } else if asked.wishes.no_store {
            Found::Alone(Why::NoStore)
        } else if asked.is_head {
            Found::Alone(Why::Head)
        } else {
            Found::Absent(Absent { present, forward })
        }
    }

    /// Looks in the shared store, for a request that does not have anything made.
    pub(crate) async fn search(&self, asked: &Asked, absent: Absent, tags: Marks) -> Found {
        let Absent { present, forward } = absent;
        let found = self.cache.find(self.question(asked, tags, present)).await;
        self.tell_store_errors();
        let Some(entry) = found else { return self.nowhere(asked, None, forward) };
        let now = self.clock.now();
        let standing = entry.life.standing(now);
        match self.given(asked, entry, standing, now) {
            Ok(found) => found,
            Err((present, forward)) => self.nowhere(asked, present, forward),
        }
    }

    fn tell_store_errors(&self) {
        if self.cache.store_errors() > 0 {
            self.tell(Outcome::StoreFailed);
        }
    }

    /// Says what may be kept of what answers this request.
    pub(crate) fn judge(&self, asked: &Asked) -> Judge {
        Judge::new(*self.policy, asked, Arc::clone(self.clock), self.site)
    }

    /// An answer that was made for one request alone.
    pub(crate) fn pass(&self, why: Why, mut response: Response) -> Response {
        let (outcome, forward) = match why {
            Why::Bypassed => (Outcome::Bypassed, Forward::Bypass),
            Why::NoStore => (Outcome::Bypassed, Forward::Request),
            Why::Head => (Outcome::Miss, Forward::UriMiss),
        };
        self.tell(outcome);
        CacheStatus::forwarded(forward).append_to(response.headers_mut(), self.name);
        response
    }

    /// Has an answer made, once for all who ask meanwhile. The work goes on without this request as long as anybody waits for it.
    pub(crate) async fn make<F>(
        &self,
        asked: Box<Asked>,
        absent: Absent,
        tags: Marks,
        work: impl FnOnce() -> F + Send,
    ) -> Response
    where
        F: Future<Output = Made<Response>> + Send + 'static,
    {
        let Absent { present, forward } = absent;
        let question = self.question(&asked, tags, present);
        let fetched = if asked.wants_new() {
            self.cache.renew(question, work).await
        } else {
            self.cache.fetch(question, work).await
        };
        self.tell_store_errors();
        let now = self.clock.now();
        let (how, response) = match fetched {
            Fetched::Entry(entry, how) => (how, self.fetched(&entry, how, forward, &asked, now)),
            Fetched::Passed(value, how) => (how, serve::passed(&value, self.name, told(how, forward, false))),
            Fetched::Own(mut own) => {
                CacheStatus::forwarded(forward).append_to(own.headers_mut(), self.name);
                (How::Made, Some(own))
            }
        };
        self.tell(outcome(how));
        response.unwrap_or_else(serve::nothing)
    }

    /// Has an entry made anew in the background, unless somebody does already.
    pub(crate) fn renew<F>(&self, asked: &Asked, tags: Marks, entry: Arc<Entry>, work: impl FnOnce() -> F)
    where
        F: Future<Output = Made<Response>> + Send + 'static,
    {
        if self.cache.refresh(self.question(asked, tags, Some(entry)), work) {
            self.tell(Outcome::Refreshed);
        }
    }

    fn question(&self, asked: &Asked, mut marks: Marks, present: Option<Arc<Entry>>) -> Question {
        let site = self.site.name();
        marks.extend([Mark::site(site), Mark::key(asked.text())]);
        Question {
            key: asked.key.as_slice().into(),
            local: LOCAL,
            site,
            // What the function returns is part of what its codec tells.
            types: TypeNames::new(),
            marks,
            codec: Some(self.codec),
            on_store_error: self.policy.on_store_error,
            lease: self.policy.lease,
            present,
            is_strict: false,
        }
    }

    /// What the cache gave, which was kept or has just been made.
    fn fetched(
        &self,
        entry: &Entry,
        how: How,
        forward: Forward,
        asked: &Asked,
        now: Moment,
    ) -> Option<Response> {
        match how {
            How::Hit | How::Stale | How::StaleOnError => self.kept(entry, asked, now),
            How::Made | How::Collapsed => {
                serve::made(entry, self.occasion(asked, now), told(how, forward, true))
            }
        }
    }

    #[inline]
    fn kept(&self, entry: &Entry, asked: &Asked, now: Moment) -> Option<Response> {
        serve::kept(entry, self.occasion(asked, now))
    }

    #[inline]
    fn occasion<'o>(&'o self, asked: &'o Asked, now: Moment) -> Occasion<'o> {
        Occasion { asked, now, clock: &**self.clock, name: self.name }
    }

    #[inline]
    fn tell(&self, outcome: Outcome) {
        self.sink.tell(Told::new(self.site.id(), self.slot, outcome));
    }
}

const fn forward(standing: Standing) -> Forward {
    match standing {
        Standing::Fresh { .. } | Standing::Early { .. } => Forward::Request,
        Standing::Stale { .. } | Standing::LastResort { .. } | Standing::Spent { .. } => Forward::Stale,
    }
}

/// Of those who share one answer, the one who had it made tells that it was kept.
const fn told(how: How, why: Forward, is_kept: bool) -> CacheStatus {
    let collapsed = matches!(how, How::Collapsed);
    CacheStatus::Forwarded { why, status: None, stored: is_kept && !collapsed, collapsed }
}

const fn outcome(how: How) -> Outcome {
    match how {
        How::Hit => Outcome::Hit,
        How::Stale | How::StaleOnError => Outcome::Stale,
        How::Made => Outcome::Miss,
        How::Collapsed => Outcome::Collapsed,
    }
}
