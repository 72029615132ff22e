//! `#[call::fallback(path)]`: what answers in the place of a failure.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Expr, ExprPath};

use super::attribute::Attribute;
use crate::args::{Arguments, Vocabulary, quoted, spelling};
use crate::errors::Errors;
use crate::paths::Runtime;

const PATH: &str = "write the path of its function alone, as in `#[call::fallback(path::to::function)]`";
const ALL: &str = "it answers in the place of any failure, and its function may take the error as its last argument: take this away";

pub(super) const VOCABULARY: Vocabulary = Vocabulary {
    common: &["name", "crate"],
    foreign: &[
        ("when", ALL),
        ("on", ALL),
        ("only", ALL),
        ("applyOn", ALL),
        ("apply_on", ALL),
        ("skip_on", ALL),
        ("skipOn", ALL),
        ("ignore", ALL),
        ("state", "a function that other code calls has no router: take it away"),
    ],
    foreign_positional: &[
        ("with", PATH),
        ("to", PATH),
        ("path", PATH),
        ("function", PATH),
        ("handler", PATH),
        ("method", PATH),
        ("fallback", PATH),
        ("fallback_method", PATH),
        ("fallbackMethod", PATH),
        ("value", PATH),
        ("default", PATH),
    ],
    takes_positional: true,
    takes_words: true,
    ..Vocabulary::named(Attribute::Fallback.name())
};

/// One `#[call::fallback]`, valid by construction.
pub(super) struct Model {
    path: ExprPath,
}

impl Model {
    /// `attribute` is what stands for the whole where something is missing.
    pub(super) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        let unnamed = arguments.take_positional()?;
        let Some((first, further)) = unnamed.split_first() else {
            if !arguments.is_misunderstood() {
                errors.at(attribute, format!("`call::fallback` needs to know what answers: {PATH}"));
            }
            return None;
        };
        for further in further {
            errors.at(further, "one function answers, and may have a fallback of its own: take this away");
        }
        match syn::parse2::<ExprPath>(first.clone()) {
            Ok(path) => Some(Self { path }),
            Err(_) => {
                errors.at(first, no_path(first));
                None
            }
        }
    }

    /// The function that answers.
    pub(super) const fn path(&self) -> &ExprPath {
        &self.path
    }

    /// The policy as a constant expression.
    pub(super) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let (fallback, path) = (runtime.item("Fallback"), spelling(&self.path));
        quote!(#fallback::to(#path))
    }
}

fn no_path(value: &TokenStream) -> String {
    let written = |path: &str| format!("write `#[call::fallback({path})]`");
    if let Some(path) = quoted(value).filter(|text| syn::parse_str::<ExprPath>(text).is_ok()) {
        return format!("`call::fallback` takes a path, and no text: {}", written(&path));
    }
    match syn::parse2::<Expr>(value.clone()) {
        Ok(Expr::Call(call)) => {
            let path = spelling(&call.func);
            format!("`call::fallback` names its function and does not call it: {}", written(&path))
        }
        Ok(Expr::Closure(_)) => format!(
            "`call::fallback` takes a path, and no closure: write an `async fn kept(error: Error) -> Result<T, Error>`, and {}",
            written("kept")
        ),
        _ => format!("`call::fallback` takes the path of an `async fn`: {}", written("path::to::function")),
    }
}
