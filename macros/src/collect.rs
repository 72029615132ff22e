//! Finding all our attributes of a function in the first of them that the compiler expands.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Meta, MetaNameValue, Path, Token};

use crate::attribute::Attribute;
use crate::function::Function;
use crate::gate::Documented;
use crate::paths::is_generated;

/// Attributes that are collected from one function: those of handlers, or those of functions that other code calls.
pub(crate) trait Family: Copy {
    /// How the name of a function begins that only attributes of this family know.
    const QUESTION: &'static str;

    /// The name of an attribute.
    fn word(self) -> &'static str;

    /// The attribute of that name.
    fn of_word(word: &Ident) -> Option<Self>;

    /// What to say where an attribute that was taken off the function by its name is none of this family.
    fn not_ours(self) -> String;
}

/// One attribute of ours as the user wrote it.
#[derive(Clone)]
pub(crate) struct Written<K = Attribute> {
    pub(crate) kind: K,
    /// Its path where it was taken off the function without the compiler's word that it is ours.
    pub(crate) absorbed: Option<Path>,
    /// A token of its own, for errors about the attribute as a whole.
    pub(crate) word: Ident,
    pub(crate) args: TokenStream,
}

impl<K: Family> Written<K> {
    /// The attribute that is being expanded.
    pub(crate) fn expanding(kind: K, args: TokenStream, function: &Function) -> Self {
        Self { kind, absorbed: None, word: Ident::new(kind.word(), function.attribute_span()), args }
    }

    pub(crate) fn absorbed(kind: K, attribute: &syn::Attribute) -> Self {
        let (path, args) = match &attribute.meta {
            Meta::Path(path) => (path.clone(), TokenStream::new()),
            Meta::List(list) => (list.path.clone(), list.tokens.clone()),
            Meta::NameValue(MetaNameValue { path, eq_token, value }) => {
                (path.clone(), quote!(#eq_token #value))
            }
        };
        let span = path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span());
        Self { kind, absorbed: Some(path), word: Ident::new(kind.word(), span), args }
    }

    pub(crate) fn span(&self) -> Span {
        self.word.span()
    }
}

/// `[word path (args)]`, which is how an attribute travels inside of `gate(..)`; without a path if the compiler has
/// vouched for it.
impl<K> ToTokens for Written<K> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { kind: _, absorbed, word, args } = self;
        tokens.extend(quote!([#word #absorbed (#args)]));
    }
}

/// What travels inside of `gate(..)`.
pub(crate) struct Traveller<K>(pub(crate) Written<K>);

impl<K: Family> Parse for Traveller<K> {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let content;
        syn::bracketed!(content in input);
        let word: Ident = content.parse()?;
        let kind = K::of_word(&word).ok_or_else(|| input.error("unknown attribute"))?;
        let absorbed =
            if content.peek(syn::token::Paren) { None } else { Some(content.call(Path::parse_mod_style)?) };
        let args: Group = content.parse()?;
        Ok(Self(Written { kind, absorbed, word, args: args.stream() }))
    }
}

/// What stands on a function.
pub(crate) struct Collected {
    /// Ours, in the order in which they were written.
    pub(crate) ours: Vec<Written>,
    /// What has to be expanded before the gate: `cfg`, utoipa, and `cfg_attr` that holds one of ours or utoipa.
    pub(crate) before: Vec<syn::Attribute>,
    pub(crate) documented: Documented,
    /// Whether this is the inside of a gate: an attribute of ours under another name came too late.
    pub(crate) is_inner: bool,
}

/// Takes off the function what is ours and what goes before us. The rest stays.
pub(crate) fn collect(first: Written, function: &mut Function) -> Collected {
    let mut collected =
        Collected { ours: vec![first], before: Vec::new(), documented: Documented::Unknown, is_inner: false };
    for attribute in std::mem::take(&mut function.attrs) {
        if let Some(rest) = collected.take(attribute) {
            function.attrs.push(rest);
        }
    }
    collected
}

impl Collected {
    /// Keeps the attribute, or gives it back if it is none of our business.
    fn take(&mut self, attribute: syn::Attribute) -> Option<syn::Attribute> {
        let path = attribute.path();
        if is_generated(path, "inner") {
            self.is_inner = true;
        } else if is_generated(path, "gate") || is_generated(path, "gate_documented") {
            self.merge(&attribute);
        } else if path.is_ident("cfg") || (path.is_ident("cfg_attr") && concerns_us(&attribute)) {
            self.before.push(attribute);
        } else if is_utoipa(&attribute.meta) {
            self.documented = Documented::Yes;
            self.before.push(attribute);
        } else if let Some(kind) = Attribute::of_path(path) {
            self.ours.push(Written::absorbed(kind, &attribute));
        } else {
            return Some(attribute);
        }
        None
    }

    /// An attribute of ours stood inside of a `cfg_attr`, and the ones around it have made their gate already.
    fn merge(&mut self, gate: &syn::Attribute) {
        if is_generated(gate.path(), "gate_documented") {
            self.documented = Documented::Yes;
        }
        let travellers = gate.parse_args_with(travellers).unwrap_or_default();
        self.ours.extend(travellers);
    }
}

/// The attributes inside of `gate(..)`.
pub(crate) fn travellers<K: Family>(input: ParseStream<'_>) -> syn::Result<Vec<Written<K>>> {
    let mut written = Vec::new();
    while !input.is_empty() {
        written.push(input.parse::<Traveller<K>>()?.0);
    }
    Ok(written)
}

/// Whether a `cfg_attr` holds one of our attributes, or utoipa.
fn concerns_us(attribute: &syn::Attribute) -> bool {
    held_by(attribute).iter().any(|meta| Attribute::of_path(meta.path()).is_some() || is_utoipa(meta))
}

/// The attributes that a `cfg_attr` holds.
pub(crate) fn held_by(attribute: &syn::Attribute) -> Vec<Meta> {
    let parse = |input: ParseStream<'_>| {
        let _condition: Meta = input.parse()?;
        let mut held = Vec::new();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if !input.is_empty() {
                held.push(input.parse()?);
            }
        }
        Ok(held)
    };
    attribute.parse_args_with(parse).unwrap_or_default()
}

const VERBS: &[&str] =
    &["get", "post", "put", "delete", "head", "options", "patch", "trace", "query", "method"];

/// Whether this is `#[utoipa::path]`, under whatever name: by its last segment, or by its words, which are a verb at
/// the start and `path`.
fn is_utoipa(meta: &Meta) -> bool {
    let Meta::List(list) = meta else { return false };
    if list.path.segments.last().is_some_and(|segment| segment.ident == "path") {
        return true;
    }
    let mut words = list.tokens.clone().into_iter().filter_map(|token| match token {
        TokenTree::Ident(ident) => Some(ident),
        _ => None,
    });
    words.next().is_some_and(|first| VERBS.iter().any(|verb| first == verb))
        && words.any(|word| word == "path")
}

/// The function with what goes before the gate in front, the gate, and the rest.
pub(crate) fn postpone(collected: &Collected, function: &Function, gate: &TokenStream) -> TokenStream {
    let Collected { ours, before, documented: _, is_inner: _ } = collected;
    let arguments = Group::new(Delimiter::Parenthesis, quote!(#(#ours)*));
    // `cfg` decides whether there is a function at all, so nothing else may see it first.
    let (cfg, others): (Vec<_>, Vec<_>) =
        before.iter().partition(|attribute| attribute.path().is_ident("cfg"));
    quote!(#(#cfg)* #(#others)* #[#gate #arguments] #function)
}

/// The name of something that belongs to a handler.
pub(crate) fn name_of(prefix: &str, ident: &Ident) -> Ident {
    use syn::ext::IdentExt;
    format_ident!("{prefix}{}", ident.unraw(), span = ident.span())
}
