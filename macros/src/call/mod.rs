//! `#[tollgate::call::..]`: policies in front of any async function.
//!
//! The way is that of handlers: the first attribute that the compiler expands takes the others off the function, all of them are
//! parsed and checked against each other, and one expansion is emitted. The signature stays what it is; the block is wrapped.

mod attempts;
mod attribute;
mod bulkhead;
mod cached;
mod circuit_breaker;
mod collect;
mod emit;
mod fallback;
mod form;
mod invalidates;
mod mixed;
mod rate_limited;
mod repeated;
mod results;
mod retry;
mod stack;
mod template;
mod timeout;
mod with_metrics;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::Parser;

pub(crate) use self::attribute::Attribute;
use self::collect::{Collected, collect};
use self::form::Form;
pub(crate) use self::mixed::{mixed_with_handler, not_on_a_call, other_form};
use self::stack::Stack;
use crate::collect::{Written, travellers};
use crate::errors::Errors;
use crate::function::{Function, other_item};
use crate::paths::Runtime;
use crate::probes;
use crate::stack::root_of;

/// An attribute of this family, the first that the compiler expands or one that comes after.
pub(crate) fn attribute(kind: Attribute, args: TokenStream, item: &TokenStream) -> TokenStream {
    if probes::asks_identity::<Attribute>(item) {
        return TokenStream::new();
    }
    if probes::asks_identity::<crate::attribute::Attribute>(item) {
        return mixed::not_on_a_handler(kind, Span::call_site()).to_compile_error();
    }
    let mut function = match parse(kind, item) {
        Ok(function) => function,
        Err(error) => {
            let error = error.to_compile_error();
            return quote!(#error #item);
        }
    };
    if let Some(error) = mixed::mixed_with_call(kind, &mut function) {
        return quote!(#error #function);
    }
    let Collected { ours, before } = collect(Written::expanding(kind, args, &function), &mut function);
    if before.is_empty() {
        return expand(&ours, &function);
    }
    let calls = Runtime::at(root_of(&ours)).item("calls");
    collect::postpone(&ours, &before, &function, &calls)
}

/// What [`attribute`] has postponed.
pub(crate) fn postponed(args: TokenStream, item: &TokenStream) -> TokenStream {
    match (travellers.parse2(args), syn::parse2::<Function>(item.clone())) {
        (Ok(written), Ok(function)) => expand(&written, &function),
        (Err(error), _) | (_, Err(error)) => {
            let error = error.to_compile_error();
            quote!(#error #item)
        }
    }
}

fn expand(written: &[Written<Attribute>], function: &Function) -> TokenStream {
    let errors = Errors::new();
    let stack = Stack::parse(written, &errors);
    let form = Form::of(function, &errors);
    if let (Some(because), Some(form)) = (stack.needs_a_result(), &form) {
        results::check(because, form.returned(), function, &errors);
    }
    stack.check(function, form.as_ref(), &errors);
    let runtime = Runtime::at(root_of(written));
    let emitted = form.map(|form| emit::emit(&stack, function, &form, &runtime));
    let identity = probes::identity(written, function);
    match (errors.finish(), emitted) {
        (None, Some(emitted)) => quote!(#identity #emitted),
        (errors, _) => quote!(#identity #errors #function),
    }
}

fn parse(kind: Attribute, item: &TokenStream) -> syn::Result<Function> {
    let error = match syn::parse2::<Function>(item.clone()) {
        Ok(function) => return Ok(function),
        Err(error) => error,
    };
    let name = kind.name();
    match (other_item(item), is_without_body(item)) {
        (Some(other), _) => {
            let place = other.into_iter().next().map_or_else(Span::call_site, |first| first.span());
            Err(syn::Error::new(
                place,
                format!("`{name}` stands in front of an `async fn`: there is none here"),
            ))
        }
        (None, true) => Err(syn::Error::new(
            error.span(),
            format!("there is nothing to run here: write `{name}` on the functions that implement this one"),
        )),
        (None, false) => Err(error),
    }
}

/// A function that a trait asks for.
fn is_without_body(item: &TokenStream) -> bool {
    item.clone().into_iter().last().is_some_and(|token| token.to_string() == ";")
}
