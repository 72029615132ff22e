//! The shape of an annotated function: its signature as it was, and its block in one call.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use super::form::{Body, Form, without_impl};
use super::results::error_of;
use super::stack::Stack;
use crate::args::span_of;
use crate::function::{Function, answer_span};
use crate::gate::belongs_outside;
use crate::paths::Runtime;
use crate::site;

/// The function with its site inside.
pub(super) fn emit(stack: &Stack, function: &Function, form: &Form, runtime: &Runtime) -> TokenStream {
    let Function { attrs, vis, sig, body } = function;
    let site = site(stack, function, runtime);
    let block = match &form.body {
        Body::Plain => once(stack, function, form, body, runtime),
        Body::Returned { before, boxed, block } => {
            let once = once(stack, function, form, &block.to_token_stream(), runtime);
            let future = quote!(async move { #once });
            if *boxed { quote!(#before(#future)) } else { quote!(#before #future) }
        }
    };
    let mut outer = Group::new(Delimiter::Brace, quote!(#site #block));
    outer.set_span(span_of(body));
    // An attribute of ours under another name would find a function like any other.
    let marker = attrs.iter().any(|attribute| !belongs_outside(attribute)).then(|| {
        let called = runtime.item("called");
        quote!(#[#called])
    });
    quote!(#(#attrs)* #marker #vis #sig #outer)
}

/// The statics of a function: its site, which the linker finds, and its policies. The user's block sees them, so they have names that
/// nobody else gives.
fn names() -> [Ident; 2] {
    ["__TOLLGATE_SITE", "__TOLLGATE_CALL"].map(|name| Ident::new(name, Span::call_site()))
}

fn site(stack: &Stack, function: &Function, runtime: &Runtime) -> TokenStream {
    let [site, call] = names();
    let call_site = runtime.item("CallSite");
    let policies = stack.policies(runtime);
    let registered = site::registered(&site, function, stack.name(), &quote!(|| #call.entries()), runtime);
    quote! {
        #registered
        static #call: #call_site = #call_site::new(&#site) #policies;
    }
}

/// The call that runs the policies around a block. What cannot become the function's error is reported on that.
fn once(
    stack: &Stack,
    function: &Function,
    form: &Form,
    block: &TokenStream,
    runtime: &Runtime,
) -> TokenStream {
    let [_, call_site] = names();
    let returned = form.returned();
    let place = returned.map_or_else(|| answer_span(function), |ty| error_of(ty).unwrap_or(ty).span());
    let (once, call) = (runtime.item_at("once", place), runtime.item("Call"));
    let of_call = stack.of_call();
    let future = match form.body {
        Body::Plain => {
            let (hint, ty) = (runtime.item("hint"), returned.map_or_else(|| quote!(()), without_impl));
            let block = nested(block);
            quote!(async move { if false { return #hint::<#ty>(); } #block })
        }
        Body::Returned { .. } => quote!(async move #block),
    };
    let arguments = quote!(#call::of(&#call_site) #of_call, #future);
    quote_spanned!(place=> #once(#arguments).await)
}

/// A block within another. Its place is the user's, its braces are ours: where they were the user's, they would be called unnecessary.
fn nested(block: &TokenStream) -> TokenStream {
    let braces = |token| match token {
        TokenTree::Group(group) => {
            let mut braces = Group::new(group.delimiter(), group.stream());
            braces.set_span(Span::mixed_site().located_at(group.span()));
            TokenTree::Group(braces)
        }
        other => other,
    };
    block.clone().into_iter().map(braces).collect()
}
