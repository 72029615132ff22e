//! `key = "{tenant}"`: what tells the calls of a function apart.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::LitStr;

use crate::args::{Named, quoted, spelling};
use crate::errors::Errors;
use crate::template::{self, Wording};

/// A template with at least one binding.
pub(super) struct Template(template::Template);

/// What a key gives each of.
pub(super) struct KeyOf {
    /// What there is without one.
    pub(super) share: &'static str,
    pub(super) example: &'static str,
}

impl Template {
    pub(super) fn parse(named: &Named, of: &KeyOf, errors: &Errors) -> Option<Self> {
        let KeyOf { share, example } = of;
        let value = named.value(example, errors)?;
        let Ok(text) = syn::parse2::<LitStr>(value.clone()) else {
            errors.at(value, no_text(value, of));
            return None;
        };
        let template = template::Template::parse(text, &Wording { noun: "a key", example }, errors)?;
        if template.is_constant() {
            let text = template.words();
            errors.at(template.text(), format!(
                "`{text}` is the same for every call, and {share} without a key: name an argument, as in `{example}`, or take it away"
            ));
            return None;
        }
        Some(Self(template))
    }

    /// As it is written.
    pub(super) fn words(&self) -> String {
        self.0.words()
    }

    /// The parts of a key, each a format string of its own where the user's stands.
    pub(super) fn emit(&self) -> TokenStream {
        let parts = self.0.emit_parts();
        // The user may call a binding anything.
        let key = Ident::new("key", Span::mixed_site());
        quote!(|#key| #key #(.part(#parts))*)
    }
}

fn no_text(value: &TokenStream, of: &KeyOf) -> String {
    let KeyOf { share, example } = of;
    let written = spelling(value);
    let why = "a key is a text that names arguments of the function";
    match (quoted(value), written.as_str()) {
        (None, "ip" | "principal") => {
            format!("`{written}` is a key of handlers, which have a request; {why}: write `{example}`")
        }
        (None, "global") => format!("{share} anyhow: take `key` away"),
        (None, _) if syn::parse2::<Ident>(value.clone()).is_ok() => {
            format!("{why}: write `key = \"{{{written}}}\"`")
        }
        _ => format!("{why}: write `{example}`"),
    }
}
