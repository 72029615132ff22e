//! `#[call::cached(ttl = "5m", skip(db), tags = ["airport:{iata}"])]`.

mod key;
mod ttl;
mod types;
mod vocabulary;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ExprPath, Type};

use self::key::Key;
use self::ttl::Ttl;
pub(super) use self::vocabulary::VOCABULARY;
use super::form::{Body, Form};
use crate::args::Arguments;
use crate::cached::{LEASE, OnCacheError, TAG, stale, templates};
use crate::errors::Errors;
use crate::function::{Function, answer_span};
use crate::paths::Runtime;
use crate::site;
use crate::template::Template;

/// One `#[call::cached]`, valid by construction.
pub(super) struct Model {
    ttl: Ttl,
    key: Key,
    tags: Vec<Template>,
    stale_while_revalidate: Option<u64>,
    stale_if_error: Option<u64>,
    keeps_errors: bool,
    keeps_none: bool,
    control: Option<ExprPath>,
    on_store_error: Option<OnCacheError>,
    lease: Option<u64>,
}

impl Model {
    /// `attribute` is what stands for the whole where something is missing.
    pub(super) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        let ttl = Ttl::parse(arguments, attribute, errors);
        let (key, skip) = (arguments.take("key"), arguments.take("skip"));
        let key = Key::parse(key.as_ref(), skip.as_ref(), errors);
        let tags = arguments.take("tags").map(|named| templates(&named, &TAG, errors)).unwrap_or_default();
        let stale_while_revalidate = stale(arguments, "stale_while_revalidate", errors);
        let stale_if_error = stale(arguments, "stale_if_error", errors);
        let keeps_errors = arguments.take("cache_errors").is_some_and(|named| named.flag(errors));
        let keeps_none = arguments.take("cache_none").is_some_and(|named| named.flag(errors));
        let control = arguments.take("control").and_then(|named| {
            let path = named.path("control = AIRPORTS", errors)?;
            Some(ExprPath { attrs: Vec::new(), qself: None, path })
        });
        let on_store_error = arguments.take("on_store_error");
        let on_store_error = on_store_error.and_then(|named| OnCacheError::parse(&named, errors));
        let lease = arguments.take("lease");
        let lease = lease.and_then(|named| named.duration_up_to(&LEASE, "lease = \"5s\"", errors));
        Some(Self {
            ttl: ttl?,
            key: key?,
            tags,
            stale_while_revalidate,
            stale_if_error,
            keeps_errors,
            keeps_none,
            control,
            on_store_error,
            lease,
        })
    }

    /// What its values are thrown away by.
    pub(super) fn tags(&self) -> &[Template] {
        &self.tags
    }

    /// Against the function.
    pub(super) fn check(&self, function: &Function, form: Option<&Form>, errors: &Errors) {
        self.key.check(function, errors);
        let returned = form.and_then(Form::returned);
        if let Some(place) = returned.and_then(types::unnamed) {
            errors.at(
                place,
                "a value that is kept is given to others, who need the name of its type: write that, or `Box<dyn ..>`'s like in an `Arc`",
            );
        } else if let Some(place) = returned.and_then(types::borrowed) {
            errors.at(
                place,
                "a value that is kept outlives the call, so it borrows nothing: return what owns it, as `String` for a `&str`",
            );
        }
        if let Some(control) = &self.control
            && let Some(parameter) = function.sig.generics.type_params().next()
        {
            errors.at(
                control,
                format!(
                    "a handle is of one function, and this one is another for each `{}`: take `control` away",
                    parameter.ident
                ),
            );
        }
    }

    /// The policy, as a call of the builder of a site.
    pub(super) fn emit(&self, function: &Function, runtime: &Runtime) -> TokenStream {
        let ttl = self.ttl.emit(runtime);
        let words = self.key.words(function);
        let words = (!words.is_empty()).then(|| quote!(.by(#words)));
        let swr = self.stale_while_revalidate.map(|nanos| quote!(.stale_while_revalidate(#nanos)));
        let sie = self.stale_if_error.map(|nanos| quote!(.stale_if_error(#nanos)));
        let on_store_error = self.on_store_error.map(|choice| choice.emit(runtime));
        let lease = self.lease.map(|nanos| quote!(.lease(#nanos)));
        let controlled = self.control.as_ref().map(|_| quote!(.controlled()));
        quote!(.cached(#ttl #words #swr #sie #on_store_error #lease) #controlled)
    }

    /// The static by which the linker finds the handle.
    pub(super) fn emit_control(&self, site: &Ident, call: &Ident, runtime: &Runtime) -> Option<TokenStream> {
        let handle = self.control.as_ref()?;
        Some(site::controlled(handle, site, call, runtime))
    }

    /// The call that is answered with what is kept, or runs `future` and keeps what it answers.
    pub(super) fn emit_call(
        &self,
        call: &Ident,
        function: &Function,
        form: &Form,
        future: &TokenStream,
        runtime: &Runtime,
    ) -> TokenStream {
        let ty = form.returned().map_or_else(|| quote!(()), |ty| quote!(#ty));
        let place = form.returned().map_or_else(|| answer_span(function), |ty| value_of(ty).span());
        let cached = runtime.item_at("cached", place);
        let shape = self.shape(&ty, function, place, runtime);
        let key = self.key.emit(function, self.control.is_some());
        let miss = Ident::new("miss", Span::mixed_site());
        let marks = self.marks();
        let ttl = self.ttl.emit_of_call();
        let is_own =
            types::owns_everything(function) && !matches!(form.body, Body::Returned { boxed: true, .. });
        let fetch = Ident::new(if is_own { "fetch" } else { "fetch_here" }, function.sig.ident.span());
        let rest = rest(&ty, runtime);
        let lookup = quote_spanned!(place=> #cached::<#ty, _>(&#call, #shape, #key));
        let kept = kept(runtime);
        let call = quote!(#miss #kept #marks #ttl.#fetch(#rest, #future));
        quote!(#lookup.or_make(move |#miss| #call).await)
    }

    /// What of an answer is kept: the compiler knows.
    fn shape(&self, ty: &TokenStream, function: &Function, place: Span, runtime: &Runtime) -> TokenStream {
        let traits = runtime.traits(["ShapeOfAny", "ShapeOfEither", "ShapeOfResultOfOption"]);
        let returns = runtime.item("Returns");
        let errors = self.keeps_errors.then(|| flag("and_errors", place));
        let none = self.keeps_none.then(|| flag("and_none", place));
        let shape = quote! {{
            #[allow(unused_imports)]
            #traits
            (&&&#returns::<#ty>::new() #errors #none).shape()
        }};
        let Some(handle) = &self.control else { return shape };
        let (controlled, keys) = (runtime.item("controlled"), self.key.tuple(function));
        let handle = quote_spanned!(handle.span()=> &#handle);
        quote!(#controlled::<#ty, #keys, _>(#shape, #handle))
    }

    /// What each value is thrown away by.
    fn marks(&self) -> Option<TokenStream> {
        let marks = Ident::new("marks", Span::mixed_site());
        let key = self.key.emit_mark(&marks);
        let tags = self.tags.iter().map(Template::emit);
        let added = quote!(#key #(#marks.tag(#tags);)*);
        (!added.is_empty()).then(|| quote!(.marked(|#marks| { #added })))
    }
}

/// How a value is written for a store that processes share, and what it weighs: the compiler knows.
fn kept(runtime: &Runtime) -> TokenStream {
    let traits = runtime.traits(["Bare", "Weighed", "Written"]);
    let probe = Ident::new("probe", Span::mixed_site());
    quote! {
        .kept(|#probe| {
            #[allow(unused_imports)]
            #traits
            (&&&#probe).tollgate_kept()
        })
    }
}

fn flag(name: &str, place: Span) -> TokenStream {
    let name = Ident::new(name, place);
    quote_spanned!(place=> .#name())
}

/// Whether those who wait are given clones of what is not kept: the compiler knows.
fn rest(ty: &TokenStream, runtime: &Runtime) -> TokenStream {
    let traits = runtime.traits(["RestOfAny", "RestOfClones"]);
    let rest = runtime.item("Rest");
    quote! {{
        #[allow(unused_imports)]
        #traits
        (&&#rest::<#ty>::new()).rest()
    }}
}

/// The value in what is written as `Result<T, _>` or `Option<T>`, which is where it is reported that it cannot be kept.
fn value_of(ty: &Type) -> &Type {
    crate::function::value_of(ty).map_or(ty, value_of)
}
