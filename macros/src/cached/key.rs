//! `key = "{iata}"`: what tells answers apart, in place of path and query.

use proc_macro2::TokenStream;
use syn::{Ident, LitStr, Type};

use crate::args::{Named, quoted, spelling};
use crate::bindings::Bindings;
use crate::errors::Errors;
use crate::function::Function;
use crate::template::{Template, Wording};

const EXAMPLE: &str = "key = \"{iata}\"";
pub(crate) const KEY: Wording = Wording { noun: "a key", example: EXAMPLE };

pub(super) fn parse(named: &Named, errors: &Errors) -> Option<Template> {
    let value = named.value(EXAMPLE, errors)?;
    let Ok(text) = syn::parse2::<LitStr>(value.clone()) else {
        errors.at(value, no_text(value));
        return None;
    };
    if text.value().trim().is_empty() {
        errors.at(&text, format!("a key has at least one character: write `{EXAMPLE}`"));
        return None;
    }
    Template::parse(text, &KEY, errors)
}

fn no_text(value: &TokenStream) -> String {
    let written = spelling(value);
    let why = "a key is a text that names arguments of the function";
    match (quoted(value), written.as_str()) {
        (None, "principal" | "user") => {
            "each principal has its own answers unless `public` stands there: take `key` away".to_owned()
        }
        (None, "path" | "query" | "uri" | "url") => {
            "path and query are the key of whoever names none: take `key` away".to_owned()
        }
        (None, _) if written.starts_with("header") => {
            "what depends on a field of the request names it in `vary`: write `vary = [\"accept-language\"]`"
                .to_owned()
        }
        (None, _) if syn::parse2::<Ident>(value.clone()).is_ok() => {
            format!("{why}: write `key = \"{{{written}}}\"`")
        }
        _ => format!("{why}: write `{EXAMPLE}`"),
    }
}

/// What a key leaves out is not told apart, and what the function takes from path or query it hardly takes for nothing.
pub(super) fn check(key: &Template, function: &Function, bindings: &Bindings, errors: &Errors) {
    bindings.check(key, errors);
    if !key.is_constant() {
        return;
    }
    let mut read = bindings.names_of(function, is_of_target);
    if let Some(name) = read.next() {
        let text = key.words();
        errors.at(
            key.text(),
            format!(
                "`{text}` is the same for every `{name}`, so that the answer for one would be served for all: write `key = \"{{{name}}}\"`, or \
                 take `key` away to go by path and query"
            ),
        );
    }
}

/// Extractors that read the path or the query. A type of the user's that has one of these names is told a little more than it needs, and an
/// alias a little less.
fn is_of_target(ty: &Type) -> bool {
    const NAMES: &[&str] =
        &["Path", "Query", "RawQuery", "RawPathParams", "Uri", "OriginalUri", "Pagination"];
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|last| NAMES.iter().any(|name| last.ident == name))
}
