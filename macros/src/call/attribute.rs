//! The attributes of functions that other code calls: `#[tollgate::call::..]`.

use proc_macro2::Ident;
use syn::Path;
use syn::ext::IdentExt;

use crate::collect::Family;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    WithMetrics,
    RateLimited,
    Fallback,
    Invalidates,
    Cached,
    Timeout,
    Retry,
    CircuitBreaker,
    Bulkhead,
}

impl Attribute {
    /// All, outermost first.
    pub(crate) const ALL: &'static [Self] = &[
        Self::WithMetrics,
        Self::RateLimited,
        Self::Fallback,
        Self::Invalidates,
        Self::Cached,
        Self::Timeout,
        Self::Retry,
        Self::CircuitBreaker,
        Self::Bulkhead,
    ];

    /// Its path within `tollgate`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::WithMetrics => "call::with_metrics",
            Self::RateLimited => "call::rate_limited",
            Self::Fallback => "call::fallback",
            Self::Invalidates => "call::invalidates",
            Self::Cached => "call::cached",
            Self::Timeout => "call::timeout",
            Self::Retry => "call::retry",
            Self::CircuitBreaker => "call::circuit_breaker",
            Self::Bulkhead => "call::bulkhead",
        }
    }

    /// What to do about a second one on one function.
    pub(super) const fn instead_of_a_second(self) -> &'static str {
        match self {
            Self::RateLimited => {
                "write their rates into one, as in `#[call::rate_limited(\"5/second\", \"100/minute\")]`, or give the other key to a \
                 function of its own that this one calls"
            }
            Self::Invalidates => {
                "write what they throw away into one, as in `#[call::invalidates(tags = [\"airports\", \"airport:{iata}\"])]`"
            }
            Self::Timeout => "write both times into one, as in `#[call::timeout(\"2s\", total = \"5s\")]`",
            Self::Fallback => "keep one, and let the function that it names call the other",
            Self::WithMetrics => "keep one",
            Self::Cached | Self::Retry | Self::CircuitBreaker | Self::Bulkhead => {
                "keep one, or give the other to a function of its own that this one calls"
            }
        }
    }

    /// The attribute that a path names which says that it is one of these: by its last two segments.
    pub(crate) fn of_full_path(path: &Path) -> Option<Self> {
        let mut last = path.segments.iter().rev();
        let word = last.next()?;
        last.next().filter(|module| module.ident == "call")?;
        Self::of_word(&word.ident)
    }

    /// The attribute that a path may name: by its last two segments, or by all of it where it is a word alone.
    pub(super) fn of_path(path: &Path) -> Option<Self> {
        Self::of_full_path(path).or_else(|| Self::of_word(path.get_ident()?))
    }
}

impl Family for Attribute {
    const QUESTION: &'static str = "__tollgate_call_is_it_you";

    fn word(self) -> &'static str {
        self.name().trim_start_matches("call::")
    }

    fn of_word(word: &Ident) -> Option<Self> {
        let word = word.unraw();
        Self::ALL.iter().copied().find(|attribute| word == attribute.word())
    }

    fn not_ours(self) -> String {
        let (name, word) = (self.name(), self.word());
        format!(
            "this `{word}` is not tollgate's, but another attribute of this function is: import the foreign one under \
             another name, or write `#[tollgate::{name}]`"
        )
    }
}
