//! What may be kept of an answer, and what is everybody's who waits for it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::response::Response;
use http::header::{CONTENT_LENGTH, SET_COOKIE};
use http::response::Parts;
use http::{HeaderMap, StatusCode};

use super::answer::StoredAnswer;
use super::asked::{Asked, Signs};
use super::collect::{Collected, collect};
use super::wire;
use crate::cache::policy::{Cached, Freshness};
use crate::cache::rfc::directives::ResponseDirectives;
use crate::cache::rfc::fields;
use crate::cache::rfc::reflections::Hazards;
use crate::cache::rfc::storable::{self, Readers, Times, is_of_one_client, is_storable, terms_of};
use crate::cache::rfc::vary::Vary;
use crate::cache::{Draft, Made, Terms};
use crate::core::{Clock, Site, SiteId};

/// Says what may be kept of the answer to one request.
pub(crate) struct Judge {
    policy: Cached,
    signs: Signs,
    hazards: Hazards,
    clock: Arc<dyn Clock>,
    site: &'static Site,
}

/// What is to become of an answer, as far as its head says.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Kept(Terms),
    /// Not kept, and everybody's who waits.
    Shared,
    Own,
}

impl Judge {
    pub(super) fn new(policy: Cached, asked: &Asked, clock: Arc<dyn Clock>, site: &'static Site) -> Self {
        Self { policy, signs: asked.signs, hazards: asked.hazards.clone(), clock, site }
    }

    /// What becomes of this answer.
    pub(crate) async fn of(self, response: Response) -> Made<Response> {
        let failed = is_failure(response.status());
        let (head, body) = response.into_parts();
        let said = ResponseDirectives::of(&head.headers);
        let fate = self.fate(&head, &said);
        if matches!(fate, Fate::Own) {
            return Made::Own { own: Response::from_parts(head, body), failed };
        }
        let body = match collect(body, self.policy.max_body).await {
            Collected::Whole(body) => body,
            Collected::Untouched { body, is_broken } => {
                return Made::Own { own: Response::from_parts(head, body), failed: failed || is_broken };
            }
        };
        if !is_of_length(&head.headers, body.len()) || self.hazards.are_repeated(&head.headers, &body) {
            return Made::Own { own: Response::from_parts(head, Body::from(body)), failed };
        }
        let Parts { status, mut headers, extensions, .. } = head;
        fields::strip(&mut headers, &said);
        headers.remove(CONTENT_LENGTH);
        match fate {
            Fate::Kept(terms) => {
                wire::complete(&mut headers, &self.policy, status, &body);
                let answer = StoredAnswer::new(status, headers, &body);
                let bytes = answer.weight();
                Made::Kept(Draft { value: Arc::new(answer), terms, bytes })
            }
            Fate::Shared | Fate::Own => {
                let answer = StoredAnswer::new(status, headers, &body).with_extensions(extensions);
                Made::Passed { value: Arc::new(answer), failed }
            }
        }
    }

    fn fate(&self, head: &Parts, said: &ResponseDirectives) -> Fate {
        let headers = &head.headers;
        if is_for_one(head, said) || !self.varies_as_declared(headers) {
            return Fate::Own;
        }
        let is_authorized = self.signs.is_authorized && !self.is_declared_public();
        let asked = storable::Asked::by_get(is_authorized);
        if !is_storable(asked, head.status, headers, said, self.readers()) {
            let is_withheld = said.no_store || said.private.is_everything() || is_authorized;
            return if is_withheld { Fate::Own } else { Fate::Shared };
        }
        match terms_of(head.status, headers, said, self.times(), self.clock.wall()) {
            Some(terms) if terms.total() > 0 => Fate::Kept(terms),
            Some(_) => Fate::Own,
            None if said.no_cache.is_everything() => Fate::Own,
            None => Fate::Shared,
        }
    }

    /// Whether the attribute says that it is for whoever asks. Where times come from the answer, so does that.
    const fn is_declared_public(&self) -> bool {
        self.policy.is_public && matches!(self.policy.freshness, Freshness::Ttl(_))
    }

    /// Whether it depends on nothing that is not in the key, as far as it says.
    fn varies_as_declared(&self, headers: &HeaderMap) -> bool {
        let vary = Vary::of(headers);
        let is_within = vary.is_within(self.policy.vary);
        if !is_within {
            warn_of_vary(self.site, &vary);
        }
        is_within
    }

    /// Of whom nothing is known is anybody of whom nothing is known.
    const fn readers(&self) -> Readers {
        if self.signs.is_known { Readers::OnePrincipal } else { Readers::Everybody }
    }

    const fn times(&self) -> Times {
        let Cached { stale_while_revalidate: while_revalidating, stale_if_error: on_error, .. } = self.policy;
        match self.policy.freshness {
            Freshness::Ttl(fresh) => Times::Own { fresh, while_revalidating, on_error },
            Freshness::FromResponse => Times::Response { while_revalidating, on_error },
        }
    }
}

/// An answer to what this one client has, or may do, or is told.
fn is_for_one(head: &Parts, said: &ResponseDirectives) -> bool {
    let status = matches!(
        head.status,
        StatusCode::PARTIAL_CONTENT
            | StatusCode::NOT_MODIFIED
            | StatusCode::UNAUTHORIZED
            | StatusCode::PROXY_AUTHENTICATION_REQUIRED
            | StatusCode::PRECONDITION_FAILED
            | StatusCode::RANGE_NOT_SATISFIABLE
    );
    let withheld = said.private.fields().iter().chain(said.no_cache.fields());
    status
        || is_of_one_client(head.status)
        || head.status.is_informational()
        || head.headers.contains_key(SET_COOKIE)
        || withheld.into_iter().any(|name| head.headers.contains_key(name))
}

/// RFC 5861, section 4.
const fn is_failure(status: StatusCode) -> bool {
    matches!(status.as_u16(), 500 | 502..=504)
}

/// Whether the length that an answer says, if any, is that of its body.
fn is_of_length(headers: &HeaderMap, length: usize) -> bool {
    headers
        .get_all(CONTENT_LENGTH)
        .iter()
        .all(|said| said.to_str().ok().and_then(|said| said.trim().parse().ok()) == Some(length))
}

/// Once for each function: what it says it depends on is not in its key.
#[cold]
fn warn_of_vary(site: &'static Site, vary: &Vary) {
    static WARNED: Mutex<BTreeSet<SiteId>> = Mutex::new(BTreeSet::new());
    let mut warned = WARNED.lock().unwrap_or_else(PoisonError::into_inner);
    if warned.insert(site.id()) {
        drop(warned);
        tracing::warn!(
            site = site.name(),
            "answers of a function are not kept: their `Vary` names what is not in `cached(vary = [..])`: {vary:?}"
        );
    }
}
