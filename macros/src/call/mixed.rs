//! Attributes of handlers and of other functions do not meet on one function: each is told what the other one is called.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;

use super::attribute::Attribute;
use crate::attribute::Attribute as HandlerAttribute;
use crate::collect::Family;
use crate::function::Function;
use crate::paths::is_generated;

/// What a handler's attribute says that finds one of ours on its function, or what one has left there. They are taken off, so that it is
/// said once.
pub(crate) fn mixed_with_handler(kind: HandlerAttribute, function: &mut Function) -> Option<TokenStream> {
    if function.attrs.iter().any(|attribute| is_generated(attribute.path(), "called")) {
        let place = function.attribute_span();
        return Some(no_handler(kind, place).to_compile_error());
    }
    let ours = |attribute: &syn::Attribute| Attribute::of_full_path(attribute.path());
    let (place, other) =
        function.attrs.iter().find_map(|attribute| Some((attribute.path().span(), ours(attribute)?)))?;
    function.attrs.retain(|attribute| {
        ours(attribute).is_none() && HandlerAttribute::of_path(attribute.path()).is_none()
    });
    Some(not_on_a_handler(other, place).to_compile_error())
}

/// What one of ours says that comes too late: the function has its policies already.
pub(super) fn mixed_with_call(kind: Attribute, function: &mut Function) -> Option<TokenStream> {
    let marked = |name| function.attrs.iter().any(|attribute| is_generated(attribute.path(), name));
    let place = function.attribute_span();
    if marked("inner") {
        return Some(not_on_a_handler(kind, place).to_compile_error());
    }
    marked("called").then(|| {
        let (name, word) = (kind.name(), kind.word());
        let message = format!(
            "this is tollgate's `{name}` under another name, which the attribute above cannot know: write `#[tollgate::{name}]` \
             or import it as `{word}`"
        );
        syn::Error::new(place, message).to_compile_error()
    })
}

/// What a handler's attribute answers to the question whether it is one of ours.
pub(crate) fn not_on_a_call(kind: HandlerAttribute) -> TokenStream {
    let error = no_handler(kind, Span::call_site()).to_compile_error();
    quote!(#error)
}

fn no_handler(kind: HandlerAttribute, place: Span) -> syn::Error {
    let name = kind.name();
    let instead = other_form(kind).map_or_else(
        || "take it away, or write it on the handler that calls this function".to_owned(),
        |other| format!("write `#[tollgate::{other}]`"),
    );
    let message = format!(
        "`{name}` belongs to a handler, and another attribute says that this is a function which other code calls: {instead}"
    );
    syn::Error::new(place, message)
}

pub(super) fn not_on_a_handler(kind: Attribute, place: Span) -> syn::Error {
    let (name, word) = (kind.name(), kind.word());
    let is_both = HandlerAttribute::ALL.iter().any(|handler| handler.name() == word);
    let instead = if is_both {
        format!("write `#[tollgate::{word}]`")
    } else {
        "write it on a function that the handler calls".to_owned()
    };
    let message = format!(
        "`{name}` belongs to a function which other code calls, and another attribute says that this is a handler: {instead}"
    );
    syn::Error::new(place, message)
}

/// What a handler's attribute is called on other functions, where there is such a one.
pub(crate) fn other_form(kind: HandlerAttribute) -> Option<&'static str> {
    Attribute::ALL.iter().find(|call| call.word() == kind.name()).map(|call| call.name())
}
