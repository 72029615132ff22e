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
        Body::Plain => policies(stack, function, form, body, runtime),
        Body::Returned { before, boxed, block } => {
            let once = policies(stack, function, form, &block.to_token_stream(), runtime);
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
    let policies = stack.policies(function, runtime);
    let control = stack.cached().and_then(|cached| cached.emit_control(&site, &call, runtime));
    let registered = site::registered(&site, function, stack.name(), &quote!(|| #call.entries()), runtime);
    quote! {
        #registered
        static #call: #call_site = #call_site::new(&#site) #policies;
        #control
    }
}

/// The policies around a block, innermost first: what is kept, what is thrown away, what is refused. What cannot become the function's error
/// is reported on that.
fn policies(
    stack: &Stack,
    function: &Function,
    form: &Form,
    block: &TokenStream,
    runtime: &Runtime,
) -> TokenStream {
    let [_, site] = names();
    let mut answer = Answer::Future(future(form, block, runtime));
    if let Some(cached) = stack.cached() {
        let call = cached.emit_call(&site, function, form, &answer.future(), runtime);
        answer = Answer::Made(call);
    }
    if let Some(invalidates) = stack.invalidates() {
        let (invalidated, marks) = (runtime.item("invalidated"), invalidates.emit_marks());
        let (future, is_success) = (answer.future(), success(runtime));
        answer = Answer::Made(quote!(#invalidated(&#site, #marks, #future, #is_success).await));
    }
    if stack.refuses() {
        let returned = form.returned();
        let place = returned.map_or_else(|| answer_span(function), |ty| error_of(ty).unwrap_or(ty).span());
        let (once, call) = (runtime.item_at("once", place), runtime.item("Call"));
        let (of_call, future) = (stack.of_call(), answer.future());
        let arguments = quote!(#call::of(&#site) #of_call, #future);
        answer = Answer::Made(quote_spanned!(place=> #once(#arguments).await));
    }
    answer.made()
}

/// What a policy runs.
enum Answer {
    /// A future of it.
    Future(TokenStream),
    /// An expression that waits for it.
    Made(TokenStream),
}

impl Answer {
    fn future(self) -> TokenStream {
        match self {
            Self::Future(future) => future,
            Self::Made(made) => quote!(async move { #made }),
        }
    }

    fn made(self) -> TokenStream {
        match self {
            Self::Future(future) => quote!(#future.await),
            Self::Made(made) => made,
        }
    }
}

/// The user's block as a future. It says what it answers, so that it coerces as in the function.
fn future(form: &Form, block: &TokenStream, runtime: &Runtime) -> TokenStream {
    match form.body {
        Body::Plain => {
            let (hint, ty) = (runtime.item("hint"), form.returned().map_or_else(|| quote!(()), without_impl));
            let block = nested(block);
            quote!(async move { if false { return #hint::<#ty>(); } #block })
        }
        Body::Returned { .. } => quote!(async move #block),
    }
}

/// Whether an answer is a success: the compiler knows.
fn success(runtime: &Runtime) -> TokenStream {
    let traits = runtime.traits(["Shape", "ShapeOfAny", "ShapeOfEither", "ShapeOfResultOfOption"]);
    let (returns, answer) = (runtime.item("Returns"), Ident::new("answer", Span::mixed_site()));
    quote! {
        |#answer| {
            #[allow(unused_imports)]
            #traits
            (&&&#returns::of(#answer)).shape().is_success(#answer)
        }
    }
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
