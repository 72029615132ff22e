//! Values that are the path of a function of the user's: `check = path::to::function`.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{ExprClosure, ExprPath};

use super::{Named, quoted, spelling};
use crate::errors::Errors;

/// What a key says of the function whose path it takes.
pub(crate) struct FunctionPath {
    pub(crate) key: &'static str,
    /// Its signature as a type.
    pub(crate) signature: &'static str,
    /// One such function, as its head is written, and what it is called.
    pub(crate) example: (&'static str, &'static str),
}

impl FunctionPath {
    pub(crate) fn parse(&self, named: &Named, errors: &Errors) -> Option<ExprPath> {
        let value = named.value(&self.written("path::to::function"), errors)?;
        let path = syn::parse2::<ExprPath>(value.clone());
        if path.is_err() {
            errors.at(value, self.no_path(value));
        }
        path.ok()
    }

    fn written(&self, path: &str) -> String {
        format!("{} = {path}", self.key)
    }

    fn no_path(&self, value: &TokenStream) -> String {
        let Self { key, signature, example: (head, name) } = self;
        if let Some(path) = quoted(value).filter(|text| syn::parse_str::<ExprPath>(text).is_ok()) {
            return format!("`{key}` takes a path, and no text: write `{}`", self.written(&path));
        }
        if let Ok(path) = called.parse2(value.clone()) {
            return format!(
                "`{key}` names its function and does not call it: write `{}`",
                self.written(&path)
            );
        }
        if syn::parse2::<ExprClosure>(value.clone()).is_ok() {
            return format!(
                "`{key}` takes a path, and no closure: write `{head}` and `{}`",
                self.written(name)
            );
        }
        format!("`{key}` is the path of a `{signature}`: write `{}`", self.written("path::to::function"))
    }
}

/// The path of `path::to::function(..)`, as it was written.
fn called(input: ParseStream<'_>) -> syn::Result<String> {
    let path = syn::Path::parse_mod_style(input)?;
    input.parse::<Parenthesized>()?;
    Ok(spelling(&path))
}

struct Parenthesized;

impl Parse for Parenthesized {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let content;
        syn::parenthesized!(content in input);
        content.parse::<TokenStream>().map(|_| Self)
    }
}
