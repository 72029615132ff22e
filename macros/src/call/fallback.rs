//! `#[call::fallback(path)]`: what answers in the place of a failure.

use proc_macro2::{Ident, TokenStream};
use syn::ExprPath;

use super::attribute::Attribute;
use crate::args::{Arguments, Vocabulary};
use crate::errors::Errors;
use crate::fallback;
use crate::paths::Runtime;

const PATH: &str = "the function stands alone: write `call::fallback(path::to::function)`";
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
        let path = fallback::path(arguments, Attribute::Fallback.name(), errors)?;
        if path.is_none() && !arguments.is_misunderstood() {
            errors.at(
                attribute,
                "`call::fallback` names the function that answers instead: write `call::fallback(path::to::function)`",
            );
        }
        Some(Self { path: path? })
    }

    /// The function that answers.
    pub(super) const fn path(&self) -> &ExprPath {
        &self.path
    }

    /// The policy as a constant expression.
    pub(super) fn emit(&self, runtime: &Runtime) -> TokenStream {
        fallback::emit(&self.path, runtime)
    }
}
