//! The shape of an annotated function: its signature as it was, and its block in one call.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ExprPath;
use syn::spanned::Spanned;

use super::attempts::Attempts;
use super::form::{Body, Form, without_impl};
use super::repeated;
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
    let sig = if stack.retry().is_some() { &repeated::without_mut(sig) } else { sig };
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
    let registered =
        site::registered(&site, &function.name(), stack.name(), &quote!(|| #call.entries()), runtime);
    quote! {
        #registered
        static #call: #call_site = #call_site::new(&#site) #policies;
        #control
    }
}

/// The policies around a block, innermost first: what each attempt goes through, what is kept, what is thrown away, what answers instead, what is
/// refused, what is measured. What cannot become the function's error is reported on that.
fn policies(
    stack: &Stack,
    function: &Function,
    form: &Form,
    block: &TokenStream,
    runtime: &Runtime,
) -> TokenStream {
    let [_, site] = names();
    let mut answer = Attempts { stack, function, form, runtime, site: &site }.emit(block);
    if let Some(cached) = stack.cached() {
        let call = cached.emit_call(&site, function, form, &answer.future(), runtime);
        answer = Answer::Made(call);
    }
    if let Some(invalidates) = stack.invalidates() {
        let (invalidated, marks) = (runtime.item("invalidated"), invalidates.emit_marks());
        let (future, is_success) = (answer.future(), asked("is_success", runtime));
        answer = Answer::Made(quote!(#invalidated(&#site, #marks, #future, #is_success).await));
    }
    if let Some(fallback) = stack.fallback() {
        let path = fallback.path();
        answer = Answer::Made(fallen_back(path, &site, function, form, &answer.future(), runtime));
    }
    if stack.rate_limited().is_some() {
        let place = error_place(function, form);
        let (once, call) = (runtime.item_at("once", place), runtime.item("Call"));
        let (of_call, future) = (stack.of_call(), answer.future());
        let arguments = quote!(#call::of(&#site) #of_call, #future);
        answer = Answer::Made(quote_spanned!(place=> #once(#arguments).await));
    }
    if stack.with_metrics().is_some() {
        let measured = runtime.item("measured");
        let (future, is_failure) = (answer.future(), asked("is_failure", runtime));
        answer = Answer::Made(quote!(#measured(&#site, #future, #is_failure).await));
    }
    answer.made()
}

/// Where it is reported that a refusal cannot become the function's error.
pub(super) fn error_place(function: &Function, form: &Form) -> Span {
    form.returned().map_or_else(|| answer_span(function), |ty| error_of(ty).unwrap_or(ty).span())
}

/// What answers in the place of a failure gets its arguments before the function takes them.
fn fallen_back(
    path: &ExprPath,
    site: &Ident,
    function: &Function,
    form: &Form,
    future: &TokenStream,
    runtime: &Runtime,
) -> TokenStream {
    let place = path.span();
    let (falls_back, fell_back) = (runtime.item_at("FallsBack", place), runtime.item_at("fell_back", place));
    let ty = form.returned().map_or_else(|| quote!(()), without_impl);
    let arguments = repeated::arguments(function);
    let way = Ident::new("way", Span::mixed_site());
    let prepared = quote_spanned!(place=> #falls_back::<#ty>::to(#path, #arguments).prepared());
    let answered = quote_spanned!(place=> #fell_back::<#ty, _, _>(&#site, #way, #future).await);
    // The user who calls an argument `_station` does not use it.
    quote!({ #[allow(clippy::used_underscore_binding)] let #way = #prepared; #answered })
}

/// What a policy runs.
pub(super) enum Answer {
    /// A future of it.
    Future(TokenStream),
    /// An expression that waits for it.
    Made(TokenStream),
}

impl Answer {
    pub(super) fn future(self) -> TokenStream {
        match self {
            Self::Future(future) => future,
            Self::Made(made) => quote!(async move { #made }),
        }
    }

    pub(super) fn made(self) -> TokenStream {
        match self {
            Self::Future(future) => quote!(#future.await),
            Self::Made(made) => made,
        }
    }
}

/// The user's block as a future. It says what it answers, so that it coerces as in the function.
pub(super) fn future(form: &Form, block: &TokenStream, runtime: &Runtime) -> TokenStream {
    let block = with_hint(form, block, runtime);
    quote!(async move { #block })
}

/// The user's block as it stands in a future.
pub(super) fn with_hint(form: &Form, block: &TokenStream, runtime: &Runtime) -> TokenStream {
    match form.body {
        Body::Plain => {
            let (hint, ty) = (runtime.item("hint"), form.returned().map_or_else(|| quote!(()), without_impl));
            let block = nested(block);
            quote!(if false { return #hint::<#ty>(); } #block)
        }
        Body::Returned { .. } => nested(block),
    }
}

/// Whether an answer is a success, or a failure: the compiler knows.
fn asked(question: &str, runtime: &Runtime) -> TokenStream {
    let traits = runtime.traits(["Shape", "ShapeOfAny", "ShapeOfEither", "ShapeOfResultOfOption"]);
    let (returns, answer) = (runtime.item("Returns"), Ident::new("answer", Span::mixed_site()));
    let question = Ident::new(question, Span::call_site());
    quote! {
        |#answer| {
            #[allow(unused_imports)]
            #traits
            (&&&#returns::of(#answer)).shape().#question(#answer)
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
