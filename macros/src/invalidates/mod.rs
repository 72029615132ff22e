//! `#[invalidates(tags = ["airport:{iata}"], keys = ["{iata}"], site = "airport")]`.

mod vocabulary;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::LitStr;

pub(crate) use self::vocabulary::VOCABULARY;
use crate::args::{Arguments, Named, quoted, spelling};
use crate::bindings::Bindings;
use crate::cached::{self, TAG, templates};
use crate::errors::Errors;
use crate::paths::Runtime;
use crate::template::{Template, Wording};

/// One `#[invalidates]`, valid by construction.
pub(crate) struct Model {
    tags: Vec<Template>,
    keys: Vec<Template>,
    site: Option<LitStr>,
}

const KEYS: Wording = Wording { noun: "a key", example: "keys = [\"{iata}\"]" };
const SITE: &str = "site = \"airport\"";

impl Model {
    /// `attribute` is what stands for the whole where something is missing.
    pub(crate) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        let unnamed = arguments.take_positional().unwrap_or_default();
        for value in &unnamed {
            errors.at(value, no_key(value));
        }
        let names_any = ["tags", "keys", "site"].iter().any(|key| arguments.has(key));
        if !names_any && !arguments.is_misunderstood() {
            errors.at(
                attribute,
                format!(
                    "`invalidates` throws away what it names, and it names nothing: write `{}`",
                    TAG.example
                ),
            );
        }
        let mut of = |key, wording| {
            arguments.take(key).map(|named| templates(&named, wording, errors)).unwrap_or_default()
        };
        let (tags, keys) = (of("tags", &TAG), of("keys", &KEYS));
        let site = arguments.take("site").and_then(|named| site(&named, errors));
        names_any.then_some(Self { tags, keys, site })
    }

    pub(crate) fn tags(&self) -> &[Template] {
        &self.tags
    }

    pub(crate) fn keys(&self) -> &[Template] {
        &self.keys
    }

    /// Against the function, and against what the function keeps itself.
    pub(crate) fn check(&self, bindings: &Bindings, cached: Option<&cached::Model>, errors: &Errors) {
        self.tags.iter().chain(&self.keys).for_each(|template| bindings.check(template, errors));
        let Some(cached) = cached else { return };
        let twice = |mine: &[Template], theirs: &[Template]| {
            for template in mine.iter().filter(|one| theirs.iter().any(|other| other.words() == one.words()))
            {
                errors.at(
                    template.text(),
                    "this throws away what `cached` keeps of the same function: take it away here, and write it on the function that changes \
                     something",
                );
            }
        };
        twice(&self.tags, cached.tags());
        twice(&self.keys, cached.key().map(std::slice::from_ref).unwrap_or_default());
    }

    /// The policy as a constant expression.
    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let Self { tags: _, keys: _, site } = self;
        let invalidates = runtime.item("Invalidates");
        let site = site.as_ref().map(|name| quote!(.site(#name)));
        quote!(#invalidates::new() #site)
    }
}

fn site(named: &Named, errors: &Errors) -> Option<LitStr> {
    let name = named.text(SITE, errors)?;
    if name.value().trim().is_empty() {
        errors.at(&name, format!("the name of a function has at least one character: write `{SITE}`"));
        return None;
    }
    Some(name)
}

/// Which of the three it is does not show.
fn no_key(value: &TokenStream) -> String {
    let example = match quoted(value) {
        Some(text) => format!("tags = [{text:?}]"),
        None => TAG.example.to_owned(),
    };
    format!("`{}` has no key that says what it is: write `{example}`", spelling(value))
}
