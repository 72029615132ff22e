//! The arguments of an attribute: split, matched against its vocabulary, and turned into values on their own tokens.

mod duration;
mod rate;
mod suggest;

pub(crate) use self::rate::{RateModel, parse_rates};
pub(crate) use self::suggest::nearest;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::{Lit, LitInt, LitStr, Path};

use crate::attribute::Attribute;
use crate::errors::Errors;

/// The words that an attribute knows.
pub(crate) struct Vocabulary {
    pub(crate) attribute: Attribute,
    /// Its own keys, besides those that every attribute has.
    pub(crate) keys: &'static [&'static str],
    /// Words of other libraries, each with what to write here.
    pub(crate) foreign: &'static [(&'static str, &'static str)],
    /// What may stand without a key; `None` where nothing may.
    pub(crate) positional: Option<&'static str>,
}

/// The keys of every attribute.
const COMMON_KEYS: &[&str] = &["name", "crate"];

/// The arguments of one attribute, each key at most once and known.
#[derive(Default)]
pub(crate) struct Arguments {
    positional: Vec<TokenStream>,
    named: Vec<Named>,
}

/// One `key = value`, or a key alone.
pub(crate) struct Named {
    pub(crate) key: Ident,
    pub(crate) value: Option<TokenStream>,
}

impl Arguments {
    /// Splits `tokens` and reports what the vocabulary does not know.
    pub(crate) fn parse(tokens: TokenStream, vocabulary: &Vocabulary, errors: &Errors) -> Self {
        let mut arguments = Self::default();
        for argument in split(tokens) {
            match key_of(&argument) {
                Some(named) if vocabulary.knows(&named.key, errors) => arguments.add(named, errors),
                Some(_) => {}
                None if vocabulary.positional.is_some() => arguments.positional.push(argument),
                None => errors.at(&argument, vocabulary.nothing_unnamed()),
            }
        }
        arguments
    }

    fn add(&mut self, named: Named, errors: &Errors) {
        if self.named.iter().any(|other| other.key == named.key) {
            return errors.at(&named.key, format!("`{}` is given twice: keep one", named.key));
        }
        self.named.push(named);
    }

    /// What stands without a key.
    pub(crate) fn take_positional(&mut self) -> Vec<TokenStream> {
        std::mem::take(&mut self.positional)
    }

    /// The argument of that key.
    pub(crate) fn take(&mut self, key: &str) -> Option<Named> {
        let place = self.named.iter().position(|named| named.key.unraw() == key)?;
        Some(self.named.swap_remove(place))
    }
}

impl Vocabulary {
    fn knows(&self, key: &Ident, errors: &Errors) -> bool {
        let word = key.unraw().to_string();
        let own = || self.keys.iter().chain(COMMON_KEYS);
        if own().any(|known| **known == word) {
            return true;
        }
        let attribute = self.attribute.name();
        if let Some((_, instead)) = self.foreign.iter().find(|(foreign, _)| *foreign == word) {
            errors.at(key, format!("`{attribute}` has no `{word}`: {instead}"));
        } else if let Some(near) = nearest(&word, own().copied()) {
            errors.at(key, format!("`{attribute}` has no `{word}`: did you mean `{near}`?"));
        } else {
            let known: Vec<_> = own().map(|known| format!("`{known}`")).collect();
            errors.at(key, format!("`{attribute}` has no `{word}`: it knows {}", known.join(", ")));
        }
        false
    }

    fn nothing_unnamed(&self) -> String {
        format!("`{}` takes no value without a name: take this away", self.attribute.name())
    }
}

impl Named {
    /// The value, or an error that says what it is to look like.
    pub(crate) fn value(&self, example: &str, errors: &Errors) -> Option<&TokenStream> {
        if self.value.is_none() {
            errors.at(&self.key, format!("`{}` needs a value: write `{example}`", self.key));
        }
        self.value.as_ref()
    }

    /// Holds for a key that stands alone.
    pub(crate) fn flag(&self, errors: &Errors) -> bool {
        if let Some(value) = &self.value {
            errors.at(value, format!("`{}` stands alone: take `= {value}` away", self.key));
        }
        true
    }

    /// A path of the user's.
    pub(crate) fn path(&self, example: &str, errors: &Errors) -> Option<Path> {
        let value = self.value(example, errors)?;
        if let Ok(path) = Path::parse_mod_style.parse2(value.clone()) {
            return Some(path);
        }
        errors.at(value, format!("`{}` takes a path: write `{example}`", self.key));
        None
    }

    /// A text of the user's.
    pub(crate) fn text(&self, example: &str, errors: &Errors) -> Option<LitStr> {
        let value = self.value(example, errors)?;
        if let Ok(text) = syn::parse2::<LitStr>(value.clone()) {
            return Some(text);
        }
        errors.at(value, format!("`{}` takes a text: write `{example}`", self.key));
        None
    }

    /// One of a few bare words.
    pub(crate) fn word<T: Copy>(&self, words: &[(&'static str, T)], errors: &Errors) -> Option<T> {
        let example = format!("{} = {}", self.key, words.first().map_or("..", |(word, _)| word));
        let value = self.value(&example, errors)?;
        let written = syn::parse2::<Ident>(value.clone()).map(|word| word.unraw().to_string());
        if let Some((_, choice)) = words.iter().find(|(word, _)| written.as_ref().is_ok_and(|w| w == word)) {
            return Some(*choice);
        }
        let known: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let mut message = format!("`{}` is one of {}", self.key, known.join(", "));
        if let Some(near) = written.ok().and_then(|w| nearest(&w, words.iter().map(|(word, _)| *word))) {
            message = format!("{message}: did you mean `{near}`?");
        }
        errors.at(value, message);
        None
    }
}

/// A positive whole number, in the words of whoever asks for it.
pub(crate) fn positive(literal: &LitInt, what: &str, errors: &Errors) -> Option<u32> {
    match literal.base10_parse::<u32>() {
        Ok(0) => errors.at(literal, format!("{what} is at least 1")),
        Ok(number) => return Some(number),
        Err(_) => errors.at(literal, format!("{what} is a whole number up to {}", u32::MAX)),
    }
    None
}

/// A text literal among the positional arguments, or an error with an example.
pub(crate) fn text_literal(tokens: &TokenStream, example: &str, errors: &Errors) -> Option<LitStr> {
    if let Ok(Lit::Str(text)) = syn::parse2::<Lit>(tokens.clone()) {
        return Some(text);
    }
    errors.at(tokens, format!("this is to be a text: write {example}"));
    None
}

/// The `crate = path` of an attribute, before anything else is looked at.
pub(crate) fn root_of(tokens: &TokenStream) -> Option<Path> {
    let named = split(tokens.clone()).iter().filter_map(key_of).find(|named| named.key == "crate")?;
    Path::parse_mod_style.parse2(named.value?).ok()
}

/// At top-level commas; those within brackets of any kind, `<..>` included, belong to their argument.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let (mut arguments, mut current, mut depth, mut arrow) = (Vec::new(), TokenStream::new(), 0_usize, false);
    for token in tokens {
        let punct = if let TokenTree::Punct(punct) = &token { punct.as_char() } else { ' ' };
        match punct {
            ',' if depth == 0 => {
                arguments.push(std::mem::take(&mut current));
                continue;
            }
            '<' => depth += 1,
            '>' if !arrow => depth = depth.saturating_sub(1),
            _ => {}
        }
        arrow = matches!(punct, '-' | '=');
        current.extend([token]);
    }
    arguments.push(current);
    arguments.retain(|argument| !argument.is_empty());
    arguments
}

/// `key = value` or `key` alone; `None` where it is something else.
fn key_of(argument: &TokenStream) -> Option<Named> {
    let mut tokens = argument.clone().into_iter();
    let TokenTree::Ident(key) = unwrapped(tokens.next()?) else { return None };
    match tokens.next() {
        None => Some(Named { key, value: None }),
        Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
            let value: TokenStream = tokens.collect();
            Some(Named { key, value: (!value.is_empty()).then_some(value) })
        }
        Some(_) => None,
    }
}

/// A fragment of a `macro_rules!` arrives in an invisible group.
fn unwrapped(token: TokenTree) -> TokenTree {
    match &token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            let mut inner = group.stream().into_iter();
            match (inner.next(), inner.next()) {
                (Some(only), None) => unwrapped(only),
                _ => token,
            }
        }
        _ => token,
    }
}

/// Tokens of an `Option` as an expression.
pub(crate) fn option_tokens(value: Option<&LitStr>) -> TokenStream {
    value.map_or_else(
        || quote!(::core::option::Option::None),
        |value| quote!(::core::option::Option::Some(#value)),
    )
}

/// The place of some tokens.
pub(crate) fn span_of(tokens: &impl ToTokens) -> Span {
    tokens.to_token_stream().into_iter().next().map_or_else(Span::call_site, |token| token.span())
}
