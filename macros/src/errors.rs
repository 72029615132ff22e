//! All errors of a function at once.

use std::cell::RefCell;
use std::fmt::Display;
use std::thread;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Collects errors until somebody asks whether there were any.
///
/// Dropping it unasked is a bug of the macro, and panics, so that no error is ever lost.
pub(crate) struct Errors {
    collected: RefCell<Option<Vec<syn::Error>>>,
}

impl Errors {
    pub(crate) const fn new() -> Self {
        Self { collected: RefCell::new(Some(Vec::new())) }
    }

    /// An error on the user's own tokens.
    pub(crate) fn at(&self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// An error on a place that has no tokens to hand.
    pub(crate) fn at_span(&self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    pub(crate) fn push(&self, error: syn::Error) {
        if let Some(errors) = self.collected.borrow_mut().as_mut() {
            errors.push(error);
        }
    }

    /// Whether nothing was reported so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.collected.borrow().as_ref().is_none_or(Vec::is_empty)
    }

    /// Takes over what others have collected.
    pub(crate) fn absorb(&self, others: &Self) {
        others.collected.take().into_iter().flatten().for_each(|error| self.push(error));
    }

    /// What was collected, as tokens that make the compiler report each; `None` where all is well.
    pub(crate) fn finish(self) -> Option<TokenStream> {
        let errors = self.collected.take().unwrap_or_default();
        (!errors.is_empty()).then(|| errors.iter().map(syn::Error::to_compile_error).collect())
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        let unasked = self.collected.get_mut().is_some();
        assert!(!unasked || thread::panicking(), "collected errors were never asked for");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_is_reported() {
        let errors = Errors::new();
        errors.at_span(Span::call_site(), "one");
        errors.at_span(Span::call_site(), "two");
        let tokens = errors.finish().unwrap().to_string();
        assert!(tokens.contains("\"one\"") && tokens.contains("\"two\""), "{tokens}");
    }

    #[test]
    fn no_errors_are_no_tokens() {
        assert!(Errors::new().finish().is_none());
    }

    #[test]
    #[should_panic(expected = "never asked for")]
    fn forgetting_to_ask_is_noticed() {
        drop(Errors::new());
    }
}
