//! `scope = "airports:write"`: a scope-token of RFC 6749, section 3.3.

use proc_macro2::TokenStream;
use quote::quote;

use super::{is_list, texts_in};
use crate::args::Named;
use crate::errors::Errors;

/// The scope that a principal has to have.
pub(super) struct Scope(String);

const EXAMPLE: &str = "scope = \"airports:write\"";

impl Scope {
    pub(super) fn parse(named: &Named, errors: &Errors) -> Option<Self> {
        let value = named.value(EXAMPLE, errors)?;
        if is_list(value) {
            errors.at(value, no_list(value));
            return None;
        }
        let literal = named.text(EXAMPLE, errors)?;
        let scope = literal.value();
        if let Some(message) = fault(&scope) {
            errors.at(literal, message);
            return None;
        }
        Some(Self(scope))
    }

    pub(super) fn emit(&self) -> TokenStream {
        let Self(scope) = self;
        quote!(.scope(#scope))
    }
}

fn no_list(value: &TokenStream) -> String {
    match texts_in(value.clone()).as_slice() {
        [] => format!("`scope` is one scope, and no list: write `{EXAMPLE}`"),
        [scope] => format!("`scope` is one scope, and no list: write `scope = {scope:?}`"),
        [scope, ..] => several(scope),
    }
}

fn several(first: &str) -> String {
    format!(
        "`scope` is one scope, and these are several: write `scope = {first:?}`, and look for the others in a \
         `check = path::to::function`"
    )
}

/// What is wrong with it.
fn fault(scope: &str) -> Option<String> {
    let words: Vec<_> = scope.split_whitespace().collect();
    let (first, is_token) = (words.first().copied().unwrap_or_default(), |word: &&str| is_token(word));
    match words.as_slice() {
        [] => Some(format!("a scope has at least one character: write `{EXAMPLE}`")),
        [word] if is_token(word) && *word == scope => None,
        [word] if is_token(word) => {
            Some(format!("a scope is written without blanks around it: write `scope = {word:?}`"))
        }
        [_, _, ..] if words.iter().all(is_token) => Some(several(first)),
        _ => Some(format!(
            "{scope:?} is no scope: by RFC 6749 it is visible ASCII without `\"` and `\\`: write `{EXAMPLE}`"
        )),
    }
}

fn is_token(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_graphic() && c != '"' && c != '\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_a_scope_token() {
        for scope in ["airports:write", "https://example.com/auth", "!", "~", "#", "[", "]", "a,b", "'"] {
            assert_eq!(fault(scope), None, "{scope}");
        }
    }

    #[test]
    fn what_is_no_scope_is_refused_with_the_reason() {
        let cases = [
            ("", "at least one character"),
            (" \t", "at least one character"),
            (" airports:write", "write `scope = \"airports:write\"`"),
            ("airports:read airports:write", "these are several: write `scope = \"airports:read\"`"),
            ("a\"b", "is no scope"),
            ("a\\b", "is no scope"),
            ("a\u{7f}", "is no scope"),
            ("aéroports", "is no scope"),
            ("a\u{a0}b é", "is no scope"),
        ];
        for (scope, reason) in cases {
            let message = fault(scope).unwrap();
            assert!(message.contains(reason), "{scope:?}: {message}");
        }
    }
}
