//! The arguments that are one of a few words: `algorithm`, `missing`, `on_store_error`, `after`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::args::Named;
use crate::errors::Errors;
use crate::paths::Runtime;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Gcra,
    TokenBucket,
    SlidingWindow,
    SlidingLog,
    FixedWindow,
}

const ALGORITHMS: &[(&str, Algorithm)] = &[
    ("gcra", Algorithm::Gcra),
    ("token_bucket", Algorithm::TokenBucket),
    ("sliding_window", Algorithm::SlidingWindow),
    ("sliding_log", Algorithm::SlidingLog),
    ("fixed_window", Algorithm::FixedWindow),
];

/// What other libraries call them.
const ALGORITHMS_ELSEWHERE: &[(&str, &str)] = &[
    ("leaky_bucket", "gcra"),
    ("leaky", "gcra"),
    ("virtual_scheduling", "gcra"),
    ("generic_cell_rate", "gcra"),
    ("token", "token_bucket"),
    ("tokens", "token_bucket"),
    ("bucket", "token_bucket"),
    ("sliding", "sliding_window"),
    ("sliding_window_counter", "sliding_window"),
    ("sliding_counter", "sliding_window"),
    ("approximate_sliding_window", "sliding_window"),
    ("rolling_window", "sliding_window"),
    ("rolling", "sliding_window"),
    ("sliding_window_log", "sliding_log"),
    ("moving_window", "sliding_log"),
    ("log", "sliding_log"),
    ("window", "fixed_window"),
    ("fixed", "fixed_window"),
    ("fixed_window_counter", "fixed_window"),
    ("counter", "fixed_window"),
];

impl Algorithm {
    pub(super) fn parse(named: &Named, errors: &Errors) -> Option<Self> {
        named.word_or(ALGORITHMS, ALGORITHMS_ELSEWHERE, errors)
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Gcra => "gcra",
            Self::TokenBucket => "token_bucket",
            Self::SlidingWindow => "sliding_window",
            Self::SlidingLog => "sliding_log",
            Self::FixedWindow => "fixed_window",
        }
    }

    /// Whether more than the quota, or less, may come at once.
    pub(super) const fn knows_burst(self) -> bool {
        matches!(self, Self::Gcra | Self::TokenBucket)
    }

    pub(super) fn emit(self, runtime: &Runtime) -> TokenStream {
        let algorithm = runtime.item("Algorithm");
        match self {
            Self::Gcra => quote!(.algorithm(#algorithm::Gcra)),
            Self::TokenBucket => quote!(.algorithm(#algorithm::TokenBucket)),
            Self::SlidingWindow => quote!(.algorithm(#algorithm::SlidingWindow)),
            Self::SlidingLog => quote!(.algorithm(#algorithm::SlidingLog)),
            Self::FixedWindow => quote!(.algorithm(#algorithm::FixedWindow)),
        }
    }
}

#[derive(Clone, Copy)]
pub(super) enum Missing {
    Anonymous,
    Reject,
    Skip,
}

const MISSING: &[(&str, Missing)] =
    &[("anonymous", Missing::Anonymous), ("reject", Missing::Reject), ("skip", Missing::Skip)];

impl Missing {
    pub(super) fn parse(named: &Named, errors: &Errors) -> Option<Self> {
        named.word(MISSING, errors)
    }

    pub(super) fn emit(self, runtime: &Runtime) -> TokenStream {
        let missing = runtime.item("Missing");
        match self {
            Self::Anonymous => quote!(.missing(#missing::Anonymous)),
            Self::Reject => quote!(.missing(#missing::Reject)),
            Self::Skip => quote!(.missing(#missing::Skip)),
        }
    }
}

#[derive(Clone, Copy)]
pub(super) enum OnStoreError {
    Local,
    Open,
    Closed,
}

const ON_STORE_ERROR: &[(&str, OnStoreError)] =
    &[("local", OnStoreError::Local), ("open", OnStoreError::Open), ("closed", OnStoreError::Closed)];

/// What other libraries call them.
const ON_STORE_ERROR_ELSEWHERE: &[(&str, &str)] = &[
    ("memory", "local"),
    ("in_memory", "local"),
    ("memory_fallback", "local"),
    ("fallback", "local"),
    ("process", "local"),
    ("fail_open", "open"),
    ("allow", "open"),
    ("admit", "open"),
    ("pass", "open"),
    ("ignore", "open"),
    ("bypass", "open"),
    ("skip", "open"),
    ("swallow", "open"),
    ("fail_closed", "closed"),
    ("deny", "closed"),
    ("refuse", "closed"),
    ("reject", "closed"),
    ("block", "closed"),
    ("fail", "closed"),
    ("error", "closed"),
];

impl OnStoreError {
    pub(super) fn parse(named: &Named, errors: &Errors) -> Option<Self> {
        named.word_or(ON_STORE_ERROR, ON_STORE_ERROR_ELSEWHERE, errors)
    }

    pub(super) fn emit(self, runtime: &Runtime) -> TokenStream {
        let on_store_error = runtime.item("OnStoreError");
        match self {
            Self::Local => quote!(.on_store_error(#on_store_error::Local)),
            Self::Open => quote!(.on_store_error(#on_store_error::Open)),
            Self::Closed => quote!(.on_store_error(#on_store_error::Closed)),
        }
    }
}

const AFTER: &[(&str, ())] = &[("authorize", ())];

/// Whether `after = authorize` is what stands there.
pub(super) fn after_authorize(named: &Named, errors: &Errors) -> bool {
    named.word(AFTER, errors).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_other_libraries_lead_to_words_that_are_there() {
        for (foreign, own) in ALGORITHMS_ELSEWHERE {
            assert!(
                ALGORITHMS.iter().any(|(word, algorithm)| word == own && algorithm.word() == *own),
                "{own}"
            );
            assert!(ALGORITHMS.iter().all(|(word, _)| word != foreign), "{foreign}");
        }
        for (foreign, own) in ON_STORE_ERROR_ELSEWHERE {
            assert!(ON_STORE_ERROR.iter().any(|(word, _)| word == own), "{own}");
            assert!(ON_STORE_ERROR.iter().all(|(word, _)| word != foreign), "{foreign}");
        }
    }
}
