//! Values that are one of a few bare words: `missing = reject`.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;

use super::{Named, nearest, quoted, spelling};
use crate::errors::Errors;

impl Named {
    /// One of a few bare words.
    pub(crate) fn word<T: Copy>(&self, words: &[(&'static str, T)], errors: &Errors) -> Option<T> {
        self.word_or(words, &[], errors)
    }

    /// The same, where other libraries have words of their own for some of them.
    pub(crate) fn word_or<T: Copy>(
        &self,
        words: &[(&'static str, T)],
        elsewhere: &[(&str, &str)],
        errors: &Errors,
    ) -> Option<T> {
        let example = format!("{} = {}", self.key, words.first().map_or("..", |(word, _)| word));
        let value = self.value(&example, errors)?;
        let bare = syn::parse2::<Ident>(value.clone()).map(|word| word.unraw().to_string());
        if let Some((_, choice)) = words.iter().find(|(word, _)| bare.as_ref().is_ok_and(|bare| bare == word))
        {
            return Some(*choice);
        }
        let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        errors.at(value, self.no_word(&written(value), &known, elsewhere));
        None
    }

    fn no_word(&self, written: &str, known: &[&str], elsewhere: &[(&str, &str)]) -> String {
        let key = &self.key;
        let foreign = elsewhere.iter().find(|(foreign, _)| letters(foreign) == letters(written));
        if let Some((_, own)) = foreign {
            return format!("`{key}` has no `{written}`: write `{key} = {own}`");
        }
        let listed = known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        match (known, nearest(written, known.iter().copied())) {
            ([only], None) => format!("`{key}` takes the word {listed}: write `{key} = {only}`"),
            ([only], Some(_)) => format!("`{key}` takes the word {listed}: did you mean `{key} = {only}`?"),
            (_, None) => format!("`{key}` is one of {listed}"),
            (_, Some(near)) => format!("`{key}` is one of {listed}: did you mean `{key} = {near}`?"),
        }
    }
}

/// The word that somebody meant who wrote it as a text, with hyphens, or as the variant of an enum.
fn written(value: &TokenStream) -> String {
    let text = quoted(value).unwrap_or_else(|| spelling(value));
    text.rsplit("::").next().unwrap_or_default().trim_start_matches("r#").to_owned()
}

/// A word without what tells `SlidingWindow`, `sliding-window` and `sliding_window` apart.
fn letters(word: &str) -> String {
    word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_recognised_however_it_is_written() {
        let cases = [
            ("sliding_window", "sliding_window"),
            ("r#type", "type"),
            ("\"sliding_window\"", "sliding_window"),
            ("sliding-window", "sliding-window"),
            ("Algorithm::SlidingWindow", "SlidingWindow"),
            ("tollgate::Algorithm::Gcra", "Gcra"),
        ];
        for (source, expected) in cases {
            assert_eq!(written(&source.parse().unwrap()), expected, "{source}");
        }
        assert_eq!(letters("SlidingWindow"), letters("sliding-window"));
    }
}
