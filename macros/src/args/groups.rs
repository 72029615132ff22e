//! Keys that take a list in parentheses: `sort(name, elevation)`, `headers(retry_after = after)`.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;

use super::vocabulary::Meaning;
use super::{Named, Vocabulary, inside, quoted, span_of, unwrapped};
use crate::errors::Errors;

/// The list as the value of its key; `None` where the argument is something else.
pub(super) fn of(argument: &TokenStream, vocabulary: &Vocabulary, errors: &Errors) -> Option<Named> {
    let (key, list) = parenthesized(argument)?;
    let own = match vocabulary.meaning(&key) {
        Meaning::Own => key.unraw().to_string(),
        Meaning::Renamed(own) => own.to_owned(),
        Meaning::Foreign(_) | Meaning::Unknown => return None,
    };
    if !vocabulary.is_group(&own) {
        return None;
    }
    if key.unraw() != own {
        errors.at(&key, vocabulary.lacks(&key, &format!("write `{own}({list})`")));
    }
    Some(Named { key: Ident::new(&own, key.span()), value: Some(list) })
}

/// `sort = name` and `sort = [name, elevation]` are reported, and read as what they mean.
pub(super) fn without_equals(named: Named, vocabulary: &Vocabulary, errors: &Errors) -> Named {
    let Named { key, value: Some(value) } = named else { return named };
    if !vocabulary.is_group(&key.unraw().to_string()) {
        return Named { key, value: Some(value) };
    }
    let list = list_of(&value);
    errors.at(&value, format!("`{key}` takes its list in parentheses: write `{key}({list})`"));
    Named { key, value: Some(list) }
}

/// The value of another word for a group as its list.
pub(super) fn renamed(named: Named, own: &str, vocabulary: &Vocabulary) -> Named {
    let is_group = vocabulary.is_group(own);
    let value = named.value.map(|value| if is_group { list_of(&value) } else { value });
    Named { value, ..named }
}

/// How a key is written, where it takes a list.
pub(super) fn spelled(own: &str, named: &Named, vocabulary: &Vocabulary) -> String {
    match &named.value {
        Some(list) if vocabulary.is_group(own) => format!("{own}({list})"),
        _ => own.to_owned(),
    }
}

/// What stands in brackets of any kind or in a text; else the value itself.
fn list_of(value: &TokenStream) -> TokenStream {
    let brackets = [Delimiter::Bracket, Delimiter::Parenthesis, Delimiter::Brace];
    let within = brackets.into_iter().find_map(|brackets| inside(value, brackets));
    within.or_else(|| words_of(value)).unwrap_or_else(|| value.clone())
}

/// The words of `"name, elevation"`, each where the text stands.
fn words_of(value: &TokenStream) -> Option<TokenStream> {
    let place = span_of(value);
    let words: TokenStream = quoted(value)?.parse().ok()?;
    let placed = words.into_iter().map(|mut token| {
        token.set_span(place);
        token
    });
    Some(placed.collect())
}

fn parenthesized(argument: &TokenStream) -> Option<(Ident, TokenStream)> {
    let mut tokens = argument.clone().into_iter();
    let TokenTree::Ident(key) = unwrapped(tokens.next()?) else { return None };
    let list = inside(&tokens.collect(), Delimiter::Parenthesis)?;
    Some((key, list))
}
