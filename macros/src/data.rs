//! The user's type under a derive: its fields, what stands on them, and what its parameters have to be.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::{Attribute, Expr, ExprLit, Generics, Index, Lit, Member, Meta, MetaNameValue, Type};

use crate::args::nearest;
use crate::errors::Errors;

/// A field of a struct or of a variant.
pub(crate) struct Field<'a> {
    /// By which a pattern finds it.
    pub(crate) member: Member,
    pub(crate) ty: &'a Type,
    pub(crate) attrs: &'a [Attribute],
}

impl Field<'_> {
    /// Its name as people read it: without `r#`, and a number where it has none.
    pub(crate) fn name(&self) -> String {
        match &self.member {
            Member::Named(name) => name.unraw().to_string(),
            Member::Unnamed(Index { index, .. }) => index.to_string(),
        }
    }

    pub(crate) const fn is_named(&self) -> bool {
        matches!(self.member, Member::Named(_))
    }
}

/// The fields of something that has a name.
pub(crate) struct Fields<'a> {
    pub(crate) owner: &'a Ident,
    pub(crate) all: Vec<Field<'a>>,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(owner: &'a Ident, fields: &'a syn::Fields) -> Self {
        let all = fields.iter().zip(fields.members());
        let all = all.map(|(field, member)| Field { member, ty: &field.ty, attrs: &field.attrs }).collect();
        Self { owner, all }
    }

    /// The place of the field that some tokens name; `instead` is what to write where they are no name.
    pub(crate) fn find(&self, named: &TokenStream, instead: &str, errors: &Errors) -> Option<usize> {
        let Some(word) = word_of(named) else {
            errors.at(named, format!("this is no field of `{}`: {instead}", self.owner));
            return None;
        };
        let place = self.all.iter().position(|field| field.name() == word);
        if place.is_none() {
            errors.at(named, self.lacks(&word));
        }
        place
    }

    fn lacks(&self, word: &str) -> String {
        let (owner, names) = (self.owner, self.all.iter().map(Field::name).collect::<Vec<_>>());
        let known: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        let instead = match (names.first(), nearest(word, names.iter().map(String::as_str))) {
            (None, _) => return format!("`{owner}` has no field `{word}`, and no other"),
            (Some(_), Some(near)) => format!("did you mean `{near}`?"),
            (Some(only), None) if names.len() == 1 => format!("its only one is `{only}`"),
            (Some(_), None) => format!("it has {}", known.join(", ")),
        };
        format!("`{owner}` has no field `{word}`: {instead}")
    }
}

/// The name of a field without `r#`, or its number, where that is all there is.
fn word_of(tokens: &TokenStream) -> Option<String> {
    let number = || syn::parse2::<Index>(tokens.clone()).ok().map(|Index { index, .. }| index.to_string());
    any_word(tokens).or_else(number)
}

/// A word without `r#`, keywords included.
pub(crate) fn any_word(tokens: &TokenStream) -> Option<String> {
    Ident::parse_any.parse2(tokens.clone()).ok().map(|word| word.unraw().to_string())
}

/// What the attributes of that name say on one item, all together.
pub(crate) fn helper_tokens(attrs: &[Attribute], name: &str) -> TokenStream {
    let said = helpers(attrs, name).map(|attribute| match &attribute.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => {
            let tokens = &list.tokens;
            quote!(#tokens,)
        }
        Meta::NameValue(MetaNameValue { eq_token, value, .. }) => quote!(#eq_token #value),
    });
    said.collect()
}

/// The attributes of that name.
pub(crate) fn helpers<'a>(attrs: &'a [Attribute], name: &str) -> impl Iterator<Item = &'a Attribute> {
    attrs.iter().filter(move |attribute| attribute.path().is_ident(name))
}

/// The text of the doc comments, without the blank in front of each line.
pub(crate) fn documentation(attrs: &[Attribute]) -> String {
    let lines = attrs.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(MetaNameValue {
            path,
            value: Expr::Lit(ExprLit { lit: Lit::Str(text), .. }),
            ..
        }) if path.is_ident("doc") => {
            let text = text.value();
            Some(text.strip_prefix(' ').map(str::to_owned).unwrap_or(text))
        }
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// A type without the invisible group that a fragment of a `macro_rules!` arrives in.
pub(crate) fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        ty => ty,
    }
}

/// Whether a type names a type parameter, so that what it has to be belongs into a `where` clause.
pub(crate) fn mentions_parameter(ty: &Type, generics: &Generics) -> bool {
    let parameters: Vec<_> = generics.type_params().map(|parameter| parameter.ident.to_string()).collect();
    !parameters.is_empty() && mentions(ty.to_token_stream(), &parameters)
}

fn mentions(tokens: TokenStream, words: &[String]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => words.iter().any(|known| word == known),
        TokenTree::Group(group) => mentions(group.stream(), words),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// The `where` clause of a type, with more predicates in it.
pub(crate) fn where_clause(generics: &Generics, more: &[TokenStream]) -> TokenStream {
    let written = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let all: Vec<_> = written.map(ToTokens::to_token_stream).chain(more.iter().cloned()).collect();
    if all.is_empty() { TokenStream::new() } else { quote!(where #(#all,)*) }
}

/// A name of the user's as a word of programs: `NotFound` as `not_found`.
pub(crate) fn snake(name: &str) -> String {
    let letters: Vec<_> = name.trim_start_matches("r#").chars().collect();
    let mut words = String::new();
    for (place, letter) in letters.iter().enumerate() {
        let follows_small = place > 0 && !letters[place - 1].is_uppercase();
        let leads_small = letters.get(place + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && place > 0 && (follows_small || leads_small) && !words.ends_with('_') {
            words.push('_');
        }
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' => words.push(letter.to_ascii_lowercase()),
            _ if !words.is_empty() && !words.ends_with('_') => words.push('_'),
            _ => {}
        }
    }
    words.trim_matches('_').to_owned()
}

/// What a field would be called that has no name: after its type where that is the user's.
pub(crate) fn name_after_type(ty: &Type) -> String {
    let word = match ungrouped(ty) {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.unraw().to_string()),
        _ => None,
    };
    let own = word.filter(|word| word.starts_with(char::is_uppercase) && word != "String");
    own.map_or_else(|| "value".to_owned(), |word| snake(&word))
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;
    use crate::args::spelling;

    #[test]
    fn names_become_words() {
        let cases = [
            ("NotFound", "not_found"),
            ("AirportNotFound", "airport_not_found"),
            ("DBError", "db_error"),
            ("Http2Error", "http2_error"),
            ("not_found", "not_found"),
            ("not-found", "not_found"),
            ("Not Found", "not_found"),
            ("NOT_FOUND", "not_found"),
            ("ID", "id"),
            ("A", "a"),
            ("r#Match", "match"),
            ("Größe", "gr_e"),
            ("", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(snake(name), expected, "{name}");
        }
    }

    #[test]
    fn a_type_names_a_parameter_however_deep() {
        let generics: Generics = parse_quote!(<'a, T: Clone, const N: usize>);
        for ty in
            [parse_quote!(T), parse_quote!(Option<Vec<T>>), parse_quote!([T; 3]), parse_quote!(<T as A>::B)]
        {
            assert!(mentions_parameter(&ty, &generics), "{}", spelling(&ty));
        }
        for ty in [parse_quote!(String), parse_quote!(&'a str), parse_quote!([u8; N])] {
            assert!(!mentions_parameter(&ty, &generics), "{}", spelling(&ty));
        }
    }

    #[test]
    fn doc_comments_are_joined_without_their_blanks() {
        let attrs: Vec<Attribute> = vec![
            parse_quote!(#[doc = " There is none."]),
            parse_quote!(#[error("no")]),
            parse_quote!(#[doc = ""]),
            parse_quote!(#[doc = "  * indented"]),
            parse_quote!(#[doc(hidden)]),
        ];
        assert_eq!(documentation(&attrs), "There is none.\n\n * indented");
    }
}
