//! The shape of an annotated handler.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Attribute, GenericParam};

use crate::args::span_of;
use crate::collect::{held_by, name_of};
use crate::function::{Function, answer_span, mentions_impl};
use crate::paths::Runtime;
use crate::probes;
use crate::site;
use crate::stack::Stack;

/// Whether `#[utoipa::path]` was seen below our attributes; above, it cannot be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Documented {
    Yes,
    Unknown,
}

/// The gate, its site, its document and the handler around the user's function.
pub(crate) fn emit(
    stack: &Stack,
    function: &Function,
    documented: Documented,
    runtime: &Runtime,
) -> TokenStream {
    let gate = name_of("__gate_", &function.sig.ident);
    let site = site(stack, function, &gate, runtime);
    let document = document(function, documented, &gate, runtime);
    let handler = handler(stack, function, &gate, runtime);
    let member = member(stack, function, &gate, runtime);
    quote!(#site #member #document #handler)
}

/// The policies as a constant, and the static by which the linker finds them.
fn site(stack: &Stack, function: &Function, gate: &Ident, runtime: &Runtime) -> TokenStream {
    let [guarded, policies, site, describe] =
        ["Guarded", "Policies", "Site", "describe"].map(|name| runtime.item(name));
    let vis = &function.vis;
    let declared = stack.emit(function, runtime);
    let place = Ident::new("SITE", Span::call_site());
    let registered =
        site::registered(&place, &function.name(), stack.name(), &quote!(#describe::<#gate>), runtime);
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, clippy::exhaustive_enums)]
        #vis enum #gate {}

        impl #guarded for #gate {
            const POLICIES: #policies = #declared;

            fn site() -> &'static #site {
                #registered
                &SITE
            }
        }
    }
}

/// The function as one of several behind an item of `versions!`.
fn member(stack: &Stack, function: &Function, gate: &Ident, runtime: &Runtime) -> Option<TokenStream> {
    let versions = stack.versions()?;
    let [member, of_api, gate_type, response] =
        ["Member", "OfApi", "Gate", "Response"].map(|name| runtime.item(name));
    let (ident, vis, types) = (&function.sig.ident, &function.vis, function.argument_types());
    let alias = name_of("__versions_", ident);
    let arguments = quote!((#(#types,)*));
    Some(quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code, private_interfaces)]
        #vis type #alias = #versions;

        impl #of_api<#versions> for #gate {}

        impl #member<#arguments> for #gate {
            fn answer(
                gate: #gate_type<Self, #arguments>,
            ) -> impl ::core::future::Future<Output = #response> + ::core::marker::Send {
                #ident(gate)
            }
        }
    })
}

/// What a macro of the runtime turns into documentation, or into nothing where its feature is off.
fn document(function: &Function, documented: Documented, gate: &Ident, runtime: &Runtime) -> TokenStream {
    let document = runtime.item("document");
    let path = name_of("__path_", &function.sig.ident);
    let returned = function.plain_return_type();
    let arguments: Vec<_> = function.plain_argument_types().collect();
    match documented {
        Documented::Yes => quote!(#document! { direct #path #gate [#returned] [#(#arguments),*] }),
        Documented::Unknown => {
            let module = name_of("__gate_docs_", &function.sig.ident);
            quote!(#document! { either #module #path #gate [#returned] [#(#arguments),*] })
        }
    }
}

/// The handler that axum sees: one argument, and the user's function inside.
///
/// A handler is async whether it awaits or not, and clippy knows that of functions that are passed on, not of those
/// that are called.
fn handler(stack: &Stack, function: &Function, gate: &Ident, runtime: &Runtime) -> TokenStream {
    let Function { vis, sig, .. } = function;
    let (outer, inner) = split_attributes(&function.attrs);
    let (ident, generics, where_clause) = (&sig.ident, &sig.generics, &sig.generics.where_clause);
    let (gate_type, response) = (runtime.item("Gate"), runtime.item("Response"));
    let types: Vec<_> = function.argument_types().collect();
    // The user's function stands beside it, and may be called anything but this.
    let passage = Ident::new("__gate", Span::mixed_site());
    let user = inner_function(function, &inner, runtime);
    let probes = probes::arguments(function, stack.state(), runtime);
    let run = run(stack, function, &passage, runtime);
    // It begins and ends on the user's own tokens, so that rustc tells of a handler that nobody uses.
    let (asyncness, fn_token) = (&sig.asyncness, &sig.fn_token);
    let mut body = Group::new(Delimiter::Brace, quote!(#user #probes #run));
    body.set_span(span_of(&function.body));
    quote! {
        #(#outer)*
        #[allow(clippy::unused_async, clippy::extra_unused_lifetimes)]
        #vis #asyncness #fn_token #ident #generics (#passage: #gate_type<#gate, (#(#types,)*)>) -> #response #where_clause
        #body
    }
}

/// A handler in the place of a function that cannot be one, so that the router has no errors to add. The function
/// stays within, so that its body is checked; one of an `impl` block stays where it is.
pub(crate) fn stand_in(function: &Function, runtime: &Runtime) -> TokenStream {
    if function.is_associated() {
        return function.to_token_stream();
    }
    let Function { vis, sig, .. } = function;
    let (outer, inner) = split_attributes(&function.attrs);
    let (ident, generics, where_clause) = (&sig.ident, &sig.generics, &sig.generics.where_clause);
    let response = runtime.item("Response");
    let user = inner_function(function, &inner, runtime);
    quote! {
        #(#outer)*
        #vis async fn #ident #generics() -> #response #where_clause {
            #[allow(dead_code)]
            #user
            ::core::unreachable!()
        }
    }
}

/// The user's function, as it was written, with the attributes that belong on it.
fn inner_function(function: &Function, attrs: &[Attribute], runtime: &Runtime) -> TokenStream {
    let Function { sig, body, .. } = function;
    let marker = (!attrs.is_empty()).then(|| {
        let inner = runtime.item("inner");
        quote!(#[#inner])
    });
    quote!(#(#attrs)* #marker #sig #body)
}

/// The call that runs the policies around the user's function, on the tokens of its answer.
fn run(stack: &Stack, function: &Function, passage: &Ident, runtime: &Runtime) -> TokenStream {
    let (ident, span) = (&function.sig.ident, answer_span(function));
    let names: Vec<_> = (0..function.sig.inputs.len())
        .map(|place| format_ident!("argument_{place}", span = Span::mixed_site()))
        .collect();
    let turbofish = turbofish(function);
    let call = quote_spanned!(ident.span()=> #ident #turbofish (#(#names),*));
    let Some(described) = stack.described() else {
        let (run, send) = (runtime.item_at("run", span), runtime.item_at("send", ident.span()));
        let call = quote_spanned!(ident.span()=> #send(#call));
        return quote_spanned!(span=> #run(#passage, |(#(#names,)*)| #call).await);
    };
    // Which asks by itself that the function's future can move between threads.
    let describe = described.emit(function, runtime);
    let Some(fallback) = stack.fallback() else {
        let run = runtime.item_at("run_with", span);
        return quote_spanned!(span=> #run(#passage, #describe, |(#(#names,)*)| #call).await);
    };
    // On the user's path, where the compiler says what is wrong with that function.
    let place = span_of(fallback);
    let instead = if probes::reads_body(function) { "instead_of_body" } else { "instead" };
    let instead = runtime.item_at(instead, place);
    let fallback = quote_spanned!(place=> #instead(#fallback));
    let run = runtime.item_at("run_or", span);
    quote_spanned!(span=> #run(#passage, #describe, |(#(#names,)*)| #call, #fallback).await)
}

/// The type and const parameters, which the compiler cannot always infer.
fn turbofish(function: &Function) -> Option<TokenStream> {
    if function.argument_types().any(mentions_impl) {
        return None;
    }
    let params: Vec<_> = function
        .sig
        .generics
        .params
        .iter()
        .filter_map(|param| match param {
            GenericParam::Type(ty) => Some(ty.ident.to_token_stream()),
            GenericParam::Const(constant) => Some(constant.ident.to_token_stream()),
            GenericParam::Lifetime(_) => None,
        })
        .collect();
    (!params.is_empty()).then(|| quote!(::<#(#params),*>))
}

/// Those of the gate, and those of the user's function.
fn split_attributes(attrs: &[Attribute]) -> (Vec<Attribute>, Vec<Attribute>) {
    attrs.iter().cloned().partition(belongs_outside)
}

/// What documents the handler or sets lints for it; everything else changes the function and goes with it.
pub(crate) fn belongs_outside(attribute: &Attribute) -> bool {
    const OUTSIDE: &[&str] = &["doc", "deprecated", "allow", "warn", "deny", "forbid", "expect"];
    let is_outside = |path: &syn::Path| OUTSIDE.iter().any(|name| path.is_ident(name));
    if attribute.path().is_ident("cfg_attr") {
        let held = held_by(attribute);
        return !held.is_empty() && held.iter().all(|meta| is_outside(meta.path()));
    }
    is_outside(attribute.path())
}
