//! What stands without a key: nothing may, and most of it is a role.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ExprClosure, ExprPath};

use super::{CHECK, spelled, texts_in};
use crate::args::spelling;
use crate::errors::Errors;

/// Says once where all of it belongs.
pub(super) fn report(positional: &[TokenStream], errors: &Errors) {
    if !positional.is_empty() {
        let instead = instead_of(positional);
        errors.at(
            quote!(#(#positional),*),
            format!("`authorize` takes no value without a key: write `{instead}`"),
        );
    }
}

fn instead_of(positional: &[TokenStream]) -> String {
    let texts: Vec<_> = positional.iter().cloned().flat_map(texts_in).collect();
    match (texts.as_slice(), positional) {
        ([], [only]) => instead_of_one(only),
        _ => spelled(&texts.iter().flat_map(|text| roles_of(text)).collect::<Vec<_>>()),
    }
}

/// A path in lower case is a function's, any other an enum's that stands for a role.
fn instead_of_one(tokens: &TokenStream) -> String {
    if syn::parse2::<ExprClosure>(tokens.clone()).is_ok() {
        return CHECK.to_owned();
    }
    let Ok(path) = syn::parse2::<ExprPath>(tokens.clone()) else { return spelled(&[]) };
    let last = path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
    if last.starts_with(char::is_lowercase) {
        return format!("check = {}", spelling(&path));
    }
    spelled(&[last.to_lowercase()])
}

/// A role as it is, or those of an expression in a text, as in `"hasAnyRole('READER', 'EDITOR')"`.
fn roles_of(text: &str) -> Vec<String> {
    let between_quotes: Vec<_> = text.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
    if between_quotes.is_empty() { vec![text.to_owned()] } else { between_quotes }
}
