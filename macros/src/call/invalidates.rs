//! `#[call::invalidates(tags = ["airport:{iata}"], keys = ["{iata}"], site = "airport")]`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::attribute::Attribute;
use super::cached;
use crate::args::{Arguments, Vocabulary};
use crate::errors::Errors;
use crate::invalidates;
use crate::paths::Runtime;
use crate::template::Template;

const AFTER: &str = "it throws away after a success (`Ok`, `Some`, or any other value), before the call returns: take this away";

pub(super) const VOCABULARY: Vocabulary = Vocabulary {
    keys: invalidates::VOCABULARY.keys,
    common: &["name", "crate"],
    renamed: invalidates::VOCABULARY.renamed,
    foreign: &[
        ("before", AFTER),
        ("before_invocation", AFTER),
        ("after", AFTER),
        ("on", AFTER),
        ("on_success", AFTER),
        (
            "control",
            "write `AIRPORTS.invalidate(..)` in the function, or name what goes by its tags: `tags = [\"airport:{iata}\"]`",
        ),
        (
            "handle",
            "write `AIRPORTS.invalidate(..)` in the function, or name what goes by its tags: `tags = [\"airport:{iata}\"]`",
        ),
        (
            "all",
            "one function's values all go by `site = \"airport\"`, and those of all functions by `tollgate.cache()`: take this away",
        ),
    ],
    takes_positional: true,
    ..Vocabulary::named(Attribute::Invalidates.name())
};

/// One `#[call::invalidates]`, valid by construction.
pub(super) struct Model(invalidates::Model);

impl Model {
    pub(super) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        invalidates::Model::parse(arguments, attribute, errors).map(Self)
    }

    /// Against what the function keeps itself. Whether its bindings are there the compiler knows.
    pub(super) fn check(&self, cached: Option<&cached::Model>, errors: &Errors) {
        let Some(cached) = cached else { return };
        let is_kept = |tag: &&Template| cached.tags().iter().any(|other| other.words() == tag.words());
        for tag in self.0.tags().iter().filter(is_kept) {
            errors.at(
                tag.text(),
                "this throws away what `call::cached` keeps of the same function: take it away here, and write it on the function that \
                 changes something",
            );
        }
    }

    /// The policy as a constant expression.
    pub(super) fn emit(&self, runtime: &Runtime) -> TokenStream {
        self.0.emit(runtime)
    }

    /// What of it depends on the arguments, as a function that is given where to write it.
    pub(super) fn emit_marks(&self) -> TokenStream {
        let marks = Ident::new("marks", Span::mixed_site());
        let tags = self.0.tags().iter().map(Template::emit);
        let keys = self.0.keys().iter().map(Template::emit);
        quote!(|#marks| { #(#marks.tag(#tags);)* #(#marks.key(#keys);)* })
    }
}
