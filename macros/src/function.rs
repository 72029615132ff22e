//! The user's function: its signature parsed, its body left as it is.
//!
//! A body that is half typed is still a body: editors go on helping in it.

use proc_macro2::{Group, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, GenericParam, ReturnType, Safety, Signature, Token, Type, Visibility};

use crate::errors::Errors;

/// As many as axum passes.
const MAX_ARGUMENTS: usize = 16;

pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: TokenStream,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let sig = input.parse()?;
        if input.peek(Token![;]) {
            return Err(input.error("a handler has a body"));
        }
        let body: Group = input.parse()?;
        Ok(Self { attrs, vis, sig, body: body.to_token_stream() })
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attrs, vis, sig, body } = self;
        tokens.extend(quote!(#(#attrs)* #vis #sig #body));
    }
}

impl Function {
    /// The types of its arguments.
    pub(crate) fn argument_types(&self) -> impl Iterator<Item = &Type> {
        self.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(&*typed.ty),
            FnArg::Receiver(_) => None,
        })
    }

    /// Its return type where it was written.
    pub(crate) fn return_type(&self) -> Option<&Type> {
        match &self.sig.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(ty),
        }
    }

    /// Whether it has type or const parameters, `impl Trait` among its arguments included.
    pub(crate) fn is_generic(&self) -> bool {
        let has_parameters =
            self.sig.generics.params.iter().any(|param| !matches!(param, GenericParam::Lifetime(_)));
        has_parameters || self.argument_types().any(mentions_impl)
    }

    /// The place of the attribute that is being expanded, as if the user had written what is reported there: the
    /// compiler then leaves out that the error "originates in the attribute macro".
    pub(crate) fn attribute_span(&self) -> Span {
        Span::call_site().resolved_at(self.sig.ident.span())
    }

    /// Checks that it can be a handler.
    pub(crate) fn check(&self, errors: &Errors) {
        let Signature { constness, asyncness, safety, abi, fn_token, ident, inputs, variadic, .. } =
            &self.sig;
        if let Some(constness) = constness {
            errors.at(constness, "a handler runs per request: take `const` away");
        }
        if let Safety::Unsafe(token) = safety {
            errors.at(token, "a handler is called by axum, which promises nothing: take `unsafe` away");
        }
        if let Some(abi) = abi {
            errors.at(abi, "a handler is called by axum: take `extern` away");
        }
        if asyncness.is_none() {
            errors.at(fn_token, format!("a handler is an `async fn`: write `async fn {ident}(..)`"));
        }
        if let Some(variadic) = variadic {
            errors.at(variadic, "a handler has a fixed list of arguments");
        }
        inputs.iter().for_each(|input| check_argument(input, errors));
        if let Some(extra) = inputs.iter().nth(MAX_ARGUMENTS) {
            errors.at(
                extra,
                format!(
                    "axum passes at most {MAX_ARGUMENTS} arguments to a handler: put some into one extractor"
                ),
            );
        }
    }
}

fn check_argument(input: &FnArg, errors: &Errors) {
    match input {
        FnArg::Receiver(receiver) => errors.at(
            receiver,
            "a handler is a free function and has no `self`: move it out of the `impl` block and take what `self` holds \
             as `State(..): State<..>`",
        ),
        FnArg::Typed(typed) => {
            if let Type::Reference(reference) = &*typed.ty {
                let owned = reference.elem.to_token_stream();
                errors.at(
                    reference,
                    format!("an extractor hands over what it extracts, so a handler takes no references: write `State<{owned}>` for shared state, or the extractor itself"),
                );
            }
        }
    }
}

/// Whether a type holds `impl Trait`, which can be written in a signature alone.
pub(crate) fn mentions_impl(ty: &Type) -> bool {
    fn scan(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            proc_macro2::TokenTree::Group(group) => scan(group.stream()),
            proc_macro2::TokenTree::Ident(ident) => ident == "impl",
            _ => false,
        })
    }
    scan(ty.to_token_stream())
}

/// The place of an item that is no function, for the error that says so.
pub(crate) fn first_token(tokens: &TokenStream) -> Span {
    tokens.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span())
}

/// The place of a function's answer: its return type, or its name where it has none.
pub(crate) fn answer_span(function: &Function) -> Span {
    function.return_type().map_or_else(|| function.sig.ident.span(), Spanned::span)
}
