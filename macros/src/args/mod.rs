//! The arguments of an attribute: split, matched against its vocabulary, and turned into values on their own tokens.

mod bytes;
mod decimal;
mod duration;
mod function;
mod groups;
mod rate;
mod share;
mod status;
mod suggest;
#[cfg(test)]
mod tests;
mod texts;
mod vocabulary;
mod words;

pub(crate) use self::bytes::{Largest, with_example};
pub(crate) use self::decimal::WHOLE;
pub(crate) use self::duration::{A_DAY, Longest, duration_of, time_text};
pub(crate) use self::function::{FunctionPath, NoPath, path_of};
pub(crate) use self::rate::{RateModel, is_rate, parse_rates};
pub(crate) use self::share::Shared;
pub(crate) use self::status::status_of;
pub(crate) use self::suggest::nearest;
use self::vocabulary::Meaning;
pub(crate) use self::vocabulary::Vocabulary;

use proc_macro2::{Delimiter, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::{LitInt, LitStr, Path, Type};

use crate::errors::Errors;

/// The arguments of one attribute, each key at most once and known.
#[derive(Default)]
pub(crate) struct Arguments {
    positional: Vec<TokenStream>,
    /// Whether what stands without a key was given one, which has been reported.
    misnames_positional: bool,
    /// Whether any of it was not understood, which has been reported: what is missing may be that.
    is_misunderstood: bool,
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
        if let Some(value) = value_of_name(&tokens) {
            errors.at(tokens, vocabulary.without_parentheses(&value));
            return Self { misnames_positional: true, is_misunderstood: true, ..arguments };
        }
        for argument in split(tokens) {
            match key_of(&argument) {
                Some(named) => arguments.add(named, vocabulary, errors),
                None => arguments.add_unnamed(argument, vocabulary, errors),
            }
        }
        arguments
    }

    fn add(&mut self, named: Named, vocabulary: &Vocabulary, errors: &Errors) {
        if vocabulary.is_positional(&named) {
            return self.positional.push(named.key.into_token_stream());
        }
        self.misnames_positional |= vocabulary.means_positional(&named.key);
        let named = groups::without_equals(named, vocabulary, errors);
        match vocabulary.meaning(&named.key) {
            Meaning::Own => self.keep(named, vocabulary, errors),
            Meaning::Renamed(own) => {
                let named = groups::renamed(named, own, vocabulary);
                let instead = groups::spelled(own, &named, vocabulary);
                errors.at(&named.key, vocabulary.lacks(&named.key, &format!("write `{instead}`")));
                // Under its right name, so that what is wrong with its value is said as well.
                let key = Ident::new(own, named.key.span());
                self.keep(Named { key, ..named }, vocabulary, errors);
            }
            Meaning::Foreign(instead) => {
                self.is_misunderstood = true;
                errors.at(&named.key, vocabulary.lacks(&named.key, instead));
            }
            Meaning::Unknown => {
                self.is_misunderstood = true;
                errors.at(&named.key, vocabulary.unknown(&named));
            }
        }
    }

    fn keep(&mut self, named: Named, vocabulary: &Vocabulary, errors: &Errors) {
        match self.named.iter().find(|other| other.key.unraw() == named.key.unraw()) {
            Some(other) => errors.at(&named.key, vocabulary.given_twice(other, &named)),
            None => self.named.push(named),
        }
    }

    fn add_unnamed(&mut self, argument: TokenStream, vocabulary: &Vocabulary, errors: &Errors) {
        if let Some(group) = groups::of(&argument, vocabulary, errors) {
            return self.keep(group, vocabulary, errors);
        }
        let written = key_without_equals(&argument);
        self.is_misunderstood = true;
        let known = written.as_ref().map(|(key, value)| (key, value, vocabulary.meaning(key)));
        match known {
            Some((key, value, Meaning::Own)) => {
                let instead = vocabulary.spelled(&key.to_string(), value);
                errors.at(&argument, format!("a key and its value are joined by `=`: write `{instead}`"));
            }
            Some((key, value, Meaning::Renamed(own))) => {
                let instead = format!("write `{}`", vocabulary.spelled(own, value));
                errors.at(key, vocabulary.lacks(key, &instead));
            }
            Some((key, _, Meaning::Foreign(instead))) => {
                self.misnames_positional |= vocabulary.means_positional(key);
                errors.at(key, vocabulary.lacks(key, instead));
            }
            Some((key, value, Meaning::Unknown)) if vocabulary.has_groups() => {
                let (key, value) = (key.clone(), Some(value.clone()));
                errors.at(&key, vocabulary.unknown(&Named { key: key.clone(), value }));
            }
            _ if vocabulary.takes_positional => self.positional.push(argument),
            _ => errors.at(&argument, vocabulary.nothing_unnamed()),
        }
    }

    /// What stands without a key; `None` where it was given one, which has been reported.
    pub(crate) fn take_positional(&mut self) -> Option<Vec<TokenStream>> {
        let positional = std::mem::take(&mut self.positional);
        (!self.misnames_positional).then_some(positional)
    }

    /// Whether something was not understood, or stood without a key: whoever misses something may leave it at that.
    pub(crate) const fn is_misunderstood(&self) -> bool {
        self.is_misunderstood
    }

    /// The keys that nobody has taken.
    pub(crate) fn rest(&self) -> impl Iterator<Item = &Ident> {
        self.named.iter().map(|named| &named.key)
    }

    /// Whether there is an argument of that key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.named.iter().any(|named| named.key.unraw() == key)
    }

    /// The argument of that key.
    pub(crate) fn take(&mut self, key: &str) -> Option<Named> {
        let place = self.named.iter().position(|named| named.key.unraw() == key)?;
        Some(self.named.remove(place))
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
            let key = &self.key;
            let superfluous =
                if value.to_string() == "false" { format!("{key} = false") } else { format!("= {value}") };
            errors.at(value, format!("`{key}` stands alone: take `{superfluous}` away"));
        }
        true
    }

    /// What to write: the user's own value where only its quotes are wrong, else an example.
    fn instead(&self, example: &str, fits: impl FnOnce(&str) -> bool) -> String {
        let text = self.value.as_ref().and_then(quoted).filter(|text| fits(text));
        text.map_or_else(|| example.to_owned(), |text| format!("{} = {text}", self.key))
    }

    /// A positive whole number.
    pub(crate) fn positive(&self, example: &str, errors: &Errors) -> Option<u32> {
        self.at_least(1, example, errors)
    }

    /// A whole number that is not below another.
    pub(crate) fn at_least(&self, least: u32, example: &str, errors: &Errors) -> Option<u32> {
        let value = self.value(example, errors)?;
        let Ok(literal) = syn::parse2::<LitInt>(value.clone()) else {
            let instead = self.instead(example, |text| text.parse::<u32>().is_ok());
            errors.at(value, format!("`{}` is a whole number, written out: write `{instead}`", self.key));
            return None;
        };
        match literal.base10_parse::<u32>() {
            Ok(number) if number >= least => return Some(number),
            Ok(_) => errors.at(value, format!("`{}` is at least {least}", self.key)),
            Err(_) if literal.base10_digits().starts_with('-') => {
                errors.at(value, format!("`{}` is at least {least}", self.key));
            }
            Err(_) => errors.at(value, format!("`{}` is at most {}", self.key, u32::MAX)),
        }
        None
    }

    /// A path of the user's.
    pub(crate) fn path(&self, example: &str, errors: &Errors) -> Option<Path> {
        let value = self.value(example, errors)?;
        if let Ok(path) = Path::parse_mod_style.parse2(value.clone()) {
            return Some(path);
        }
        let instead = self.instead(example, is_path);
        errors.at(value, format!("`{}` takes a path: write `{instead}`", self.key));
        None
    }

    /// A type of the user's.
    pub(crate) fn ty(&self, example: &str, errors: &Errors) -> Option<Type> {
        let value = self.value(example, errors)?;
        if let Ok(ty) = syn::parse2::<Type>(value.clone()) {
            return Some(ty);
        }
        errors.at(value, format!("`{}` takes a type: write `{example}`", self.key));
        None
    }

    /// A text of the user's.
    pub(crate) fn text(&self, example: &str, errors: &Errors) -> Option<LitStr> {
        let value = self.value(example, errors)?;
        if let Ok(text) = syn::parse2::<LitStr>(value.clone()) {
            return Some(text);
        }
        let word = syn::parse2::<Ident>(value.clone());
        let instead = word.map_or_else(|_| example.to_owned(), |word| format!("{} = \"{word}\"", self.key));
        errors.at(value, format!("`{}` takes a text: write `{instead}`", self.key));
        None
    }
}

/// A text among what stands without a key; `message` says what else it is to be.
pub(crate) fn text_literal(
    tokens: &TokenStream,
    errors: &Errors,
    message: impl FnOnce(&TokenStream) -> String,
) -> Option<LitStr> {
    let mut rest = tokens.clone().into_iter();
    let first: TokenStream = rest.next().into_iter().collect();
    let Ok(text) = syn::parse2::<LitStr>(first) else {
        errors.at(tokens, message(tokens));
        return None;
    };
    if let Some(next) = rest.next() {
        errors.at(next, "a comma is missing in front of this");
    }
    Some(text)
}

/// What a text says that is not empty.
pub(crate) fn quoted(value: &TokenStream) -> Option<String> {
    let text = syn::parse2::<LitStr>(value.clone()).ok()?.value();
    (!text.trim().is_empty()).then_some(text)
}

fn is_path(text: &str) -> bool {
    Path::parse_mod_style.parse_str(text).is_ok()
}

/// The `crate = path` of an attribute, before anything else is looked at.
pub(crate) fn root_of(tokens: &TokenStream) -> Option<Path> {
    let named = split(tokens.clone()).iter().filter_map(key_of).find(|named| named.key == "crate")?;
    Path::parse_mod_style.parse2(named.value?).ok()
}

/// The value of `#[attribute = value]`, which the compiler refuses where nobody takes it off the function.
fn value_of_name(tokens: &TokenStream) -> Option<TokenStream> {
    let mut tokens = tokens.clone().into_iter();
    let first = tokens.next()?;
    (matches!(first, TokenTree::Punct(punct) if punct.as_char() == '=')).then(|| tokens.collect())
}

/// At top-level commas; those within brackets of any kind, `<..>` and the `|..|` of a closure included, belong to
/// their argument.
pub(crate) fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let (mut arguments, mut current, mut depth, mut arrow) = (Vec::new(), TokenStream::new(), 0_usize, false);
    let (mut in_closure, mut may_open) = (false, true);
    for token in tokens {
        let punct = if let TokenTree::Punct(punct) = &token { punct.as_char() } else { ' ' };
        match punct {
            ',' if depth == 0 && !in_closure => {
                arguments.push(std::mem::take(&mut current));
                may_open = true;
                continue;
            }
            '<' => depth += 1,
            '>' if !arrow => depth = depth.saturating_sub(1),
            '|' => in_closure = !in_closure && may_open,
            _ => {}
        }
        arrow = matches!(punct, '-' | '=');
        may_open = punct == '=' || matches!(&token, TokenTree::Ident(word) if word == "move");
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

/// `key(value)` and `key: value`, which mean `key = value`.
fn key_without_equals(argument: &TokenStream) -> Option<(Ident, TokenStream)> {
    let mut tokens = argument.clone().into_iter();
    let TokenTree::Ident(key) = unwrapped(tokens.next()?) else { return None };
    match tokens.next()? {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some((key, group.stream())),
        TokenTree::Punct(punct) if punct.as_char() == ':' && punct.spacing() == Spacing::Alone => {
            Some((key, tokens.collect()))
        }
        _ => None,
    }
}

/// What stands in brackets of this kind, where it is all there is.
pub(crate) fn inside(value: &TokenStream, brackets: Delimiter) -> Option<TokenStream> {
    let mut tokens = value.clone().into_iter();
    match (unwrapped(tokens.next()?), tokens.next()) {
        (TokenTree::Group(group), None) if group.delimiter() == brackets => Some(group.stream()),
        _ => None,
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

/// Whether a text is the name of a header field (RFC 9110, section 5.1).
pub(crate) fn is_field_name(name: &str) -> bool {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(is_token)
}

/// Tokens as people write them, without blanks.
pub(crate) fn spelling(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().split_whitespace().collect()
}

/// The place of some tokens.
pub(crate) fn span_of(tokens: &impl ToTokens) -> Span {
    tokens.to_token_stream().into_iter().next().map_or_else(Span::call_site, |token| token.span())
}
