//! `#[cached(ttl = "5m", tags = ["airport:{iata}"])]`.

mod choices;
mod freshness;
mod key;
mod vary;
mod vocabulary;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::LitStr;

pub(crate) use self::choices::OnCacheError;
use self::freshness::Freshness;
pub(crate) use self::freshness::{A_YEAR, stale};
pub(crate) use self::key::KEY;
pub(crate) use self::vocabulary::VOCABULARY;
use crate::args::{Arguments, Largest, Longest, Named};
use crate::bindings::Bindings;
use crate::errors::Errors;
use crate::fingerprint;
use crate::function::Function;
use crate::paths::Runtime;
use crate::template::{Template, Wording};

/// One `#[cached]`, valid by construction.
pub(crate) struct Model {
    freshness: Freshness,
    key: Option<Template>,
    vary: Vec<LitStr>,
    tags: Vec<Template>,
    stale_while_revalidate: Option<u64>,
    stale_if_error: Option<u64>,
    /// The word, where it stands.
    public: Option<Ident>,
    max_body: Option<u64>,
    on_store_error: Option<OnCacheError>,
    lease: Option<u64>,
}

pub(crate) const LEASE: Longest = Longest { nanos: 3_600_000_000_000, words: "an hour" };
const MAX_BODY: Largest = Largest { bytes: 1 << 30, words: "1GiB" };
pub(crate) const TAG: Wording = Wording { noun: "a tag", example: "tags = [\"airport:{iata}\"]" };

impl Model {
    /// `attribute` is what stands for the whole where something is missing.
    pub(crate) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        let freshness = Freshness::parse(arguments, attribute, errors);
        let stale_while_revalidate = stale(arguments, "stale_while_revalidate", errors);
        let stale_if_error = stale(arguments, "stale_if_error", errors);
        let key = arguments.take("key").and_then(|named| key::parse(&named, errors));
        let vary = arguments.take("vary").map(|named| vary::parse(&named, errors)).unwrap_or_default();
        let tags = arguments.take("tags").map(|named| templates(&named, &TAG, errors)).unwrap_or_default();
        let public = arguments.take("public").filter(|named| named.flag(errors)).map(|named| named.key);
        let max_body = arguments.take("max_body");
        let max_body = max_body.and_then(|named| named.bytes("max_body = \"1MiB\"", &MAX_BODY, errors));
        let on_store_error = arguments.take("on_store_error");
        let on_store_error = on_store_error.and_then(|named| OnCacheError::parse(&named, errors));
        let lease = arguments.take("lease");
        let lease = lease.and_then(|named| named.duration_up_to(&LEASE, "lease = \"5s\"", errors));
        Some(Self {
            freshness: freshness?,
            key,
            vary,
            tags,
            stale_while_revalidate,
            stale_if_error,
            public,
            max_body,
            on_store_error,
            lease,
        })
    }

    /// The key, where the function says what it is.
    pub(crate) const fn key(&self) -> Option<&Template> {
        self.key.as_ref()
    }

    /// What its entries are thrown away by.
    pub(crate) fn tags(&self) -> &[Template] {
        &self.tags
    }

    /// Against the function, and against who may call it.
    pub(crate) fn check(
        &self,
        function: &Function,
        bindings: &Bindings,
        is_authorized: bool,
        errors: &Errors,
    ) {
        if let Some(public) = self.public.as_ref().filter(|_| is_authorized) {
            errors.at(
                public,
                "answers behind `authorize` are for whoever may see them, and those of a `public` cache are for everybody: take `public` \
                 away, and each principal has its own",
            );
        }
        if let Some(template) = &self.key {
            key::check(template, function, bindings, errors);
        }
        self.tags.iter().for_each(|tag| bindings.check(tag, errors));
    }

    /// The policy as a constant expression.
    pub(crate) fn emit(&self, function: &Function, runtime: &Runtime) -> TokenStream {
        let Self {
            freshness,
            key,
            vary,
            tags: _,
            stale_while_revalidate,
            stale_if_error,
            public,
            max_body,
            on_store_error,
            lease,
        } = self;
        let freshness = freshness.emit(runtime);
        let swr = stale_while_revalidate.map(|nanos| quote!(.stale_while_revalidate(#nanos)));
        let sie = stale_if_error.map(|nanos| quote!(.stale_if_error(#nanos)));
        let public = public.as_ref().map(|_| quote!(.public()));
        let vary = (!vary.is_empty()).then(|| quote!(.vary(&[#(#vary),*])));
        let max_body = max_body.map(|bytes| quote!(.max_body(#bytes)));
        let on_store_error = on_store_error.map(|choice| choice.emit(runtime));
        let lease = lease.map(|nanos| quote!(.lease(#nanos)));
        let keyed = key.as_ref().map(|_| quote!(.keyed()));
        let fingerprint = fingerprint::of(function);
        quote! {
            #freshness #swr #sie #public #vary #max_body #on_store_error #lease #keyed
                .built_as(#fingerprint, ::core::option_env!("CARGO_PKG_VERSION"))
        }
    }
}

/// A list of templates.
pub(crate) fn templates(named: &Named, wording: &Wording, errors: &Errors) -> Vec<Template> {
    let texts = named.texts(wording.example, errors).unwrap_or_default();
    let parsed = texts.into_iter().filter_map(|text| {
        if text.value().trim().is_empty() {
            let Wording { noun, example } = wording;
            errors.at(&text, format!("{noun} has at least one character: write `{example}`"));
            return None;
        }
        Template::parse(text, wording, errors)
    });
    parsed.collect()
}
