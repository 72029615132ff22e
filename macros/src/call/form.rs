//! How a function is asynchronous: it says so, or it returns the future of its block.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{AssocType, Type};

use crate::errors::Errors;
use crate::function::Function;

/// An asynchronous function.
pub(super) struct Form {
    /// What it answers with; `None` where nothing is written.
    returned: Option<Type>,
    pub(super) body: Body,
}

/// Where the block stands that runs when a call is admitted.
pub(super) enum Body {
    /// It is the function's own.
    Plain,
    /// In `Box::pin(async move { .. })` at the end, as `#[async_trait]` writes it, or in an `async move { .. }`.
    Returned { before: TokenStream, boxed: bool, block: Group },
}

impl Form {
    /// `None` where it is not asynchronous, which is reported.
    pub(super) fn of(function: &Function, errors: &Errors) -> Option<Self> {
        let returned = function.return_type();
        if function.sig.asyncness.is_some() {
            return Some(Self { returned: returned.cloned(), body: Body::Plain });
        }
        let body = returned_future(&function.body);
        let output = returned.and_then(output_of);
        if let (Some(body), Some(output)) = (body, output) {
            return Some(Self { returned: Some(output), body });
        }
        let name = &function.sig.ident;
        errors.at(
            function.sig.fn_token,
            format!("a policy may have to wait, so it stands on an `async fn`: write `async fn {name}(..)`"),
        );
        None
    }

    pub(super) const fn returned(&self) -> Option<&Type> {
        self.returned.as_ref()
    }
}

/// `.. Box::pin(async move { .. })` or `.. async move { .. }`
fn returned_future(body: &TokenStream) -> Option<Body> {
    let Some(TokenTree::Group(body)) = body.clone().into_iter().next() else { return None };
    let mut tokens: Vec<_> = body.stream().into_iter().collect();
    let boxed = match tokens.last()? {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some(group.stream()),
        _ => None,
    };
    if let Some(inside) = boxed {
        let block = async_move(&inside.into_iter().collect::<Vec<_>>())?;
        tokens.pop();
        let is_pin = matches!(tokens.last(), Some(TokenTree::Ident(word)) if word == "pin");
        let before = tokens.into_iter().collect();
        return is_pin.then_some(Body::Returned { before, boxed: true, block });
    }
    let block = async_move(tokens.get(tokens.len().checked_sub(3)?..)?)?;
    tokens.truncate(tokens.len() - 3);
    Some(Body::Returned { before: tokens.into_iter().collect(), boxed: false, block })
}

/// The block of `async move { .. }`.
fn async_move(tokens: &[TokenTree]) -> Option<Group> {
    match tokens {
        [TokenTree::Ident(one), TokenTree::Ident(other), TokenTree::Group(block)]
            if one == "async" && other == "move" && block.delimiter() == Delimiter::Brace =>
        {
            Some(block.clone())
        }
        _ => None,
    }
}

/// The `T` of `Future<Output = T>`, wherever it stands in a type.
fn output_of(ty: &Type) -> Option<Type> {
    struct Output(Option<Type>);
    impl VisitMut for Output {
        fn visit_assoc_type_mut(&mut self, assoc: &mut AssocType) {
            if assoc.ident == "Output" && self.0.is_none() {
                self.0 = Some(assoc.ty.clone());
            }
            visit_mut::visit_assoc_type_mut(self, assoc);
        }
    }
    let mut output = Output(None);
    output.visit_type_mut(&mut ty.clone());
    output.0
}

/// A type with `_` in the place of each `impl Trait`, which can be written in a signature alone.
pub(super) fn without_impl(ty: &Type) -> TokenStream {
    struct Infer;
    impl VisitMut for Infer {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            if let Type::ImplTrait(_) = ty {
                *ty = Type::Verbatim(quote!(_));
            }
            visit_mut::visit_type_mut(self, ty);
        }
    }
    let mut ty = ty.clone();
    Infer.visit_type_mut(&mut ty);
    ty.to_token_stream()
}
