//! Keys that take a list in parentheses: `sort(name, elevation)`, `headers(retry_after = after)`.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;

use super::vocabulary::Meaning;
use super::{Named, Vocabulary, inside, unwrapped};
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
    let list = [Delimiter::Bracket, Delimiter::Parenthesis, Delimiter::Brace]
        .into_iter()
        .find_map(|brackets| inside(&value, brackets))
        .unwrap_or_else(|| value.clone());
    errors.at(&value, format!("`{key}` takes its list in parentheses: write `{key}({list})`"));
    Named { key, value: Some(list) }
}

fn parenthesized(argument: &TokenStream) -> Option<(Ident, TokenStream)> {
    let mut tokens = argument.clone().into_iter();
    let TokenTree::Ident(key) = unwrapped(tokens.next()?) else { return None };
    let list = inside(&tokens.collect(), Delimiter::Parenthesis)?;
    Some((key, list))
}
