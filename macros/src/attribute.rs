//! The attributes there are.

use proc_macro2::Ident;
use syn::Path;
use syn::ext::IdentExt;

use crate::collect::Family;

/// One of our attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    WithMetrics,
    Versioned,
    RateLimited,
    Authorize,
    Fallback,
    Invalidates,
    Cached,
    CircuitBreaker,
    Bulkhead,
    Timeout,
}

impl Attribute {
    /// All, outermost first; of the limits, some stand behind `authorize`.
    pub(crate) const ALL: &'static [Self] = &[
        Self::WithMetrics,
        Self::Versioned,
        Self::RateLimited,
        Self::Authorize,
        Self::Fallback,
        Self::Invalidates,
        Self::Cached,
        Self::CircuitBreaker,
        Self::Bulkhead,
        Self::Timeout,
    ];

    /// Its name, which is also its path within `tollgate`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::WithMetrics => "with_metrics",
            Self::Versioned => "versioned",
            Self::RateLimited => "rate_limited",
            Self::Authorize => "authorize",
            Self::Fallback => "fallback",
            Self::Invalidates => "invalidates",
            Self::Cached => "cached",
            Self::CircuitBreaker => "circuit_breaker",
            Self::Bulkhead => "bulkhead",
            Self::Timeout => "timeout",
        }
    }

    /// What to do about a second one on one function; `None` where it may stand several times.
    pub(crate) const fn instead_of_a_second(self) -> Option<&'static str> {
        match self {
            Self::WithMetrics | Self::Cached | Self::Bulkhead | Self::Timeout => Some("keep one"),
            Self::Versioned => Some("write one range of versions"),
            Self::RateLimited => None,
            Self::Authorize => Some("write the options of both into one, where all of them must hold"),
            Self::CircuitBreaker => Some(
                "keep one, or put the other around a function that this one calls, as `#[tollgate::call::circuit_breaker]`",
            ),
            Self::Fallback => Some("keep one, which may have a `fallback` of its own"),
            Self::Invalidates => Some("write the options of both into one"),
        }
    }

    /// The attribute that a path seems to name, by its last segment. Whoever goes by this asks the compiler too
    /// (see `probes.rs`), because another crate may have an attribute of the same name.
    pub(crate) fn of_path(path: &Path) -> Option<Self> {
        Self::of_word(&path.segments.last()?.ident)
    }
}

impl Family for Attribute {
    const QUESTION: &'static str = "__tollgate_is_it_you";

    fn word(self) -> &'static str {
        self.name()
    }

    fn of_word(word: &Ident) -> Option<Self> {
        let word = word.unraw();
        Self::ALL.iter().copied().find(|attribute| word == attribute.name())
    }

    fn not_ours(self) -> String {
        let name = self.name();
        format!(
            "this `{name}` is not tollgate's, but another attribute of this function is: import the foreign one under \
             another name, or write `#[tollgate::{name}]`"
        )
    }
}
