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
        match path_of(value) {
            Ok(path) => Some(path),
            Err(why) => {
                errors.at(value, self.no_path(&why));
                None
            }
        }
    }

    fn written(&self, path: &str) -> String {
        format!("{} = {path}", self.key)
    }

    fn no_path(&self, why: &NoPath) -> String {
        let Self { key, signature, example: (head, name) } = self;
        match why {
            NoPath::Text(path) => {
                format!("`{key}` takes a path, and no text: write `{}`", self.written(path))
            }
            NoPath::Called(path) => {
                format!("`{key}` names its function and does not call it: write `{}`", self.written(path))
            }
            NoPath::Closure => {
                format!("`{key}` takes a path, and no closure: write `{head}` and `{}`", self.written(name))
            }
            NoPath::Other => {
                format!(
                    "`{key}` is the path of a `{signature}`: write `{}`",
                    self.written("path::to::function")
                )
            }
        }
    }
}

/// What somebody wrote in place of the path of a function.
pub(crate) enum NoPath {
    /// The path as a text.
    Text(String),
    /// A call of the function with this path.
    Called(String),
    Closure,
    Other,
}

/// The path of a function of the user's.
pub(crate) fn path_of(value: &TokenStream) -> Result<ExprPath, NoPath> {
    if let Ok(path) = syn::parse2::<ExprPath>(value.clone()) {
        return Ok(path);
    }
    if let Some(path) = quoted(value).filter(|text| syn::parse_str::<ExprPath>(text).is_ok()) {
        return Err(NoPath::Text(path));
    }
    if let Ok(path) = called.parse2(value.clone()) {
        return Err(NoPath::Called(path));
    }
    let is_closure = syn::parse2::<ExprClosure>(value.clone()).is_ok();
    Err(if is_closure { NoPath::Closure } else { NoPath::Other })
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
