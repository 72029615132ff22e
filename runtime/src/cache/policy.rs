//! What `#[cached]`, `#[invalidates]` and their `call::` forms say, as constants.

use std::fmt;

use crate::core::{Outcome, Policy, PolicyEntry, TimeText};

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
/// The longest that anything is kept.
const YEAR: u64 = 365 * 86_400_000_000_000;

impl Cached {
    /// Fresh for so many nanoseconds.
    ///
    /// # Panics
    /// At compile time, where that is no time at all, or more than a year.
    #[must_use]
    pub const fn ttl(nanos: u64) -> Self {
        assert!(0 < nanos && nanos <= YEAR, "a time to live is at most a year");
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
    ///
    /// # Panics
    /// At compile time, where that is more than a year, or where the answer's own fields say it.
    #[must_use]
    pub const fn stale_while_revalidate(mut self, nanos: u64) -> Self {
        self.check_stale(nanos);
        self.stale_while_revalidate = nanos;
        self
    }

    /// Served stale for so long where making it anew fails.
    ///
    /// # Panics
    /// At compile time, where that is more than a year, or where the answer's own fields say it.
    #[must_use]
    pub const fn stale_if_error(mut self, nanos: u64) -> Self {
        self.check_stale(nanos);
        self.stale_if_error = nanos;
        self
    }

    const fn check_stale(&self, nanos: u64) {
        assert!(nanos <= YEAR, "nothing is kept for more than a year");
        assert!(matches!(self.freshness, Freshness::Ttl(_)), "the answer's own fields say it");
    }

    /// One answer for everybody, whoever asks.
    #[must_use]
    pub const fn public(mut self) -> Self {
        self.is_public = true;
        self
    }

    /// An answer for each value of these fields, by their names in lower case.
    ///
    /// # Panics
    /// At compile time, where a name is empty, `*`, or not in lower case.
    #[must_use]
    pub const fn vary(mut self, fields: &'static [&'static str]) -> Self {
        let mut place = 0;
        while place < fields.len() {
            assert!(is_lower_case_token(fields[place]), "a field's name is a token in lower case");
            place += 1;
        }
        self.vary = fields;
        self
    }

    /// Bodies of up to so many bytes are kept.
    ///
    /// # Panics
    /// At compile time, where that is none, or more than 1 GiB.
    #[must_use]
    pub const fn max_body(mut self, bytes: u64) -> Self {
        assert!(0 < bytes && bytes <= 1 << 30, "a body that is kept is at most 1 GiB");
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

    /// Of a function with a text that has this fingerprint, in a crate of that version.
    #[must_use]
    pub const fn built_as(mut self, text: u64, version: Option<&str>) -> Self {
        self.fingerprint = mixed(text, version);
        self
    }

    /// How an inventory lists it.
    #[must_use]
    pub(crate) fn entry(&'static self) -> PolicyEntry {
        let label = Policy::Cache.attribute();
        PolicyEntry::new(Policy::Cache, label, self.to_string(), CACHE_OUTCOMES).declared_as(self)
    }
}

/// What it does, for people: `5m, private, by accept-language, stale 30s`.
impl fmt::Display for Cached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.freshness {
            Freshness::Ttl(nanos) => write!(f, "{}", TimeText(nanos))?,
            Freshness::FromResponse => f.write_str("as answered")?,
        }
        f.write_str(if self.is_public { ", public" } else { ", private" })?;
        if self.has_key {
            f.write_str(", by its own key")?;
        }
        for (place, field) in self.vary.iter().enumerate() {
            write!(f, "{}{field}", if place == 0 { ", by " } else { " and " })?;
        }
        if self.stale_while_revalidate > 0 {
            write!(f, ", stale {}", TimeText(self.stale_while_revalidate))?;
        }
        if self.stale_if_error > 0 {
            write!(f, ", {} on error", TimeText(self.stale_if_error))?;
        }
        if self.lease > 0 {
            write!(f, ", leased {}", TimeText(self.lease))?;
        }
        Ok(())
    }
}

const fn is_lower_case_token(name: &str) -> bool {
    let (name, mut place) = (name.as_bytes(), 0);
    while place < name.len() {
        let is_token = matches!(
            name[place],
            b'a'..=b'z' | b'0'..=b'9' | b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
        );
        if !is_token {
            return false;
        }
        place += 1;
    }
    place > 0
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
        PolicyEntry::new(Policy::Cache, Policy::Cache.attribute(), self.summary(), CACHE_OUTCOMES)
            .declared_as(self)
    }

    fn summary(&self) -> String {
        let lifetime =
            self.ttl.map_or_else(|| "as each call says".to_owned(), |nanos| TimeText(nanos).to_string());
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
        let summary = self.site.map(|name| format!("all of {name}")).unwrap_or_default();
        let label = Policy::Invalidate.attribute();
        PolicyEntry::new(Policy::Invalidate, label, summary, OUTCOMES).declared_as(self)
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

/// A fingerprint of a function and its crate's version, by FNV-1a: what was kept by another build is another's.
const fn mixed(text: u64, version: Option<&str>) -> u64 {
    let (mut hash, mut place) = (text, 0);
    let version = match version {
        Some(version) => version.as_bytes(),
        None => &[],
    };
    while place < version.len() {
        hash = (hash ^ version[place] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        place += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    #[test]
    fn a_policy_is_told_in_a_few_words() {
        let cases = [
            (Cached::ttl(300 * SECOND), "5m, private"),
            (Cached::ttl(90 * SECOND).public(), "90s, public"),
            (Cached::ttl(SECOND / 4).keyed(), "250ms, private, by its own key"),
            (Cached::from_response().public(), "as answered, public"),
            (
                Cached::ttl(300 * SECOND).vary(&["accept-language"]).stale_while_revalidate(30 * SECOND),
                "5m, private, by accept-language, stale 30s",
            ),
            (
                Cached::ttl(86_400 * SECOND)
                    .vary(&["accept", "x-tenant"])
                    .stale_if_error(3600 * SECOND)
                    .lease(5 * SECOND),
                "1d, private, by accept and x-tenant, 1h on error, leased 5s",
            ),
        ];
        for (policy, expected) in cases {
            assert_eq!(policy.to_string(), expected);
        }
    }

    #[test]
    fn another_build_has_another_fingerprint() {
        let built = |text, version| Cached::ttl(SECOND).built_as(text, version).fingerprint;
        assert_eq!(built(1, Some("1.0.0")), built(1, Some("1.0.0")));
        assert_ne!(built(1, Some("1.0.0")), built(1, Some("1.0.1")));
        assert_ne!(built(1, Some("1.0.0")), built(2, Some("1.0.0")));
        assert_eq!(built(1, None), 1);
    }

    #[test]
    fn names_of_fields_are_tokens_in_lower_case() {
        for (name, is_one) in [
            ("accept", true),
            ("x-tenant_1", true),
            ("", false),
            ("*", false),
            ("Accept", false),
            ("a b", false),
        ] {
            assert_eq!(is_lower_case_token(name), is_one, "{name}");
        }
    }
}
