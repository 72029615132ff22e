//! What stands without a key: nothing may.

use proc_macro2::TokenStream;
use syn::{Lit, LitInt, LitStr};

use super::vocabulary::EXAMPLE;
use crate::data::snake;
use crate::errors::Errors;

pub(super) fn report(positional: &[TokenStream], errors: &Errors) {
    for tokens in positional {
        errors.at(tokens, format!("`api_error` takes no value without a key: {}", instead_of(tokens)));
    }
}

fn instead_of(tokens: &TokenStream) -> String {
    match syn::parse2::<Lit>(tokens.clone()) {
        Ok(Lit::Int(number)) => format!("write `status = {}`", LitInt::base10_digits(&number)),
        Ok(Lit::Str(text)) => instead_of_text(&text),
        _ => format!("write `{EXAMPLE}`"),
    }
}

/// A word is a code, a sentence the text of thiserror.
fn instead_of_text(text: &LitStr) -> String {
    let value = text.value();
    if value.contains(' ') {
        return format!("the text is that of thiserror, `#[error({value:?})]`");
    }
    format!("write `code = \"{}\"`", snake(&value))
}
