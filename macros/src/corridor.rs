//! The way of every attribute: collect, parse, check, emit; on error the user's function unchanged and every error.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;

use crate::attribute::Attribute;
use crate::collect::{self, Collected, Written, collect};
use crate::errors::Errors;
use crate::function::{Function, first_token};
use crate::gate::{self, Documented};
use crate::paths::Runtime;
use crate::probes;
use crate::stack::{self, Stack};

/// An attribute of ours, the first that the compiler expands or one that comes after.
pub(crate) fn attribute(kind: Attribute, args: TokenStream, item: &TokenStream) -> TokenStream {
    if probes::asks_identity(item) {
        return TokenStream::new();
    }
    let mut function = match parse(kind, item) {
        Ok(function) => function,
        Err(errors) => return quote!(#errors #item),
    };
    let collected = collect(Written::expanding(kind, args, &function), &mut function);
    if collected.is_inner {
        let error = too_late(kind, &function);
        return quote!(#error #function);
    }
    if collected.before.is_empty() {
        return expand(&collected.ours, &function, collected.documented);
    }
    postpone(&collected, &function)
}

/// What [`attribute`] has postponed.
pub(crate) fn gate(args: TokenStream, item: &TokenStream, documented: Documented) -> TokenStream {
    match (collect::travellers.parse2(args), syn::parse2::<Function>(item.clone())) {
        (Ok(written), Ok(function)) => expand(&written, &function, documented),
        (Err(error), _) | (_, Err(error)) => {
            let error = error.to_compile_error();
            quote!(#error #item)
        }
    }
}

fn postpone(collected: &Collected, function: &Function) -> TokenStream {
    let runtime = Runtime::at(stack::root_of(&collected.ours));
    let gate = runtime.item(match collected.documented {
        Documented::Yes => "gate_documented",
        Documented::Unknown => "gate",
    });
    collect::postpone(collected, function, &gate)
}

fn expand(written: &[Written], function: &Function, documented: Documented) -> TokenStream {
    let errors = Errors::new();
    let stack = Stack::parse(written, &errors);
    function.check(&errors);
    let identity = probes::identity(written, function);
    if let Some(errors) = errors.finish() {
        return quote!(#identity #errors #function);
    }
    let runtime = Runtime::at(stack::root_of(written));
    let gate = gate::emit(&stack, function, documented, &runtime);
    quote!(#identity #gate)
}

fn parse(kind: Attribute, item: &TokenStream) -> Result<Function, TokenStream> {
    syn::parse2::<Function>(item.clone()).map_err(|error| {
        let name = kind.name();
        let is_function = item.clone().into_iter().any(|token| token.to_string() == "fn");
        let error = if is_function {
            error
        } else {
            syn::Error::new(
                first_token(item),
                format!("`{name}` stands in front of a handler, an `async fn`: there is none here"),
            )
        };
        error.to_compile_error()
    })
}

fn too_late(kind: Attribute, function: &Function) -> TokenStream {
    let name = kind.name();
    let message = format!(
        "this is tollgate's `{name}` under another name, which the attribute above cannot know: write `#[tollgate::{name}]` \
         or import it under its own name"
    );
    syn::Error::new(function.attribute_span(), message).to_compile_error()
}
