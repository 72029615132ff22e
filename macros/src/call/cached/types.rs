//! What is read of the types of a signature: what a call borrows, and what it is called by whoever owns it.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Lifetime, Token, Type, TypeImplTrait, TypeReference, parse_quote};

use crate::function::{Function, mentions_impl};

/// Types that are the same wherever they are written.
const KNOWN: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16", "u32",
    "u64", "u128", "usize", "String", "Vec", "Option", "Box", "Arc", "Cow", "std", "core", "alloc", "string",
    "vec", "option", "boxed", "sync", "borrow", "mut", "static", "Duration", "IpAddr", "Uuid",
];

/// Whether a type may be another one in another instantiation: of the function, or of the `impl` block around it.
pub(super) fn may_differ(ty: &Type) -> bool {
    words_differ(ty.to_token_stream())
}

fn words_differ(tokens: TokenStream) -> bool {
    let mut is_lifetime = false;
    tokens.into_iter().any(|token| {
        let was_lifetime = std::mem::take(&mut is_lifetime);
        match token {
            TokenTree::Group(group) => words_differ(group.stream()),
            TokenTree::Ident(word) => !was_lifetime && !KNOWN.iter().any(|known| word == known),
            TokenTree::Punct(punct) => {
                is_lifetime = punct.as_char() == '\'';
                false
            }
            TokenTree::Literal(_) => false,
        }
    })
}

/// The type of an argument as its owner has it: `String` for `&str`, `T` for `&T`.
pub(super) fn owned(ty: &Type) -> TokenStream {
    match ty {
        Type::Group(group) => owned(&group.elem),
        Type::Paren(paren) => owned(&paren.elem),
        Type::Reference(reference) => owned(&reference.elem),
        Type::Path(path) if path.path.is_ident("str") => quote!(::std::string::String),
        Type::Slice(slice) => {
            let elements = owned(&slice.elem);
            quote!(::std::vec::Vec<#elements>)
        }
        other => {
            let mut ty = other.clone();
            Forever.visit_type_mut(&mut ty);
            ty.to_token_stream()
        }
    }
}

/// Puts `'static` in the place of each lifetime.
struct Forever;

impl VisitMut for Forever {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        *lifetime = Lifetime::new("'static", lifetime.span());
    }

    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        if reference.lifetime.is_none() {
            reference.lifetime = Some(parse_quote!('static));
        }
        visit_mut::visit_type_reference_mut(self, reference);
    }
}

/// Whether all that a call works with is its own, so that it can go on without its caller: no reference, no lifetime, no type that somebody
/// else chooses, no `self`. A function that calls itself is no such one: the compiler cannot tell whether its future may go to another thread
/// while it works out what that future is.
pub(super) fn owns_everything(function: &Function) -> bool {
    let signature = &function.sig;
    let is_constant = |parameter: &syn::GenericParam| matches!(parameter, syn::GenericParam::Const(_));
    !function.is_associated()
        && signature.generics.params.iter().all(is_constant)
        && function.argument_types().all(|ty| borrowed(ty).is_none() && !mentions_impl(ty))
        && !mentions(function.body.clone(), &signature.ident)
}

/// Whether a block names the function itself: not a method or something of another module that is called alike.
fn mentions(tokens: TokenStream, name: &proc_macro2::Ident) -> bool {
    let mut is_part = false;
    tokens.into_iter().any(|token| {
        let was_part = std::mem::take(&mut is_part);
        match token {
            TokenTree::Group(group) => mentions(group.stream(), name),
            TokenTree::Ident(word) => word == *name && !was_part,
            TokenTree::Punct(punct) => {
                is_part = matches!(punct.as_char(), '.' | ':');
                false
            }
            TokenTree::Literal(_) => false,
        }
    })
}

/// Where a type borrows for less than ever.
pub(super) fn borrowed(ty: &Type) -> Option<TokenStream> {
    let mut reader = Borrows(None);
    reader.visit_type_mut(&mut ty.clone());
    reader.0
}

struct Borrows(Option<TokenStream>);

impl VisitMut for Borrows {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        if reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static") && self.0.is_none() {
            self.0 = Some(reference.to_token_stream());
        }
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident != "static" && self.0.is_none() {
            self.0 = Some(lifetime.to_token_stream());
        }
    }
}

/// Where a type has no name.
pub(super) fn unnamed(ty: &Type) -> Option<Token![impl]> {
    struct Unnamed(Option<Token![impl]>);
    impl VisitMut for Unnamed {
        fn visit_type_impl_trait_mut(&mut self, ty: &mut TypeImplTrait) {
            self.0 = self.0.or(Some(ty.impl_token));
        }
    }
    let mut reader = Unnamed(None);
    reader.visit_type_mut(&mut ty.clone());
    reader.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(source: &str) -> Function {
        syn::parse_str(source).unwrap()
    }

    #[test]
    fn a_type_is_what_its_owner_has() {
        let cases = [
            ("&str", ":: std :: string :: String"),
            ("&'a str", ":: std :: string :: String"),
            ("&Iata", "Iata"),
            ("&&mut Iata", "Iata"),
            ("&[&str]", ":: std :: vec :: Vec < :: std :: string :: String >"),
            ("Option<&str>", "Option < & 'static str >"),
            ("Cow<'a, str>", "Cow < 'static , str >"),
            ("Vec<u8>", "Vec < u8 >"),
        ];
        for (ty, expected) in cases {
            assert_eq!(owned(&syn::parse_str(ty).unwrap()).to_string(), expected, "{ty}");
        }
    }

    #[test]
    fn what_goes_on_alone_borrows_nothing() {
        for own in [
            "async fn f(a: String, b: &'static str) { g(a).await }",
            "async fn f<const N: usize>(a: [u8; N]) { client.f(a).await }",
            "async fn f(a: Iata) { other::f(a).await }",
        ] {
            assert!(owns_everything(&function(own)), "{own}");
        }
        for borrows in [
            "async fn f(a: &str) {}",
            "async fn f(a: Option<&str>) {}",
            "async fn f(a: Cow<'_, str>) {}",
            "async fn f<T: 'static>(a: T) {}",
            "async fn f(a: impl Hash) {}",
            "async fn f(self, a: u8) {}",
            "async fn f(a: u8) -> Self {}",
            "async fn f(a: u8) -> u8 { Box::pin(f(a - 1)).await }",
        ] {
            assert!(!owns_everything(&function(borrows)), "{borrows}");
        }
    }

    #[test]
    fn types_that_everybody_knows_are_the_same_everywhere() {
        let differs = |ty: &str| may_differ(&syn::parse_str(ty).unwrap());
        for same in ["u8", "&'a str", "&[u8; 3]", "Option<(u32, String)>", "std::vec::Vec<bool>"] {
            assert!(!differs(same), "{same}");
        }
        for may in ["T", "Vec<T>", "Self", "Iata", "&impl Hash", "T::Key"] {
            assert!(differs(may), "{may}");
        }
    }
}
