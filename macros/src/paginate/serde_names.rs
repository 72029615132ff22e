//! What serde calls a field where it writes one, so that clients sort by the names that they read.
//!
//! What is wrong with serde's own attributes is told by serde.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, LitStr, Meta};

use crate::args::split;
use crate::data::{Field, helper_tokens};

/// How serde writes the names of all fields.
#[derive(Clone, Copy)]
pub(super) enum Case {
    /// As they are: they are in small letters, with `_` between words.
    Snake,
    Upper,
    Pascal,
    Camel,
    Kebab,
    ScreamingKebab,
}

const CASES: &[(&str, Case)] = &[
    ("lowercase", Case::Snake),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::Upper),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    /// That of the fields of a struct.
    pub(super) fn of(attrs: &[Attribute]) -> Self {
        let written = said(attrs, "rename_all");
        let known = CASES.iter().find(|(name, _)| written.as_deref() == Some(name));
        known.map_or(Self::Snake, |(_, case)| *case)
    }

    /// What serde calls a field.
    pub(super) fn name_of(self, field: &Field<'_>) -> String {
        said(field.attrs, "rename").unwrap_or_else(|| self.apply(&field.name()))
    }

    fn apply(self, name: &str) -> String {
        match self {
            Self::Snake => name.to_owned(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Pascal => joined(name),
            Self::Camel => {
                let mut name = joined(name);
                name.get_mut(..1).into_iter().for_each(str::make_ascii_lowercase);
                name
            }
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
        }
    }
}

/// The words of a name without `_`, each with a capital.
fn joined(name: &str) -> String {
    let capital = |word: &str| {
        let mut word = word.to_owned();
        word.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase);
        word
    };
    name.split('_').map(capital).collect()
}

/// The text of `#[serde(key = "..")]` or `#[serde(key(serialize = ".."))]`.
fn said(attrs: &[Attribute], key: &str) -> Option<String> {
    metas(helper_tokens(attrs, "serde")).filter(|meta| meta.path().is_ident(key)).find_map(
        |meta| match meta {
            Meta::List(list) => metas(list.tokens)
                .filter(|inner| inner.path().is_ident("serialize"))
                .find_map(|inner| text_of(&inner)),
            meta => text_of(&meta),
        },
    )
}

fn metas(tokens: TokenStream) -> impl Iterator<Item = Meta> {
    split(tokens).into_iter().filter_map(|argument| syn::parse2(argument).ok())
}

fn text_of(meta: &Meta) -> Option<String> {
    let Meta::NameValue(named) = meta else { return None };
    syn::parse2::<LitStr>(named.value.to_token_stream()).ok().map(|text| text.value())
}

#[cfg(test)]
mod tests {
    use syn::{ItemStruct, parse_quote};

    use super::*;
    use crate::data::Fields;

    fn names(item: &ItemStruct) -> Vec<String> {
        let fields = Fields::of(&item.ident, &item.fields);
        let case = Case::of(&item.attrs);
        fields.all.iter().map(|field| case.name_of(field)).collect()
    }

    #[test]
    fn each_rule_of_serde_writes_names_as_serde_does() {
        for (rule, [first, second, third]) in [
            ("lowercase", ["how_much", "iata", "_id2"]),
            ("UPPERCASE", ["HOW_MUCH", "IATA", "_ID2"]),
            ("PascalCase", ["HowMuch", "Iata", "Id2"]),
            ("camelCase", ["howMuch", "iata", "id2"]),
            ("snake_case", ["how_much", "iata", "_id2"]),
            ("SCREAMING_SNAKE_CASE", ["HOW_MUCH", "IATA", "_ID2"]),
            ("kebab-case", ["how-much", "iata", "-id2"]),
            ("SCREAMING-KEBAB-CASE", ["HOW-MUCH", "IATA", "-ID2"]),
            ("what serde refuses", ["how_much", "iata", "_id2"]),
        ] {
            let item = parse_quote! {
                #[serde(rename_all = #rule)]
                struct Row { how_much: u8, r#iata: u8, _id2: u8 }
            };
            assert_eq!(names(&item), [first, second, third], "{rule}");
        }
    }

    #[test]
    fn a_name_of_its_own_wins_and_what_is_read_alone_is_none() {
        let item = parse_quote! {
            #[serde(deny_unknown_fields, bound(serialize = "T: X"))]
            #[serde(rename_all(serialize = "camelCase", deserialize = "PascalCase"), crate = "x")]
            struct Row {
                #[serde(default = "f", rename = "Cost")]
                how_much: u8,
                #[serde(rename(deserialize = "read", serialize = "written"))]
                how_far: u8,
                #[serde(rename(deserialize = "read"), skip_serializing_if = "Option::is_none")]
                how_old: u8,
                #[serde(rename = 5, = , flatten)]
                how_wrong: u8,
            }
        };
        assert_eq!(names(&item), ["Cost", "written", "howOld", "howWrong"]);
    }

    #[test]
    fn what_is_for_reading_alone_leaves_all_names_alone() {
        let item = parse_quote! {
            #[serde(rename_all(deserialize = "camelCase"))]
            struct Row { how_much: u8 }
        };
        assert_eq!(names(&item), ["how_much"]);
    }
}
