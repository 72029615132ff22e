//! What a request asks of a cache: as much of its head as is needed when its arguments have taken it apart.

use http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_LENGTH, COOKIE, FORWARDED, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    ORIGIN, PRAGMA, RANGE, REFERER, TRANSFER_ENCODING,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method};

use super::key::{self, KeyBytes};
use crate::cache::policy::Cached;
use crate::cache::rfc::directives::RequestDirectives;
use crate::cache::rfc::reflections::Hazards;
use crate::core::{Principal, SiteId};

/// What a request asks of a cache.
pub(crate) struct Asked {
    pub(super) key: KeyBytes,
    /// Where the text of the key begins.
    pub(super) text_at: usize,
    pub(super) is_head: bool,
    /// Whether it is not for a cache.
    pub(super) is_bypassed: bool,
    pub(super) signs: Signs,
    pub(super) wishes: RequestDirectives,
    /// `If-None-Match` and `If-Modified-Since`, where there are any.
    pub(super) conditions: Option<Box<HeaderMap>>,
    /// What the fields say that no key holds and answers like to repeat.
    pub(super) hazards: Hazards,
}

/// Who asks, as far as it matters to what may be kept.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Signs {
    /// `Authorization` is there.
    pub(crate) is_authorized: bool,
    /// Somebody has proven who it is, and the key holds that.
    pub(crate) is_known: bool,
}

/// Whether a cache answers requests of that method.
#[inline]
pub(crate) fn is_cacheable(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Longer keys are not looked for: a client can make up as many as it likes.
const LONGEST_KEY: usize = 8 * 1024;

impl Asked {
    /// Of a request for a site; `None` where its method is none that a cache answers.
    #[inline]
    pub(crate) fn of(
        parts: &Parts,
        site: SiteId,
        policy: &Cached,
        principal: Option<&Principal>,
    ) -> Option<Box<Self>> {
        if !is_cacheable(&parts.method) {
            return None;
        }
        // In its place from the beginning: it is large, and moving it would be the most of what it costs.
        let mut asked = Box::new(Self {
            key: KeyBytes::new(),
            text_at: 0,
            is_head: parts.method == Method::HEAD,
            is_bypassed: false,
            signs: Signs { is_authorized: false, is_known: principal.is_some() && !policy.is_public },
            wishes: RequestDirectives::default(),
            conditions: None,
            hazards: Hazards::default(),
        });
        asked.text_at = key::key_onto(&mut asked.key, site, policy, parts, principal);
        asked.is_bypassed = asked.key.len() > LONGEST_KEY;
        asked.read(&parts.headers, policy);
        Some(asked)
    }

    /// With a text for the key that the function gives, in the place of path and query, and with the parts that it is made of.
    pub(crate) fn with_text<'a>(&mut self, text: &str, parts: impl Iterator<Item = &'a str>) {
        self.key.truncate(self.text_at);
        for part in parts {
            key::text_onto(&mut self.key, part.as_bytes());
        }
        self.text_at = self.key.len();
        self.key.extend_from_slice(text.as_bytes());
        self.is_bypassed |= self.key.len() > LONGEST_KEY;
    }

    /// With these in front of path and query, which stay its text.
    #[inline]
    pub(crate) fn with_parts<'a>(&mut self, parts: impl Iterator<Item = &'a str>) {
        let mut front = KeyBytes::new();
        for part in parts {
            key::text_onto(&mut front, part.as_bytes());
        }
        if !front.is_empty() {
            self.key.insert_from_slice(self.text_at, &front);
            self.text_at += front.len();
            self.is_bypassed |= self.key.len() > LONGEST_KEY;
        }
    }

    /// It is not for the cache.
    pub(crate) fn bypass(&mut self) {
        self.is_bypassed = true;
    }

    /// Whether nothing that others keep will do either.
    pub(super) const fn wants_new(&self) -> bool {
        let RequestDirectives { no_cache, max_age, min_fresh, .. } = self.wishes;
        no_cache || max_age.is_some() || min_fresh.is_some()
    }

    /// The text that entries are thrown away by.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.key[self.text_at..]).unwrap_or_default()
    }

    /// Looks at every field once, which costs less than asking for each that matters.
    fn read(&mut self, headers: &HeaderMap, policy: &Cached) {
        let is_for_everybody = policy.is_public;
        let (mut has_wishes, mut has_hazards) = (false, false);
        for (name, value) in headers {
            match Role::of(name) {
                Role::None => {}
                Role::Hazard => has_hazards = true,
                Role::Condition => {
                    self.conditions.get_or_insert_default().append(name.clone(), value.clone());
                }
                Role::Wish => has_wishes = true,
                Role::Credentials => {
                    self.signs.is_authorized |= *name == AUTHORIZATION;
                    self.is_bypassed |= !is_for_everybody && !self.signs.is_known;
                }
                Role::Bypass => self.is_bypassed = true,
                Role::Length => self.is_bypassed |= value.as_bytes() != b"0",
            }
        }
        if has_wishes {
            self.wishes = RequestDirectives::of(headers);
        }
        if has_hazards {
            self.hazards = Hazards::of(headers, policy.vary);
        }
    }
}

/// What a field of a request means to a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    None,
    Hazard,
    Condition,
    Wish,
    Credentials,
    /// What it asks for is no whole answer to `GET`, or it says that it is another method.
    Bypass,
    Length,
}

impl Role {
    #[inline]
    fn of(name: &HeaderName) -> Self {
        match *name {
            AUTHORIZATION | COOKIE => Self::Credentials,
            RANGE | TRANSFER_ENCODING => Self::Bypass,
            CONTENT_LENGTH => Self::Length,
            CACHE_CONTROL | PRAGMA => Self::Wish,
            IF_NONE_MATCH | IF_MODIFIED_SINCE => Self::Condition,
            FORWARDED | ORIGIN | REFERER => Self::Hazard,
            _ => Self::of_text(name.as_str()),
        }
    }

    /// Names that the standards do not know. Those that [`Hazards`] reads are among them.
    #[inline]
    fn of_text(name: &str) -> Self {
        match name {
            "x-forwarded-host" | "x-forwarded-scheme" | "x-forwarded-proto" | "x-forwarded-prefix"
            | "x-forwarded-server" | "x-host" | "x-original-url" | "x-rewrite-url" => Self::Hazard,
            "x-http-method-override" | "x-http-method" | "x-method-override" => Self::Bypass,
            _ => Self::None,
        }
    }
}
