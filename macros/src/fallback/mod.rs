//! `#[fallback(path)]`.

mod vocabulary;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ExprPath;

pub(crate) use self::vocabulary::VOCABULARY;
use crate::args::{Arguments, NoPath, path_of, spelling};
use crate::errors::Errors;
use crate::function::Function;
use crate::paths::Runtime;

/// One `#[fallback]`, valid by construction.
pub(crate) struct Model {
    path: ExprPath,
}

impl Model {
    /// `attribute` is what stands for the whole where something is missing.
    pub(crate) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        let path = path(arguments, "fallback", errors)?;
        if path.is_none() && !arguments.is_misunderstood() {
            errors.at(
                attribute,
                "`fallback` names the function that answers instead: write `fallback(path::to::function)`",
            );
        }
        Some(Self { path: path? })
    }

    /// The function that answers instead.
    pub(crate) const fn path(&self) -> &ExprPath {
        &self.path
    }

    /// Against the function, which cannot answer in its own place.
    pub(crate) fn check(&self, function: &Function, errors: &Errors) {
        if self.path.path.is_ident(&function.sig.ident) {
            let name = &function.sig.ident;
            errors.at(
                &self.path,
                format!("`{name}` is what fails here, and would only be run again: write the path of another function"),
            );
        }
    }

    /// The policy as a constant expression.
    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        emit(&self.path, runtime)
    }
}

/// The policy that runs this function, as a constant expression.
pub(crate) fn emit(path: &ExprPath, runtime: &Runtime) -> TokenStream {
    let (fallback, path) = (runtime.item("Fallback"), spelling(path));
    quote!(#fallback::to(#path))
}

/// The path that stands without a key in `name(path)`; the inner `None` where there is none, and the outer where it is wrong, which has been
/// reported.
#[allow(clippy::option_option, reason = "nothing stands there, and something wrong does")]
pub(crate) fn path(arguments: &mut Arguments, name: &str, errors: &Errors) -> Option<Option<ExprPath>> {
    let mut unnamed = arguments.take_positional()?.into_iter();
    let Some(value) = unnamed.next() else { return Some(None) };
    for further in unnamed {
        errors.at(further, format!("`{name}` takes one function, which may call another: keep one"));
    }
    match path_of(&value) {
        Ok(path) => Some(Some(path)),
        Err(why) => {
            errors.at(&value, no_path(&why, name));
            None
        }
    }
}

fn no_path(why: &NoPath, name: &str) -> String {
    let (why, path) = match why {
        NoPath::Text(path) => ("takes a path, and no text", path.as_str()),
        NoPath::Called(path) => ("names its function and does not call it", path.as_str()),
        NoPath::Closure => {
            return format!(
                "`{name}` takes a path, and no closure: write a function beside this one, and its path, as in `{name}(path::to::function)`"
            );
        }
        NoPath::Other => ("is the path of the function that answers instead", "path::to::function"),
    };
    format!("`{name}` {why}: write `{name}({path})`")
}
