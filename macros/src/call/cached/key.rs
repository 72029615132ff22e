//! What tells calls apart: the arguments, but for those that `skip(..)` names, or what `key = ".."` says.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{FnArg, LitStr, Pat, PatIdent, Token, Type};

use super::types::{may_differ, owned};
use crate::args::{Named, nearest, quoted, spelling};
use crate::cached::KEY;
use crate::errors::Errors;
use crate::function::Function;
use crate::template::Template;

/// The key of a function.
pub(super) enum Key {
    /// Made of its arguments, but for these.
    Arguments { skipped: Vec<Ident> },
    /// What a text says.
    Written(Template),
}

/// An argument that counts.
struct Argument<'a> {
    name: &'a Ident,
    ty: &'a Type,
}

const EXAMPLE: &str = "key = \"{iata}\"";

impl Key {
    pub(super) fn parse(key: Option<&Named>, skip: Option<&Named>, errors: &Errors) -> Option<Self> {
        if let (Some(_), Some(skip)) = (key, skip) {
            errors.at(
                &skip.key,
                "`key` says what the key is made of, and `skip` what it is not made of: keep one of them",
            );
        }
        match (key, skip) {
            (Some(key), _) => written(key, errors).map(Self::Written),
            (None, Some(skip)) => names(skip, errors).map(|skipped| Self::Arguments { skipped }),
            (None, None) => Some(Self::Arguments { skipped: Vec::new() }),
        }
    }

    /// Against the function.
    pub(super) fn check(&self, function: &Function, errors: &Errors) {
        let Self::Arguments { skipped } = self else { return };
        check_names(skipped, function, errors);
        if let Some(receiver) = function.sig.receiver().filter(|_| !is_skipped("self", skipped)) {
            errors.at(
                receiver.self_token,
                "whether the value depends on `self` is not known: write `skip(self)` where it does not, or what tells calls apart, as in \
                 `key = \"{iata}\"`",
            );
        }
        for input in &function.sig.inputs {
            if let FnArg::Typed(typed) = input
                && !is_nameable(&typed.pat)
            {
                errors.at(
                    &typed.pat,
                    "a key is made of whole arguments, and this one is taken apart: give it a name and take it apart in the function, or write \
                     what tells calls apart, as in `key = \"{iata}\"`",
                );
            }
        }
    }

    /// What it is made of, in words.
    pub(super) fn words(&self, function: &Function) -> String {
        match self {
            Self::Written(template) => template.words(),
            Self::Arguments { skipped } => {
                let names: Vec<_> =
                    arguments(function, skipped).map(|argument| argument.name.unraw().to_string()).collect();
                names.join(", ")
            }
        }
    }

    /// A function that writes it.
    pub(super) fn emit(&self, function: &Function, has_handle: bool) -> TokenStream {
        let key = Ident::new("key", Span::mixed_site());
        // What a handle names is one function, and so are its types.
        let of_self =
            (!has_handle && function.sig.receiver().is_some()).then(|| quote!(#key.of_type::<Self>();));
        let parts: TokenStream = match self {
            Self::Written(template) => {
                template.emit_parts().map(|part| quote!(#key.add_text(#part);)).collect()
            }
            Self::Arguments { skipped } => {
                arguments(function, skipped).map(|argument| argument.emit(&key, has_handle)).collect()
            }
        };
        quote!(|#key| { #of_self #parts })
    }

    /// The text by which others throw away what has it.
    pub(super) fn emit_mark(&self, marks: &Ident) -> Option<TokenStream> {
        match self {
            Self::Written(template) => {
                let text = template.emit();
                Some(quote!(#marks.key(#text);))
            }
            Self::Arguments { .. } => None,
        }
    }

    /// The type of a handle's keys.
    pub(super) fn tuple(&self, function: &Function) -> TokenStream {
        match self {
            Self::Written(template) => {
                let parts = template.emit_parts().map(|_| quote!(::std::string::String));
                quote!((#(#parts,)*))
            }
            Self::Arguments { skipped } => {
                let types = arguments(function, skipped).map(|argument| owned(argument.ty));
                quote!((#(#types,)*))
            }
        }
    }
}

impl Argument<'_> {
    /// On its type, which is where it is reported that it is no key.
    fn emit(&self, key: &Ident, has_handle: bool) -> TokenStream {
        let place = self.ty.span();
        let mut name = self.name.clone();
        name.set_span(place.resolved_at(name.span()));
        let add = if !has_handle && may_differ(self.ty) { "add_typed" } else { "add" };
        let add = Ident::new(add, place);
        quote_spanned!(place=> #key.#add(&#name);)
    }
}

/// Those that count. What is called `_` the function cannot look at.
fn arguments<'a>(function: &'a Function, skipped: &'a [Ident]) -> impl Iterator<Item = Argument<'a>> {
    function.sig.inputs.iter().filter_map(|input| {
        let FnArg::Typed(typed) = input else { return None };
        let (name, ty) = match &*typed.pat {
            Pat::Reference(reference) => (ident(&reference.pat)?, referred(&typed.ty)),
            pattern => (ident(pattern)?, &*typed.ty),
        };
        (!is_skipped(&name.unraw().to_string(), skipped)).then_some(Argument { name, ty })
    })
}

fn ident(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        Pat::Ident(PatIdent { ident, subpat: None, .. }) => Some(ident),
        _ => None,
    }
}

fn referred(ty: &Type) -> &Type {
    match ty {
        Type::Reference(reference) => &reference.elem,
        other => other,
    }
}

fn is_nameable(pattern: &Pat) -> bool {
    match pattern {
        Pat::Wild(_) => true,
        Pat::Reference(reference) => {
            matches!(&*reference.pat, Pat::Wild(_)) || ident(&reference.pat).is_some()
        }
        other => ident(other).is_some(),
    }
}

fn is_skipped(name: &str, skipped: &[Ident]) -> bool {
    skipped.iter().any(|skipped| skipped.unraw() == name)
}

fn check_names(skipped: &[Ident], function: &Function, errors: &Errors) {
    let everything: Vec<_> = Vec::new();
    let mut known: Vec<_> =
        arguments(function, &everything).map(|argument| argument.name.unraw().to_string()).collect();
    known.extend(function.sig.receiver().map(|_| "self".to_owned()));
    for (place, name) in skipped.iter().enumerate() {
        let word = name.unraw().to_string();
        if skipped[..place].iter().any(|other| other.unraw() == word) {
            errors.at(name, format!("`{word}` is skipped twice: keep one"));
        }
        if known.contains(&word) {
            continue;
        }
        let instead = match nearest(&word, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "there is none, so take `skip` away".to_owned(),
            None => format!(
                "there are {}",
                known.iter().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ")
            ),
        };
        errors.at(name, format!("no argument of the function is called `{word}`: {instead}"));
    }
}

/// The names in `skip(db, self)`.
fn names(skip: &Named, errors: &Errors) -> Option<Vec<Ident>> {
    let list = skip.value("skip(db)", errors)?;
    match parse_names.parse2(list.clone()).ok() {
        Some(names) if !names.is_empty() => Some(names),
        Some(_) => {
            errors.at(&skip.key, "nothing is skipped: write `skip(db)`, or take `skip` away");
            None
        }
        None => {
            errors.at(list, format!("`skip` takes names of arguments: write `skip({})`", words_of(list)));
            None
        }
    }
}

fn parse_names(input: ParseStream<'_>) -> syn::Result<Vec<Ident>> {
    Ok(Punctuated::<Ident, Token![,]>::parse_terminated_with(input, Ident::parse_any)?.into_iter().collect())
}

/// The words of whatever was written, as an example.
fn words_of(list: &TokenStream) -> String {
    let words = list.clone().into_iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        TokenTree::Literal(literal) => quoted(&literal.into_token_stream()),
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => Some(words_of(&group.stream())),
        TokenTree::Group(_) | TokenTree::Punct(_) => None,
    });
    let words: Vec<_> = words.collect();
    if words.is_empty() { "db".to_owned() } else { words.join(", ") }
}

fn written(named: &Named, errors: &Errors) -> Option<Template> {
    let value = named.value(EXAMPLE, errors)?;
    let Ok(text) = syn::parse2::<LitStr>(value.clone()) else {
        let written = spelling(value);
        let is_name = syn::parse2::<Ident>(value.clone()).is_ok();
        let instead = if is_name { format!("key = \"{{{written}}}\"") } else { EXAMPLE.to_owned() };
        errors.at(value, format!("a key is a text that names arguments of the function: write `{instead}`"));
        return None;
    };
    let template = Template::parse(text, &KEY, errors)?;
    if template.is_constant() {
        let text = template.words();
        errors.at(
            template.text(),
            format!("`{text}` is the same for every call, so that one value would be given to all: name an argument, as in `{EXAMPLE}`"),
        );
        return None;
    }
    Some(template)
}
