//! `on_store_error = memory`: the argument that is one of a few words.

use proc_macro2::TokenStream;
use quote::quote;

use crate::args::Named;
use crate::errors::Errors;
use crate::paths::Runtime;

#[derive(Clone, Copy)]
pub(crate) enum OnCacheError {
    Memory,
    Bypass,
}

const WORDS: &[(&str, OnCacheError)] = &[("memory", OnCacheError::Memory), ("bypass", OnCacheError::Bypass)];

/// What limits and other libraries call them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("local", "memory"),
    ("in_memory", "memory"),
    ("memory_only", "memory"),
    ("fallback", "memory"),
    ("process", "memory"),
    ("open", "memory"),
    ("fail_open", "memory"),
    ("stale", "memory"),
    ("closed", "bypass"),
    ("fail_closed", "bypass"),
    ("skip", "bypass"),
    ("ignore", "bypass"),
    ("pass", "bypass"),
    ("origin", "bypass"),
    ("off", "bypass"),
    ("disable", "bypass"),
];

impl OnCacheError {
    pub(crate) fn parse(named: &Named, errors: &Errors) -> Option<Self> {
        named.word_or(WORDS, ELSEWHERE, errors)
    }

    pub(crate) fn emit(self, runtime: &Runtime) -> TokenStream {
        let on_cache_error = runtime.item("OnCacheError");
        match self {
            Self::Memory => quote!(.on_store_error(#on_cache_error::Memory)),
            Self::Bypass => quote!(.on_store_error(#on_cache_error::Bypass)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_other_libraries_lead_to_words_that_are_there() {
        for (foreign, own) in ELSEWHERE {
            assert!(WORDS.iter().any(|(word, _)| word == own), "{own}");
            assert!(WORDS.iter().all(|(word, _)| word != foreign), "{foreign}");
        }
    }
}
