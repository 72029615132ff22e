//! The words that an attribute knows, its own and those of other libraries.

use proc_macro2::{Delimiter, Ident, TokenStream};
use syn::ext::IdentExt;

use super::{Named, inside, nearest, split};
use crate::attribute::Attribute;

/// The words that an attribute knows.
pub(crate) struct Vocabulary {
    /// What it is called.
    pub(crate) attribute: &'static str,
    /// Where it stands, if it knows other words elsewhere: ` on an enum`.
    pub(crate) place: &'static str,
    /// Its own keys.
    pub(crate) keys: &'static [&'static str],
    /// The keys that it shares with others.
    pub(crate) common: &'static [&'static str],
    /// Those of its own keys that take a list in parentheses: `sort(name, elevation)`.
    pub(crate) groups: &'static [&'static str],
    /// Keys of one thing, each with the key that takes a list of them.
    pub(crate) lists: &'static [(&'static str, &'static str)],
    /// Words of other libraries that are called otherwise here, and nothing else.
    pub(crate) renamed: &'static [(&'static str, &'static str)],
    /// Words of other libraries, each with what to write here.
    pub(crate) foreign: &'static [(&'static str, &'static str)],
    /// The same, for words of what stands without a key here.
    pub(crate) foreign_positional: &'static [(&'static str, &'static str)],
    /// The key that an unknown word lacks which stands alone.
    pub(crate) alone: Option<&'static str>,
    /// Whether the room looks at what stands without a key.
    pub(crate) takes_positional: bool,
    /// Whether a word that stands alone is such a one, as the name of a function is.
    pub(crate) takes_words: bool,
    /// What to do about a value without a key, where the room does not look at it.
    pub(crate) unnamed: &'static str,
    /// What to write in parentheses, where that is not what somebody wrote behind `=`.
    pub(crate) example: Option<&'static str>,
}

/// What a vocabulary knows of a word.
pub(super) enum Meaning {
    /// It is one of the attribute's keys.
    Own,
    /// It is another word for this key.
    Renamed(&'static str),
    /// It is another library's, and this is what to write.
    Foreign(&'static str),
    Unknown,
}

impl Vocabulary {
    /// Of an attribute of a function, with the keys that all of those have.
    pub(crate) const fn of(attribute: Attribute) -> Self {
        Self {
            common: &["name", "state", "crate"],
            unnamed: "take this away, or write `name = \"airport\"` to name the function",
            ..Self::named(attribute.name())
        }
    }

    /// Of an attribute that helps a derive, without any words.
    pub(crate) const fn named(attribute: &'static str) -> Self {
        Self {
            attribute,
            place: "",
            keys: &[],
            common: &[],
            groups: &[],
            lists: &[],
            renamed: &[],
            foreign: &[],
            foreign_positional: &[],
            alone: None,
            takes_positional: false,
            takes_words: false,
            unnamed: "take this away",
            example: None,
        }
    }

    pub(super) fn meaning(&self, key: &Ident) -> Meaning {
        let word = key.unraw().to_string();
        let among = |table: &'static [(&'static str, &'static str)]| {
            table.iter().find(|(foreign, _)| *foreign == word).map(|(_, instead)| *instead)
        };
        if self.own().any(|known| *known == word) {
            return Meaning::Own;
        }
        if let Some(own) = among(self.renamed) {
            return Meaning::Renamed(own);
        }
        let foreign = among(self.foreign).or_else(|| among(self.foreign_positional));
        foreign.map_or(Meaning::Unknown, Meaning::Foreign)
    }

    pub(super) fn means_positional(&self, key: &Ident) -> bool {
        self.foreign_positional.iter().any(|(word, _)| key == word)
    }

    /// Whether a word alone is none of its keys, but what stands without one.
    pub(super) fn is_positional(&self, named: &Named) -> bool {
        self.takes_words && named.value.is_none() && !self.own().any(|known| named.key.unraw() == known)
    }

    fn own(&self) -> impl Iterator<Item = &&'static str> {
        self.keys.iter().chain(self.common)
    }

    /// That there is no such key, and what to do instead.
    pub(super) fn lacks(&self, key: &Ident, instead: &str) -> String {
        format!("`{}`{} has no `{}`: {instead}", self.attribute, self.place, key.unraw())
    }

    /// The same for a word that nobody knows.
    pub(super) fn unknown(&self, named: &Named) -> String {
        let word = named.key.unraw().to_string();
        let near = nearest(&word, self.own().copied());
        let instead = match (near, self.alone.filter(|_| named.value.is_none())) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, Some(key)) => format!("write `{key} = \"{word}\"`"),
            (None, None) => {
                let known: Vec<_> = self.own().map(|known| format!("`{known}`")).collect();
                format!("it knows {}", known.join(", "))
            }
        };
        self.lacks(&named.key, &instead)
    }

    /// What to do about two arguments of one key.
    pub(super) fn given_twice(&self, one: &Named, other: &Named) -> String {
        let key = other.key.unraw();
        if let (true, Some(one), Some(other)) = (self.is_group(&key.to_string()), &one.value, &other.value) {
            return format!("`{key}` is given twice: write `{key}({one}, {other})`");
        }
        match (self.list_of(&key.to_string()), &one.value, &other.value) {
            (Some(list), Some(one), Some(other)) if one.to_string() != other.to_string() => format!(
                "`{key}` is given twice: write `{list} = [{one}, {other}]` where either is enough, or keep one"
            ),
            _ => format!("`{key}` is given twice: keep one"),
        }
    }

    /// How a key and what somebody put into parentheses behind it are written.
    pub(super) fn spelled(&self, key: &str, value: &TokenStream) -> String {
        let is_list = self.lists.iter().any(|(_, list)| *list == key);
        match (split(value.clone()).len(), self.list_of(key)) {
            _ if is_list && inside(value, Delimiter::Bracket).is_none() => {
                format!("{key} = [{value}]")
            }
            (2.., Some(list)) => format!("{list} = [{value}]"),
            (2.., None) => format!("{key} = ({value})"),
            _ => format!("{key} = {value}"),
        }
    }

    pub(super) const fn has_groups(&self) -> bool {
        !self.groups.is_empty()
    }

    pub(super) fn is_group(&self, key: &str) -> bool {
        self.groups.contains(&key)
    }

    fn list_of(&self, key: &str) -> Option<&'static str> {
        self.lists.iter().find(|(one, _)| *one == key).map(|(_, list)| *list)
    }

    /// What to do about `#[attribute = value]`.
    pub(super) fn without_parentheses(&self, value: &TokenStream) -> String {
        let attribute = self.attribute;
        let key = self.alone.map(|key| format!("{key} = ")).unwrap_or_default();
        let instead = self.example.map_or_else(|| format!("{key}{value}"), str::to_owned);
        format!("arguments stand in parentheses: write `#[{attribute}({instead})]`")
    }

    pub(super) fn nothing_unnamed(&self) -> String {
        let Self { attribute, unnamed, .. } = self;
        format!("`{attribute}` takes no value without a key: {unnamed}")
    }
}
