//! The way of every attribute: collect, parse, check, emit; on error the user's function unchanged and every error.
//! And that of every derive and of every expression: parse, emit; on error a stand-in for what was to be there, and every error.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::DeriveInput;
use syn::parse::Parser;

use crate::api_error;
use crate::args;
use crate::attribute::Attribute;
use crate::call;
use crate::collect::{self, Collected, Written, collect};
use crate::derive::Derive;
use crate::errors::Errors;
use crate::expression::Expression;
use crate::function::{Function, other_item};
use crate::gate::{self, Documented};
use crate::limits;
use crate::paginate;
use crate::paths::Runtime;
use crate::probes;
use crate::rates;
use crate::stack::{self, Stack};
use crate::version;
use crate::versions;

/// An attribute of ours, the first that the compiler expands or one that comes after.
pub(crate) fn attribute(kind: Attribute, args: TokenStream, item: &TokenStream) -> TokenStream {
    if probes::asks_identity::<Attribute>(item) {
        return TokenStream::new();
    }
    if probes::asks_identity::<call::Attribute>(item) {
        return call::not_on_a_call(kind);
    }
    let mut function = match parse(kind, item) {
        Ok(function) => function,
        Err(errors) => return quote!(#errors #item),
    };
    if let Some(error) = call::mixed_with_handler(kind, &mut function) {
        return quote!(#error #function);
    }
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

/// A derive of ours.
pub(crate) fn derive(kind: Derive, item: TokenStream) -> TokenStream {
    let input = match syn::parse2::<DeriveInput>(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let errors = Errors::new();
    let (emitted, stand_in) = match kind {
        Derive::ApiError => {
            let (model, runtime) =
                (api_error::Model::parse(&input, &errors), Runtime::at(api_error::root(&input)));
            (model.map(|model| model.emit(&runtime)), api_error::stand_in(&input, &runtime))
        }
        Derive::ApiVersion => {
            let (model, runtime) =
                (version::Model::parse(&input, &errors), Runtime::at(version::root(&input)));
            (model.map(|model| model.emit(&runtime)), version::stand_in(&input, &runtime))
        }
        Derive::Paginate => {
            let (model, runtime) =
                (paginate::Model::parse(&input, &errors), Runtime::at(paginate::root(&input)));
            (model.map(|model| model.emit(&runtime)), paginate::stand_in(&input, &runtime))
        }
    };
    match (errors.finish(), emitted) {
        (None, Some(emitted)) => emitted,
        (errors, _) => quote!(#errors #stand_in),
    }
}

/// A macro of ours that is an expression.
pub(crate) fn expression(kind: Expression, tokens: TokenStream) -> TokenStream {
    let errors = Errors::new();
    let runtime = Runtime::at(match kind {
        Expression::Limits => limits::root_of(&tokens),
        Expression::Rates => args::root_of(&tokens),
    });
    let (emitted, stand_in) = match kind {
        Expression::Limits => {
            let model = limits::Model::parse(tokens, &errors);
            (model.emit(&runtime), limits::stand_in(&runtime))
        }
        Expression::Rates => {
            let model = rates::Model::parse(tokens, &errors);
            (model.emit(&runtime), rates::stand_in(&runtime))
        }
    };
    errors.finish().map_or(emitted, |errors| quote!({ #errors #stand_in }))
}

/// `versions!`, our one macro that is an item.
pub(crate) fn item(tokens: TokenStream) -> TokenStream {
    let errors = Errors::new();
    let runtime = Runtime::at(versions::root_of(&tokens));
    let model = versions::Model::parse(tokens, &errors);
    let (emitted, stand_in) = (model.emit(&runtime), versions::stand_in(&model, &runtime));
    errors.finish().map_or(emitted, |errors| quote!(#errors #stand_in))
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
    let (wrong_arguments, no_handler) = (Errors::new(), Errors::new());
    let stack = Stack::parse(written, &wrong_arguments);
    stack.check(function, &wrong_arguments);
    let elsewhere = written.iter().find_map(|attribute| call::other_form(attribute.kind));
    function.check(elsewhere, &no_handler);
    let runtime = Runtime::at(stack::root_of(written));
    let identity = probes::identity(written, function);
    let emitted = match (wrong_arguments.finish(), no_handler.finish()) {
        (None, None) => gate::emit(&stack, function, documented, &runtime),
        (wrong_arguments, None) => quote!(#wrong_arguments #function),
        (wrong_arguments, no_handler) => {
            let stand_in = gate::stand_in(function, &runtime);
            quote!(#wrong_arguments #no_handler #stand_in)
        }
    };
    quote!(#identity #emitted)
}

fn parse(kind: Attribute, item: &TokenStream) -> Result<Function, TokenStream> {
    let error = match (syn::parse2::<Function>(item.clone()), other_item(item)) {
        (Ok(function), _) => return Ok(function),
        (Err(error), None) => error,
        (Err(_), Some(other)) => {
            let name = kind.name();
            let message = format!("`{name}` stands in front of a handler, an `async fn`: there is none here");
            syn::Error::new(
                other.into_iter().next().map_or_else(Span::call_site, |first| first.span()),
                message,
            )
        }
    };
    Err(error.to_compile_error())
}

fn too_late(kind: Attribute, function: &Function) -> TokenStream {
    let name = kind.name();
    let message = format!(
        "this is tollgate's `{name}` under another name, which the attribute above cannot know: write `#[tollgate::{name}]` \
         or import it under its own name"
    );
    syn::Error::new(function.attribute_span(), message).to_compile_error()
}
