//! What `#[cached]`, `#[invalidates]` and their `call::` forms say, as constants.

use std::time::Duration;

use crate::core::{Outcome, Policy, PolicyEntry};

/// Where the time comes from for which an answer is fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// From the attribute: so many nanoseconds.
    Ttl(u64),
    /// From the fields of the answer (RFC 9111, section 4.2.1).
    FromResponse,
}

/// What happens while the store that processes share is away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnCacheError {
    /// The memory of this process goes on alone.
    #[default]
    Memory,
    /// Nothing is kept and nothing is served from what was kept.
    Bypass,
}

/// `#[cached(..)]` on a handler. All times are nanoseconds; zero switches an option off.
#[derive(Clone, Copy, Debug)]
pub struct Cached {
    pub(crate) freshness: Freshness,
    pub(crate) stale_while_revalidate: u64,
    pub(crate) stale_if_error: u64,
    pub(crate) is_public: bool,
    /// Lower-case names of request fields.
    pub(crate) vary: &'static [&'static str],
    pub(crate) max_body: u64,
    pub(crate) on_store_error: OnCacheError,
    /// How long one process of the fleet may make an answer while the others wait for it.
    pub(crate) lease: u64,
    /// Whether the function says what its key is, in place of path and query.
    pub(crate) has_key: bool,
    /// What the function was when it was compiled: its text and the version of its crate.
    pub(crate) fingerprint: u64,
}

const DEFAULT_MAX_BODY: u64 = 1 << 20;

impl Cached {
    /// Fresh for so many nanoseconds.
    #[must_use]
    pub const fn ttl(nanos: u64) -> Self {
        Self::of(Freshness::Ttl(nanos))
    }

    /// Fresh for as long as the answer says.
    #[must_use]
    pub const fn from_response() -> Self {
        Self::of(Freshness::FromResponse)
    }

    const fn of(freshness: Freshness) -> Self {
        Self {
            freshness,
            stale_while_revalidate: 0,
            stale_if_error: 0,
            is_public: false,
            vary: &[],
            max_body: DEFAULT_MAX_BODY,
            on_store_error: OnCacheError::Memory,
            lease: 0,
            has_key: false,
            fingerprint: 0,
        }
    }

    /// Served stale for so long while it is made anew.
    #[must_use]
    pub const fn stale_while_revalidate(mut self, nanos: u64) -> Self {
        self.stale_while_revalidate = nanos;
        self
    }

    /// Served stale for so long where making it anew fails.
    #[must_use]
    pub const fn stale_if_error(mut self, nanos: u64) -> Self {
        self.stale_if_error = nanos;
        self
    }

    /// One answer for everybody, whoever asks.
    #[must_use]
    pub const fn public(mut self) -> Self {
        self.is_public = true;
        self
    }

    /// An answer for each value of these fields.
    #[must_use]
    pub const fn vary(mut self, fields: &'static [&'static str]) -> Self {
        self.vary = fields;
        self
    }

    /// Bodies of up to so many bytes are kept.
    #[must_use]
    pub const fn max_body(mut self, bytes: u64) -> Self {
        self.max_body = bytes;
        self
    }

    /// Without the shared store.
    #[must_use]
    pub const fn on_store_error(mut self, on_store_error: OnCacheError) -> Self {
        self.on_store_error = on_store_error;
        self
    }

    /// One process makes an answer for so long while the others wait.
    #[must_use]
    pub const fn lease(mut self, nanos: u64) -> Self {
        self.lease = nanos;
        self
    }

    /// With a key of its own.
    #[must_use]
    pub const fn keyed(mut self) -> Self {
        self.has_key = true;
        self
    }

    /// Of a function with this text.
    #[must_use]
    pub const fn fingerprint(mut self, fingerprint: u64) -> Self {
        self.fingerprint = fingerprint;
        self
    }

    /// How an inventory lists it.
    #[must_use]
    pub(crate) fn entry(&'static self) -> PolicyEntry {
        PolicyEntry::new(Policy::Cache, Policy::Cache.attribute(), "", CACHE_OUTCOMES).declared_as(self)
    }
}

/// `#[call::cached(..)]` on a function.
#[derive(Clone, Copy, Debug)]
pub struct CachedCall {
    /// `None` where it comes with each call, from its arguments or its result.
    pub(crate) ttl: Option<u64>,
    pub(crate) stale_while_revalidate: u64,
    pub(crate) stale_if_error: u64,
    pub(crate) on_store_error: OnCacheError,
    pub(crate) lease: u64,
    /// What its key is made of, in words; empty where one value serves all calls.
    pub(crate) key: &'static str,
}

impl CachedCall {
    /// Kept for so many nanoseconds.
    #[must_use]
    pub const fn ttl(nanos: u64) -> Self {
        let mut cached = Self::ttl_of_call();
        cached.ttl = Some(nanos);
        cached
    }

    /// Kept for as long as each call says.
    #[must_use]
    pub const fn ttl_of_call() -> Self {
        Self {
            ttl: None,
            stale_while_revalidate: 0,
            stale_if_error: 0,
            on_store_error: OnCacheError::Memory,
            lease: 0,
            key: "",
        }
    }

    /// Given out stale for so long while it is made anew.
    #[must_use]
    pub const fn stale_while_revalidate(mut self, nanos: u64) -> Self {
        self.stale_while_revalidate = nanos;
        self
    }

    /// Given out stale for so long where making it anew fails.
    #[must_use]
    pub const fn stale_if_error(mut self, nanos: u64) -> Self {
        self.stale_if_error = nanos;
        self
    }

    /// What happens while the shared store is away.
    #[must_use]
    pub const fn on_store_error(mut self, on_store_error: OnCacheError) -> Self {
        self.on_store_error = on_store_error;
        self
    }

    /// One process makes a value for so long while the others wait.
    #[must_use]
    pub const fn lease(mut self, nanos: u64) -> Self {
        self.lease = nanos;
        self
    }

    /// A value for each of these.
    #[must_use]
    pub const fn by(mut self, key: &'static str) -> Self {
        self.key = key;
        self
    }

    /// How an inventory lists it.
    #[must_use]
    pub(crate) fn entry(&'static self) -> PolicyEntry {
        PolicyEntry::new(Policy::Cache, Policy::Cache.attribute(), self.summary(), CACHE_OUTCOMES).declared_as(self)
    }

    fn summary(&self) -> String {
        let lifetime = self.ttl.map_or_else(
            || "for as long as each call says".to_owned(),
            |nanos| format!("for {:?}", Duration::from_nanos(nanos)),
        );
        if self.key.is_empty() { lifetime } else { format!("{lifetime} by {}", self.key) }
    }
}

/// `#[invalidates(..)]`, on a handler or a function: what it throws away after a success. What is named by templates comes with each call.
#[derive(Clone, Copy, Debug, Default)]
pub struct Invalidates {
    /// The written name of a function whose entries all go.
    pub(crate) site: Option<&'static str>,
}

impl Invalidates {
    /// What its templates say.
    #[must_use]
    pub const fn new() -> Self {
        Self { site: None }
    }

    /// All that was kept of a function, too.
    #[must_use]
    pub const fn site(mut self, name: &'static str) -> Self {
        self.site = Some(name);
        self
    }

    /// How an inventory lists it.
    #[must_use]
    pub(crate) fn entry(&'static self) -> PolicyEntry {
        const OUTCOMES: &[Outcome] = &[Outcome::Invalidated, Outcome::StoreFailed];
        PolicyEntry::new(Policy::Invalidate, Policy::Invalidate.attribute(), "", OUTCOMES).declared_as(self)
    }
}

/// What a cache can do with a request or a call.
pub(crate) const CACHE_OUTCOMES: &[Outcome] = &[
    Outcome::Hit,
    Outcome::Miss,
    Outcome::Stale,
    Outcome::Collapsed,
    Outcome::Refreshed,
    Outcome::Bypassed,
    Outcome::StoreFailed,
];
